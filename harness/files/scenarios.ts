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

/** Every file of scenarios below these folders, absolute, and those that are named; each is read once, in the order of their names. */
export async function readScenarioFiles(
  folders: readonly string[],
  named: readonly string[],
  cwd: string,
): Promise<ScenarioSource[]> {
  const found = new Map<string, boolean>();
  for (const folder of folders) {
    for (const { absolute, failure } of await walk(folder))
      if (failure === undefined && mayHoldScenarios(absolute)) found.set(absolute, false);
  }
  for (const file of named) found.set(file, true);
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
export async function filesNamed(written: string, folder: string): Promise<readonly string[]> {
  const { glob, isDynamicPattern } = await import('tinyglobby');
  const absolute = path.resolve(folder, written);
  const stats = statSync(absolute, { throwIfNoEntry: false });
  if (stats?.isFile()) return [absolute];
  if (stats?.isDirectory())
    return (await walk(absolute))
      .map((each) => each.absolute)
      .filter(mayHoldScenarios)
      .sort(compareText);
  if (!isDynamicPattern(written)) return [];
  const found = await glob(written, { cwd: folder, absolute: true, ignore: '**/node_modules/**' });
  return found.map((each) => path.normalize(each)).sort(compareText);
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
