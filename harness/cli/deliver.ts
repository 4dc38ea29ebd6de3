import path from 'node:path';
import { fileName } from '../files/names.ts';
import { lineEndReader, lineReader, ofLast } from '../files/read.ts';
import { writeWithin } from '../files/write.ts';
import type { Source } from '../model/docset.ts';
import type { ExchangeDetail, Operation, Report, ReportContext, SeenType, Shard } from '../model/report.ts';
import { gather } from '../report/gather.ts';
import type { ReportParts } from '../report/index.ts';
import { reporterOf } from '../report/load.ts';
import { baseOf, summaryFile, touchedByPull, writeSummary } from './ci.ts';
import { isColored } from './terminal.ts';
import { exitCode } from './exit.ts';
import { forTerminal, stoppedBy, type Job, type Out } from './job.ts';
import { writtenBy, type Output } from './outputs.ts';
import { repositoryOf } from './repository.ts';
import type { Judging } from './judging.ts';
import { judge } from './ruling.ts';
import { rulePageIfAny } from './rule-page.ts';
import { sayNext } from './next.ts';
import { since, type Earlier } from './since.ts';

/** What a command found. */
export interface Outcome extends Omit<ReportParts, 'tool' | 'command'>, Judging {
  /** Whose findings they are, where not the job's own. */
  readonly command?: string;
  /** Was it decided already which findings count? */
  readonly isJudged?: boolean;
  readonly details?: ReadonlyMap<string, ExchangeDetail>;
  /** How many pages or exchanges were selected. */
  readonly selected: number;
  /** Milliseconds that the run was given and that were up before it was done. */
  readonly timedOut?: number;
  /** Which account has been refused, and how. */
  readonly refused?: string;
  /** The pages, where they were read. */
  readonly sources?: readonly Source[];
  /** What answers held of the documented types, where any were asked for. */
  readonly seen?: readonly SeenType[];
  readonly operations?: () => readonly Operation[];
}

/** Writes every report, the terminal's last, and gives the exit code. One that cannot be written does not keep back the others. */
export async function deliver(job: Job, outcome: Outcome): Promise<number> {
  const {
    details: _details,
    selected,
    sources: _sources,
    timedOut,
    refused,
    seen: _seen,
    operations: _operations,
    ...parts
  } = outcome;
  const { settings, outputs, streams, redactor } = job;
  const judged = outcome.isJudged ? {} : await judge(job, parts);
  const all = gather({
    ...parts,
    ...judged,
    tool: { name: 'docwright', version: job.version },
    command: outcome.command ?? job.command,
  });
  // Answers were seen to when they were judged; this is for what pages say.
  const report = redactor.known(all);
  const code = exitCode(report, {
    ...exitOptions(job, parts.shard),
    selected,
    timedOut: timedOut !== undefined,
    isRefused: refused !== undefined,
  });
  const earlier = await since(job, report, timedOut === undefined);
  const touched = outcome.changed?.isTouched ?? (await touchedByPull(job));
  const context = contextOf(job, code, outcome, { ...earlier, ...(touched && { changed: touched }) });
  const failures: string[] = [];
  for (const output of outputs.toSorted((a, b) => rank(a) - rank(b))) {
    const { render, isSealed, inPieces } = await reporterOf(output.name);
    if (output.to === 'file') {
      const pieces = render(report, context(undefined));
      const texts = inPieces ? pieces : [[...pieces].join('')];
      const clean = isSealed ? texts : cleaned(texts, redactor.rendered);
      await writeWithin(output.root, path.relative(output.root, output.file), clean).catch((cause: Error) => {
        failures.push(`Cannot write ${output.name} to \`${fileName(output.file, job.cwd)}\`: ${cause.message}`);
      });
    } else if (output.to === 'stdout' || !settings.quiet) {
      const stream = streams[output.to];
      for (const chunk of gathered(render(report, context(stream)))) stream.write(chunk);
    }
  }
  const summary = summaryFile(job);
  if (summary !== undefined) {
    try {
      await writeSummary(summary, report, context(undefined), redactor.rendered);
    } catch (cause) {
      failures.push(`Cannot write the job summary: ${(cause as Error).message}`);
    }
  }
  sayNext(job, report, context(undefined));
  for (const failure of failures) streams.stderr.write(`docwright: ${forTerminal(redactor.text(failure))}\n`);
  if (refused !== undefined) {
    const { blocked } = report.summary;
    streams.stderr.write(`docwright: ${forTerminal(redactor.text(refused))}; blocked: ${blocked}\n`);
  }
  if (timedOut !== undefined) {
    const { skipped } = report.summary;
    streams.stderr.write(
      `docwright: Stopped after ${timedOut} ms, the time for the whole run; not asked for: ${skipped}\n`,
    );
  } else explain(job, report, selected, code);
  return failures.length > 0 && code < 2 ? 2 : code;
}

function* cleaned(texts: Iterable<string>, clean: (text: string) => string): Iterable<string> {
  for (const text of texts) yield clean(text);
}

/** The same text in larger pieces: each write to a stream is a call to the system. */
function* gathered(chunks: Iterable<string>): Iterable<string> {
  let piece = '';
  for (const chunk of chunks) {
    piece += chunk;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

const PIECE = 65_536;

/** Says why the exit code is not 0 where the findings do not say it. */
function explain({ settings, streams }: Job, { summary }: Report, selected: number, code: number): void {
  const { error, warning } = summary.findings;
  const reason =
    code === 2 && selected === 0
      ? 'Nothing selected; --pass-with-no-tests makes that no fault'
      : code !== 1 || error > 0
        ? undefined
        : warning > (settings.maxWarnings ?? Infinity)
          ? `${warning} ${warning === 1 ? 'warning' : 'warnings'}, at most ${settings.maxWarnings} allowed`
          : 'No exchange was answered';
  if (reason !== undefined) streams.stderr.write(`docwright: ${reason}\n`);
}

function exitOptions(
  job: Job,
  shard: Shard | undefined,
): { passWithNoTests: boolean; maxWarnings?: number; signal?: 'SIGINT' | 'SIGTERM' } {
  const signal = stoppedBy(job);
  const { passWithNoTests, maxWarnings } = job.settings;
  return {
    // Where there are more shards than exchanges, some have nothing to ask.
    passWithNoTests: passWithNoTests || (shard?.exchanges ?? 0) > 0,
    ...(maxWarnings === undefined ? {} : { maxWarnings }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** Files first: what people read last tells where the others are. */
function rank({ to }: Output): number {
  return ['file', 'stdout', 'stderr'].indexOf(to);
}

function contextOf(
  { settings, outputs, environment, cwd, redactor }: Job,
  code: number,
  { details = new Map(), sources = [], seen, operations }: Outcome,
  earlier: Earlier & Pick<ReportContext, 'changed'>,
): (stream: Out | undefined) => ReportContext {
  const read = lineReader(cwd, sources);
  const lines = ofLast((file) => redactor.known(read(file)));
  const base = baseOf(environment, cwd);
  const repository = repositoryOf(environment, base);
  const shared = {
    detail: (exchangeId: string) => {
      const detail = details.get(exchangeId);
      return detail && { ...detail, exchange: redactor.known(detail.exchange) };
    },
    lines,
    lineEnd: lineEndReader(cwd, sources),
    folder: fileName(settings.reports, cwd),
    written: writtenBy(outputs, cwd),
    base,
    // A folder of the CI's machine is nowhere else.
    ...(environment.CI ? {} : { root: cwd }),
    ...(repository === undefined ? {} : { repository }),
    ...(seen === undefined ? {} : { seen: redactor.known(seen) }),
    ...(operations === undefined ? {} : { operations: () => redactor.known(operations()) }),
    redacted: redactor.rendered,
    at: timeOf(environment),
    ...earlier,
    rulePage: rulePageIfAny,
    exitCode: code,
    verbose: settings.verbose,
  };
  return (stream) => ({
    ...shared,
    color: stream !== undefined && isColored(settings.color, environment, stream),
    width: Math.max(40, stream?.columns ?? (Number(environment.COLUMNS) || 100)),
  });
}

/** When the reports say that they were written: now, or for bytes that can be made again what `SOURCE_DATE_EPOCH` says (seconds; reproducible-builds.org). */
function timeOf({ SOURCE_DATE_EPOCH: seconds = '' }: Job['environment']): string {
  return (/^\d{1,11}$/.test(seconds) ? new Date(Number(seconds) * 1000) : new Date()).toISOString();
}
