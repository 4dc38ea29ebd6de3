import { fileURLToPath } from 'node:url';
import { DamagedError } from '../files/cache.ts';
import { readText } from '../files/read.ts';
import { createRedactor, type Redactor } from '../model/redact.ts';
import { UsageError } from '../model/usage.ts';
import { named } from '../report/named.ts';
import { helpText, readArguments, type Arguments } from './arguments.ts';
import { loadConfig } from './config.ts';
import { refuseStrangers } from './ci.ts';
import type { Command } from './flags.ts';
import { forTerminal, type Job, type Out, type Streams } from './job.ts';
import { isColored } from './terminal.ts';
import { outputsOf } from './outputs.ts';
import { progressOf } from './progress.ts';
import { errorText, registerSecrets } from './secrets.ts';
import { environmentValues, settingsOf, type Environment } from './settings.ts';
import { statusLine, type StatusLine } from './status-line.ts';
import { chooseTarget } from './target.ts';

/** The command line: does what the words say and gives the exit code. Touches nothing but what it is handed. */
export async function cli(
  words: readonly string[],
  environment: Environment,
  given: Streams,
  cwd: string,
): Promise<number> {
  const redactor = given.redactor ?? createRedactor();
  const status = given.status ?? statusLine(given.stderr);
  const streams = {
    ...given,
    stdout: redacting(given.stdout, redactor, status),
    stderr: redacting(given.stderr, redactor, status),
    status,
  };
  try {
    const args = readArguments(words);
    if (args.flags.help || args.flags.version) {
      streams.stdout.write(args.flags.help ? helpText() : `${version()}\n`);
      return 0;
    }
    const job = await jobOf(args, environment, streams, { ...given, status }, cwd, redactor);
    return await done(job);
  } catch (thrown) {
    streams.stderr.write(
      `docwright: ${forTerminal(errorText(messageOf(thrown, words.includes('--verbose')), redactor, environment))}\n`,
    );
    return 2;
  }
}

/** Does a command; once more without what was kept where that turns out to be damaged, and nothing has been sent meanwhile. */
async function done(job: Job): Promise<number> {
  const command = await commandOf(job.command);
  try {
    return await command(job);
  } catch (thrown) {
    if (!(thrown instanceof DamagedError)) throw thrown;
    if (!OFFLINE.includes(job.command)) throw new UsageError(thrown.message, { cause: thrown });
    return command({ ...job, settings: { ...job.settings, cache: false } });
  }
}

const OFFLINE: readonly Command[] = ['check', 'compile', 'print'];

/** Gathers what the command is told, and finds every fault of usage before anything runs. */
export async function jobOf(
  args: Arguments,
  environment: Environment,
  streams: Streams,
  given: Streams & { readonly status: StatusLine; readonly runsTypeScript?: boolean; readonly asksNobody?: true },
  cwd: string,
  redactor: Redactor,
): Promise<Job> {
  const { command, pages, flags } = args;
  const said = environmentValues(environment);
  const config = await loadConfig(flags.config ?? said.config, cwd, environment, given.runsTypeScript);
  const settings = settingsOf(args, said, config, cwd);
  registerSecrets(redactor, settings, environment);
  const suitable = command === 'report' && pages[0] === 'merge' ? SUITABLE.run : SUITABLE[command];
  const outputs = outputsOf(settings.reporter ?? suitable, named, settings);
  if (!given.asksNobody && (command === 'run' || command === 'replay')) {
    const choice = chooseTarget(settings);
    refuseStrangers({ environment, settings }, choice);
    const { accountsOf, checkAccounts } = await import('./accounts.ts');
    await checkAccounts(accountsOf(choice, settings.account), environment);
  }
  const color = isColored(settings.color, environment, given.stderr);
  const progress = progressOf({
    stream: given.stderr,
    status: given.status,
    environment,
    quiet: settings.quiet,
    color,
  });
  const held = settings.baseline !== undefined && TAKES_BASELINE.includes(command);
  const { readReport } = held || settings.durations !== undefined ? await import('./report-file.ts') : {};
  const baseline = held ? readReport!(settings.baseline!, cwd) : undefined;
  const durations = settings.durations === undefined ? undefined : readReport!(settings.durations, cwd);
  return {
    command,
    pages,
    settings,
    outputs,
    environment,
    streams,
    cwd,
    version: version(),
    redactor,
    progress,
    ...(baseline === undefined ? {} : { baseline }),
    ...(durations === undefined ? {} : { durations }),
  };
}

/** The last net below everything that is said; the status line makes way for it. */
function redacting(stream: Out, redactor: Redactor, status: StatusLine): Out {
  return {
    write(text) {
      status.clear();
      return stream.write(redactor.rendered(text));
    },
    get isTTY() {
      return stream.isTTY ?? false;
    },
    ...(stream.columns === undefined ? {} : { columns: stream.columns }),
  };
}

/** Commands whose findings are held against a baseline; `report` where it merges. */
const TAKES_BASELINE: readonly Command[] = ['run', 'check', 'replay', 'report'];

/** The reporters of a command, where nobody names any. */
const SUITABLE: Readonly<Record<Command, readonly string[]>> = {
  run: ['list', 'json', 'junit', 'html'],
  check: ['list', 'json', 'junit', 'html'],
  replay: ['list', 'json', 'junit', 'html'],
  compile: ['list', 'json'],
  plan: [],
  cleanup: [],
  mock: [],
  print: [],
  rules: [],
  report: [],
  explain: [],
  init: [],
};

/** Loads a command alone: starting up costs more than most runs. */
async function commandOf(command: Command): Promise<(job: Job) => Promise<number>> {
  switch (command) {
    case 'run':
      return (await import('./commands/run.ts')).runCommand;
    case 'compile':
      return (await import('./commands/compile.ts')).compileCommand;
    case 'check':
      return (await import('./commands/check.ts')).checkCommand;
    case 'replay':
      return (await import('./commands/replay.ts')).replayCommand;
    case 'plan':
      return (await import('./commands/plan.ts')).planCommand;
    case 'cleanup':
      return (await import('./commands/cleanup.ts')).cleanupCommand;
    case 'mock':
      return (await import('./commands/mock.ts')).mockCommand;
    case 'print':
      return (await import('./commands/print.ts')).printCommand;
    case 'rules':
      return (await import('./commands/rules.ts')).rulesCommand;
    case 'report':
      return (await import('./commands/report.ts')).reportCommand;
    case 'explain':
      return (await import('./commands/explain.ts')).explainCommand;
    case 'init':
      return (await import('./commands/init.ts')).initCommand;
  }
}

function messageOf(thrown: unknown, verbose: boolean): string {
  if (thrown instanceof UsageError) return thrown.message;
  if (!(thrown instanceof Error)) return `Internal error: ${String(thrown)}`;
  return verbose ? `Internal error: ${thrown.stack}` : `Internal error: ${thrown.message} (--verbose shows where)`;
}

function version(): string {
  const manifest = readText(fileURLToPath(new URL('../../package.json', import.meta.url)));
  return (JSON.parse(manifest) as { version: string }).version;
}
