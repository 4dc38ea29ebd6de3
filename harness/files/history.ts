import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { HISTORY_VERSION, MOST_HISTORY, type HistoryEntry } from '../model/history.ts';
import { parsed, textOf } from './ours.ts';

/**
 * The entries of a history, oldest first. A line that was cut off or is of another version is passed over: what it says is lost to this
 * version alone, not to the file.
 */
export function readHistory(file: string): HistoryEntry[] {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (!stats?.isFile() || stats.size > MOST_BYTES) return [];
  return (textOf(file) ?? '').split('\n').flatMap((line) => asEntry(parsed(line)) ?? []);
}

/**
 * Appends an entry in one write, so that runs at the same time do not tear each other's lines, in a folder that ignores itself; a file that
 * has grown to twice the entries that count is cut to them, whole or not at all. What cannot be written is no fault.
 */
export function appendHistory(file: string, entry: HistoryEntry): void {
  const draft = `${file}.tmp`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(path.join(path.dirname(file), '.gitignore'), '*\n');
    // The line before may have been cut off; empty lines are passed over.
    writeFileSync(file, `\n${JSON.stringify(entry)}\n`, { flag: 'a' });
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '');
    if (lines.length <= 2 * MOST_HISTORY) return;
    writeFileSync(draft, `${lines.slice(-MOST_HISTORY).join('\n')}\n`);
    renameSync(draft, file);
  } catch {
    rmSync(draft, { force: true });
  }
}

/** Far above what the entries that count can take. */
const MOST_BYTES = 16 * 1024 * 1024;

function asEntry(value: unknown): HistoryEntry | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { schemaVersion, at, command, target, docs, summary } = value as Partial<HistoryEntry>;
  const isOurs =
    schemaVersion === HISTORY_VERSION &&
    typeof at === 'string' &&
    typeof command === 'string' &&
    typeof target === 'string' &&
    Array.isArray(docs) &&
    isSummary(summary);
  return isOurs ? (value as HistoryEntry) : undefined;
}

function isSummary(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { findings, ...counts } = value as Record<string, unknown>;
  if (typeof findings !== 'object' || findings === null) return false;
  const severities = findings as Record<string, unknown>;
  return (
    COUNTS.every((name) => Number.isInteger(counts[name])) &&
    SEVERITIES.every((name) => Number.isInteger(severities[name]))
  );
}

const COUNTS = [
  'exchanges',
  'conforming',
  'differing',
  'unanswered',
  'blocked',
  'skipped',
  'flaky',
  'unseen',
  'suppressed',
];

const SEVERITIES = ['error', 'warning', 'note'];
