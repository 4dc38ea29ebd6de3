import path from 'node:path';
import process from 'node:process';
import { readLedgers, settleLedger, type StoredLedger } from '../../files/ledger.ts';
import { fileName } from '../../files/names.ts';
import type { Created } from '../../model/ledger.ts';
import { UsageError } from '../../model/usage.ts';
import { cleanUp, placeOf } from '../../replay/flow/clean-up.ts';
import { refuseStrangers } from '../ci.ts';
import { say, type Job } from '../job.ts';
import { ledgerFolder } from '../left.ts';
import { openTarget } from '../open.ts';
import { chooseTarget } from '../target.ts';

/** What became of one thing. */
interface Told {
  readonly url: string;
  readonly exchangeId: string;
  readonly at: string;
  readonly outcome: 'deleted' | 'left' | 'unknown';
  readonly why?: string;
}

/** `docwright cleanup`: deletes what interrupted runs left on their target. 0 when nothing is left, 1 when something is. */
export async function cleanupCommand(job: Job): Promise<number> {
  const { settings, streams, cwd, pages } = job;
  if (pages.length > 0)
    throw new UsageError(
      '`docwright cleanup` takes no pages: what a run created is deleted, wherever it is documented',
    );
  const { ledgers, foreign } = readLedgers(ledgerFolder(cwd));
  for (const file of foreign) say(job, `\`${fileName(file, cwd)}\` is no ledger that can be read`);
  const told: Told[] = [];
  for (const ledger of ledgers) {
    if (isUnderWay(ledger)) say(job, `A run of process ${ledger.run.pid} is under way; its things are left alone`);
    else told.push(...(await clean(job, ledger)));
  }
  if (settings.json)
    streams.stdout.write(`${JSON.stringify({ schemaVersion: 1, things: job.redactor.deep(told) }, null, 2)}\n`);
  else for (const line of words(told, ledgers.length)) say(job, line);
  return told.some(({ outcome }) => outcome !== 'deleted') ? 1 : 0;
}

async function clean(job: Job, ledger: StoredLedger): Promise<Told[]> {
  const { settings } = job;
  // Nobody needs to remember where a run went; what may be done there is asked anew all the same.
  const asked =
    settings.targetNamed || settings.baseUrl !== undefined
      ? settings
      : { ...settings, target: ledger.run.target, targetNamed: true };
  const choice = chooseTarget(asked);
  if (choice.url === undefined || new URL(choice.url).origin !== ledger.run.origin) {
    throw new UsageError(
      `Target \`${asked.target}\` is not where the run of ${ledger.run.at} went: ${ledger.run.origin}`,
    );
  }
  refuseStrangers(job, choice);
  if (!choice.writes)
    throw new UsageError(`Deleting at ${ledger.run.origin} needs --allow-writes, and \`writes: true\` of the target`);
  const things = new Map(ledger.created.map(({ number, created }) => [number, created]));
  const settled = new Map<number, Created>();
  // What an account made it deletes; the first does for one that is gone.
  const makers = new Set(ledger.created.map(({ created: { account } }) => account));
  const opened = await openTarget(choice, {
    job,
    all: [],
    secret: job.redactor.register,
    redacted: job.redactor.text,
    needed: ([first, ...others]) => [first!.name, ...others.map(({ name }) => name).filter((name) => makers.has(name))],
  });
  try {
    const { signal } = job.streams;
    const { left, asked: unknown } = await cleanUp(things, opened.target, {
      timeout: choice.timeout,
      workers: settings.workers,
      settle: (number, state) => settled.set(number, { ...things.get(number)!, state }),
      ...(signal === undefined ? {} : { signal }),
    });
    settleLedger(ledger, settled);
    const whys = new Map(left.map(({ created, why }) => [created, why]));
    return [...things.values()].map((created): Told => {
      const { exchangeId, at } = created;
      const place = { url: placeOf(created), exchangeId, at };
      if (unknown.includes(created))
        return { ...place, outcome: 'unknown', why: 'the run ended before an answer came' };
      const why = whys.get(created);
      return why === undefined ? { ...place, outcome: 'deleted' } : { ...place, outcome: 'left', why };
    });
  } finally {
    await opened.close();
  }
}

function* words(told: readonly Told[], ledgers: number): Generator<string> {
  if (ledgers === 0) return yield 'Nothing to clean up: no run has left anything';
  const deleted = told.filter(({ outcome }) => outcome === 'deleted').length;
  yield `Deleted ${deleted} of ${told.length}`;
  for (const { url, outcome, why, at } of told)
    if (outcome !== 'deleted')
      yield `  ${outcome === 'left' ? 'left' : 'nobody knows of'} ${url}, asked for at ${at}: ${why}`;
  if (deleted < told.length)
    yield `What is left stays in ${path.join('.docwright', 'ledger')}; delete a file there when you have seen to it.`;
}

/** Has a process that may still be at work opened this ledger? */
function isUnderWay({ ended, run: { pid } }: StoredLedger): boolean {
  if (ended || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
