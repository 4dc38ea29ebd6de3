import path from 'node:path';
import type { PagedExchange } from '../model/fixture.ts';
import { compareText, type Finding } from '../model/finding.ts';
import { didYouMean, UsageError } from '../model/usage.ts';

/** A page that can be selected. */
export interface KnownPage {
  readonly file: string;
  readonly page: string;
}

/** What a command is to look at. */
export interface Selection {
  /** Pages by `file`; absent: all. */
  readonly files?: ReadonlySet<string>;
  readonly exchanges: readonly PagedExchange[];
}

/** Is this word a page, with or without a line? */
export function isPageWord(word: string): boolean {
  return /\.md(:\d+)?$/i.test(word);
}

/**
 * Selects what the words for pages (`page.md`, `page.md:42`; relative to the working directory or to a docs root) and
 * `--grep` name. A word that names no page is a UsageError.
 */
export function select(
  known: readonly KnownPage[],
  exchanges: readonly PagedExchange[],
  words: readonly string[],
  grep: RegExp | undefined,
  cwd: string,
): Selection {
  const matches = (exchange: PagedExchange) => grep === undefined || grep.test(subject(exchange));
  if (words.length === 0) return { exchanges: exchanges.filter(matches) };
  const files = new Set<string>();
  const chosen = new Set<PagedExchange>();
  for (const word of words) {
    const [, name, line] = /^([^]*?)(?::(\d+))?$/.exec(word)!;
    const { file } = pageOf(known, name!, cwd);
    files.add(file);
    const onPage = exchanges.filter((exchange) => exchange.file === file);
    for (const exchange of line === undefined ? onPage : [exchangeAt(onPage, Number(line))]) {
      if (exchange) chosen.add(exchange);
    }
  }
  return { files, exchanges: exchanges.filter((exchange) => chosen.has(exchange) && matches(exchange)) };
}

/** Only the findings of what is selected: those of its exchanges, and those on its pages or on no page that is known. */
export function findingsOf(
  findings: readonly Finding[],
  known: readonly KnownPage[],
  all: readonly PagedExchange[],
  { files, exchanges }: Selection,
): Finding[] {
  const ids = new Set(exchanges.map(({ id }) => id));
  const others = new Set(all.map(({ id }) => id).filter((id) => !ids.has(id)));
  const pages = new Set(known.map(({ file }) => file));
  return findings.filter(({ file, exchangeId }) => {
    if (exchangeId !== undefined && ids.has(exchangeId)) return true;
    if (exchangeId !== undefined && others.has(exchangeId)) return false;
    return files === undefined || files.has(file) || !pages.has(file);
  });
}

/** The exchange of a page whose block covers a line or most nearly precedes it; the first for a line before all. */
export function exchangeAt(exchanges: readonly PagedExchange[], line: number): PagedExchange | undefined {
  const starts = exchanges.flatMap((exchange) =>
    [exchange.request.block, ...exchange.responses.map((response) => response.block)]
      .filter((block) => block.file === undefined || block.file === exchange.file)
      // The fence opens one line above the code.
      .map((block) => ({ exchange, line: block.line - 1 })),
  );
  starts.sort((a, b) => a.line - b.line);
  return (starts.findLast((start) => start.line <= line) ?? starts[0])?.exchange ?? exchanges[0];
}

function pageOf(known: readonly KnownPage[], name: string, cwd: string): KnownPage {
  const slashes = (text: string) => (path.sep === '\\' ? text.replaceAll('\\', '/') : text);
  const file = slashes(path.relative(cwd, path.resolve(cwd, name)));
  const page = slashes(path.normalize(name));
  const hit =
    known.find((candidate) => candidate.file === file) ??
    known.find((candidate) => candidate.page === page) ??
    // With several roots, page paths begin with the name of the root.
    onlyOne(known.filter((candidate) => candidate.page.endsWith(`/${page}`)));
  if (hit) return hit;
  const near = didYouMean(
    name,
    known.flatMap((candidate) => [candidate.file, candidate.page]),
  );
  const listed = known
    .map((candidate) => candidate.file)
    .sort(compareText)
    .slice(0, 3)
    .join(', ');
  throw new UsageError(`No page \`${name}\` among the docs${near || (listed ? `, which hold ${listed} …` : '')}`);
}

function onlyOne<T>(items: readonly T[]): T | undefined {
  return items.length === 1 ? items[0] : undefined;
}

function subject({ id, title, request }: PagedExchange): string {
  return `${id} ${title} ${request.method} ${request.url}`;
}
