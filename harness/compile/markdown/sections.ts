import type { Link, Reference, Section, SectionLink, StatusUse } from '../../model/docset.ts';
import type { Leaf } from './leaf.ts';
import { otherPhrase } from '../http/phrases.ts';
import { placeOf, placeOnLine, type PageText } from './source.ts';

/** What the prose of a page's sections about permissions, request body and response says; sections of examples say nothing of their own. */
export function readSections(page: PageText, leaves: readonly Leaf[]): Section[] {
  const headings = leaves.filter((leaf) => leaf.type === 'heading').filter(({ tab }) => !tab);
  const path: { depth: number; text: string }[] = [];
  const mute = linesOf(leaves, ['code', 'html', 'heading']);
  return headings.flatMap((heading, index): Section[] => {
    while (path.length > 0 && path.at(-1)!.depth >= heading.depth) path.pop();
    path.push(heading);
    const kind = kindOf(heading.text);
    if (kind === undefined || path.some(({ text }) => /^(sample|example)s?\b/i.test(text))) return [];
    // Permissions may be parted by headings of their own; of the others only what stands right under the heading counts.
    const next = headings.slice(index + 1).find(({ depth }) => kind !== 'permissions' || depth <= heading.depth);
    const lines: number[] = [];
    const last = (next?.position.start.line ?? page.lines.length + 1) - 1;
    for (let line = heading.position.end.line + 1; line <= last; line++) if (!mute.has(line)) lines.push(line);
    const place = placeOf(page, heading.position);
    if (kind === 'permissions') return [{ kind, place, isSaid: lines.some((line) => isSaid(page.lines[line - 1]!)) }];
    return [
      {
        kind,
        place,
        varies: lines.some((line) => /\b(?:depend(?:s|ing)|var(?:y|ies)|differs?)\b/i.test(page.lines[line - 1]!)),
        ...bodySaid(kind, lines.map((line) => page.lines[line - 1]!).join(' ')),
        statuses: kind === 'response' ? lines.flatMap((line) => statusesIn(page, line)) : [],
        links: lines.flatMap((line) => linksIn(page, line)),
      },
    ];
  });
}

/** References `[text][id]` that no definition of the page answers (CommonMark 6.3): they are shown as they are written. */
export function undefinedReferences(page: PageText, leaves: readonly Leaf[]): Reference[] {
  if (!page.text.includes('][')) return [];
  const mute = linesOf(leaves, ['code', 'html', 'yaml']);
  const texts = page.lines.map((line, index) => (mute.has(index + 1) ? '' : withoutCode(line)));
  const defined = new Set(texts.map((line) => DEFINITION.exec(line)?.[1]).map((id) => id && labelKey(id)));
  return texts.flatMap((line, index) =>
    [...line.matchAll(REFERENCE)].flatMap((found) => {
      const id = found[2]!;
      if (defined.has(labelKey(id))) return [];
      const column = found.index + found[1]!.length + 2;
      return [{ id, place: placeOnLine(page, index + 1, column, id.length) }];
    }),
  );
}

/** Links and images that are written as HTML, each at its address. */
export function htmlLinks(page: PageText, leaves: readonly Leaf[]): Link[] {
  if (!/<(?:a|img)\s/i.test(page.text)) return [];
  const mute = linesOf(
    leaves.filter((leaf) => leaf.type !== 'html' || leaf.value.trimStart().startsWith('<!--')),
    ['code', 'html', 'yaml'],
  );
  return page.lines.flatMap((line, index) => {
    if (mute.has(index + 1) || !line.includes('<')) return [];
    const plain = withoutCode(line).replace(/<!--.*?-->/g, (comment) => ' '.repeat(comment.length));
    return [...plain.matchAll(HTML_LINK)].map((found) => {
      const url = found[1]!;
      const column = found.index + found[0].length - url.length;
      return { url: url.trim(), place: placeOnLine(page, index + 1, column, url.length) };
    });
  });
}

const HTML_LINK = /<(?:a|img)\s[^<>]{0,500}?\b(?:href|src)\s*=\s*["']([^"'<>]{1,500})["']/gi;

const DEFINITION = /^[ \t>]*\[((?:[^[\]\\]|\\.){1,999})\]:/;
const REFERENCE = /(?<![\\\]\w$])(\[(?:[^[\]\\`]|\\.){1,999}\])\[((?:[^[\]\\`]|\\.){1,999})\](?![[(])/g;

function labelKey(label: string): string {
  return label.trim().replace(/\s+/g, ' ').toLowerCase();
}

/** Code spans blanked out, so that columns stay. */
function withoutCode(line: string): string {
  return line.includes('`') ? line.replace(/(`+)[^`]*\1/g, (code) => ' '.repeat(code.length)) : line;
}

function linesOf(leaves: readonly Leaf[], types: readonly Leaf['type'][]): ReadonlySet<number> {
  const lines = new Set<number>();
  for (const { type, position } of leaves)
    if (types.includes(type)) for (let line = position.start.line; line <= position.end.line; line++) lines.add(line);
  return lines;
}

function kindOf(heading: string): Section['kind'] | undefined {
  if (/^responses?$/i.test(heading)) return 'response';
  if (/^request body$/i.test(heading)) return 'request body';
  return /^(?:permissions?|prerequisites?)$/i.test(heading) ? 'permissions' : undefined;
}

/** Does a line name a permission, say that there is none, or take in what does? */
function isSaid(line: string): boolean {
  return /\b[A-Za-z][\w-]*(?:\.[A-Za-z][\w-]*)+\b(?!\/)|\bnot (?:supported|applicable|available|required|needed)\b|\bno (?:permissions?|scopes?)\b|\bnone\b|\bn\/a\b|\b(?:read|write|granted?) access\b|\[!INCLUDE/i.test(
    line.replace(/\]\([^()]*\)/g, ']'),
  );
}

const PHRASES =
  'OK|Created|Accepted|No[- ]?Content|Reset Content|Partial Content|Multi-?Status|Moved|Found|See Other|Not Modified|Temporary Redirect|Permanent Redirect|Bad Request|Unauthorized|Forbidden|Not Found|Conflict|Gone|Precondition|Too Many|Internal Server|Not Implemented|Bad Gateway|Service Unavailable';
const STATUS = new RegExp(
  `(?:\`\\s*(?:HTTP/[\\d.]+\\s+)?|\\bcode(?: of)? |\\bstatus |(?<![\\w.-]))([1-5]\\d\\d)(?:\\s*\`|(?:\`|[ ,:.-])*(?:${PHRASES})\\b)|\\b(?:status|response) codes?(?: of)? ([1-5]\\d\\d)\\b`,
  'gi',
);

function statusesIn(page: PageText, line: number): StatusUse[] {
  const text = page.lines[line - 1]!;
  return [...text.matchAll(STATUS)].map((found) => {
    const digits = found[1] ?? found[2]!;
    const column = found.index + found[0].indexOf(digits) + 1;
    reportPhrase(page, line, column, digits);
    return { status: Number(digits), place: placeOnLine(page, line, column, digits.length) };
  });
}

const NO_BODY: Readonly<Record<'response' | 'request body', RegExp>> = {
  'request body':
    /\b(?:do(?:es)? not|don't|doesn't) (?:supply|provide|include|send|specify) (?:a |any )?(?:request )?body\b|\bno request body\b/i,
  response:
    /\b(?:does not|doesn't|do not) return anything in the (?:response )?body\b|\bno response body\b|\bempty response body\b|\b(?:no|without) (?:content|anything) in the (?:response )?body\b/i,
};

const BODY: Readonly<Record<'response' | 'request body', RegExp>> = {
  'request body':
    /\bin the (?:request )?body,? (?:supply|provide|include|specify)\b|\bsupply an? (?:JSON )?(?:representation|object)\b/i,
  response:
    /\b(?:objects?|collection|resource|representation|properties|file|stream|string|value|contents?)\b[^.]{0,80}\bin (?:the|its) (?:response )?body\b/i,
};

function bodySaid(kind: 'response' | 'request body', text: string): { readonly hasBody?: boolean } {
  const none = NO_BODY[kind].test(text);
  const some = BODY[kind].test(text.replace(NO_BODY[kind], ''));
  return none === some ? {} : { hasBody: some };
}

/** `a collection of`, `the list of` before a link, or `a`, `the updated`. */
function manySaid(before: string, after: string): { readonly isMany?: boolean } {
  const text = before.replace(/[*_`]/g, '').trimEnd();
  if (/^[*_`]*\s*(?:\w+\s+)?(?:collections?|lists?|arrays?|objects|resources)\b/i.test(after))
    return /\ban?$/i.test(text) ? {} : { isMany: true };
  if (/\b(?:collections?|lists?|arrays?|sets?) of(?: (?:the|all|zero or more|\w+))?$/i.test(text))
    return { isMany: true };
  return /\b(?:returns?|and|with|code,?) an?(?: (?:new|updated|single|populated))?$/i.test(text)
    ? { isMany: false }
    : {};
}

/** `200 Created` in code: the reason phrase of another status. */
function reportPhrase(page: PageText, line: number, column: number, digits: string): void {
  const after = page.lines[line - 1]!.slice(column - 1 + digits.length);
  const phrase = /^[ -]+([A-Za-z][A-Za-z '-]*?)\s*`/.exec(after)?.[1];
  const own = phrase === undefined ? undefined : otherPhrase(Number(digits), phrase);
  if (own === undefined) return;
  page.report({
    ruleId: 'http/reason',
    reason: `Unexpected \`${digits} ${phrase}\`, expected \`${digits} ${own}\``,
    place: placeOnLine(page, line, column, digits.length),
    subject: `prose ${digits} ${phrase}`,
    note: 'Make status and reason phrase say the same.',
  });
}

/** Links of a line of prose; those of tables are about single properties. */
function linksIn(page: PageText, line: number): SectionLink[] {
  const text = page.lines[line - 1]!;
  if (!text.includes('](') || /^\s*\||\|\s*$/.test(text)) return [];
  return [...text.matchAll(/\[([^[\]]{1,200})\]\(([^()\s]{1,500})(?:\s+"[^"]*")?\)/g)].map((found) => ({
    text: found[1]!.replace(/[*`_]/g, '').trim(),
    url: found[2]!,
    ...manySaid(text.slice(0, found.index), text.slice(found.index + found[0].length)),
    isBody: /\brepresentation (?:of|for) (?:an?|the)?\s*[*_]*$/i.test(text.slice(0, found.index)),
    place: placeOnLine(page, line, found.index + 2, found[1]!.length),
  }));
}
