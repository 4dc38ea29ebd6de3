import { byPlace, type Finding, type Severity } from '../model/finding.ts';

/** Findings of one cause: `face` is the gravest, the first of these in reading order; `all` holds every one, `face` too. */
export interface Fold {
  readonly face: Finding;
  readonly all: readonly Finding[];
}

/** Findings by the file their face stands in, in reading order; those of one `group` folded to one. */
export function foldByFile(findings: readonly Finding[]): ReadonlyMap<string, readonly Fold[]> {
  const files = new Map<string, Fold[]>();
  for (const fold of foldAll(findings)) append(files, fold.face.file, fold);
  return files;
}

/** The findings that are told: suppressed ones are only counted, but where a machine keeps count of them. */
export function unsuppressed(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ suppressed }) => !suppressed);
}

/** Adds to the list that stands under a key. */
export function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function foldAll(findings: readonly Finding[]): readonly Fold[] {
  const groups = new Map<string | Finding, Finding[]>();
  for (const finding of findings.toSorted(byPlace)) append(groups, finding.group ?? finding, finding);
  return [...groups.values()]
    .map((all) => ({ all, face: all.reduce((a, b) => (gravity(b) < gravity(a) ? b : a)) }))
    .sort((a, b) => byPlace(a.face, b.face));
}

/** 0 for an error, 2 for a note. */
export function gravity({ severity }: Finding): number {
  return GRAVITY[severity];
}

const GRAVITY: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };
