import { lstat, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { Docset, FixtureFile, Source } from '../model/docset.ts';
import type { Fixture } from '../model/fixture.ts';
import { hashOf } from '../model/hash.ts';
import { UsageError } from '../model/usage.ts';
import { inBatches } from './batches.ts';
import type { Memory } from './memory.ts';
import { isWithin } from './names.ts';
import { pageOfSchema } from '../model/resource.ts';
import { asFixture, jsonFilesBelow, parsed, soundsLikeFixture, soundsLikeSchema, textOf } from './ours.ts';
import { serialize, serializeSchema, serializeWithoutLines } from './serialize.ts';
import { placeWithin, writerWithin } from './write.ts';

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

/** A fixture or schema that does not say what the docs say. `moved`: the lines alone differ. `gone`: the docs promise nothing of it any more. */
export interface StaleFixture {
  /** Is it the schema of a type, and not the fixture of a page? */
  readonly isSchema?: true;
  readonly kind: 'missing' | 'changed' | 'moved' | 'gone';
  /** Below the folder of fixtures, forward slashes. */
  readonly path: string;
  readonly page: string;
  /** In the page: the request block of the first exchange that differs, or the name of the type, else 1. */
  readonly line: number;
}

const FILES_AT_ONCE = 32;

/** Writes the fixtures and schemas of a docset and removes those the docs promise nothing of any more; touches no other file. */
export async function writeFixtures(folder: string, docset: Docset, scope: Scope, memory?: Memory): Promise<Written> {
  const wanted = wantedOf(docset, scope);
  // Most are as they were: whatever is to be written is looked at twice.
  const changed = wanted.filter((file) => !isThere(folder, file, memory));
  for (const { path: relative } of changed) refuseForeign(folder, relative);
  // What is gone goes first: on a disk without case its name may be that of a file to write.
  const removed = await leftOver(folder, docset, scope, memory);
  for (const { path: relative } of removed) {
    await removeWithin(folder, relative);
    memory?.files.delete(relative);
  }
  const write = writerWithin(folder);
  for (const { path: relative, stamp, text } of changed) {
    const wanted = text();
    write(relative, wanted);
    if (memory === undefined) continue;
    const hash = hashOf(wanted);
    memory.files.set(relative, hash);
    if (stamp !== undefined) memory.texts.set(stamp, hash);
  }
  const written = new Set(changed.map(({ path: relative }) => relative));
  return {
    written: [...written],
    unchanged: wanted.map(({ path: relative }) => relative).filter((relative) => !written.has(relative)),
    removed: removed.map((stale) => stale.path),
  };
}

/** Tells which fixtures and schemas do not say what the docs say; writes nothing. */
export async function staleFixtures(
  folder: string,
  docset: Docset,
  scope: Scope,
  memory?: Memory,
): Promise<StaleFixture[]> {
  const differing = wantedOf(docset, scope).filter((file) => !isThere(folder, file, memory));
  const stale = differing.map((file) => (file.isSchema ? staleSchema : staleFixture)(folder, docset, file));
  return [...stale, ...(await leftOver(folder, docset, scope, memory))];
}

function staleFixture(folder: string, { fixtures }: Docset, { path: relative, page }: Wanted): StaleFixture {
  const stored = textOf(path.join(folder, relative));
  if (stored === undefined) return { kind: 'missing', path: relative, page, line: 1 };
  const line = firstDifference(fixtures.get(relative)!, asFixture(parsed(stored)));
  return { kind: line === undefined ? 'moved' : 'changed', path: relative, page, line: line ?? 1 };
}

function staleSchema(folder: string, docset: Docset, { path: relative, page }: Wanted): StaleFixture {
  const { title } = docset.schemas.get(relative)!;
  const { place } = docset.resources.find((resource) => resource.name === title && resource.page === page)!;
  const line = place.file === page ? place.position.start.line : 1;
  const isMissing = textOf(path.join(folder, relative)) === undefined;
  return { isSchema: true, kind: isMissing ? 'missing' : 'changed', path: relative, page, line };
}

/** A file that the docs ask for. */
interface Wanted extends FixtureFile {
  readonly path: string;
  readonly isSchema: boolean;
  readonly text: () => string;
}

function wantedOf(docset: Docset, { only }: Scope): Wanted[] {
  const { fixtures } = docset;
  return [...(docset.files ?? filesOf(docset))]
    .filter(([, { page }]) => only === undefined || only.has(page))
    .map(([relative, file]) => {
      const fixture = fixtures.get(relative);
      const text = fixture ? () => serialize(fixture) : () => serializeSchema(docset.schemas.get(relative)!);
      return { path: relative, ...file, isSchema: fixture === undefined, text };
    });
}

/** The same where nobody has told. */
function filesOf({ fixtures, schemas }: Docset): ReadonlyMap<string, FixtureFile> {
  return new Map<string, FixtureFile>([
    ...[...fixtures].map(([relative, { page }]) => [relative, { page }] as const),
    ...[...schemas].map(([relative, schema]) => [relative, { page: pageOfSchema(schema)! }] as const),
  ]);
}

/** Does a file hold what it is to hold? Where that is known already, neither is it read nor its text made. */
function isThere(folder: string, { path: relative, stamp, text }: Wanted, memory: Memory | undefined): boolean {
  const known = stamp === undefined ? undefined : memory?.texts.get(stamp);
  if (known !== undefined && known === memory!.files.get(relative)) return true;
  const stored = textOf(path.join(folder, relative));
  if (stored === undefined) return false;
  const wanted = text();
  if (stamp !== undefined) memory?.texts.set(stamp, hashOf(wanted));
  return stored === wanted;
}

/** Fixtures and schemas of ours that the docs no longer give: their page is gone, or is read and gives another file or none. */
async function leftOver(
  folder: string,
  docset: Docset,
  scope: Scope,
  memory: Memory | undefined,
): Promise<StaleFixture[]> {
  // What it hashes to is known of pages alone that could be read; to look at their content would read them again.
  const isUnreadable = (source: Source): boolean => source.hash === undefined && source.content instanceof Error;
  const unreadable = new Set(scope.sources.filter(isUnreadable).map(({ file }) => file));
  const read = new Set(scope.sources.map(({ file }) => file));
  const there = memory ? [...memory.files.keys()] : jsonFilesBelow(folder);
  const files = docset.files ?? filesOf(docset);
  const others = there.filter((relative) => !files.has(relative));
  const judged = await inBatches(others, FILES_AT_ONCE, async (relative): Promise<StaleFixture | undefined> => {
    const value = parsed(textOf(path.join(folder, relative)) ?? '');
    const schemaOf = pageOfSchema(value);
    const name = asFixture(value)?.page ?? schemaOf;
    if (name === undefined || unreadable.has(name) || scope.only?.has(name) === false) return undefined;
    const page = path.resolve(scope.cwd, name);
    if (!scope.roots.some((root) => isWithin(page, root))) return undefined;
    // A page that is there, but that this glob does not reach, keeps its fixture.
    if (!read.has(name) && (await lstat(page).catch(() => undefined))) return undefined;
    const gone = { kind: 'gone', path: relative, page: name, line: 1 } as const;
    return schemaOf === undefined ? gone : { isSchema: true, ...gone };
  });
  return judged.filter((stale) => stale !== undefined);
}

/** Removes a file, and the folders that are empty without it. */
async function removeWithin(folder: string, relative: string): Promise<void> {
  await rm(placeWithin(folder, relative), { force: true });
  for (let parent = path.dirname(relative); parent !== '.'; parent = path.dirname(parent)) {
    const removed = await rmdir(path.join(folder, parent)).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}

/** A file in the place of a fixture or schema that is neither belongs to someone else. One that a merge has broken is still ours. */
function refuseForeign(folder: string, relative: string): void {
  const text = textOf(path.join(folder, relative));
  if (text === undefined) return;
  const value = parsed(text);
  if (asFixture(value) || pageOfSchema(value) !== undefined) return;
  if (value === undefined && (soundsLikeFixture(text) || soundsLikeSchema(text))) return;
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
