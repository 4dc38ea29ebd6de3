import type { Annotation } from '../../model/annotation.ts';
import type { Fact } from '../../model/finding.ts';
import type { Span } from '../../model/json.ts';
import { points, type Place, type Position } from '../../model/place.ts';
import { readAnnotation } from '../annotation.ts';
import { fixOf } from '../mending.ts';
import { placeOf, type PageText } from './source.ts';

/** What became of an annotation: part of a fixture or schema, of a kind that carries nothing to replay, or told why not. */
export type Fate = 'compiled' | 'ignored' | 'reported';

/** An HTML comment of a page that is, or wants to be, an annotation. */
export interface Comment {
  /** Offset of `<!--` in the page's text. */
  readonly start: number;
  /** Offset after `-->`. */
  readonly end: number;
  readonly position: Position;
  /** The word its blockType shows, in lower case, where it has one; such a comment is counted. */
  readonly word?: string;
  /** What it says; nothing where that cannot be read (a fact says why). */
  readonly annotation?: Annotation;
  /** The text between `<!--` and `-->` of one that is about the page; it binds to nothing. */
  readonly pageText?: string;
  /** What is wrong with its text; told unless it stands in code, where it is none of ours. */
  readonly facts: readonly Fact[];
  /** Set where it stands in code. */
  isCode?: boolean;
  /** Set where that code is none, but what a fence swallows that is not closed. */
  isSwallowed?: boolean;
  fate?: Fate;
}

const BLOCK_TYPE = /["']?\bblockType\b["']?\s*:\s*["']?\s*([\w.-]*)/i;

/**
 * Every comment of a text that says `blockType`, or is a JSON object that may be an annotation without one. Found in the bare
 * text, so that none is missed whatever surrounds it; linear in time.
 */
export function findComments(page: PageText): Comment[] {
  const { text } = page;
  const found: Comment[] = [];
  const point = points(text);
  for (let start = text.indexOf('<!--'); start >= 0;) {
    const close = text.indexOf('-->', start + 4);
    const end = close < 0 ? text.length : close + 3;
    const inner = unquoted(text, start, point(start).column, text.slice(start + 4, close < 0 ? end : close));
    const word = BLOCK_TYPE.exec(inner)?.[1]?.toLowerCase();
    if (word === undefined && isPageAnnotation(inner))
      found.push({
        start,
        end,
        position: { start: point(start), end: point(end) },
        pageText: inner,
        facts: [],
        fate: 'ignored',
      });
    else if (word !== undefined || /^\s*\{/.test(inner)) {
      const position = { start: point(start), end: point(end) };
      const { annotation, facts } = read(page, inner, start + 4, position, word !== undefined, point);
      if (word !== undefined || annotation) {
        found.push({
          start,
          end,
          position,
          facts,
          ...(word === undefined ? {} : { word: word || 'unknown' }),
          ...(annotation === undefined ? {} : { annotation }),
          ...(annotation === undefined ? { fate: 'reported' } : {}),
        });
      }
    }
    start = close < 0 ? -1 : text.indexOf('<!--', end);
  }
  return found;
}

/** Does a comment say that it is a page annotation? Any case; whether it is JSON, reading it tells. */
function isPageAnnotation(inner: string): boolean {
  return /^\s*\{/.test(inner) && /(?<![@\w.])["']?type["']?\s*:\s*["']\s*#page\.annotation\s*["']/i.test(inner);
}

function read(
  page: PageText,
  inner: string,
  offset: number,
  position: Position,
  counted: boolean,
  point: (offset: number) => Position['start'],
): { readonly annotation?: Annotation; readonly facts: readonly Fact[] } {
  const { annotation, spans, facts } = readAnnotation(inner);
  // JSON in a comment that says no blockType may belong to another tool: it is ours only if it can be read and names something.
  if (!counted && (!annotation || (annotation.names.length === 0 && annotation.type === undefined)))
    return { facts: [] };
  const positionOf = (span: Span): Position => ({
    start: point(offset + span.start),
    end: point(offset + span.end),
  });
  const place = (span: Span): Place => placeOf(page, positionOf(span));
  const told = facts.map(({ span, mending, ...fact }) => ({
    ...fact,
    place: place(span),
    ...fixOf(mending, inner, place),
  }));
  if (!annotation) return { facts: told };
  const places = Object.fromEntries(Object.entries(spans).map(([name, span]) => [name, positionOf(span)]));
  return { annotation: { ...annotation, position, places }, facts: told };
}

/** The text of a comment with the `>` of the quote it stands in blanked, offsets kept. */
function unquoted(text: string, start: number, column: number, inner: string): string {
  // Marks of quotes stand near the beginning of a line; a line of many comments must not be searched for each of them.
  const from = start - column + 1;
  const quoted = text.slice(from, Math.min(start, from + 1000)).includes('>');
  return quoted
    ? inner.replace(/([\r\n])([ \t>]+)/g, (_, end: string, marks: string) => end + ' '.repeat(marks.length))
    : inner;
}
