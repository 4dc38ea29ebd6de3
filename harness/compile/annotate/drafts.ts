import type { Lookalike, Source } from '../../model/docset.ts';
import { assemble, type ReadFile } from '../markdown/assemble.ts';
import { leavesOf, readLeaves } from '../markdown/blocks.ts';
import { findComments } from '../markdown/comments.ts';
import { findExamples, type Example, type Unsure } from './examples.ts';
import { nameOf } from './naming.ts';
import { outline, type CodeBlock } from '../markdown/outline.ts';
import type { Insertion } from './patch.ts';
import type { Remark } from '../markdown/remark.ts';
import { decode, placeOf, type PageText } from '../markdown/source.ts';

/** What is meant to be put into a page. */
export interface Draft {
  readonly source: Source;
  readonly text: string;
  readonly plans: readonly Plan[];
  readonly unsure: readonly Unsure[];
}

/** One example with its comments; `lines` are those of the fences that get one. */
export interface Plan {
  readonly example: Example;
  readonly insertions: readonly Insertion[];
  readonly lines: readonly number[];
  readonly doubt: Lookalike;
}

/** What a page is read with. */
export interface Surroundings {
  /** Lines of the blocks of the page that are part of an exchange already. */
  readonly paired: ReadonlySet<number>;
  /** Files that a page includes, and the first page that does. */
  readonly includers: ReadonlyMap<string, string>;
  /** Every name in use; those given here are added. */
  readonly taken: Set<string>;
  readonly remark: Remark;
  readonly readFile: ReadFile;
  /** Tags whose blocks are read, in lower case. */
  readonly tags: ReadonlySet<string>;
}

/** Finds the examples of a page that no doubt hangs on, names them, and writes the comments for them. */
export async function draftOf(
  source: Source,
  { paired, includers, taken, remark, readFile, tags }: Surroundings,
): Promise<Draft> {
  const bytes = source.content;
  if (bytes instanceof Error) return { source, text: '', plans: [], unsure: [] };
  const openFences = new Set<number>();
  const page = assemble(source.file, source.page, bytes, readFile, () => {}, tags);
  const listening: PageText = {
    ...page,
    report: ({ ruleId, place }) => {
      if (ruleId === 'fence/unclosed' && place.file === source.file) openFences.add(place.position.start.line);
    },
  };
  const leaves = remark.run ? leavesOf(await remark.run(page.text, page.file)) : readLeaves(page.text, remark);
  const comments = findComments(listening);
  const { codes, headings } = outline(listening, leaves, comments);
  const raw = rawOf(bytes);
  const hindrance = (code: CodeBlock): string | undefined => {
    const { file: at, position } = placeOf(page, code.node.position!);
    const includer = includers.get(source.file);
    if (at !== source.file) return `it is included from \`${at}\``;
    if (includer !== undefined) return `\`${includer}\` includes this page`;
    if (raw === undefined) return 'the file is not UTF-8';
    if (openFences.has(position.start.line)) return 'the fence is never closed';
    const { line, column } = position.start;
    if (!/^(`{3}|~{3})/.test(raw.lines[line - 1]?.text.slice(column - 1) ?? '')) return 'it is indented, not fenced';
    if (!PREFIX.test(raw.lines[line - 1]!.text.slice(0, column - 1))) return 'text stands before the fence on its line';
    if (!LANGUAGES.has(code.language)) return `the fence is \`${code.language}\``;
    const above = comments.findLast(({ end }) => end <= code.node.position!.start.offset!);
    const isBroken = above?.word !== undefined && above.annotation === undefined;
    if (isBroken && /^[\s>]*$/.test(page.text.slice(above.end, code.node.position!.start.offset)))
      return 'the annotation above it cannot be read';
    return undefined;
  };
  const { examples, unsure } = findExamples(page, codes, { paired, hindrance });
  const title = headings.find(({ depth }) => depth === 1)?.text;
  const plans = examples.map((example): Plan => {
    const isNew = example.request !== undefined;
    const name = isNew ? nameOf(example, title, source.page, taken) : example.name;
    const fences = [...(isNew ? [example.request] : []), ...example.responses];
    return {
      example: { ...example, ...(name === undefined ? {} : { name }) },
      insertions: fences.map((code) => commentAbove(page, code, raw!, code === example.request, name)),
      lines: fences.map((code) => placeOf(page, code.node.position!).position.start.line),
      doubt: { place: placeOf(page, fences[0]!.node.position!), line: fences[0]!.text.trim().split('\n', 1)[0]! },
    };
  });
  return { source, text: raw?.text ?? '', plans, unsure };
}

/** Nothing but the marks of quotes and list items, and blanks. */
const PREFIX = /^(?:[ \t]*(?:>|[-+*](?=[ \t])|\d{1,9}[.)](?=[ \t])))*[ \t]*$/;

/** Words on a fence that may be HTTP; a fence of another language may only look like it. */
const LANGUAGES = new Set(
  ['', 'http', 'https', 'rest', 'text', 'txt', 'plaintext', 'plain', 'none', 'json'].concat([
    'msgraph',
    'msgraph-interactive',
    'http-request',
    'http-response',
    'request',
    'response',
  ]),
);

/** A comment with the prefix of the fence, which goes on below it; where the fence opens a list item, the comment opens it instead. */
function commentAbove(
  page: PageText,
  code: CodeBlock,
  raw: Raw,
  isRequest: boolean,
  name: string | undefined,
): Insertion {
  const { line, column } = placeOf(page, code.node.position!).position.start;
  const { offset, text, end } = raw.lines[line - 1]!;
  const prefix = text.slice(0, column - 1).replace(/[-+*]|\d+[.)]/g, (mark) => ' '.repeat(mark.length));
  const words = [`"blockType": "${isRequest ? 'request' : 'response'}"`];
  if (name !== undefined) words.push(`"name": ${JSON.stringify(name).replaceAll('>', '\\u003e')}`);
  return { offset: offset + column - 1, text: `<!-- { ${words.join(', ')} } -->${end || '\n'}${prefix}` };
}

/** A file as it is written. */
interface Raw {
  readonly text: string;
  /** Lines with the offset of each in `text`, a byte order mark left out, and how each ends. */
  readonly lines: readonly { readonly offset: number; readonly text: string; readonly end: string }[];
}

function rawOf(bytes: Uint8Array): Raw | undefined {
  if (decode(bytes).encoding !== 'utf-8') return undefined;
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const lines: { offset: number; text: string; end: string }[] = [];
  let from = text.startsWith('\ufeff') ? 1 : 0;
  for (const { index, 0: end } of text.matchAll(/\r\n?|\n|$/g)) {
    lines.push({ offset: from, text: text.slice(from, index), end });
    from = index + end.length;
  }
  return { text, lines };
}
