import path from 'node:path';
import { watchFolders } from '../files/watch.ts';
import type { Finding } from '../model/finding.ts';
import { fileName } from '../files/names.ts';
import { grouped } from '../model/grouped.ts';
import { UsageError } from '../model/usage.ts';
import { CONFIG_NAMES } from './config.ts';
import { deliver, type Outcome } from './deliver.ts';
import { signalCode } from './exit.ts';
import type { Found } from './found.ts';
import { say, stoppedBy, type Job, type Keys } from './job.ts';
import { SILENT } from './progress.ts';
import { judge } from './ruling.ts';
import { watchedDocs } from './watched.ts';

type Look = (job: Job, found: Found) => Promise<Outcome>;

/** What was found when it was last looked for. */
interface Seen {
  readonly outcome: Outcome | undefined;
  /** Findings that count, those of one kind on one page together. */
  readonly byKey: ReadonlyMap<string, readonly Finding[]>;
  readonly count: number;
}

const HELP = 'Watching. r: check all again · a: show all · n: show what is new · q: quit';

/** `check --watch`: checks, and again whenever something is saved, until somebody quits. What is told of a save is what came and what went. */
export async function watchDocs(job: Job, found: Found, look: Look): Promise<number> {
  const { fix, suppress, prune, suppressions, reporter } = job.settings;
  if (fix !== undefined || suppress.length > 0 || prune)
    throw new UsageError('`--watch` writes no page and no suppressions; run `docwright check` without it for that');
  const docs = watchedDocs(job, found);
  const quiet: Job = { ...job, settings: { ...job.settings, quiet: true }, progress: SILENT };
  const whole = async (now: Found, by: Job): Promise<Seen> => {
    const outcome = await look(by, now);
    const { findings } = await judge(by, outcome);
    return seenOf(
      outcome,
      findings.filter(({ suppressed }) => !suppressed),
    );
  };
  const show = (outcome: Outcome): Promise<number> =>
    deliver(reporter === undefined ? { ...job, outputs: [{ name: 'list', to: 'stderr' }] } : job, outcome);
  let seen = seenOf(undefined, []);
  let start = seen;
  const fresh = (): Finding[] => [...seen.byKey].flatMap(([key, each]) => (start.byKey.has(key) ? [] : each));
  const first = async (): Promise<void> => {
    seen = await whole(docs.found(), job);
    start = seen;
    await showAll();
    say(job, HELP);
    docs.keep();
  };
  const showAll = async (): Promise<void> => {
    if (seen.outcome !== undefined) await show(seen.outcome);
  };
  const again = async (files: ReadonlySet<string> | undefined): Promise<void> => {
    const from = performance.now();
    if (files === undefined) await docs.refresh();
    const saved = files === undefined ? [] : await docs.saved(files);
    if (files !== undefined && saved.length === 0) return;
    const before = seen;
    seen = await whole(docs.found(), quiet);
    const took = Math.round(performance.now() - from);
    const what = saved.length === 0 ? 'All pages' : saved.length <= 3 ? saved.join(', ') : `${saved.length} files`;
    const summary = `${what}: ${counted(seen.count)}, ${fresh().length} new; ${took} ms`;
    say(job, [...differences(before, seen), summary].join('\n'));
    if (reporter !== undefined) await showAll();
  };

  const ending = endOf(job);
  // One thing at a time: what is saved while a check is under way is looked at after it.
  let last: Promise<void> = Promise.resolve();
  const next = (work: () => Promise<void> | void): void => {
    last = last.then(work).catch((cause: unknown) => {
      say(job, `docwright: ${cause instanceof Error ? cause.message : String(cause)}`);
    });
  };
  const isConfig = (file: string): boolean =>
    file === job.settings.config || (job.settings.config === undefined && CONFIG_NAMES.includes(path.basename(file)));
  const watching = watchFolders(docs.found().discovery.roots, (files) => {
    for (const file of [...files].filter(isConfig))
      next(() =>
        say(job, `${fileName(file, job.cwd)}: saved; what it says counts from the next start on: q, and begin again`),
      );
    next(() => again(files));
  });
  const beside = [suppressions, job.settings.config ?? path.join(job.cwd, CONFIG_NAMES[0]!)].map((file) =>
    path.dirname(file),
  );
  watching.add([...new Set(beside)], { deep: false });
  const deaf = listen(job.streams.keys?.(), (key) => {
    if (key === 'q') ending.end(0);
    else if (key === '\u0003' || key === '\u0004') ending.end(signalCode('SIGINT'));
    else if (key === 'r') next(() => again(undefined));
    else if (key === 'a') next(showAll);
    else if (key === 'n') next(() => sayNew(job, fresh()));
    else if (key === '?' || key === 'h') next(() => say(job, HELP));
  });
  try {
    // Watched before it is looked at for the first time: what is saved meanwhile is not lost.
    const begun = first();
    last = begun.catch(() => {});
    await begun;
    return await ending.ended;
  } finally {
    watching.close();
    deaf();
    await last;
  }
}

function sayNew(job: Job, findings: readonly Finding[]): void {
  say(job, [...findings.map((each) => `  ${lineOf(each)}`), `${counted(findings.length)} new`].join('\n'));
}

/** What came, marked with `+`, and what went, marked with `-`. */
function differences(before: Seen, now: Seen): string[] {
  const lines = (mark: string, seen: Seen, other: Seen): string[] => {
    const only = [...seen.byKey].flatMap(([key, each]) => each.slice(other.byKey.get(key)?.length ?? 0));
    const shown = only.slice(0, MOST_SHOWN).map((each) => `${mark} ${lineOf(each)}`);
    return only.length > shown.length ? [...shown, `${mark} … ${only.length - shown.length} more`] : shown;
  };
  return [...lines('-', before, now), ...lines('+', now, before)];
}

const MOST_SHOWN = 50;

function lineOf({ file, line, column, severity, ruleId, reason }: Finding): string {
  return `${file}:${line}:${column} ${severity} ${ruleId} ${reason}`;
}

function seenOf(outcome: Outcome | undefined, findings: readonly Finding[]): Seen {
  return { outcome, byKey: grouped(findings, keyOf), count: findings.length };
}

/** A finding wherever its lines have gone. */
function keyOf({ fingerprint, file, severity }: Finding): string {
  return `${fingerprint} ${severity} ${file}`;
}

function counted(count: number): string {
  return count === 1 ? '1 finding' : `${count} findings`;
}

/** Hears each key by itself; gives what restores the terminal. */
function listen(keys: Keys | undefined, hear: (key: string) => void): () => void {
  if (keys === undefined) return () => {};
  const heard = (text: string | Uint8Array): void => {
    for (const key of typeof text === 'string' ? text : new TextDecoder().decode(text)) hear(key);
  };
  if (keys.isTTY) keys.setRawMode?.(true);
  keys.on('data', heard);
  keys.resume();
  return () => {
    keys.off('data', heard);
    if (keys.isTTY) keys.setRawMode?.(false);
    keys.pause();
  };
}

/** The end of the watch: a key, or a signal. */
function endOf(job: Job): { readonly ended: Promise<number>; end(code: number): void } {
  let end = (_code: number): void => {};
  const ended = new Promise<number>((resolve) => (end = resolve));
  const stop = (): void => end(signalCode(stoppedBy(job)!));
  const { signal } = job.streams;
  if (signal?.aborted) stop();
  else signal?.addEventListener('abort', stop, { once: true });
  return { ended, end };
}
