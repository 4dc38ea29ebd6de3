import type { Redactor } from '../model/redact.ts';
import { harmless, visible } from '../report/visible.ts';
import type { Environment, Settings } from './settings.ts';
import type { Arguments } from './arguments.ts';
import type { Signal } from './exit.ts';
import type { Output } from './outputs.ts';
import type { Progress } from './progress.ts';
import type { StoredReport } from './report-file.ts';
import type { StatusLine } from './status-line.ts';
import type { Screen } from './terminal.ts';

/** A stream to write to, such as `process.stderr`. */
export type Out = Screen;

/** A terminal, or whatever stands in its place, as far as keys are read from it. */
export interface Keys {
  readonly isTTY?: boolean;
  setRawMode?(isRaw: boolean): unknown;
  on(event: 'data', hear: (text: string | Uint8Array) => void): unknown;
  off(event: 'data', hear: (text: string | Uint8Array) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** What the command line speaks to and is stopped by; the reason of an aborted signal is `SIGINT` or `SIGTERM`. */
export interface Streams {
  readonly stdout: Out;
  readonly stderr: Out;
  readonly signal?: AbortSignal;
  /** Whatever else the process says of a crash goes through it, too. */
  readonly redactor?: Redactor;
  /** Where keys are read from, asked only by who reads them. */
  readonly keys?: () => Keys;
  /** The line below all that is said on standard error; whoever ends the process takes it away. */
  readonly status?: StatusLine;
}

/** One command to do. */
export interface Job extends Pick<Arguments, 'command' | 'pages'> {
  readonly settings: Settings;
  readonly outputs: readonly Output[];
  readonly environment: Environment;
  readonly streams: Streams;
  readonly cwd: string;
  readonly version: string;
  readonly progress: Progress;
  /** The earlier report that findings are held against. */
  readonly baseline?: StoredReport;
  /** The earlier report whose durations shards are cut by. */
  readonly durations?: StoredReport;
  /** Knows the secrets of the config and of the account. */
  readonly redactor: Redactor;
}

/** Why the job is to stop, where it is. */
export function stoppedBy({ streams }: Job): Signal | undefined {
  if (!streams.signal?.aborted) return undefined;
  return streams.signal.reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT';
}

/** Says a line to people, unless they want quiet. */
export function say({ settings, streams, redactor }: Job, text: string): void {
  if (!settings.quiet) streams.stderr.write(`${forTerminal(redactor.text(text))}\n`);
}

/** The same text with nothing that a terminal or the log of a CI would obey. */
export function forTerminal(text: string): string {
  return harmless(visible(text));
}
