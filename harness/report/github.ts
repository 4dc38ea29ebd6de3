import type { Finding, Severity } from '../model/finding.ts';
import type { ReportContext, Reporter } from '../model/report.ts';
import { unsuppressed } from './fold.ts';
import { capped, MARK_COMMAND, oneLine } from './visible.ts';
import { counted } from './numbers.ts';
import { rootPath } from './words.ts';

/** Workflow commands of GitHub Actions: annotations, those on changed lines first, no more of a kind than GitHub shows. */
export const github: Reporter = {
  name: 'github',
  *render({ findings }, context) {
    const isChanged = (finding: Finding) => context.changed?.(finding) === true;
    const open = unsuppressed(findings);
    const told = [...open.filter(isChanged), ...open.filter((finding) => !isChanged(finding))];
    const left: string[] = [];
    for (const [severity, kind] of KINDS) {
      const all = told.filter((finding) => finding.severity === severity);
      // The last notice says what is left out, of whatever kind.
      const most = kind === 'notice' ? MOST - 1 : MOST;
      for (const finding of all.slice(0, most)) yield annotation(kind, finding, context);
      if (all.length > most) left.push(counted(all.length - most, severity));
    }
    if (left.length === 0) return;
    const words = `${left.join(', ')} left out here: GitHub shows ${MOST} annotations of a kind and step`;
    yield `::notice title=docwright::${data(words)}\n`;
  },
};

const KINDS: readonly (readonly [Severity, string])[] = [
  ['error', 'error'],
  ['warning', 'warning'],
  ['note', 'notice'],
];

const MOST = 10;

function annotation(kind: string, finding: Finding, context: ReportContext): string {
  const { ruleId, reason, line, column, endLine, endColumn, note } = finding;
  const properties = {
    file: rootPath(finding, context),
    line,
    endLine,
    // GitHub takes columns only within one line.
    ...(line === endLine ? { col: column, endColumn } : {}),
    title: ruleId,
  };
  const written = Object.entries(properties).map(([key, value]) => `${key}=${property(String(value))}`);
  const message = [reason, ...(note === undefined ? [] : [note])].map((part) => shown(part)).join('\n');
  return `::${kind} ${written.join(',')}::${data(message)}\n`;
}

function shown(text: string): string {
  return oneLine(capped(text, 1000));
}

/** The text of a command, as GitHub's own toolkit writes it; `##[` would begin a command of the old kind. */
function data(text: string): string {
  const escaped = text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  return escaped.replace(MARK_COMMAND, '# #');
}

/** The value of a property, which must not end it either. */
function property(text: string): string {
  return data(shown(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
