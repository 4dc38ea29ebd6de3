import { once } from 'node:events';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { fileName } from '../../files/names.ts';
import { kindOf } from '../../files/read.ts';
import { UsageError } from '../../model/usage.ts';
import { openBrowser, seesBrowser } from '../browser.ts';
import { signalCode } from '../exit.ts';
import { say, stoppedBy, type Job } from '../job.ts';

/** `docwright report`: the path of the HTML report on standard output, and a browser where a person sits; with `--serve` over HTTP. */
export async function openCommand(job: Job): Promise<number> {
  const { settings, streams, environment, cwd } = job;
  const file = path.join(settings.reports, 'index.html');
  const name = fileName(file, cwd);
  if (kindOf(file) !== 'file')
    throw new UsageError(`No report \`${name}\`: \`docwright\` writes one, or name its folder with --reports`);
  if (settings.serve) return serve(job);
  streams.stdout.write(`${name}\n`);
  if (seesBrowser(streams.stdout, environment)) await open(job, pathToFileURL(file).href);
  return 0;
}

async function serve(job: Job): Promise<number> {
  const { settings, streams, environment } = job;
  const { serveFolder } = await import('../report-server.ts');
  const served = await serveFolder(settings.reports, settings.port).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`Cannot listen on 127.0.0.1:${settings.port} (${cause.code ?? cause.message})`, { cause });
  });
  try {
    streams.stdout.write(`${served.url}\n`);
    say(job, 'Serving the reports; Ctrl-C ends it');
    if (seesBrowser(streams.stdout, environment)) await open(job, served.url);
    const { signal } = streams;
    if (signal && !signal.aborted) await once(signal, 'abort');
    else if (!signal) await new Promise(() => {});
    return signalCode(stoppedBy(job) ?? 'SIGINT');
  } finally {
    await served.close();
  }
}

async function open(job: Job, url: string): Promise<void> {
  if (!(await openBrowser(url, job.environment))) say(job, 'No browser could be opened; open it yourself');
}
