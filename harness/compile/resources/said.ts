import type { Resource } from '../../model/resource.ts';

/** What the text of a page says of the one type it documents. Names stand as written; only those that are documented will count. */
export function saidOf(text: string): Pick<Resource, 'saidBase' | 'saidDerived' | 'openType'> {
  const base = BASE.exec(text)
    ?.slice(1)
    .find((name) => name !== undefined);
  const derived = derivedTypes(text);
  return {
    ...(base === undefined ? {} : { saidBase: withoutBlanks(base) }),
    ...(derived.length === 0 ? {} : { saidDerived: derived }),
    ...(OPEN.test(text) ? { openType: true } : {}),
  };
}

/** `[identity](identity.md)`, `[**baseItem**][baseItem]`, `[Session Control](sessioncontrol.md)`. */
const LINK = String.raw`\[\s*[*\x60]{0,2}([A-Za-z][\w. ]{0,200})[*\x60]{0,2}\s*\][(\[]`;

/** `Inherits from [identity](identity.md)`, `This is a subclass of gradeType`: a name without a link has a capital inside, or it may be any word. */
const BASE = new RegExp(
  String.raw`\b(?:(?:[Ii]nherits|[Dd]erives|[Dd]erived)\s+(?:(?:all\s+)?(?:the\s+)?properties\s+)?(?:from|of)|[Aa]n?\s+(?:sub-?class|sub-?type|derived\s+type)\s+(?:of|from))\s+` +
    String.raw`(?:the\s+)?(?:base\s+(?:class|type)\s+)?(?:${LINK}|\*{0,2}([a-z]+[A-Z]\w{0,200})\b)`,
);

/** `This is an _open type_ …`, `# configuration resource type (Open Type)`. */
const OPEN = /\bis\s+an?\s+[_*]{0,2}open type[_*]{0,2}(?![A-Za-z]|\s+\[)|^#\s.{0,200}\(open type\)\s*$/im;

/** The types that a page lists as derived from its own: below a heading that says so, or in a sentence and the list after it. */
function derivedTypes(text: string): string[] {
  const names = new Set<string>();
  let left = MOST_LISTS;
  for (const { index, 0: words, 1: hashes } of text.matchAll(DERIVED)) {
    if (left-- === 0) break;
    const rest = text.slice(index + words.length, index + words.length + LONGEST_LIST);
    for (const name of hashes === undefined ? listed(rest) : firstLinks(untilHeading(rest))) names.add(name);
  }
  return [...names];
}

const DERIVED =
  /^(#{1,6})[ \t]+(?:derived types|sub-?types)[ \t]*$|\b(?:derived types|sub-?types|sub-?classes)\b(?:[ \t]+of[ \t]+[*_]{0,2}\w+[*_]{0,2})?(?:[ \t]+(?:are|include))?(?=:|[ \t]+\[)/gim;

/** More than any page needs; less than would take long. */
const [MOST_LISTS, LONGEST_LIST] = [16, 20_000];

/** What a sentence goes on to name; where that is nothing, the items of the list or the rows of the table below it. */
function listed(rest: string): string[] {
  const sentence = /^[^\n]*?(?=\.\s|\n|$)/.exec(rest)![0];
  const links = [...sentence.matchAll(new RegExp(NAME, 'g'))].map(([, name]) => name!);
  return links.length > 0
    ? links
    : firstLinks(/^[^\n]*\n(?:\s*\n)?((?:\s*[-*|][^\n]*(?:\n|$))*)/.exec(rest)?.[1] ?? '');
}

/** The first link of each item or row: what it is about. */
function firstLinks(lines: string): string[] {
  return lines.split('\n').flatMap((line) => (/^\s*[-*|]/.test(line) ? [NAME.exec(line)?.[1] ?? []].flat() : []));
}

const NAME = /\[\s*[*`]{0,2}([A-Za-z][\w.]{0,200})[*`]{0,2}\s*\]\(/;

function untilHeading(rest: string): string {
  const end = rest.search(/^#/m);
  return end < 0 ? rest : rest.slice(0, end);
}

/** The words of a title are the name of its type, written apart. */
function withoutBlanks(name: string): string {
  return name.replace(/\s+/g, '');
}
