import { UsageError } from '../../model/usage.ts';
import { mergeReports } from '../../report/merge.ts';
import { deliver } from '../deliver.ts';
import { say, type Job } from '../job.ts';
import { NoReportError, readReport, type StoredReport } from '../report-file.ts';

/** `docwright report merge DIR…`: joins the reports of shards, and ends as the one run would have; 1 where a shard is missing. */
export async function mergeCommand(job: Job, words: readonly string[]): Promise<number> {
  const reports: StoredReport[] = [];
  const absentees: NoReportError[] = [];
  for (const word of words) {
    const read = readUnlessMissing(word, job.cwd);
    if (read instanceof NoReportError) absentees.push(read);
    else if (reports.some(({ file }) => file === read.file))
      say(job, `\`${read.name}\` was named twice; it counts once`);
    else reports.push(read);
  }
  // A shard that was killed leaves none; without any shard, somebody named the wrong folder.
  if (!reports.some(({ report }) => report.shard !== undefined) && absentees.length > 0) throw absentees[0]!;
  for (const output of job.outputs) {
    const taken = output.to === 'file' ? reports.find(({ file }) => file === output.file) : undefined;
    if (taken)
      throw new UsageError(
        `The merged report would be written over \`${taken.name}\`; name another folder with --reports`,
      );
  }
  const { parts, repeated, repeatedShards, missing, absent, unasked } = mergeReports(reports);
  const sends = parts.command === 'run' || parts.command === 'replay';
  const code = await deliver(job, {
    ...parts,
    isJudged: true,
    selected: sends ? parts.exchanges.length : reports.length,
  });
  for (const { shard, names } of repeatedShards)
    say(job, `Shard ${shard.index} of ${shard.total} was given more than once: ${list(names)}`);
  for (const { id, names } of repeated.slice(0, MOST_TOLD))
    say(job, `\`${id}\` was asked for in ${list(names)}; the worse outcome counts`);
  if (repeated.length > MOST_TOLD) say(job, `… and ${repeated.length - MOST_TOLD} exchanges more in several reports`);
  const gaps = [
    ...absentees.map(({ message }) => message),
    ...missing.map(({ index, total }) => `Missing shard ${index} of ${total}`),
    ...(absent === undefined ? [] : [`In no report: ${absent.count} of ${absent.of} exchanges`]),
    ...(unasked.length === 0 ? [] : [`Asked for in no report: ${unasked.length} exchanges (${some(unasked)})`]),
  ];
  // Said even where quiet is wanted: they decide the exit code.
  for (const gap of gaps) say({ ...job, settings: { ...job.settings, quiet: false } }, `docwright: ${gap}`);
  return gaps.length > 0 && code === 0 ? 1 : code;
}

const MOST_TOLD = 10;

/** The report, or the error that says there is none. */
function readUnlessMissing(word: string, cwd: string): StoredReport | NoReportError {
  try {
    return readReport(word, cwd);
  } catch (error) {
    if (error instanceof NoReportError) return error;
    throw error;
  }
}

function some(ids: readonly string[]): string {
  return `${list(ids.slice(0, 3))}${ids.length > 3 ? ' …' : ''}`;
}

function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
