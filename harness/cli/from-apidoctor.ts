import path from 'node:path';
import { fileName } from '../files/names.ts';
import { kindOf, readText } from '../files/read.ts';
import { walk } from '../files/walk.ts';
import { writeWithin } from '../files/write.ts';
import type { NamedTarget } from '../model/config.ts';
import { compareText } from '../model/finding.ts';
import { readJson } from '../model/json.ts';
import { readOutlines } from '../model/outline.ts';
import { readTableConfig } from '../model/tables.ts';
import { UsageError } from '../model/usage.ts';
import { say, type Job } from './job.ts';

/** Keys of a new config that come of API Doctor's. */
export interface TurnedConfig {
  readonly tables?: string;
  readonly outline?: string;
  readonly requiredFrontMatter?: readonly string[];
  readonly scenarios?: readonly string[];
  readonly targets?: Readonly<Record<string, NamedTarget>>;
}

/**
 * Turns what API Doctor is told below a folder: scenarios into files beside theirs, accounts into targets, tables and outlines by name.
 * What cannot be turned is said, each where it stands.
 */
export async function fromApiDoctorFolder(job: Job, folder: string): Promise<TurnedConfig> {
  const { cwd } = job;
  const root = path.resolve(cwd, folder === '' ? '.' : folder);
  if (kindOf(root) !== 'folder') throw new UsageError(`No folder \`${folder}\``);
  const turned: { -readonly [Key in keyof TurnedConfig]: TurnedConfig[Key] } = {};
  const files = walk(root)
    .filter(({ absolute }) => /\.json$/i.test(absolute))
    .map(({ absolute }) => absolute);
  for (const absolute of files.sort(compareText)) {
    const text = textOf(absolute);
    if (text === undefined || !ANY_KEY.test(text)) continue;
    await turnFile(job, absolute, text, turned);
  }
  if (Object.keys(turned).length === 0) say(job, `Nothing of API Doctor in ${fileName(root, cwd) || '.'}`);
  return turned;
}

async function turnFile(
  job: Job,
  absolute: string,
  text: string,
  turned: { -readonly [Key in keyof TurnedConfig]: TurnedConfig[Key] },
): Promise<void> {
  const { cwd } = job;
  const file = fileName(absolute, cwd);
  const { value, error } = readJson(text, { elisions: false });
  if (error !== undefined || typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const own = value as Readonly<Record<string, unknown>>;
  const turning = await import('../compile/scenarios/turn.ts');
  const leave = async (line: number, column: number, reason: string): Promise<void> =>
    say(job, `${file}:${line}:${column}  not turned: ${reason}`);
  if (turning.isApiDoctor(own)) {
    const { yaml, scenarios, left } = await turning.turnedScenarios(file, text);
    const name = `${file.replace(/\.json$/i, '')}.scenarios.yaml`;
    if (kindOf(path.resolve(cwd, name)) !== 'nothing')
      throw new UsageError(`\`${name}\` is there already and stays as it is`);
    if (yaml !== undefined) {
      await writeWithin(cwd, name, yaml);
      say(job, `Written: ${name} (${scenarios} ${scenarios === 1 ? 'scenario' : 'scenarios'})`);
      turned.scenarios = [...(turned.scenarios ?? []), name];
    }
    for (const { line, column, reason } of left) await leave(line, column, reason);
  }
  if (turning.hasAccounts(own)) {
    const { targets, left } = turning.accountTargets(own, { keepSecrets: false });
    turned.targets = { ...targets, ...turned.targets };
    for (const { line, column, reason } of await turning.placesIn(file, text, left)) await leave(line, column, reason);
  }
  if ('tableDefinitions' in own && turned.tables === undefined && readTableConfig(own).faults.length === 0)
    turned.tables = file;
  const outline = readOutlines(own);
  if (PAGE_TYPES.some((type) => type in own) && turned.outline === undefined && outline.faults.length === 0)
    turned.outline = file;
  const schema = own.schemaConfig;
  if (typeof schema === 'object' && schema !== null) {
    const { requiredYamlHeaders } = schema as { readonly requiredYamlHeaders?: unknown };
    if (Array.isArray(requiredYamlHeaders))
      turned.requiredFrontMatter = requiredYamlHeaders.filter((each): each is string => typeof each === 'string');
  }
  const pointers = [
    ...Object.keys(schema ?? {}).map((key) => ({ key: `schemaConfig.${key}`, pointer: `/schemaConfig/${key}` })),
    ...Object.keys(own).map((key) => ({ key, pointer: `/${key}` })),
  ].filter(({ key }) => Object.hasOwn(NOT_OURS, key));
  const left = pointers.map(({ key, pointer }) => ({ pointer, reason: `\`${key}\`: ${NOT_OURS[key]}` }));
  for (const { line, column, reason } of await turning.placesIn(file, text, left)) await leave(line, column, reason);
}

const PAGE_TYPES = ['apiPageType', 'resourcePageType', 'conceptualPageType', 'enumPageType'];

/** What we have no word for, and what to do instead. */
const NOT_OURS: Readonly<Record<string, string>> = {
  'api-requirements':
    'what is not as HTTP has it is found anyway; `rules` and `overrides` of the config say how grave it is',
  'schemaConfig.defaultNamespace': 'types are found by their names as the docs write them',
  'schemaConfig.baseUrls': 'every documented host is rewritten to the target',
  'schemaConfig.supportedTags': '`tags` of the config names those that are to be read',
  'schemaConfig.foldersToSkip': '`docs` takes globs, and `overrides` switches rules off by glob',
  'schemaConfig.filesToSkip': '`docs` takes globs, and `overrides` switches rules off by glob',
  'schemaConfig.treatErrorsAsWarningsWorkloads': '`overrides` says how grave a rule is, by glob',
  'schemaConfig.textToRemoveFromPropertyNames': 'names in tables are read as they are',
  pathsToIgnore: '`overrides` with `link/*` switches links off by glob of pages',
  'metadata-validation-configs': 'there is no check against CSDL',
  publishSchemaChanges: 'there is no publishing',
  schemaDiffConfig: 'there is no publishing',
  checkServiceEnabledBranches: 'on which branches a run is made is said where it is started, in CI',
};

/** Only files that hold one of these words are parsed. */
const ANY_KEY =
  /"(?:scenarios|canned-requests|accounts|tableDefinitions|schemaConfig|api-requirements|pathsToIgnore|metadata-validation-configs|publishSchemaChanges|schemaDiffConfig|checkServiceEnabledBranches|\w+PageType)"/;

function textOf(absolute: string): string | undefined {
  try {
    return kindOf(absolute) === 'file' ? readText(absolute) : undefined;
  } catch {
    return undefined;
  }
}
