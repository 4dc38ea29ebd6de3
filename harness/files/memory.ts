import { readFileSync } from 'node:fs';
import path from 'node:path';
import { hashOf } from '../model/hash.ts';
import { jsonFilesBelow } from './ours.ts';

/** What is known of the files of a folder of fixtures without looking at them again: hashes of what lies there, and of what is to. */
export interface Memory {
  /** The hash of each file that may be ours, by its path below the folder, in code-unit order of the first look. */
  readonly files: Map<string, string>;
  /** The hash of the text that is made of what a stamp stands for (`FixtureFile`). */
  readonly texts: Map<string, string>;
}

/** Looks at every file of a folder of fixtures once; `hash` tells what the bytes of a file hash to. */
export async function lookAt(
  folder: string,
  texts: Iterable<readonly [string, string]>,
  hash: (absolute: string) => string | undefined,
): Promise<Memory> {
  const paths = jsonFilesBelow(folder);
  const files = paths.map((relative) => [relative, hash(path.join(folder, relative)) ?? ''] as const);
  return { files: new Map(files), texts: new Map(texts) };
}

/** The hash of what a file holds; nothing where it cannot be read. */
export function hashOfFile(file: string): string | undefined {
  try {
    return hashOf(readFileSync(file));
  } catch {
    return undefined;
  }
}
