import type { Severity } from '../model/finding.ts';
import type { Reporter } from '../model/report.ts';
import { unsuppressed } from './fold.ts';
import { tameJson } from './tame.ts';
import { capped, visible } from './visible.ts';
import { rootPath } from './words.ts';

/** `codequality.json`: what GitLab shows in merge requests, a subset of Code Climate's format. */
export const codequality: Reporter = {
  name: 'codequality',
  file: 'codequality.json',
  *render({ findings }, context) {
    const times = new Map<string, number>();
    const issues = unsuppressed(findings).map((finding) => {
      const { ruleId, reason, severity, fingerprint, line, endLine } = finding;
      const nth = (times.get(fingerprint) ?? 0) + 1;
      times.set(fingerprint, nth);
      return {
        type: 'issue',
        check_name: ruleId,
        description: visible(capped(reason, 1000)),
        severity: SEVERITIES[severity],
        // GitLab tells but the first of equal ones.
        fingerprint: nth === 1 ? fingerprint : `${fingerprint}-${nth}`,
        location: { path: rootPath(finding, context), lines: { begin: line, end: endLine } },
      };
    });
    yield `${tameJson(issues, 2)}\n`;
  },
};

const SEVERITIES: Readonly<Record<Severity, string>> = { error: 'major', warning: 'minor', note: 'info' };
