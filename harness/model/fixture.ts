import type { Matchers } from './matcher.ts';
import type { Place, Point } from './place.ts';

/** The `schemaVersion` that fixtures carry; a file with another one is not ours to read or remove. */
export const FIXTURE_VERSION = 1;

/** What one page promises: the content of one file in `fixtures/`. Plain JSON, the same bytes for the same docs. */
export interface Fixture {
  readonly schemaVersion: typeof FIXTURE_VERSION;
  /** The page, relative to the working directory, forward slashes. */
  readonly page: string;
  readonly exchanges: readonly Exchange[];
}

/** One documented request with every response documented for it (RFC 9110, 3.4). */
export interface Exchange {
  /** `<page path under its root, without .md>#<name or ordinal>`: unique in a docset. */
  readonly id: string;
  readonly name?: string;
  /** For people: the page's title, and the heading the request stands under where that says more. */
  readonly title: string;
  readonly scopes?: readonly string[];
  readonly tags?: readonly string[];
  readonly apiVersions?: readonly string[];
  /** What the permissions tables of its page ask for. */
  readonly permissions?: Permissions;
  /** Is it an action or a function, as its annotation says (`target`)? */
  readonly isAction?: boolean;
  readonly request: PromisedRequest;
  readonly responses: readonly PromisedResponse[];
}

/**
 * What suffices for a request, the least first, by who asks: an account of its own, or one for a person who has signed in. Each entry is a
 * scope, or several parted by blanks that are needed together; none where there is no such way.
 */
export interface Permissions {
  readonly application?: readonly string[];
  readonly delegated?: readonly string[];
}

/** A code block in a page. With it the place of each character of the block is known without the page. */
export interface Block {
  /** The file it is written in, where that is not the page itself (an include). */
  readonly file?: string;
  /** Line of the first line of code (the one after the fence). */
  readonly line: number;
  /** UTF-16 units that stand before the code on its lines (list indentation, `> `): one number, or one per line where they vary. */
  readonly indent: number | readonly number[];
  /** Rules that a comment of the page disables for it (`area/*`, `*`); `!rule` takes one of those out again. */
  readonly disabled?: readonly string[];
}

/** A documented header; `at` counts lines from the first line of the block, from 0. */
export interface PromisedHeader {
  readonly name: string;
  readonly value: string;
  readonly at: number;
}

/** A documented body, its text exactly as written (line ends as LF); `at` counts lines from the first line of the block. */
export type PromisedBody =
  | { readonly kind: 'empty' }
  | { readonly kind: 'json' | 'text' | 'multipart' | 'placeholder'; readonly at: number; readonly text: string };

export interface PromisedRequest {
  readonly block: Block;
  /** Line of the request line, counted from the block's first line. */
  readonly at: number;
  readonly method: string;
  /** As written, white space folded. */
  readonly url: string;
  /** What `url` was read as, where the writing needed mending (a backslash for a slash). */
  readonly readAs?: string;
  /** The path of `url` with its parameters named, where a template of the page's HTTP request section fits: `/v1.0/users/{id}`. */
  readonly template?: string;
  readonly headers: readonly PromisedHeader[];
  readonly body: PromisedBody;
  /** Type of the body, without `#` and `Collection()`. */
  readonly type?: string;
  /** Another name of the type, which may be the documented one. */
  readonly typeAka?: string;
  /** What every answer to this request is to have, whatever is documented of it. */
  readonly matchers?: Matchers;
  readonly sampleKeys?: readonly string[];
}

export interface PromisedResponse {
  readonly block: Block;
  /** Line of the status line, counted from the block's first line. */
  readonly at: number;
  readonly status: number;
  readonly headers: readonly PromisedHeader[];
  readonly body: PromisedBody;
  /** Type of the body, or of each item where `isCollection`; without `#` and `Collection()`. */
  readonly type?: string;
  /** Another name of the type, which may be the documented one. */
  readonly typeAka?: string;
  readonly isCollection?: boolean;
  /** The property that holds the items; `value` where nothing is said. */
  readonly collectionProperty?: string;
  readonly isEmpty?: boolean;
  readonly truncated?: boolean;
  readonly expectError?: boolean;
  readonly optionalProperties?: readonly string[];
  readonly nullableProperties?: readonly string[];
  readonly matchers?: Matchers;
}

/** An exchange together with the page it is promised on. */
export interface PagedExchange extends Exchange {
  readonly file: string;
}

/** Where a character of a block stands in its file: `at` lines below the block's first line, `column` units into the code of that line. */
export function pointInBlock(block: Block, at: number, column: number): Point {
  const indent = typeof block.indent === 'number' ? block.indent : (block.indent[at] ?? block.indent.at(-1) ?? 0);
  return { line: block.line + at, column: indent + column + 1 };
}

/** A line of a block as a place, from its first character for `length` units; `file` is the page's, unless an include holds the block. */
export function lineInBlock(file: string, block: Block, at: number, length = 0): Place {
  const start = pointInBlock(block, at, 0);
  return { file: block.file ?? file, position: { start, end: { line: start.line, column: start.column + length } } };
}

/** The request line of an exchange as a place: its method and URL. */
export function requestLine({ file, request }: PagedExchange): Place {
  return lineInBlock(file, request.block, request.at, request.method.length + 1 + request.url.length);
}

/** Where the character at `offset` of a text stands that begins `at` lines below the block's first line. */
export function pointInText(block: Block, at: number, text: string, offset: number): Point {
  const starts = lineStartsOf(text);
  // The last line that starts at the offset or before it.
  let [line, after] = [0, starts.length];
  while (after - line > 1) {
    const middle = (line + after) >> 1;
    if (starts[middle]! <= offset) line = middle;
    else after = middle;
  }
  return pointInBlock(block, at + line, offset - starts[line]!);
}

/** Offsets at which the lines of a text start. The last text is kept: whoever asks once asks for many places in it. */
function lineStartsOf(text: string): readonly number[] {
  if (text === last.text) return last.starts;
  const starts = [0];
  for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) starts.push(index + 1);
  last = { text, starts };
  return starts;
}

let last: { readonly text: string; readonly starts: readonly number[] } = { text: '', starts: [0] };
