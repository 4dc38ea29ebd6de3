import path from 'node:path';
import { fileName } from '../files/names.ts';
import { lineReader } from '../files/read.ts';
import { writeWithin } from '../files/write.ts';
import type { Source } from '../model/docset.ts';
import type { ExchangeDetail, Report, ReportContext } from '../model/report.ts';
import type { ReportParts } from '../report/index.ts';
import { exitCode } from './exit.ts';
import { forTerminal, stoppedBy, type Job, type Out } from './job.ts';
import { writtenBy, type Output } from './outputs.ts';

/** What a command found. */
export interface Outcome extends Omit<ReportParts, 'tool' | 'command'> {
  readonly details?: ReadonlyMap<string, ExchangeDetail>;
  /** How many pages or exchanges were selected. */
  readonly selected: number;
  /** The pages, where they were read. */
  readonly sources?: readonly Source[];
}

/** Writes every report, the terminal's last, and gives the exit code. One that cannot be written does not keep back the others. */
export async function deliver(job: Job, { details, selected, sources, ...parts }: Outcome): Promise<number> {
  const { settings, outputs, streams } = job;
  const { gather, reporters } = await import('../report/index.ts');
  const report = gather({ ...parts, tool: { name: 'docwright', version: job.version }, command: job.command });
  const context = contextOf(job, details, sources);
  const failures: string[] = [];
  for (const output of outputs.toSorted((a, b) => rank(a) - rank(b))) {
    const { render } = reporters[output.name]!;
    if (output.to === 'file') {
      const text = [...render(report, context(undefined))].join('');
      await writeWithin(output.root, path.relative(output.root, output.file), text).catch((cause: Error) => {
        failures.push(`Cannot write ${output.name} to \`${fileName(output.file, job.cwd)}\`: ${cause.message}`);
      });
    } else if (output.to === 'stdout' || !settings.quiet) {
      const stream = streams[output.to];
      for (const chunk of gathered(render(report, context(stream)))) stream.write(chunk);
    }
  }
  for (const failure of failures) streams.stderr.write(`docwright: ${await forTerminal(failure)}\n`);
  const code = exitCode(report, { ...exitOptions(job), selected });
  await explain(job, report, selected, code);
  return failures.length > 0 && code < 2 ? 2 : code;
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
async function explain({ settings, streams }: Job, { summary }: Report, selected: number, code: number): Promise<void> {
  const { error, warning } = summary.findings;
  const reason =
    code === 2 && selected === 0
      ? 'Nothing selected; --pass-with-no-tests makes that no fault'
      : code !== 1 || error > 0
        ? undefined
        : warning > (settings.maxWarnings ?? Infinity)
          ? `${warning} warnings, at most ${settings.maxWarnings} allowed`
          : 'No exchange was answered';
  if (reason !== undefined) streams.stderr.write(`docwright: ${reason}\n`);
}

function exitOptions(job: Job): { passWithNoTests: boolean; maxWarnings?: number; signal?: 'SIGINT' | 'SIGTERM' } {
  const signal = stoppedBy(job);
  const { passWithNoTests, maxWarnings } = job.settings;
  return {
    passWithNoTests,
    ...(maxWarnings === undefined ? {} : { maxWarnings }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** Files first: what people read last tells where the others are. */
function rank({ to }: Output): number {
  return ['file', 'stdout', 'stderr'].indexOf(to);
}

function contextOf(
  { settings, outputs, environment, cwd }: Job,
  details: ReadonlyMap<string, ExchangeDetail> = new Map(),
  sources: readonly Source[] = [],
): (stream: Out | undefined) => ReportContext {
  const shared = {
    detail: (exchangeId: string) => details.get(exchangeId),
    lines: lineReader(cwd, sources),
    folder: fileName(settings.reports, cwd),
    written: writtenBy(outputs, cwd),
    verbose: settings.verbose,
  };
  return (stream) => ({
    ...shared,
    color: stream !== undefined && isColored(settings.color, environment, stream),
    width: Math.max(40, stream?.columns ?? (Number(environment.COLUMNS) || 100)),
  });
}

/** The flag, else FORCE_COLOR, else NO_COLOR, else whether it is a terminal that can. */
export function isColored(
  flag: boolean | undefined,
  { FORCE_COLOR, NO_COLOR, TERM }: Readonly<Record<string, string | undefined>>,
  stream: Pick<Out, 'isTTY'>,
): boolean {
  if (flag !== undefined) return flag;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  if (NO_COLOR) return false;
  return stream.isTTY === true && TERM !== 'dumb';
}
