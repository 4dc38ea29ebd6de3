import type { PageAnnotation, Suppression } from '../../model/document.ts';
import { leniencyReason, pointerToken, type JsonText, type Span } from '../../model/json.ts';
import { points, type Place, type Point } from '../../model/place.ts';
import { quickJson } from '../../model/quick-json.ts';
import type { Comment } from './comments.ts';
import type { CodeBlock } from './outline.ts';
import { fixOf } from '../mending.ts';
import { placeOf, type PageText } from './source.ts';

/**
 * Reads the page annotation of a page (`"type": "#page.annotation"`), wherever it stands outside code. Of several the last
 * counts and the others are told; their suppressions all stay.
 */
export function readPageAnnotation(
  page: PageText,
  comments: readonly Comment[],
  codes: readonly CodeBlock[],
): PageAnnotation | undefined {
  const written = comments.filter(({ pageText }) => pageText !== undefined);
  if (written.length === 0) return undefined;
  const isCode = codeAt(codes);
  const point = points(page.text);
  const found = written
    .filter(({ start }) => !isCode(start))
    .flatMap((comment) => readOne(page, comment, comment.pageText!, point) ?? []);
  const last = found.at(-1);
  if (last === undefined) return undefined;
  for (const { place } of found.slice(0, -1))
    page.report({
      ruleId: 'page/annotation',
      reason: `Unexpected page annotation, overruled by that of line ${last.place.position.start.line}`,
      place,
      subject: 'several',
      note: 'Keep one page annotation; the suppressions of all count.',
    });
  return { ...last, suppressions: found.flatMap(({ suppressions }) => suppressions) };
}

/** Namespace of a page's types: its annotation says it, else a line `Namespace: x.y`, else its first resource. */
export function namespaceOf(
  page: PageText,
  annotation: PageAnnotation | undefined,
  codes: readonly CodeBlock[],
): string | undefined {
  const said = annotation?.namespace?.trim();
  if (said) return said;
  const isCode = codeAt(codes);
  for (const { index, 1: written = '' } of page.text.matchAll(/^ {0,3}Namespace:[ \t]*(\S+)[ \t]*\r?$/gim)) {
    const name = written.length > 300 ? undefined : /^[*_`]*([A-Za-z][\w.]*[A-Za-z0-9])[*_`]*$/.exec(written)?.[1];
    if (name !== undefined && !isCode(index)) return name;
  }
  const resource = codes.find(
    ({ comment }) => comment?.annotation?.blockType === 'resource' && comment.annotation.type,
  );
  const type = resource?.comment?.annotation?.type;
  return type?.includes('.') ? type.slice(0, type.lastIndexOf('.')) : undefined;
}

type Kind = 'string' | 'number' | 'strings' | 'bookmarks';
const PROPERTIES: Readonly<Record<string, Kind>> = {
  title: 'string',
  description: 'string',
  keywords: 'string',
  canonicalUrl: 'string',
  section: 'string',
  tocPath: 'string',
  tocIndex: 'number',
  tocBookmarks: 'bookmarks',
  headerAdditions: 'strings',
  footerAdditions: 'strings',
  suppressions: 'strings',
  namespace: 'string',
};
const NAMES: ReadonlyMap<string, string> = new Map(Object.keys(PROPERTIES).map((name) => [name.toLowerCase(), name]));
const EXPECTED: Readonly<Record<Kind, string>> = {
  string: 'a string',
  number: 'a whole number',
  strings: 'a list of strings',
  bookmarks: 'an object of strings',
};

function readOne(
  page: PageText,
  comment: Comment,
  inner: string,
  point: (offset: number) => Point,
): PageAnnotation | undefined {
  const json = quickJson(inner, { elisions: false });
  // Spans count from the text between `<!--` and `-->`.
  const from = comment.start + '<!--'.length;
  const at = ({ start, end }: Span): Place => placeOf(page, { start: point(from + start), end: point(from + end) });
  const tell = (reason: string, span: Span, subject: string): void =>
    page.report({
      ruleId: 'page/annotation',
      reason,
      place: at(span),
      subject,
      note: 'Mend the JSON between `<!--` and `-->`.',
    });
  if (json.error) {
    tell(json.error.message, { start: json.error.offset, end: json.error.offset + 1 }, 'annotation');
    return undefined;
  }
  if (typeof json.value !== 'object' || json.value === null) return undefined;
  for (const { what, mending, ...span } of json.leniencies)
    page.report({
      ruleId: 'annotation/leniency',
      reason: leniencyReason({ what }),
      place: at(span),
      subject: what,
      note: 'Write strict JSON, so that every tool reads the annotation alike.',
      ...fixOf(mending, inner, at),
    });
  const values: Record<string, unknown> = {};
  const other: [string, unknown][] = [];
  let suppressions: readonly Suppression[] = [];
  for (const [name, value] of Object.entries(json.value)) {
    const canonical = NAMES.get(name.toLowerCase());
    if (name.toLowerCase() === 'type' || value === null) continue;
    if (canonical === undefined) {
      other.push([name, value]);
      continue;
    }
    const read = convert(PROPERTIES[canonical]!, value);
    if (read === undefined)
      tell(
        `Unexpected \`${JSON.stringify(value).slice(0, 60)}\` for \`${name}\`, expected ${EXPECTED[PROPERTIES[canonical]!]}`,
        json.locate(`/${pointerToken(name)}`)?.value ?? { start: 0, end: inner.length },
        name,
      );
    else if (canonical === 'suppressions') suppressions = placed(json, name, read as readonly string[], at);
    else values[canonical] = read;
  }
  return {
    // Each value was converted to the kind of its property just above.
    ...(values as Omit<PageAnnotation, 'place' | 'suppressions' | 'other'>),
    place: placeOf(page, comment.position),
    suppressions,
    ...(other.length === 0 ? {} : { other: Object.fromEntries(other) }),
  };
}

function convert(kind: Kind, value: unknown): unknown {
  const isText = (item: unknown) => ['string', 'number', 'boolean'].includes(typeof item);
  switch (kind) {
    case 'string':
      // Keywords are written as a list, too.
      if (Array.isArray(value)) return value.every(isText) ? value.join(', ') : undefined;
      return isText(value) ? String(value) : undefined;
    case 'number':
      return Number.isInteger(Number(value)) && isText(value) && String(value).trim() !== ''
        ? Number(value)
        : undefined;
    case 'strings':
      return Array.isArray(value) && value.every(isText) ? value.map(String) : undefined;
    case 'bookmarks':
      return typeof value === 'object' &&
        value !== null &&
        Object.values(value).every((item) => typeof item === 'string')
        ? value
        : undefined;
  }
}

function placed(json: JsonText, name: string, texts: readonly string[], at: (span: Span) => Place): Suppression[] {
  return texts.map((text, index) => {
    const span = json.locate(`/${pointerToken(name)}/${index}`)?.value ?? { start: 0, end: 1 };
    return { text, place: at(span) };
  });
}

/** Tells whether an offset of a page lies in one of its code blocks, which stand in page order. */
function codeAt(codes: readonly CodeBlock[]): (offset: number) => boolean {
  return (offset) => {
    let low = 0;
    let high = codes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (codes[middle]!.node.position!.end.offset! <= offset) low = middle + 1;
      else high = middle;
    }
    return low < codes.length && codes[low]!.node.position!.start.offset! <= offset;
  };
}
