import process from 'node:process';
import { signalCode, type Signal } from './exit.ts';
import { cli } from './index.ts';
import { errorText } from './secrets.ts';
import { createRedactor } from '../model/redact.ts';
import { statusLine } from './status-line.ts';

/** The command line as a process: with its words, streams and signals, until it ends with its exit code. */
export async function runProcess(): Promise<void> {
  const stop = new AbortController();
  const redactor = createRedactor();
  const status = statusLine(process.stderr);
  // However it ends, but for a kill.
  process.on('exit', () => status.clear());
  for (const signal of ['SIGINT', 'SIGTERM'] satisfies Signal[]) {
    process.on(signal, () => {
      // Whoever asks twice does not want to wait for the report.
      if (stop.signal.aborted) process.exit(signalCode(signal));
      stop.abort(signal);
    });
  }
  process.on('uncaughtException', (error: unknown) => {
    // Too late for anything that could fail in turn; control characters are taken out all the same.
    const said = error instanceof Error ? error.message : String(error);
    const message = errorText(said, redactor, process.env);
    status.clear();
    process.stderr.write(`docwright: Internal error: ${message.replace(/[\p{Cc}\p{Cf}]+/gu, ' ')}\n`);
    process.exit(2);
  });
  // Whatever waits for what never comes is no success.
  process.once('beforeExit', () => {
    status.clear();
    process.stderr.write('docwright: Internal error: the run came to no end\n', () => process.exit(2));
  });
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // A reader that has seen enough, such as head, is no fault.
      if (error.code !== 'EPIPE') throw error;
    });
  }

  const { stdout, stderr } = process;
  const streams = { stdout, stderr, signal: stop.signal, redactor, status, keys: () => process.stdin };
  const code = await cli(process.argv.slice(2), process.env, streams, process.cwd());
  // What stands in a pipe would be lost by an exit; an idle connection would keep the process without one.
  stdout.write('', () => stderr.write('', () => process.exit(code)));
}
