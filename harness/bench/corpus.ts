import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

/** A folder of pages to measure with. */
export interface Corpus {
  readonly name: string;
  readonly folder: string;
  readonly pages: number;
}

/** Why tests over the large sample set are skipped where it is not beside the project; nothing where it is. */
export const corpusMissing: string | undefined =
  largeSet() === undefined ? 'no sample set: ../shared/corpus is not beside the checkout' : undefined;

/** Puts the pages to measure with below `folder`: the large sample set where one lies beside the project, else our own sample docs. */
export function layOutCorpus(folder: string): Corpus {
  const docs = join(folder, 'docs');
  mkdirSync(docs, { recursive: true });
  const archive = largeSet();
  if (archive === undefined) cpSync(join('docs', 'api'), docs, { recursive: true });
  else unpack(archive, docs);
  const pages = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter((file) => /\.md$/i.test(file));
  return { name: archive === undefined ? 'docs/api' : basename(archive, '.tar.gz'), folder: docs, pages: pages.length };
}

function largeSet(): string | undefined {
  const folder = resolve('..', 'shared', 'corpus');
  try {
    const archive = readdirSync(folder).find((file) => file.endsWith('.tar.gz'));
    return archive === undefined ? undefined : join(folder, archive);
  } catch {
    return undefined;
  }
}

function unpack(archive: string, folder: string): void {
  const { status, stderr } = spawnSync('tar', ['-xzf', archive, '-C', folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${archive} could not be unpacked: ${stderr}`);
}
