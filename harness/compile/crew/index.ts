import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { copyOf, type Source } from '../../model/docset.ts';
import type { ReadFile } from '../markdown/assemble.ts';
import type { Manner } from '../reader.ts';
import { foreseen } from './foreseen.ts';
import type { Share, Shared } from './share.ts';

/** From so many pages on, threads read more than it costs to start them. */
export const MANY = 400;

/** The most pages that are handed over at a time. */
const SHARE = 24;

/** Two shares are under way at a time, so that a thread never waits for the next. */
const AHEAD = 2;

/** From so many pages on, those who wait are asked. */
const SOME = 8;

/** Of few pages few at a time, so that all are done at the same time. */
function shareOf(pages: number): number {
  return Math.max(1, Math.min(SHARE, Math.floor(pages / 32)));
}

/** Threads that wait to read more in the same manner: they are there, and know the code by then. */
export type Crew = Worker[];

/** Lets a crew go. */
export function dismiss(crew: Crew): void {
  for (const worker of crew.splice(0)) void worker.terminate();
}

/** More than this many threads, this one among them, wait for each other. */
const MOST_THREADS = 4;

/** Pages to be read: threads take from the front, the caller from the back, until they meet. */
export interface Queue {
  first(count: number): readonly Source[];
  last(): Source | undefined;
}

/** What files of code are called here, where they are JavaScript: of CommonJS modules, or not. */
const [KIND] = /\.c?js$/.exec(import.meta.url) ?? [];

/** Queues pages. */
export function queueOf(sources: readonly Source[]): Queue {
  let [from, to] = [0, sources.length];
  return {
    first(count) {
      const taken = sources.slice(from, Math.min(from + count, to));
      from += taken.length;
      return taken;
    },
    last: () => (from < to ? sources[--to] : undefined),
  };
}

/**
 * Has threads read pages beside this one, as texts for `readingFrom`, each shown as soon as it is there. Few pages, and whatever no
 * thread could read, are left to the caller: on a machine with one core, or where this code does not lie on a disk as JavaScript, all.
 * With a `crew`, those that wait there begin, and all that have read wait there in the end.
 */
export async function readByCrew(
  queue: Queue,
  pages: number,
  manner: Manner,
  readFile: ReadFile,
  show: (source: Source, text: string) => void,
  crew?: Crew,
): Promise<void> {
  const many = crew !== undefined && crew.length > 0 ? SOME : MANY;
  if (pages < many || KIND === undefined) return;
  const threads = Math.min(availableParallelism(), MOST_THREADS) - 1;
  const share = shareOf(pages);
  await Promise.all(Array.from({ length: threads }, () => followThread(queue, share, manner, readFile, show, crew)));
}

/** Keeps a thread busy until nothing is left; where it fails, so be it: its pages are left to the caller. */
function followThread(
  queue: Queue,
  share: number,
  manner: Manner,
  readFile: ReadFile,
  show: (source: Source, text: string) => void,
  crew: Crew | undefined,
): Promise<void> {
  return new Promise((resolve) => {
    const worker =
      crew?.pop() ??
      new Worker(new URL(`./worker${KIND}`, import.meta.url), {
        workerData: manner,
        // Reading makes much that is soon forgotten: room for it spares most of the clearing up.
        resourceLimits: { maxYoungGenerationSizeMb: 48 },
      });
    worker.ref();
    const underWay: (readonly Source[])[] = [];
    const end = (): void => {
      resolve();
      void worker.terminate();
    };
    const wait = (): void => {
      if (crew === undefined) return end();
      for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
      // Whoever waits keeps nobody from going, and one that fails meanwhile is no fault of what is done then.
      worker.unref();
      worker.on('error', () => undefined);
      crew.push(worker);
      resolve();
    };
    const feed = (): void => {
      const sources = queue.first(share);
      if (sources.length > 0) {
        underWay.push(sources);
        worker.postMessage({ sources: sources.map(copyOf), files: foreseen(sources, readFile) } satisfies Share);
      } else if (underWay.length === 0) wait();
    };
    worker.on('message', ({ texts }: Shared) => {
      const sources = underWay.shift()!;
      feed();
      texts.forEach((text, at) => {
        if (text !== undefined) show(sources[at]!, text);
      });
    });
    worker.on('error', end);
    worker.on('exit', end);
    for (let count = 0; count < AHEAD; count++) feed();
  });
}
