import path from 'node:path';
import type { StaleFixture } from '../files/fixtures.ts';
import { fileName } from '../files/names.ts';
import { finding, type Finding } from '../model/finding.ts';
import type { RuleId } from '../model/rules.ts';
import type { Job } from './job.ts';

/** A finding for a fixture that does not say what the docs say, on the page; where that is gone, on the fixture. */
export function staleFinding({ settings, cwd }: Job, ruleId: RuleId, stale: StaleFixture): Finding {
  const fixture = fileName(path.join(settings.fixtures, stale.path), cwd);
  const point = { line: stale.line, column: 1 };
  return finding({
    ruleId,
    reason: reasons[stale.kind](fixture, stale.page),
    place: { file: stale.kind === 'gone' ? fixture : stale.page, position: { start: point, end: point } },
    subject: `${stale.kind} ${stale.path}`,
    note: `Run \`docwright compile\` and commit \`${fixture}\`.`,
  });
}

const reasons: Readonly<Record<StaleFixture['kind'], (fixture: string, page: string) => string>> = {
  missing: (fixture) => `Missing fixture \`${fixture}\`, expected one for what this page promises`,
  changed: (fixture) => `Unexpected promise in \`${fixture}\`, expected what this page says`,
  moved: (fixture) => `Unexpected line numbers in \`${fixture}\`, expected those of this page`,
  gone: (_, page) => `Unexpected fixture, expected none: \`${page}\` promises nothing that belongs here`,
};
