import path from 'node:path';
import { changedBlocks, touches, type Span } from '../model/changed-lines.ts';
import { linesOf } from '../model/disable.ts';
import { sourceIndex } from '../model/docset.ts';
import type { Finding } from '../model/finding.ts';
import type { PagedExchange } from '../model/fixture.ts';
import type { Found } from './found.ts';
import { changesSince, type Change } from './git.ts';
import type { Job } from './job.ts';

/** With `--only-changed`, those of the exchanges of fixtures that were changed: their pages alone tell. */
export async function changedIn(
  exchanges: readonly PagedExchange[],
  job: Job,
  readFile: Found['readFile'],
): Promise<readonly PagedExchange[]> {
  const { onlyChanged } = job.settings;
  if (onlyChanged === undefined) return exchanges;
  const spans = await spansSince(job, onlyChanged, readFile);
  return exchanges.filter((exchange) => isTouched(exchange, spans));
}

/** Tells whether a finding stands on a block that was changed since the branch left `ref`. */
export async function touchedSince(
  job: Job,
  ref: string,
  readFile: Found['readFile'],
): Promise<(finding: Finding) => boolean> {
  const spans = await spansSince(job, ref, readFile);
  return (found) => stands(found, spans);
}

async function spansSince(job: Job, ref: string, readFile: Found['readFile']): Promise<Map<string, readonly Span[]>> {
  const changes = await changesSince(ref, job);
  const pages = changes.changed.filter(({ file = '' }) => isPage(file));
  const found = { discovery: { sources: [], roots: [], missing: [] }, readFile };
  return spansOf(pages, await changes.contents(pages), found);
}

/** Does a finding stand on a changed block? */
export function stands({ file, line, endLine }: Finding, spans: ReadonlyMap<string, readonly Span[]>): boolean {
  return touches(spans.get(file), line, Math.max(line, endLine));
}

/** The changed blocks of every file that is there and was changed. */
export function spansOf(
  changed: readonly Change[],
  contents: ReadonlyMap<string, Uint8Array>,
  found: Found,
): Map<string, readonly Span[]> {
  const textNow = textReader(found);
  const spans = new Map<string, readonly Span[]>();
  for (const { file, before } of changed) {
    if (file === undefined) continue;
    const now = textNow(file);
    if (now === undefined) continue;
    const old = before === undefined ? undefined : contents.get(before);
    spans.set(file, changedBlocks(old && textOf(old), now));
  }
  return spans;
}

/** What a page or another markdown file says now; nothing of one that is not there. */
export function textReader({ discovery: { sources }, readFile }: Found): (file: string) => string | undefined {
  const pages = sourceIndex(sources);
  return (file) => {
    const page = pages.get(file);
    return page === undefined ? readFile(file) : textOf(page.content);
  };
}

/** Was any block of an exchange changed? */
export function isTouched(exchange: PagedExchange, spans: ReadonlyMap<string, readonly Span[]>): boolean {
  return linesOf(exchange).some(({ file, from, to }) => touches(spans.get(file), from, to));
}

/** What a page says, decoded; nothing where it could not be read. */
export function textOf(content: Uint8Array | Error): string {
  if (content instanceof Error) return '';
  const utf16 =
    content[0] === 0xff && content[1] === 0xfe
      ? 'utf-16le'
      : content[0] === 0xfe && content[1] === 0xff
        ? 'utf-16be'
        : 'utf-8';
  return new TextDecoder(utf16).decode(content);
}

/** Is a file a page by its name? */
export function isPage(file: string): boolean {
  return /\.md$/i.test(path.basename(file));
}
