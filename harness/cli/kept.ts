import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openCache, stampOf, stateOf, textStamp } from '../files/cache.ts';
import { fixtureFiles } from '../files/fixtures.ts';
import type { Found } from './found.ts';
import type { Job, Out, Streams } from './job.ts';

/** Where what is kept from one run to the next lies. */
export function cacheFolder({ cwd }: Job): string {
  return path.join(cwd, '.docwright', 'cache');
}

/** What changes with the code of these rooms: what another version has kept is of no use. */
export function codeStamp({ version }: Job, rooms: readonly string[]): string {
  const stamps = rooms.map((room) => stampOf(fileURLToPath(new URL(`../${room}`, import.meta.url))));
  return JSON.stringify([version, ...stamps]);
}

/** What a run said and how it ended; its files are those that lie there. */
interface Kept {
  /** Files that pages include, and what each said. */
  readonly includes: readonly (readonly [file: string, stamp: string])[];
  /** Of every file that was written. */
  readonly outputs: string;
  readonly said: readonly (readonly [stream: 'stdout' | 'stderr', text: string])[];
  readonly code: number;
}

/**
 * Does nothing where nothing would come of it: the pages, what they include, every setting and every file that was written are as
 * the last such run left them. Then says what that run said. Else does `work`, and keeps what came of it.
 */
export async function unlessUnchanged(
  job: Job,
  found: Found,
  work: (job: Job, found: Found) => Promise<number>,
): Promise<number> {
  if (!job.settings.cache || job.settings.verbose) return work(job, found);
  const rooms = ['.'];
  const cache = openCache(cacheFolder(job), ['run', job.command, ...job.settings.docs]);
  const key = textStamp([codeStamp(job, rooms), circumstances(job), docsStamp(found)]);
  const kept = keptOf(cache.get(key));
  if (
    kept !== undefined &&
    kept.includes.every(([file, stamp]) => textStamp([found.readFile(file)]) === stamp) &&
    kept.outputs === (await outputsOf(job))
  ) {
    for (const [stream, text] of kept.said) job.streams[stream].write(text);
    return kept.code;
  }
  const includes = new Map<string, string>();
  const said: [stream: 'stdout' | 'stderr', text: string][] = [];
  const readFile = (file: string): string | undefined => {
    const text = found.readFile(file);
    includes.set(file, textStamp([text]));
    return text;
  };
  const code = await work({ ...job, streams: recorded(job.streams, said) }, { ...found, readFile });
  const isWhole = code < 2 && !job.streams.signal?.aborted;
  if (isWhole) {
    const next: Kept = { includes: [...includes], outputs: await outputsOf(job), said, code };
    cache.set(key, JSON.stringify(next));
    cache.save();
  }
  return code;
}

function recorded(streams: Streams, said: [stream: 'stdout' | 'stderr', text: string][]): Streams {
  const recorder = (name: 'stdout' | 'stderr'): Out => {
    const { isTTY, columns } = streams[name];
    return {
      write(text) {
        said.push([name, text]);
        return streams[name].write(text);
      },
      ...(isTTY === undefined ? {} : { isTTY }),
      ...(columns === undefined ? {} : { columns }),
    };
  };
  return { ...streams, stdout: recorder('stdout'), stderr: recorder('stderr') };
}

/** Whatever else a run depends on. */
function circumstances({ command, pages, settings, outputs, environment, streams, cwd }: Job): string {
  const { grep, ...rest } = settings;
  const { FORCE_COLOR, NO_COLOR, TERM, COLUMNS } = environment;
  const screens = [streams.stdout, streams.stderr].map(({ isTTY, columns }) => [isTTY, columns]);
  return JSON.stringify([
    command,
    pages,
    rest,
    grep?.source,
    outputs,
    FORCE_COLOR,
    NO_COLOR,
    TERM,
    COLUMNS,
    screens,
    cwd,
  ]);
}

function docsStamp({ discovery: { sources, roots, missing } }: Found): string {
  return textStamp([
    JSON.stringify([roots, missing]),
    ...sources.flatMap(({ file, page, content }) => [file, page, content instanceof Error ? content.message : content]),
  ]);
}

async function outputsOf({ settings, outputs }: Job): Promise<string> {
  const written = outputs.flatMap((output) => (output.to === 'file' ? [output.file] : []));
  return stateOf([...(await fixtureFiles(settings.fixtures)), ...written]);
}

function keptOf(text: string | undefined): Kept | undefined {
  return text === undefined ? undefined : (JSON.parse(text) as Kept);
}
