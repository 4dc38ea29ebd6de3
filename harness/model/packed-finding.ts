import type { Finding } from './finding.ts';
import type { Fix } from './fix.ts';
import { ruleUrl } from './rules.ts';

/** The values of a finding in one order: there are thousands, and to name each value anew would double the text. `0` is the page itself. */
export type PackedFinding = readonly [
  ...(readonly [Finding['ruleId'], Finding['severity'], reason: string, file: string | 0]),
  ...(readonly [line: number, column: number, endLine: number, endColumn: number, fingerprint: string]),
  ...more: readonly (string | 0 | Fix | undefined)[],
];

const MORE = ['group', 'exchangeId', 'pointer', 'expected', 'actual', 'note'] as const;

/** Packs a finding; `page` is the file that most findings beside it are of. */
export function packed(found: Finding, page: string): PackedFinding {
  const { ruleId, severity, reason, file, line, column, endLine, endColumn, fingerprint } = found;
  const more: (string | 0 | Fix)[] = MORE.map((key) => found[key] ?? 0);
  if (found.fix !== undefined) more.push(found.fix);
  while (more.at(-1) === 0) more.pop();
  return [ruleId, severity, reason, file === page ? 0 : file, line, column, endLine, endColumn, fingerprint, ...more];
}

/** The finding that was packed. */
export function unpacked(
  [ruleId, severity, reason, file, line, column, endLine, endColumn, fingerprint, ...more]: PackedFinding,
  page: string,
): Finding {
  const found: { -readonly [Key in keyof Finding]: Finding[Key] } = {
    ruleId,
    severity,
    reason,
    file: file === 0 ? page : file,
    line,
    column,
    endLine,
    endColumn,
    fingerprint,
  };
  more.forEach((value, at) => {
    if (typeof value === 'string') found[MORE[at]!] = value;
    else if (typeof value === 'object') found.fix = value;
  });
  found.url = ruleUrl(ruleId);
  return found;
}
