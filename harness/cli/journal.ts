import path from 'node:path';
import process from 'node:process';
import { openJournal, type OpenJournal } from '../files/journal.ts';
import { readLedgers, settleLedger } from '../files/ledger.ts';
import { UsageError } from '../model/usage.ts';
import { say, type Job } from './job.ts';
import { ledgerFolder } from './left.ts';
import { targetName, type TargetChoice } from './target.ts';

/** The journal of a run against a live target, which `--resume` goes on with; nothing for the mock. */
export function journalOf(job: Job, choice: TargetChoice): OpenJournal | undefined {
  const { settings, command, cwd, redactor } = job;
  const target = targetName(choice);
  if (choice.url === undefined) {
    if (settings.resume) throw new UsageError('Nothing to resume: runs against the mock or a recording are not kept');
    return undefined;
  }
  const promises =
    command === 'run' || settings.docsNamed ? ['docs', ...settings.docs] : ['fixtures', settings.fixtures];
  const { index, total } = settings.shard ?? {};
  // Shards may run beside each other in one folder.
  const part = index === undefined ? [] : [`shard ${index}/${total}`];
  const { origin, pathname } = new URL(choice.url);
  const journal = openJournal({
    folder: path.join(cwd, '.docwright', 'runs'),
    about: [target, origin + pathname, ...promises, ...part],
    target,
    pid: process.pid,
    isAlive,
    resume: settings.resume,
    clean: redactor.known,
  });
  const { interrupted } = journal;
  if (interrupted) {
    const { at, done, unknown } = interrupted;
    const lost = unknown === 0 ? '' : `, ${unknown} sent of which nobody knows the answer`;
    say(job, `Going on with the run of ${at}: ${done} done${lost}`);
  } else if (journal.waiting !== undefined) {
    say(job, `The run of ${journal.waiting} was interrupted; --resume would go on with it, this one begins anew`);
  }
  return journal;
}

/** Ends the journal, and the ledger of the run that was gone on with: what that created is in this run's. */
export function closeJournal(job: Job, journal: OpenJournal, kept: boolean): void {
  const { interrupted } = journal;
  if (interrupted) {
    for (const ledger of readLedgers(ledgerFolder(job.cwd)).ledgers) {
      if (ledger.ended || ledger.run.pid !== interrupted.pid) continue;
      settleLedger(
        ledger,
        new Map(ledger.created.map(({ number, created }) => [number, { ...created, state: 'none' }])),
      );
    }
  }
  journal.close(kept);
  const fault = journal.fault();
  if (fault !== undefined) say(job, `This run could not be written down, so it could not have been resumed: ${fault}`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
