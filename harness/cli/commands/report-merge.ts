import { UsageError } from '../../model/usage.ts';
import { mergeReports } from '../../report/merge.ts';
import { deliver } from '../deliver.ts';
import { say, type Job } from '../job.ts';
import { readReport, type StoredReport } from '../report-file.ts';

/** `docwright report merge DIR…`: joins the reports of shards, and ends as the one run would have; 1 where a shard is missing. */
export async function mergeCommand(job: Job, words: readonly string[]): Promise<number> {
  const reports: StoredReport[] = [];
  for (const word of words) {
    const read = readReport(word, job.cwd);
    if (reports.some(({ file }) => file === read.file))
      await say(job, `\`${read.name}\` was named twice; it counts once`);
    else reports.push(read);
  }
  for (const output of job.outputs) {
    const taken = output.to === 'file' ? reports.find(({ file }) => file === output.file) : undefined;
    if (taken)
      throw new UsageError(
        `The merged report would be written over \`${taken.name}\`; name another folder with --reports`,
      );
  }
  const { parts, repeated, repeatedShards, missing, unasked } = mergeReports(reports);
  const sends = parts.command === 'run' || parts.command === 'replay';
  const code = await deliver(job, {
    ...parts,
    isJudged: true,
    selected: sends ? parts.exchanges.length : reports.length,
  });
  for (const { shard, names } of repeatedShards)
    await say(job, `Shard ${shard.index} of ${shard.total} was given more than once: ${list(names)}`);
  for (const { id, names } of repeated.slice(0, MOST_TOLD))
    await say(job, `\`${id}\` was asked for in ${list(names)}; the worse outcome counts`);
  if (repeated.length > MOST_TOLD)
    await say(job, `… and ${repeated.length - MOST_TOLD} exchanges more in several reports`);
  const gaps = [
    ...missing.map(({ index, total }) => `Missing shard ${index} of ${total}`),
    ...(unasked.length === 0 ? [] : [`Asked for in no report: ${unasked.length} exchanges (${some(unasked)})`]),
  ];
  // Said even where quiet is wanted: they decide the exit code.
  for (const gap of gaps) await say({ ...job, settings: { ...job.settings, quiet: false } }, `docwright: ${gap}`);
  return gaps.length > 0 && code === 0 ? 1 : code;
}

const MOST_TOLD = 10;

function some(ids: readonly string[]): string {
  return `${list(ids.slice(0, 3))}${ids.length > 3 ? ' …' : ''}`;
}

function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
