import type { Around, Beside } from '../check/part.ts';
import { linkTargets, type PageName } from '../check/link-target.ts';
import { moved } from '../check/link-fix.ts';
import { grouped } from '../model/grouped.ts';
import { namespaceOf, type SaidTogether } from '../check/said.ts';
import type { DocsetTypes, Page } from '../model/docset.ts';
import { hashOf } from '../model/hash.ts';
import { once } from '../model/once.ts';
import { nameKey, overheard, type ResourceIndex } from '../model/resource.ts';
import { keys, SHORT } from './sheet.ts';

/** What rules ask of pages that are known one by one; each is looked at by its number, where one asks for its anchors. */
export function aroundPages(
  names: readonly PageName[],
  documentAt: (at: number) => Page,
  types: DocsetTypes,
  index: ResourceIndex,
  together: SaidTogether,
  { files, renamed }: Beside,
): Around {
  const byFile = once(() => new Map(names.map(({ file }, at) => [file, at])));
  const byPath = once(() => new Map(names.map(({ page, file }) => [page, file])));
  const byPage = once(() => grouped(types.documented, ([, page]) => page));
  const namespaces = once(() => new Set(types.documented.map(([name]) => namespaceOf(name))));
  const anchors = new Map<string, ReadonlySet<string>>();
  return {
    ...together,
    types: index,
    get namespaces() {
      return namespaces();
    },
    typesOn: (file) => (byPage().get(file) ?? []).map(([name]) => name),
    anchors(file) {
      let known = anchors.get(file);
      if (known !== undefined) return known;
      const at = byFile().get(file);
      anchors.set(file, (known = new Set(at === undefined ? [] : documentAt(at).anchors)));
      return known;
    },
    targets: linkTargets(names, files),
    moved: moved(names, files, renamed),
    fileAt: (page) => byPath().get(page),
  };
}

/** What of it all pages say together, or all types. */
const TOGETHER = ['origins', 'meantHosts', 'tellsPermissions', 'included', 'namespaces'] as const;

/** What changes with each thing that can be asked, but for anchors; `stamps` are those of types. */
export function answersOf(
  { documented }: DocsetTypes,
  stamps: ReadonlyMap<string, string>,
  around: Around,
): ReadonlyMap<string, string> {
  const answers = new Map<string, string>();
  for (const name of TOGETHER) {
    const value = around[name];
    answers.set(name, short(JSON.stringify(typeof value === 'boolean' ? value : [...value])));
  }
  for (const [key, stamp] of stamps) answers.set(keys.type(key), stamp);
  for (const [file, names] of grouped(documented, ([, page]) => page))
    answers.set(keys.typesOn(file), short(names.map(([name]) => name).join('\n')));
  return answers;
}

/** What pages ask while they are judged. */
export interface Listening {
  readonly around: Around;
  /** Is told of types that are asked for elsewhere. */
  readonly hear: (name: string) => void;
  /** All that was asked, as `keys` has it. */
  readonly asked: () => string[];
}

/** The same, and what was asked of it. The links of a page are resolved by paths alone: where those change, every page is judged anew. */
export function listening(around: Around): Listening {
  const asked = new Set<string>();
  const types = new Set<string>();
  const told = <T>(name: string, value: T): T => {
    asked.add(name);
    return value;
  };
  return {
    hear: (name) => void types.add(name),
    asked: () => [...asked, ...new Set([...types].map((name) => keys.type(nameKey(name))))],
    around: {
      types: overheard(around.types, (name) => types.add(name)),
      targets: around.targets,
      moved: around.moved,
      fileAt: around.fileAt,
      said: around.said,
      typesOn: (file) => told(keys.typesOn(file), around.typesOn(file)),
      anchors: (file) => told(keys.anchors(file), around.anchors(file)),
      get origins() {
        return told('origins', around.origins);
      },
      get meantHosts() {
        return told('meantHosts', around.meantHosts);
      },
      get tellsPermissions() {
        return told('tellsPermissions', around.tellsPermissions);
      },
      get included() {
        return told('included', around.included);
      },
      get namespaces() {
        return told('namespaces', around.namespaces);
      },
    },
  };
}

function short(text: string): string {
  return hashOf(text).slice(0, SHORT);
}
