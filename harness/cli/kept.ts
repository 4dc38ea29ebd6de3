import path from 'node:path';
import { openCache, type Cache } from '../files/cache.ts';
import { hashOfFile, lookAt, type Memory } from '../files/memory.ts';
import { seenIn, stateOfFile } from '../files/seen.ts';
import type { Source } from '../model/docset.ts';
import { hashOf } from '../model/hash.ts';
import { ciStamp, pullBase, summaryFile } from './ci.ts';
import { codeStamp } from './code-stamp.ts';
import { cacheFolder } from './cache-folder.ts';
import type { Found } from './found.ts';
import type { Job, Out, Streams } from './job.ts';

/** What a run said and how it ended; its files are those that lie there. The first line of a text; what was said follows. */
interface Kept {
  /** Files that pages include, and the hash of what each said. */
  readonly includes: readonly (readonly [file: string, hash: string | null])[];
  /** Of every file that was written. */
  readonly outputs: string;
  /** How many UTF-16 units went where. */
  readonly said: readonly (readonly [stream: 'stdout' | 'stderr', length: number])[];
  readonly code: number;
}

/**
 * Does nothing where nothing would come of it: the pages, what they include, every setting and every file that was written are as
 * the last such run left them. Then says what that run said. Else does `work`, and keeps what came of it. Who writes fixtures is told
 * what lies there and what is known of what is to.
 */
export async function unlessUnchanged(
  job: Job,
  found: Found,
  writes: 'fixtures' | 'reports',
  work: (job: Job, found: Found, memory: Memory | undefined) => Promise<number>,
): Promise<number> {
  if (!job.settings.cache || job.settings.verbose) return work(job, found, undefined);
  const { suppress, prune, onlyChanged, watch } = job.settings;
  // What changes the suppressions says so each time; and what has changed only git knows.
  if (suppress.length > 0 || prune || onlyChanged !== undefined || pullBase(job) !== undefined || watch)
    return work(job, found, undefined);
  // What is appended is to be appended each time, and what is held against another report depends on that.
  if (summaryFile(job) !== undefined || job.settings.history || job.baseline !== undefined)
    return work(job, found, undefined);
  const cache = openCache(cacheFolder(job), ['run', job.command, ...job.settings.docs]);
  const code = codeStamp(job);
  const key = `run ${hashOf(JSON.stringify([code, circumstances(job), docsStamp(found)]))}`;
  found.seen?.save();
  const textsKey = `texts ${hashOf(code)}`;
  const memory = writes === 'fixtures' ? await memoryOf(job, textsIn(cache, textsKey)) : undefined;
  const kept = keptIn(cache, key);
  const text = kept !== undefined && isAsKept(kept, job, found, memory) ? cache.get(key) : undefined;
  if (text !== undefined) {
    replay(job.streams, kept!, text);
    return kept!.code;
  }
  const includes = new Map<string, string | null>();
  const said: [stream: 'stdout' | 'stderr', text: string][] = [];
  const readFile = (file: string): string | undefined => {
    const text = found.readFile(file);
    includes.set(file, hashOfText(text));
    return text;
  };
  const ended = await work({ ...job, streams: recorded(job.streams, said) }, { ...found, readFile }, memory);
  if (ended < 2 && !job.streams.signal?.aborted) {
    const next: Kept = {
      includes: [...includes],
      outputs: outputsOf(job, memory),
      said: said.map(([stream, text]) => [stream, text.length]),
      code: ended,
    };
    cache.set(key, [JSON.stringify(next), said.map(([, text]) => text).join('')].join('\n'));
    if (memory !== undefined) cache.set(textsKey, JSON.stringify([...memory.texts]));
    cache.save();
  }
  return ended;
}

/** What lies among the fixtures; those that are as they were when they were read last are not read again. */
async function memoryOf(job: Job, texts: readonly [string, string][]): Promise<Memory> {
  const { fixtures } = job.settings;
  const seen = seenIn(() => openCache(cacheFolder(job), ['seen', fixtures]));
  const memory = await lookAt(fixtures, texts, seen.hash);
  seen.save();
  return memory;
}

function isAsKept({ includes, outputs }: Kept, job: Job, found: Found, memory: Memory | undefined): boolean {
  return (
    includes.every(([file, hash]) => hashOfText(found.readFile(file)) === hash) && outputs === outputsOf(job, memory)
  );
}

function hashOfText(text: string | undefined): string | null {
  return text === undefined ? null : hashOf(text);
}

function replay(streams: Streams, { said }: Kept, text: string): void {
  let at = text.indexOf('\n') + 1;
  for (const [stream, length] of said) {
    streams[stream].write(text.slice(at, at + length));
    at += length;
  }
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
  const { FORCE_COLOR, NO_COLOR, TERM, COLUMNS } = environment;
  // Findings may stand in it.
  const config = settings.config === undefined ? undefined : hashOfFile(settings.config);
  const suppressions = hashOfFile(settings.suppressions);
  const screens = [streams.stdout, streams.stderr].map(({ isTTY, columns }) => [isTTY, columns]);
  return JSON.stringify(
    [
      command,
      pages,
      settings,
      config,
      suppressions,
      outputs,
      FORCE_COLOR,
      NO_COLOR,
      TERM,
      COLUMNS,
      ciStamp(environment),
      screens,
      cwd,
    ],
    (_, value: unknown) =>
      value instanceof RegExp ? String(value) : value instanceof Map || value instanceof Set ? [...value] : value,
  );
}

function docsStamp({ discovery: { sources, roots, missing, files } }: Found): string {
  return hashOf(
    JSON.stringify([
      roots,
      missing,
      files && [...files].sort(),
      sources.map((source) => [source.file, source.page, source.hash ?? stampOfContent(source.content)]),
    ]),
  );
}

function stampOfContent(content: Source['content']): unknown {
  return content instanceof Error ? { message: content.message } : hashOf(content);
}

function outputsOf({ settings, outputs }: Job, memory: Memory | undefined): string {
  const written = outputs.flatMap((output) => (output.to === 'file' ? [output.file] : []));
  const reports = written.map((file) => [file, stateOfFile(file)] as const);
  const fixtures = new Map(memory?.files);
  // Reports may lie among fixtures.
  for (const [file, state] of reports) {
    const relative = path.relative(settings.fixtures, file).replaceAll(path.sep, '/');
    if (state !== undefined && relative.endsWith('.json') && !relative.startsWith('../')) fixtures.set(relative, state);
  }
  return hashOf(JSON.stringify([reports, [...fixtures].sort(([a], [b]) => (a < b ? -1 : 1))]));
}

function textsIn(cache: Cache, key: string): [stamp: string, hash: string][] {
  const text = cache.get(key);
  return text === undefined ? [] : (JSON.parse(text) as [string, string][]);
}

function keptIn(cache: Cache, key: string): Kept | undefined {
  const line = cache.lines(key);
  return line === undefined ? undefined : (JSON.parse(line(0)) as Kept);
}
