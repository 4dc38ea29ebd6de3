// A thread that reads pages. It cannot reach the file system: files that pages include are handed over with them.
import { parentPort, workerData } from 'node:worker_threads';
import { readToText } from '../cached.ts';
import { pageReader, Unforeseen, type Manner } from '../reader.ts';
import type { Share, Shared } from './share.ts';

const read = pageReader(workerData as Manner);
let last: Promise<void> = Promise.resolve();

// One share after the other, and answered in the order they came.
parentPort!.on('message', (share: Share) => {
  last = last.then(async () => parentPort!.postMessage(await readShare(share)));
});

async function readShare({ sources, files }: Share): Promise<Shared> {
  const ask = (file: string): string | undefined => {
    if (!files.has(file)) throw new Unforeseen(file);
    return files.get(file);
  };
  const texts: (string | undefined)[] = [];
  for (const source of sources) {
    texts.push(
      await readToText(read, source, ask).then(
        ({ text }) => text,
        () => undefined,
      ),
    );
  }
  return { texts };
}
