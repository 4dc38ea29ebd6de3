import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { layOutCorpus } from '../bench/corpus.ts';
import { compile } from '../compile/index.ts';
import { examine } from '../examine.ts';
import type { Docset } from '../model/docset.ts';
import type { Finding } from '../model/finding.ts';

/** The large sample set, and what `check` finds on it. Files are named from the folder of the docs on. */
export interface Examined {
  readonly docset: Docset;
  readonly findings: readonly Finding[];
  /** A line of a page, from 1. */
  lineOf(file: string, line: number): string;
  textOf(file: string): string;
}

/** Lays the large sample set out below `folder` and examines it. */
export async function examineCorpus(folder: string): Promise<Examined> {
  const docs = join(layOutCorpus(folder).folder, 'api-reference', 'v1.0');
  const files = readdirSync(docs, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.md$/i.test(file))
    .map((file) => file.replaceAll('\\', '/'))
    .sort();
  const read = (file: string): Uint8Array => new Uint8Array(readFileSync(join(docs, file)));
  const textOf = (file: string): string => new TextDecoder().decode(read(file));
  const known = new Set(files);
  const docset = await compile(
    files.map((file) => ({ file, page: file, content: read(file) })),
    { readFile: (file) => (known.has(file) ? textOf(file) : undefined) },
  );
  const lines = new Map<string, readonly string[]>();
  return {
    docset,
    findings: [...docset.findings, ...examine(docset)],
    textOf,
    lineOf: (file, line) => {
      if (!lines.has(file)) lines.set(file, textOf(file).split(/\r?\n/));
      return lines.get(file)![line - 1] ?? '';
    },
  };
}
