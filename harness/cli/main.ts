#!/usr/bin/env node
import process from 'node:process';
import { signalCode, type Signal } from './exit.ts';
import { cli } from './index.ts';

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] satisfies Signal[]) {
  process.on(signal, () => {
    // Whoever asks twice does not want to wait for the report.
    if (stop.signal.aborted) process.exit(signalCode(signal));
    stop.abort(signal);
  });
}
process.on('uncaughtException', (error) => {
  // Too late for anything that could fail in turn; control characters are taken out all the same.
  process.stderr.write(`docwright: Internal error: ${error.message.replace(/[\p{Cc}\p{Cf}]+/gu, ' ')}\n`);
  process.exit(2);
});
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has seen enough, such as head, is no fault.
    if (error.code !== 'EPIPE') throw error;
  });
}

const { stdout, stderr } = process;
const code = await cli(process.argv.slice(2), process.env, { stdout, stderr, signal: stop.signal }, process.cwd());
// What stands in a pipe would be lost by an exit; an idle connection would keep the process without one.
stdout.write('', () => stderr.write('', () => process.exit(code)));
