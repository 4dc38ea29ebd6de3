import { lstat, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { Docset, Source } from '../model/docset.ts';
import type { Fixture } from '../model/fixture.ts';
import { UsageError } from '../model/usage.ts';
import { inBatches } from './batches.ts';
import { isWithin } from './names.ts';
import { asFixture, jsonFilesBelow, parsed, soundsLikeFixture, textOf } from './ours.ts';
import { serialize, serializeWithoutLines } from './serialize.ts';
import { placeWithin, writeWithin } from './write.ts';

/** The docs that a folder of fixtures is held against. */
export interface Scope {
  readonly cwd: string;
  /** The docs roots, absolute; a fixture of a page outside them is left alone. */
  readonly roots: readonly string[];
  readonly sources: readonly Source[];
  /** Only the fixtures of these pages (by `file`) are looked at; without it all. */
  readonly only?: ReadonlySet<string>;
}

/** What `writeFixtures` did, as paths below the folder of fixtures. */
export interface Written {
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  readonly removed: readonly string[];
}

/** A fixture that does not say what the docs say. `moved`: the lines alone differ. `gone`: the docs promise nothing of it any more. */
export interface StaleFixture {
  readonly kind: 'missing' | 'changed' | 'moved' | 'gone';
  /** Below the folder of fixtures, forward slashes. */
  readonly path: string;
  readonly page: string;
  /** In the page: the request block of the first exchange that differs, else 1. */
  readonly line: number;
}

const FILES_AT_ONCE = 32;

/** Writes the fixtures of a docset and removes those the docs promise nothing of any more; touches no other file. */
export async function writeFixtures(folder: string, docset: Docset, scope: Scope): Promise<Written> {
  const wanted = wantedOf(docset, scope);
  await Promise.all(wanted.map(([relative]) => refuseForeign(folder, relative)));
  const done = await inBatches(wanted, FILES_AT_ONCE, ([relative, fixture]) => {
    return writeWithin(folder, relative, serialize(fixture));
  });
  const removed = await leftOver(folder, docset, scope);
  for (const { path: relative } of removed) await removeWithin(folder, relative);
  const having = (what: 'written' | 'unchanged') => wanted.filter((_, at) => done[at] === what).map(([file]) => file);
  return { written: having('written'), unchanged: having('unchanged'), removed: removed.map((stale) => stale.path) };
}

/** Tells which fixtures do not say what the docs say; writes nothing. */
export async function staleFixtures(folder: string, docset: Docset, scope: Scope): Promise<StaleFixture[]> {
  const compared = await inBatches(wantedOf(docset, scope), FILES_AT_ONCE, async ([relative, fixture]) => {
    const stale = { path: relative, page: fixture.page };
    const text = textOf(path.join(folder, relative));
    if (text === undefined) return { kind: 'missing' as const, ...stale, line: 1 };
    if (text === serialize(fixture)) return undefined;
    const stored = asFixture(parsed(text));
    const line = firstDifference(fixture, stored);
    return { kind: line === undefined ? ('moved' as const) : ('changed' as const), ...stale, line: line ?? 1 };
  });
  return [...compared.filter((stale) => stale !== undefined), ...(await leftOver(folder, docset, scope))];
}

function wantedOf(docset: Docset, { only }: Scope): (readonly [string, Fixture])[] {
  return [...docset.fixtures].filter(([, fixture]) => only === undefined || only.has(fixture.page));
}

/** Fixtures of ours that the docs no longer give: their page is gone, or is read and gives another file or none. */
async function leftOver(folder: string, docset: Docset, scope: Scope): Promise<StaleFixture[]> {
  const unreadable = new Set(scope.sources.filter(({ content }) => content instanceof Error).map(({ file }) => file));
  const read = new Set(scope.sources.map(({ file }) => file));
  const others = (await jsonFilesBelow(folder)).filter((relative) => !docset.fixtures.has(relative));
  const judged = await inBatches(others, FILES_AT_ONCE, async (relative): Promise<StaleFixture | undefined> => {
    const fixture = asFixture(parsed(textOf(path.join(folder, relative)) ?? ''));
    if (!fixture || unreadable.has(fixture.page) || scope.only?.has(fixture.page) === false) return undefined;
    const page = path.resolve(scope.cwd, fixture.page);
    if (!scope.roots.some((root) => isWithin(page, root))) return undefined;
    // A page that is there, but that this glob does not reach, keeps its fixture.
    if (!read.has(fixture.page) && (await lstat(page).catch(() => undefined))) return undefined;
    return { kind: 'gone', path: relative, page: fixture.page, line: 1 };
  });
  return judged.filter((stale) => stale !== undefined);
}

/** Removes a file, and the folders that are empty without it. */
async function removeWithin(folder: string, relative: string): Promise<void> {
  await rm(await placeWithin(folder, relative), { force: true });
  for (let parent = path.dirname(relative); parent !== '.'; parent = path.dirname(parent)) {
    const removed = await rmdir(path.join(folder, parent)).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}

/** A file in the place of a fixture that is no fixture belongs to someone else. One that a merge has broken is still ours. */
async function refuseForeign(folder: string, relative: string): Promise<void> {
  const text = textOf(path.join(folder, relative));
  if (text === undefined || asFixture(parsed(text)) || (parsed(text) === undefined && soundsLikeFixture(text))) return;
  throw new UsageError(
    `\`${relative}\` in the folder of fixtures is no fixture of this version and would be overwritten; move it, or name another folder with --fixtures`,
  );
}

/** Line of the request block of the first exchange that promises something else than stored; nothing where only lines differ. */
function firstDifference(fixture: Fixture, stored: Fixture | undefined): number | undefined {
  if (!stored) return 1;
  if (serializeWithoutLines(fixture) === serializeWithoutLines(stored)) return undefined;
  const alone = (of: Fixture, at: number) =>
    serializeWithoutLines({ ...of, exchanges: of.exchanges.slice(at, at + 1) });
  const at = fixture.exchanges.findIndex((_, index) => alone(fixture, index) !== alone(stored, index));
  const block = fixture.exchanges[at]?.request.block;
  return block && block.file === undefined ? block.line : 1;
}
