import { statSync } from 'node:fs';
import path from 'node:path';
import { compareText } from '../model/finding.ts';
import type { ScenarioSource } from '../model/scenario.ts';
import { fileName } from './names.ts';
import { readText } from './read.ts';
import { walk } from './walk.ts';

/** Can a file of this name hold scenarios? `*.scenarios.{yaml,yml,json}` does; another JSON file where API Doctor would find some in it. */
export function mayHoldScenarios(name: string): boolean {
  return /\.json$|\.scenarios\.ya?ml$/i.test(name);
}

/** A file that somebody named, by its own name or by that of its folder, or a glob. */
export interface NamedFile {
  readonly absolute: string;
  readonly isItself: boolean;
}

/** Every file of scenarios below these folders, absolute, and those that are named; each is read once, in the order of their names. */
export async function readScenarioFiles(
  folders: readonly string[],
  named: readonly NamedFile[],
  cwd: string,
): Promise<ScenarioSource[]> {
  const found = new Map<string, boolean>();
  for (const folder of folders) {
    for (const { absolute, failure } of walk(folder))
      if (failure === undefined && mayHoldScenarios(absolute)) found.set(absolute, false);
  }
  // What lies beside scenarios, such as accounts, may be meant by a glob, and is none.
  for (const { absolute, isItself } of named) found.set(absolute, isItself || found.get(absolute) === true);
  // What was turned into ours is not read as it was, too.
  for (const file of found.keys()) {
    const from = `${file.replace(/\.scenarios\.ya?ml$/i, '')}.json`;
    if (from !== `${file}.json` && found.get(from) === false) found.delete(from);
  }
  return [...found]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([absolute, isNamed]) => {
      const isSure = isNamed || /\.scenarios\.\w+$/i.test(absolute);
      const text = textOf(absolute);
      if (!isSure && (typeof text !== 'string' || !LOOKS_LIKE_ONE.test(text))) return [];
      return [{ file: fileName(absolute, cwd), text }];
    });
}

/** Files that a path or glob names, absolute, in the order of their names. */
export async function filesNamed(written: string, folder: string): Promise<readonly NamedFile[]> {
  const { glob, isDynamicPattern } = await import('tinyglobby');
  const absolute = path.resolve(folder, written);
  const stats = statSync(absolute, { throwIfNoEntry: false });
  const others = (files: readonly string[]): NamedFile[] =>
    files.toSorted(compareText).map((each) => ({ absolute: each, isItself: !/\.json$/i.test(each) }));
  if (stats?.isFile()) return [{ absolute, isItself: true }];
  if (stats?.isDirectory())
    return others(
      walk(absolute)
        .map((each) => each.absolute)
        .filter(mayHoldScenarios),
    );
  if (!isDynamicPattern(written)) return [];
  const found = await glob(written, { cwd: folder, absolute: true, ignore: '**/node_modules/**' });
  return others(found.map((each) => path.normalize(each)));
}

/** Larger ones are no files of scenarios. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Whether it is one is found out when it is parsed; this is to leave alone what cannot be. */
const LOOKS_LIKE_ONE = /"(?:canned-requests|test-setup|request-parameters)"|"scenarios"\s*:\s*\[[^]*"method"/;

function textOf(absolute: string): string | Error {
  try {
    const stats = statSync(absolute);
    if (!stats.isFile()) return new Error('it is no file');
    if (stats.size > MOST_BYTES) return new Error(`it is larger than ${MOST_BYTES} bytes`);
    return readText(absolute);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
