import { saidOn, type Said } from '../check/said.ts';
import type { DocsetPage, Link } from '../model/docset.ts';
import { hashOf } from '../model/hash.ts';
import { requestKey } from '../model/url.ts';

/** What is known of a page once it was judged, beside the findings themselves: plain data. */
export interface Sheet {
  /** The stamp of the page that was judged. */
  readonly stamp: string;
  readonly said: Said;
  /** What changes with its anchors. */
  readonly anchors: string;
  /** What changes with each of its requests, in their order. */
  readonly requests: readonly string[];
  /** How many links of it lead out of the docs, and the first. */
  readonly leaving: readonly [count: number, first?: Link];
  /** How many findings it has. */
  readonly found: number;
  /** Was it judged as one with other pages? */
  readonly isShared?: true;
  /** What it asked of others, as `keys` has it. */
  readonly asked: readonly string[];
}

/** The part of a sheet that is known before the page is judged. */
export type Own = Pick<Sheet, 'stamp' | 'said' | 'anchors' | 'requests'>;

/** What a page tells by itself. */
export function ownOf({ stamp = '', document, exchanges }: DocsetPage): Own {
  return {
    stamp,
    said: saidOn(document, exchanges),
    anchors: hashOf(document.anchors.join('\n')).slice(0, SHORT),
    requests: exchanges.map(({ request }) => hashOf(requestKey(request)).slice(0, SHORT)),
  };
}

/** Digits of a hash that tell a few thousand things apart. */
export const SHORT = 16;

/** What can be asked of others beside what all pages say together (`SaidTogether`): a type by `nameKey`; anchors of a page, types on it, by `file`. */
export const keys = {
  type: (key: string): string => `t ${key}`,
  anchors: (file: string): string => `a ${file}`,
  typesOn: (file: string): string => `o ${file}`,
} as const;

/** Sheets of all pages, and what changes with each thing that they may have asked. */
export interface Sheets {
  readonly pages: ReadonlyMap<string, Sheet>;
  readonly answers: ReadonlyMap<string, string>;
}

/** Sheets as a text: what was asked stands there once, for most of it is asked by many. */
export function sheetsText({ pages, answers }: Sheets): string {
  const numbers = new Map<string, number>();
  const numberOf = (key: string): number => {
    let number = numbers.get(key);
    if (number === undefined) numbers.set(key, (number = numbers.size));
    return number;
  };
  const packed: Packed['pages'] = [...pages].map(([file, sheet]) => [
    file,
    { ...sheet, asked: sheet.asked.map(numberOf) },
  ]);
  return JSON.stringify({ keys: [...numbers.keys()], pages: packed, answers: [...answers] } satisfies Packed);
}

/** The sheets of such a text; without one there are none. */
export function sheetsFrom(text: string | undefined): Sheets {
  if (text === undefined) return { pages: new Map(), answers: new Map() };
  const { keys: names, pages, answers } = JSON.parse(text) as Packed;
  const unpacked = pages.map(
    ([file, sheet]) => [file, { ...sheet, asked: sheet.asked.map((at) => names[at]!) }] as const,
  );
  return { pages: new Map(unpacked), answers: new Map(answers) };
}

interface Packed {
  readonly keys: readonly string[];
  readonly pages: readonly (readonly [
    file: string,
    sheet: Omit<Sheet, 'asked'> & { readonly asked: readonly number[] },
  ])[];
  readonly answers: readonly (readonly [key: string, answer: string])[];
}
