import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parsed, textOf } from './ours.ts';

/** What failed when each target was last asked: ids of exchanges, by the name of the target. */
export type LastRun = ReadonlyMap<string, ReadonlySet<string>>;

const VERSION = 1;

/** Reads it; nothing where no run was remembered, or not by this version. */
export function readLastRun(file: string): LastRun | undefined {
  const value = parsed(textOf(file) ?? '');
  if (typeof value !== 'object' || value === null) return undefined;
  const { schemaVersion, failed } = value as { schemaVersion?: unknown; failed?: unknown };
  if (schemaVersion !== VERSION || typeof failed !== 'object' || failed === null) return undefined;
  const entries = Object.entries(failed).filter((entry): entry is [string, string[]] => Array.isArray(entry[1]));
  return new Map(entries.map(([target, ids]) => [target, new Set(ids.map(String))]));
}

/** Writes it, whole or not at all, in a folder that ignores itself. One that cannot be written is no fault. */
export function writeLastRun(file: string, lastRun: LastRun): void {
  const failed = Object.fromEntries([...lastRun].map(([target, ids]) => [target, [...ids]]));
  const draft = `${file}.tmp`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(path.join(path.dirname(file), '.gitignore'), '*\n');
    writeFileSync(draft, `${JSON.stringify({ schemaVersion: VERSION, failed }, null, 2)}\n`);
    renameSync(draft, file);
  } catch {
    rmSync(draft, { force: true });
  }
}
