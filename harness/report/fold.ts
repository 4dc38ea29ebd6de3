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
    .map((all) => ({ all, face: all.reduce((a, b) => (GRAVITY[b.severity] < GRAVITY[a.severity] ? b : a)) }))
    .sort((a, b) => byPlace(a.face, b.face));
}

const GRAVITY: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };
