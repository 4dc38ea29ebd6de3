import { once } from 'node:events';
import { UsageError } from '../../model/usage.ts';
import { isLoopback } from '../../replay/gate.ts';
import { signalCode } from '../exit.ts';
import { say, stoppedBy, type Job } from '../job.ts';
import { readPromises } from '../stored.ts';

/** `docwright mock`: serves the answers the docs promise until a signal comes; its URL is the one line on standard output. */
export async function mockCommand(job: Job): Promise<number> {
  const { host, port } = job.settings;
  const { exchanges, findings } = await readPromises(job);
  for (const { file, line, column, reason } of findings) say(job, `${file}:${line}:${column}: ${reason}`);
  if (exchanges.length === 0) throw new UsageError('Nothing selected: there is no exchange to answer');
  const { serveMock } = await import('../../mock/server.ts');
  const server = await serveMock(exchanges, { host, port }).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`Cannot listen on ${host}:${port} (${cause.code ?? cause.message})`, { cause });
  });
  try {
    job.streams.stdout.write(`${server.url}\n`);
    const count = exchanges.length === 1 ? '1 exchange' : `${exchanges.length} exchanges`;
    say(job, `Answering for ${count}; Ctrl-C ends it`);
    if (!isLoopback(server.url)) say(job, `Other machines may reach it: ${host} is not loopback`);
    const { signal } = job.streams;
    if (signal && !signal.aborted) await once(signal, 'abort');
    else if (!signal) await new Promise(() => {});
    return signalCode(stoppedBy(job) ?? 'SIGINT');
  } finally {
    await server.close();
  }
}
