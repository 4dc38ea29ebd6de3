import type { Finding } from '../model/finding.ts';

/** Without lengths on pages where anything else is mended: that may be in the body that was counted. */
export function ripe(findings: readonly Finding[]): readonly Finding[] {
  const isLength = ({ ruleId }: Finding): boolean => ruleId === 'http/content-length';
  const filesOf = ({ fix }: Finding): string[] => fix!.edits.map(({ file }) => file);
  const mended = new Set(findings.filter((found) => !isLength(found)).flatMap(filesOf));
  return findings.filter((found) => !isLength(found) || !filesOf(found).some((file) => mended.has(file)));
}
