import { expect } from '@playwright/test';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Workspace } from './workspace.ts';

/** Runs a command with the cache, and without it where the same was done to the same docs, and holds one to the other. Both may be one. */
export async function same(kept: Workspace, fresh: Workspace, ...words: readonly string[]): Promise<void> {
  const before = await leftBy(kept, words);
  expect(before).toEqual(await leftBy(fresh, [...words, '--no-cache']));
}

/** What a run says and leaves. */
async function leftBy(space: Workspace, words: readonly string[]): Promise<unknown> {
  // Where it runs for somebody else, a report does not say in which folder; of an hour of its own it says that one.
  const environment = { CI: 'true', SOURCE_DATE_EPOCH: '0' };
  const { code, stdout, stderr } = await space.cli([...words, '--pass-with-no-tests'], { environment });
  return {
    code,
    stdout,
    // How far it is is told on a slow machine, by the clock.
    stderr: stderr.replace(/^Fixtures in .*\n|^(?:Reading|Checking): .*\n/gm, ''),
    files: ['fixtures', 'reports'].map((folder) => contentsOf(inside(space, folder))),
  };
}

/** The path of a file of a workspace. */
export function inside({ folder }: Workspace, file: string): string {
  return path.join(folder, file);
}

/** What each file below a folder says. */
export function contentsOf(folder: string): ReadonlyMap<string, string> {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const names = files.map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name))).sort();
  return new Map(names.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
}
