import type { CheckOptions } from '../check/index.ts';
import type { RuleId } from '../model/rules.ts';
import { plantedPages } from './planted.ts';

/** A page with one fault, and where it is to be found. */
export interface Fault {
  readonly what: string;
  readonly file: string;
  readonly text: string | Uint8Array;
  /** `line:column`. */
  readonly at: string;
  /** The file where it is to be found, if it is another one. */
  readonly in?: string;
  /** Other pages that come with it. */
  readonly beside?: Readonly<Record<string, string>>;
  readonly options?: CheckOptions;
}

/** Faults by the rule that each of them breaks. */
export type Faults = Readonly<Partial<Record<RuleId, () => Generator<Fault>>>>;

/** The sample pages, conforming. */
export const PAGES = plantedPages();
/** Pages with an example of a documented type. */
export const TYPED = ['get-note.md', 'list-notes.md', 'list-authors.md', 'create-note.md'];
/** Pages with an exchange. */
export const API = Object.keys(PAGES).filter((file) => !file.startsWith('resources/'));
/** Pages with a resource. */
export const RESOURCES = Object.keys(PAGES).filter((file) => file.startsWith('resources/'));

/** A page whose mark says where the fault is. */
export function fault(file: string, what: string, marked: string): Fault {
  if (!marked.includes('‸')) throw new Error(`${file}: ${what} marks no place`);
  const before = marked.slice(0, marked.indexOf('‸')).split('\n');
  return { what, file, text: marked.replace('‸', ''), at: `${before.length}:${before.at(-1)!.length + 1}` };
}

/** A page in which a text is another; `away` is taken out besides. */
export function edit(file: string, from: string | RegExp, to: string | Replacer, away?: RegExp): Fault {
  const text = PAGES[file]!;
  const changed = typeof from === 'string' ? text.replace(from, () => String(to)) : text.replace(from, to as string);
  return fault(file, `${from} -> ${to}`, away === undefined ? changed : changed.replace(away, ''));
}

type Replacer = (found: string, ...parts: string[]) => string;

/** A page in which a text on a line is another. */
export function onLine(file: string, line: number, from: string, to: string): Fault {
  const lines = PAGES[file]!.split('\n');
  lines[line - 1] = lines[line - 1]!.replace(from, () => to);
  return fault(file, `${line}: ${to}`, lines.join('\n'));
}

/** Puts a line after another. */
export function insert(file: string, line: number, text: string): Fault {
  const lines = PAGES[file]!.split('\n');
  lines.splice(line, 0, text);
  return fault(file, `${line}: ${text}`, lines.join('\n'));
}

/** The lines of a page that a pattern fits, with what it found. */
export function linesOf(file: string, pattern: RegExp): [line: number, match: RegExpMatchArray][] {
  const one = new RegExp(pattern.source, pattern.flags.replace('g', ''));
  return PAGES[file]!.split('\n').flatMap((text, index) => {
    const match = one.exec(text);
    return match === null ? [] : [[index + 1, match] as [number, RegExpMatchArray]];
  });
}

/** The first line of the fence that a line stands in. */
function fenceAt(file: string, line: number): string | undefined {
  const before = PAGES[file]!.split('\n').slice(0, line - 1);
  const fences = before.flatMap((text, index) => (text.startsWith('```') ? [index] : []));
  return fences.length % 2 === 0 ? undefined : (before[fences.at(-1)! + 1] ?? '');
}

/** Does a line stand in a fence? */
export function inFence(file: string, line: number): boolean {
  return fenceAt(file, line) !== undefined;
}

/** Does a line stand in the fence of a response? */
export function inResponse(file: string, line: number): boolean {
  return fenceAt(file, line)?.startsWith('HTTP/') === true;
}
