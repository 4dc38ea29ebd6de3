import { lstat, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { Docset, Source } from '../model/docset.ts';
import type { Fixture } from '../model/fixture.ts';
import { UsageError } from '../model/usage.ts';
import { inBatches } from './batches.ts';
import { isWithin } from './names.ts';
import { pageOfSchema, type ResourceSchema } from '../model/resource.ts';
import { asFixture, jsonFilesBelow, parsed, soundsLikeFixture, soundsLikeSchema, textOf } from './ours.ts';
import { serialize, serializeSchema, serializeWithoutLines } from './serialize.ts';
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

/** Every file below a folder of fixtures that may be one, absolute. */
export async function fixtureFiles(folder: string): Promise<string[]> {
  return (await jsonFilesBelow(folder)).map((relative) => path.join(folder, relative));
}

/** Writes the fixtures and schemas of a docset and removes those the docs promise nothing of any more; touches no other file. */
export async function writeFixtures(folder: string, docset: Docset, scope: Scope): Promise<Written> {
  const wanted = [
    ...wantedOf(docset, scope).map(([relative, fixture]) => [relative, () => serialize(fixture)] as const),
    ...wantedSchemas(docset, scope).map(([relative, schema]) => [relative, () => serializeSchema(schema)] as const),
  ];
  // Most are as they were: whatever is to be written is looked at twice.
  const changed = wanted.filter(([relative, text]) => textOf(path.join(folder, relative)) !== text());
  await Promise.all(changed.map(([relative]) => refuseForeign(folder, relative)));
  // What is gone goes first: on a disk without case its name may be that of a file to write.
  const removed = await leftOver(folder, docset, scope);
  for (const { path: relative } of removed) await removeWithin(folder, relative);
  await inBatches(changed, FILES_AT_ONCE, ([relative, text]) => writeWithin(folder, relative, text()));
  const written = new Set(changed.map(([relative]) => relative));
  return {
    written: [...written],
    unchanged: wanted.map(([relative]) => relative).filter((relative) => !written.has(relative)),
    removed: removed.map((stale) => stale.path),
  };
}

/** Tells which fixtures and schemas do not say what the docs say; writes nothing. */
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
  return [
    ...compared.filter((stale) => stale !== undefined),
    ...(await staleSchemas(folder, docset, scope)),
    ...(await leftOver(folder, docset, scope)),
  ];
}

async function staleSchemas(folder: string, docset: Docset, scope: Scope): Promise<StaleFixture[]> {
  const compared = await inBatches(wantedSchemas(docset, scope), FILES_AT_ONCE, async ([relative, schema]) => {
    const text = textOf(path.join(folder, relative));
    if (text === serializeSchema(schema)) return undefined;
    const page = pageOfSchema(schema)!;
    const { place } = docset.resources.find((resource) => resource.name === schema.title && resource.page === page)!;
    const line = place.file === page ? place.position.start.line : 1;
    return { isSchema: true, kind: text === undefined ? 'missing' : 'changed', path: relative, page, line } as const;
  });
  return compared.filter((stale) => stale !== undefined);
}

function wantedOf(docset: Docset, { only }: Scope): (readonly [string, Fixture])[] {
  return [...docset.fixtures].filter(([, fixture]) => only === undefined || only.has(fixture.page));
}

function wantedSchemas(docset: Docset, { only }: Scope): (readonly [string, ResourceSchema])[] {
  return [...docset.schemas].filter(([, schema]) => only === undefined || only.has(pageOfSchema(schema)!));
}

/** Fixtures and schemas of ours that the docs no longer give: their page is gone, or is read and gives another file or none. */
async function leftOver(folder: string, docset: Docset, scope: Scope): Promise<StaleFixture[]> {
  const unreadable = new Set(scope.sources.filter(({ content }) => content instanceof Error).map(({ file }) => file));
  const read = new Set(scope.sources.map(({ file }) => file));
  const files = await jsonFilesBelow(folder);
  const others = files.filter((relative) => !docset.fixtures.has(relative) && !docset.schemas.has(relative));
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
  await rm(await placeWithin(folder, relative), { force: true });
  for (let parent = path.dirname(relative); parent !== '.'; parent = path.dirname(parent)) {
    const removed = await rmdir(path.join(folder, parent)).then(
      () => true,
      () => false,
    );
    if (!removed) return;
  }
}

/** A file in the place of a fixture or schema that is neither belongs to someone else. One that a merge has broken is still ours. */
async function refuseForeign(folder: string, relative: string): Promise<void> {
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
