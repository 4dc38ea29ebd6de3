import { existsSync, readdirSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { compareText } from '../model/finding.ts';
import { FIXTURE_VERSION, type Fixture } from '../model/fixture.ts';
import { schemaComment } from '../model/resource.ts';
import { UsageError } from '../model/usage.ts';
import { readText } from './read.ts';

/** Is it ours? Our version, a page and exchanges; report.json shares the version, but names no page. */
export function asFixture(value: unknown): Fixture | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { schemaVersion, page, exchanges } = value as Partial<Fixture>;
  const ours = schemaVersion === FIXTURE_VERSION && typeof page === 'string' && Array.isArray(exchanges);
  return ours ? (value as Fixture) : undefined;
}

/** Is this text, which does not parse, a fixture that a merge or an edit has broken? */
export function soundsLikeFixture(text: string): boolean {
  return ['"schemaVersion"', '"page"', '"exchanges"'].every((key) => text.includes(key));
}

/** Is this text, which does not parse, a schema of a resource that a merge or an edit has broken? */
export function soundsLikeSchema(text: string): boolean {
  return text.includes(`"$comment": "${schemaComment('')}`);
}

/** The value of a JSON text; nothing where it does not parse. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The text of a file; nothing where it cannot be read. */
export function textOf(file: string): string | undefined {
  // Thousands may not be there yet, and an error costs more than a look.
  if (!existsSync(file)) return undefined;
  try {
    return readText(file);
  } catch {
    return undefined;
  }
}

/** Paths of the `*.json` files below a folder in code-unit order, forward slashes. Links, `node_modules` and dot-folders are passed over. */
export function jsonFilesBelow(folder: string, below = ''): readonly string[] {
  const found = entriesOf(path.join(folder, below)).flatMap((entry) => {
    const relative = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isFile()) return entry.name.endsWith('.json') ? [relative] : [];
    const passed = !entry.isDirectory() || entry.name.startsWith('.') || entry.name === 'node_modules';
    return passed ? [] : jsonFilesBelow(folder, relative);
  });
  return found.sort(compareText);
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new UsageError(`Cannot list the folder of fixtures \`${folder}\` (${code})`, { cause });
  }
}
