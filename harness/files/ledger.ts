import { randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { isGone, LEDGER_VERSION, type Created, type LedgerFile, type LedgerLine } from '../model/ledger.ts';
import { parsed, textOf } from './ours.ts';

type RunLine = Extract<LedgerLine, { readonly kind: 'run' }>;

/** A ledger that is being written. */
export interface OpenLedger extends LedgerFile {
  /** Ends the run; where nothing is left that is worth knowing, the file goes. */
  close(): void;
}

/**
 * Opens the ledger of a run below a folder: JSON lines, handed to the system one by one, so that a process that is killed loses
 * none. The file is made with its first line. The folder is made with a `.gitignore` that ignores all of it.
 */
export function openLedger(folder: string, run: Omit<RunLine, 'kind' | 'schemaVersion'>): OpenLedger {
  const file = path.join(folder, `${run.at.replace(/[^0-9]/g, '').slice(0, 14)}-${randomUUID().slice(0, 8)}.jsonl`);
  const last = new Map<number, Created>();
  let opened: number | undefined;
  const write = (line: LedgerLine): void => {
    if (opened === undefined) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(path.join(folder, '.gitignore'), '*\n');
      opened = openSync(file, 'ax');
      write({ kind: 'run', schemaVersion: LEDGER_VERSION, ...run });
    }
    writeSync(opened, `${JSON.stringify(line)}\n`);
  };
  return {
    append(line) {
      write(line);
      if (line.kind === 'created') last.set(line.number, line.created);
    },
    close() {
      if (opened === undefined) return;
      write({ kind: 'end' });
      closeSync(opened);
      if ([...last.values()].every(isGone)) rmSync(file, { force: true });
    },
  };
}

/** A ledger as it lies there. */
export interface StoredLedger {
  /** Absolute. */
  readonly file: string;
  readonly run: RunLine;
  /** Did the run come to its end, and was not killed? */
  readonly ended: boolean;
  /** What is not known to be deleted, in the order of its creation, each with the number it has in the file. */
  readonly created: readonly { readonly number: number; readonly created: Created }[];
}

/** Reads the ledgers of a folder, oldest first. A line that was cut off is passed over; files that are no ledgers are named as `foreign`. */
export function readLedgers(folder: string): { readonly ledgers: StoredLedger[]; readonly foreign: readonly string[] } {
  const ledgers: StoredLedger[] = [];
  const foreign: string[] = [];
  for (const name of namesIn(folder)) {
    const file = path.join(folder, name);
    const lines = (textOf(file) ?? '').split('\n').map((text) => parsed(text) as LedgerLine | undefined);
    const run = lines.find((line) => line?.kind === 'run');
    if (run?.kind !== 'run' || run.schemaVersion !== LEDGER_VERSION) {
      foreign.push(file);
      continue;
    }
    const created = new Map<number, Created>();
    for (const line of lines) if (line?.kind === 'created') created.set(line.number, line.created);
    ledgers.push({
      file,
      run,
      ended: lines.some((line) => line?.kind === 'end'),
      created: [...created].filter(([, thing]) => !isGone(thing)).map(([number, created]) => ({ number, created })),
    });
  }
  return { ledgers, foreign };
}

/** Writes down what became of creations since, or removes the ledger of which nothing is left. */
export function settleLedger({ file, created }: StoredLedger, settled: ReadonlyMap<number, Created>): void {
  if (created.every(({ number, created: thing }) => isGone(settled.get(number) ?? thing))) {
    rmSync(file, { force: true });
    return;
  }
  const lines = [...settled].map(([number, created]) => JSON.stringify({ kind: 'created', number, created }));
  writeFileSync(file, lines.map((line) => `\n${line}\n`).join(''), { flag: 'a' });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.jsonl'))
      .sort();
  } catch {
    return [];
  }
}
