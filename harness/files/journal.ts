import { closeSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { PagedExchange } from '../model/fixture.ts';
import { hashOf } from '../model/hash.ts';
import {
  JOURNAL_VERSION,
  promiseOf,
  promiseOfScenario,
  recalled,
  type Journal,
  type JournalLine,
  type Judgement,
  type Recorded,
} from '../model/journal.ts';
import type { LedgerFile } from '../model/ledger.ts';
import { stepsOf } from '../model/scenario.ts';
import { UsageError } from '../model/usage.ts';
import { parsed, textOf } from './ours.ts';

/** A run, and how its journal is found again. */
export interface JournalOptions {
  /** Where journals lie, absolute. */
  readonly folder: string;
  /** What two runs have in common of which one goes on with the other: target, docs or fixtures. */
  readonly about: readonly string[];
  /** As people know the target. */
  readonly target: string;
  readonly pid: number;
  /** Is this process, another one than this, still there? */
  readonly isAlive: (pid: number) => boolean;
  /** Go on with the interrupted run. */
  readonly resume: boolean;
  /** The same without registered secrets: what holds one is not written down. */
  readonly clean: <Value>(value: Value) => Value;
}

/** A journal that is being written. */
export interface OpenJournal extends Journal {
  /** Where an interrupted run was found: when it began, what it had done, and what it had sent that nobody knows more of. */
  readonly interrupted?: { readonly at: string; readonly done: number; readonly unknown: number; readonly pid: number };
  /** When an older run of the same began that could be resumed, where this one does not. */
  readonly waiting?: string;
  /** A ledger that is written down here, too. */
  besides(ledger: LedgerFile): LedgerFile;
  /** Why it could not be written, where that is so; the run went on without it. */
  fault(): string | undefined;
  /** Ends it. What is not `kept` goes, together with older ones of the same. */
  close(kept: boolean): void;
}

/**
 * Opens the journal of a run: JSON lines, those of what changes something handed to the system before it is sent, so that a
 * process that is killed loses none. It is made with its first line, for nobody else to read, in a folder that ignores itself.
 */
export function openJournal(options: JournalOptions): OpenJournal {
  const { folder, about, target, pid, clean } = options;
  const key = hashOf(JSON.stringify(about)).slice(0, 16);
  const at = new Date().toISOString();
  const file = path.join(folder, `${key}-${at.replace(/\D/g, '').slice(0, 17)}-${pid}.jsonl`);
  const older = journalsIn(folder, key, options);
  const lines = options.resume ? claimed(older, file, options) : [];
  const stale = older.filter(({ isDead }) => isDead).map((each) => each.file);
  const last = options.resume ? undefined : stale.at(-1);
  const known = recalled(lines, clean);
  /** Of what is under way: asked for when it goes out, and again when it is judged. */
  const promises = new Map<PagedExchange, string>();
  /** Of steps, by their ids: that of their scenario. */
  const played = new Map<string, string>();
  const promise = (exchange: PagedExchange): string =>
    played.get(exchange.id) ?? promises.get(exchange) ?? hashOf(promiseOf(exchange));

  let opened: number | undefined;
  let fault: string | undefined;
  let waiting = '';
  const flush = (): void => {
    if (waiting === '' || fault !== undefined) return;
    try {
      opened ??= begin(file, options, { kind: 'run', schemaVersion: JOURNAL_VERSION, target, pid, at });
      writeSync(opened, waiting);
    } catch (error) {
      fault = (error as Error).message;
    }
    waiting = '';
  };
  const note = (line: JournalLine): void => {
    if (waiting === '') setImmediate(flush);
    waiting += `${JSON.stringify(line)}\n`;
  };
  const told = new Map<string, string>();
  const edited = new Set<string>();
  const generated = new Map(known.generated);

  const first = lines.find((line) => line.kind === 'run');
  return {
    ...(first?.kind === 'run' ? { interrupted: { at: first.at, pid: first.pid, ...known.counts } } : {}),
    ...(last === undefined ? {} : { waiting: beginOf(last) }),
    generated,
    things: known.things,
    plays(scenario) {
      const whole = hashOf(promiseOfScenario(scenario));
      const exchanges = stepsOf(scenario).map(({ exchange }) => exchange);
      const isEdited = exchanges.some((exchange) => known.isEdited(exchange, whole));
      for (const { id } of exchanges) {
        played.set(id, whole);
        if (isEdited) edited.add(id);
      }
      if (!isEdited) return false;
      const names = [scenario.id, ...exchanges.map(({ id }) => id)].map((id) => `${id} `);
      for (const key of [...generated.keys()]) if (names.some((name) => key.startsWith(name))) generated.delete(key);
      return true;
    },
    earlier: (exchange) => (edited.has(exchange.id) ? undefined : known.earlier(exchange, promise)),
    sending(exchange) {
      for (const [name, value] of generated) {
        if (told.get(name) === value) continue;
        told.set(name, value);
        if (clean(value) === value) note({ kind: 'generated', name, value });
      }
      promises.set(exchange, promise(exchange));
      note({ kind: 'sending', id: exchange.id, promise: promise(exchange) });
      flush();
    },
    heard(exchange, kept) {
      const open = [...kept].filter(([, value]) => clean(value) === value);
      if (open.length > 0) note({ kind: 'heard', id: exchange.id, kept: Object.fromEntries(open) });
    },
    judged(exchange, judgement) {
      note({
        kind: 'judged',
        id: exchange.id,
        promise: promise(exchange),
        line: exchange.request.block.line,
        ...recorded(judgement),
      });
      promises.delete(exchange);
    },
    besides: (ledger) => ({
      append(line) {
        const open = clean(line);
        ledger.append(open);
        // What holds a secret would lead nowhere without it.
        if (line.kind !== 'created' || open !== line) return;
        note({ kind: 'thing', number: line.number, created: line.created });
        flush();
      },
    }),
    fault: () => fault,
    close(kept) {
      flush();
      if (opened !== undefined) closeSync(opened);
      if (kept) return;
      for (const each of [file, ...stale]) rmSync(each, { force: true });
    },
  };
}

/** What is written of a judgement. */
function recorded({ result, findings, unseen }: Judgement): Recorded {
  const { outcome, expected, actual, durationMs, flaky, account } = result;
  return {
    result: {
      outcome,
      status: expected.status,
      ...(actual === undefined ? {} : { actual: actual.status }),
      ...(durationMs === undefined ? {} : { durationMs }),
      ...(flaky === undefined ? {} : { flaky }),
      ...(account === undefined ? {} : { account }),
    },
    ...(findings.length === 0 ? {} : { findings }),
    unseen,
  };
}

function begin(file: string, { folder }: JournalOptions, run: JournalLine): number {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(path.join(folder, '.gitignore'), '*\n');
  const opened = openSync(file, 'a', 0o600);
  // What is gone on with may end in the middle of a line.
  writeSync(opened, `\n${JSON.stringify(run)}\n`);
  return opened;
}

/** When the run of a journal began, by its name. */
function beginOf(file: string): string {
  const [, digits = ''] = /-(\d{17})-\d+\.jsonl$/.exec(file) ?? [];
  return digits.replace(/^(....)(..)(..)(..)(..)(..).*/, '$1-$2-$3T$4:$5:$6Z');
}

interface Found {
  readonly file: string;
  readonly pid: number;
  readonly isDead: boolean;
}

/** The journals of the same, oldest first. */
function journalsIn(folder: string, key: string, { pid: own, isAlive }: JournalOptions): Found[] {
  let names: string[];
  try {
    names = readdirSync(folder).sort();
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const [, pid] = new RegExp(`^${key}-\\d+-(\\d+)\\.jsonl$`).exec(name) ?? [];
    if (pid === undefined) return [];
    // A process of the same number as this one was another: numbers come again.
    return [{ file: path.join(folder, name), pid: Number(pid), isDead: Number(pid) === own || !isAlive(Number(pid)) }];
  });
}

/** Takes the newest journal whose run is no more, for this process alone, and reads it. */
function claimed(found: readonly Found[], file: string, { target }: JournalOptions): JournalLine[] {
  const last = found.findLast(({ isDead }) => isDead);
  if (last === undefined) {
    const other = found.at(-1);
    throw new UsageError(
      other === undefined
        ? `Nothing to resume: no interrupted run of this against ${target}`
        : `Nothing to resume: the run against ${target} is still under way (process ${other.pid})`,
    );
  }
  const lines = (textOf(last.file) ?? '').split('\n').map((text) => parsed(text) as JournalLine | undefined);
  const run = lines.find((line) => line?.kind === 'run');
  if (run?.kind !== 'run' || run.schemaVersion !== JOURNAL_VERSION) {
    throw new UsageError('The interrupted run was one of another version of docwright; run without --resume');
  }
  try {
    renameSync(last.file, file);
  } catch (cause) {
    throw new UsageError('Another process has just resumed the interrupted run', { cause });
  }
  return lines.filter((line) => line !== undefined);
}
