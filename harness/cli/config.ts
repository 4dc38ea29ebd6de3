import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { findUpwards, kindOf, readText } from '../files/read.ts';
import { fileName } from '../files/names.ts';
import type { Config } from '../model/config.ts';
import { readJson } from '../model/json.ts';
import { pointAt } from '../model/place.ts';
import { validator, type SchemaFault } from '../model/schemas.ts';
import { didYouMean, UsageError } from '../model/usage.ts';

/** A config and the folder its paths count from. */
export interface LoadedConfig {
  readonly config: Config;
  readonly folder: string;
}

/** Names a config file may have; in one folder the first goes before the others. */
export const CONFIG_NAMES = ['ts', 'mts', 'mjs', 'js', 'json'].map((ending) => `docwright.config.${ending}`);

/** Reads the config: the file named, else the nearest one up to the root of the git repository, else an empty one. */
export async function loadConfig(named: string | undefined, cwd: string): Promise<LoadedConfig> {
  const file = named === undefined ? await findUpwards(cwd, CONFIG_NAMES) : path.resolve(cwd, named);
  if (file === undefined) return { config: {}, folder: cwd };
  if (kindOf(file) !== 'file') throw new UsageError(`No config file \`${named ?? fileName(file, cwd)}\``);
  const shown = fileName(file, cwd);
  const text = /\.json$/i.test(file) ? readText(file) : undefined;
  const value = text === undefined ? await imported(file, shown) : fromJson(text, shown);
  const faults = (await validator('config'))(value);
  if (faults.length > 0) throw new UsageError(messages(faults, shown, text).join('\n'));
  return { config: value as Config, folder: path.dirname(file) };
}

async function imported(file: string, shown: string): Promise<unknown> {
  try {
    const value = /\.[mc]?ts$/i.test(file) ? await fromTypeScript(file) : await import(pathToFileURL(file).href);
    // A CommonJS file gives its exports as default, and its own default inside them.
    const config: unknown = (value as { default?: unknown }).default;
    const inner = (config as { default?: unknown; __esModule?: boolean } | undefined)?.__esModule;
    if (config !== undefined) return inner ? (config as { default?: unknown }).default : config;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`Cannot load the config \`${shown}\`: ${reason}`, { cause });
  }
  throw new UsageError(`\`${shown}\` has no default export, expected the config`);
}

async function fromTypeScript(file: string): Promise<unknown> {
  const { createJiti } = await import('jiti');
  // Nothing is cached on disk: a run leaves no files but those it names.
  return createJiti(import.meta.url, { fsCache: false, interopDefault: false }).import(file);
}

function fromJson(text: string, shown: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { error, leniencies } = readJson(text, { elisions: false });
    const place = at(text, error?.offset ?? leniencies[0]?.start ?? 0);
    throw new UsageError(`${shown}:${place}: ${error?.message ?? 'Not strict JSON'}`, { cause });
  }
}

/** One line per fault. The schema's own words for what follows from another fault are left out. */
function messages(faults: readonly SchemaFault[], shown: string, text: string | undefined): string[] {
  return faults.slice(0, 10).map(({ pointer, reason, unknown }) => {
    const span = text === undefined ? undefined : readJson(text, { elisions: false }).locate(pointer);
    const place = span && text !== undefined ? `${shown}:${at(text, (span.key ?? span.value).start)}` : shown;
    if (unknown) return `${place}: Unknown key \`${unknown.key}\`${didYouMean(unknown.key, unknown.known)}`;
    const key = pointer.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');
    return `${place}: ${key === '' ? 'The config' : `\`${key}\``} ${reason}`;
  });
}

function at(text: string, offset: number): string {
  const { line, column } = pointAt(text, offset);
  return `${line}:${column}`;
}
