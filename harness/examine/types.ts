import { checkTypes, type CheckOptions } from '../check/index.ts';
import type { Part } from '../check/part.ts';
import type { SaidTogether } from '../check/said.ts';
import { requestResources } from '../compare/index.ts';
import type { DocsetTypes } from '../model/docset.ts';
import type { Finding } from '../model/finding.ts';
import { hashOf } from '../model/hash.ts';
import { packed, unpacked, type PackedFinding } from '../model/packed-finding.ts';
import { indexBy, indexResources, nameKey, type Resource, type ResourceIndex } from '../model/resource.ts';
import { agreedIn, doubtIn, without, type Doubt } from './agreed.ts';
import { aroundPages } from './around.ts';
import type { Held } from './judge.ts';
import type { Kept, Pages } from './kept.ts';
import { SHORT, type Own } from './sheet.ts';

/** What is found of all types together. */
export interface TypesJudged {
  readonly findings: readonly Finding[];
  /** What of them examples are not held to, by `nameKey`. */
  readonly doubts: readonly (readonly [key: string, doubt: Doubt])[];
}

/** The types as pages ask for them. */
export interface TypesView extends Held {
  readonly plain: ResourceIndex;
  /** What changes with a type, with those it is derived from, and with what is in doubt of them; by `nameKey`. */
  readonly stamps: ReadonlyMap<string, string>;
}

/** Judges all types, or finds what is kept of when they were judged: then no page that documents any, and nothing said of any, has changed since. */
export function judgedTypes(
  pages: Pages,
  own: readonly Own[],
  together: SaidTogether,
  options: CheckOptions,
  kept: Kept,
): TypesJudged {
  const key = `types ${keyOf(pages, own, options)}`;
  const text = kept.get(key);
  if (text !== undefined) {
    const { findings, doubts } = JSON.parse(text) as { findings: PackedFinding[]; doubts: TypesJudged['doubts'] };
    return { findings: findings.map((each) => unpacked(each, '')), doubts };
  }
  const judged = judgeTypes(pages, together, options);
  kept.set(key, JSON.stringify({ ...judged, findings: judged.findings.map((each) => packed(each, '')) }));
  return judged;
}

function keyOf({ readings, types }: Pages, own: readonly Own[], { lines }: CheckOptions): string {
  const documenting = new Set(types.documented.map(([, page]) => page));
  const stamps = own.filter((_, at) => documenting.has(readings[at]!.file)).map(({ stamp }) => stamp);
  const words = own.map(({ said }) => [said.bases, said.types, said.enums]);
  return hashOf(JSON.stringify([types.key, stamps, words, lines !== undefined]));
}

function judgeTypes(
  { resources, types, findings: found, readings }: Pages,
  together: SaidTogether,
  options: CheckOptions,
): TypesJudged {
  const plain = indexResources(resources);
  const around = aroundPages(readings, (at) => readings[at]!.document, types, plain, together, options);
  const whole: Part = { pages: [], exchanges: [], resources, findings: found, leaving: [], around };
  const findings = checkTypes(whole, options);
  const agreed = agreedIn(resources, [...found, ...findings]);
  if (agreed === resources) return { findings, doubts: [] };
  const others = indexResources(agreed);
  const doubts = [...types.stamps.keys()].flatMap((key) => {
    const doubt = doubtIn(plain.find(key)!, others.find(key)!);
    return doubt === undefined ? [] : [[key, doubt] as const];
  });
  return { findings, doubts };
}

/** The types one by one, as they are and as examples are held to them. */
export function viewOf(types: DocsetTypes, doubts: TypesJudged['doubts']): TypesView {
  const doubted = new Map(doubts);
  const known = new Map<string, Resource | undefined>();
  const agreed = (name: string): Resource | undefined => {
    const key = nameKey(name);
    if (!known.has(key)) {
      const resource = types.find(name);
      const doubt = doubted.get(key);
      known.set(key, resource && doubt ? without(resource, doubt) : resource);
    }
    return known.get(key);
  };
  const responses = indexBy(agreed);
  return {
    plain: indexBy(types.find),
    responses,
    requests: requestResources(responses, types.bases),
    // Made only for who asks what has changed.
    get stamps() {
      return stampsOf(types, doubted);
    },
  };
}

function stampsOf({ stamps, bases }: DocsetTypes, doubts: ReadonlyMap<string, Doubt>): ReadonlyMap<string, string> {
  const own = (key: string): string => {
    const doubt = doubts.get(key);
    return `${stamps.get(key)?.stamp} ${bases.has(key)}${doubt === undefined ? '' : ` ${JSON.stringify(doubt)}`}`;
  };
  return new Map(
    [...stamps.keys()].map((key) => {
      const line = new Set<string>();
      for (let at: string | undefined = key; at !== undefined && !line.has(at); at = stamps.get(at)?.base) line.add(at);
      return [key, hashOf([...line].map((each) => `${each} ${own(each)}`).join('\n')).slice(0, SHORT)];
    }),
  );
}
