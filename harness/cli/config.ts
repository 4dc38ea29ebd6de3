import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { importModule } from '../files/import.ts';
import { findUpwards, kindOf, readText } from '../files/read.ts';
import { fileName } from '../files/names.ts';
import type { Config, ExchangeMatchers, NamedTarget } from '../model/config.ts';
import { readJson } from '../model/json.ts';
import { readOutlines, type PageOutlines } from '../model/outline.ts';
import { pointAt } from '../model/place.ts';
import { validator, type SchemaFault } from '../model/schemas.ts';
import { readTableConfig, type TableConfig } from '../model/tables.ts';
import { didYouMean, UsageError } from '../model/usage.ts';
import { readMatchers } from './matchers.ts';

/** A config and the folder its paths count from. */
export interface LoadedConfig {
  readonly config: Config;
  readonly folder: string;
  /** The file itself, absolute; absent where there is none. */
  readonly file?: string;
  /** Its outline, from its own file where that is named. */
  readonly outline?: PageOutlines;
  /** How tables are known, from its own file where that is named. */
  readonly tables?: TableConfig;
  readonly matchers?: readonly ExchangeMatchers[];
  /** Targets of the account files that it names. */
  readonly accounts?: AccountTargets;
}

/** Targets by the names of accounts, and why others are none. */
export interface AccountTargets {
  readonly targets: Readonly<Record<string, NamedTarget>>;
  readonly unusable: Readonly<Record<string, string>>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Names a config file may have; in one folder the first goes before the others. */
export const CONFIG_NAMES = ['ts', 'mts', 'mjs', 'js', 'json'].map((ending) => `docwright.config.${ending}`);

/**
 * Reads the config, and what it names, with the environment where that is needed at once: the file named, else the nearest one up to the
 * root of the git repository, else an empty one. A process that `runsTypeScript` by itself, as those of test runners do, does so with this
 * file, too.
 */
export async function loadConfig(
  named: string | undefined,
  cwd: string,
  environment: Environment = {},
  runsTypeScript = false,
): Promise<LoadedConfig> {
  const file = named === undefined ? findUpwards(cwd, CONFIG_NAMES) : path.resolve(cwd, named);
  if (file === undefined) return { config: {}, folder: cwd };
  if (kindOf(file) !== 'file') throw new UsageError(`No config file \`${named ?? fileName(file, cwd)}\``);
  const shown = fileName(file, cwd);
  const text = /\.json$/i.test(file) ? readText(file) : undefined;
  const value = text === undefined ? await imported(file, shown, runsTypeScript) : fromJson(text, shown);
  const { matchers, faults: wrong } = readMatchers(value);
  if (wrong.length > 0) throw new UsageError(messages(wrong, shown, text).join('\n'));
  const faults = validator('config')(withMatchers(value, matchers));
  if (faults.length > 0) throw new UsageError(messages(faults, shown, text).join('\n'));
  const config = value as Config;
  const folder = path.dirname(file);
  const outline = config.outline === undefined ? undefined : readOutline(config.outline, folder, cwd, shown);
  const tables = config.tables === undefined ? undefined : readTables(config.tables, folder, cwd, shown);
  const optional = {
    ...(outline === undefined ? {} : { outline }),
    ...(tables === undefined ? {} : { tables }),
    ...(matchers.length === 0 ? {} : { matchers }),
    ...(config.accounts === undefined
      ? {}
      : { accounts: await readAccounts([config.accounts].flat(), folder, cwd, environment) }),
  };
  return { config, folder, file, ...optional };
}

/** The same with matchers as the schema has them: a pattern of a program as a string, a word as what it stands for. */
function withMatchers(value: unknown, matchers: readonly ExchangeMatchers[]): unknown {
  if (matchers.length === 0) return value;
  const written = (value as Config).matchers!;
  const read = matchers.map(({ exchanges, matchers: each }) => {
    const isObject = typeof written[exchanges] === 'object' && !Array.isArray(written[exchanges]);
    return [exchanges, isObject ? each : written[exchanges]] as const;
  });
  return { ...(value as Config), matchers: Object.fromEntries(read) };
}

/** An outline written in the config, or the file it names; API Doctor lets comments and trailing commas pass. */
function readOutline(said: NonNullable<Config['outline']>, folder: string, cwd: string, config: string): PageOutlines {
  const file = typeof said === 'string' ? path.resolve(folder, said) : undefined;
  if (file !== undefined && kindOf(file) !== 'file') throw new UsageError(`No outline file \`${fileName(file, cwd)}\``);
  const text = file === undefined ? undefined : readText(file);
  const shown = file === undefined ? config : fileName(file, cwd);
  const json = text === undefined ? undefined : readJson(text, { elisions: false });
  if (json?.error) throw new UsageError(`${shown}:${at(text!, json.error.offset)}: ${json.error.message}`);
  const { outlines, faults } = readOutlines(json === undefined ? said : json.value);
  if (faults.length === 0) return outlines;
  const lines = faults.slice(0, 10).map(({ pointer, reason }) => {
    const span = json?.locate(pointer);
    const place = span && text !== undefined ? `:${at(text, (span.key ?? span.value).start)}` : '';
    return `${shown}${place}: ${pointer === '' ? 'The outline' : `\`${pointer}\` of the outline`} ${reason}`;
  });
  throw new UsageError(lines.join('\n'));
}

/** The table definitions of the config, or of the file it names, as API Doctor writes it. */
function readTables(said: NonNullable<Config['tables']>, folder: string, cwd: string, config: string): TableConfig {
  const file = typeof said === 'string' ? path.resolve(folder, said) : undefined;
  if (file !== undefined && kindOf(file) !== 'file') throw new UsageError(`No tables file \`${fileName(file, cwd)}\``);
  const text = file === undefined ? undefined : readText(file);
  const shown = file === undefined ? config : fileName(file, cwd);
  const json = text === undefined ? undefined : readJson(text, { elisions: false });
  if (json?.error) throw new UsageError(`${shown}:${at(text!, json.error.offset)}: ${json.error.message}`);
  const { tables, faults } = readTableConfig(json === undefined ? said : json.value);
  if (tables !== undefined && faults.length === 0) return tables;
  const lines = faults.slice(0, 10).map(({ pointer, reason }) => {
    const span = json?.locate(pointer);
    const place = span && text !== undefined ? `:${at(text, (span.key ?? span.value).start)}` : '';
    return `${shown}${place}: ${pointer === '' ? 'The table config' : `\`${pointer}\` of the table config`} ${reason}`;
  });
  throw new UsageError(lines.join('\n'));
}

/** The targets of account files as API Doctor writes them; of accounts of one name the first counts. */
async function readAccounts(
  files: readonly string[],
  folder: string,
  cwd: string,
  environment: Environment,
): Promise<AccountTargets> {
  const { accountTargets } = await import('../compile/scenarios/accounts.ts');
  const found = files.map((each) => {
    const file = path.resolve(folder, each);
    const shown = fileName(file, cwd);
    if (kindOf(file) !== 'file') throw new UsageError(`No accounts file \`${shown}\``);
    const text = readText(file);
    const { error, value } = readJson(text, { elisions: false });
    if (error) throw new UsageError(`${shown}:${at(text, error.offset)}: ${error.message}`);
    const { targets, left } = accountTargets(value, { environment });
    const reasons = left.flatMap(({ name, reason }) =>
      name === undefined || Object.hasOwn(targets, name) ? [] : [[name, `${shown}: ${reason}`] as const],
    );
    return { targets, reasons };
  });
  return {
    targets: Object.assign({}, ...found.toReversed().map(({ targets }) => targets)) as AccountTargets['targets'],
    unusable: Object.fromEntries(found.flatMap(({ reasons }) => reasons).toReversed()),
  };
}

async function imported(file: string, shown: string, runsTypeScript: boolean): Promise<unknown> {
  try {
    const load = /\.[mc]?ts$/i.test(file) ? (runsTypeScript ? asIsOrTypeScript : fromTypeScript) : asIs;
    const value = await load(file);
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

function asIs(file: string): Promise<unknown> {
  return importModule(pathToFileURL(file).href);
}

/** What does not run there may still run here, and if not, says so in the same words everywhere. */
function asIsOrTypeScript(file: string): Promise<unknown> {
  return asIs(file).catch(() => fromTypeScript(file));
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
