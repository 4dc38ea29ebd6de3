import path from 'node:path';
import { fileName } from '../files/names.ts';
import { SUPPRESSIONS_NAME } from '../files/suppressions.ts';
import {
  MATCHES,
  type Config,
  type ExchangeMatchers,
  type LinkOptions,
  type Match,
  type NamedTarget,
  type Values,
} from '../model/config.ts';
import type { PageOutlines } from '../model/outline.ts';
import type { Shard } from '../model/report.ts';
import type { Levels, Override } from '../model/severities.ts';
import { readShard } from '../model/shard.ts';
import type { TableConfig } from '../model/tables.ts';
import { didYouMean, UsageError } from '../model/usage.ts';
import type { Arguments } from './arguments.ts';
import type { LoadedConfig } from './config.ts';
import { configKey, environmentName, flagNames, flagOf, type FlagName, type FlagValues } from './flags.ts';
import { checkedRules, checkedWords } from './rule-words.ts';
import { checkedTargets, checkedValues } from './sources.ts';
import { readEnvironment } from './values.ts';

/** The parts of what `print` shows, each with a flag of its name. */
export const SHOWN = ['files', 'exchanges', 'resources'] as const;

export type Shown = (typeof SHOWN)[number];

/** The environment, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything a command is told, from flags, environment, config and defaults, in this order. */
export interface Settings {
  readonly docs: readonly string[];
  /** Were the docs named by flag or environment? Then `replay` compiles them. */
  readonly docsNamed: boolean;
  /** The config that was read, absolute. */
  readonly config?: string;
  /** Folders, absolute. */
  readonly fixtures: string;
  readonly reports: string;
  /** As written; undefined: those that suit the command. */
  readonly reporter?: readonly string[];
  /** What the paths of reporters count from. */
  readonly reporterFolder: string;
  readonly grep?: RegExp;
  readonly workers: number;
  readonly target: string;
  /** Was the target named at all? */
  readonly targetNamed: boolean;
  /** The one account of the target that may be used. */
  readonly account?: string;
  readonly baseUrl?: string;
  readonly allowWrites: boolean;
  readonly allowPullRequestTarget: boolean;
  readonly forbidBlocked: boolean;
  readonly match: Match;
  readonly maxFailures?: number;
  readonly retries: number;
  readonly lastFailed: boolean;
  /** The part of the exchanges that is asked for, where the run is parted. */
  readonly shard?: Pick<Shard, 'index' | 'total'>;
  /** Where what is sent and answered is written down, absolute. */
  readonly har?: string;
  /** A report with durations, or its folder, absolute. */
  readonly durations?: string;
  readonly resume: boolean;
  /** Milliseconds. */
  readonly timeout: number;
  /** Was the timeout named by flag or environment? Then it beats that of a target. */
  readonly timeoutNamed: boolean;
  /** Milliseconds for all sending. */
  readonly runTimeout?: number;
  readonly runTimeoutNamed: boolean;
  readonly maxWarnings?: number;
  readonly passWithNoTests: boolean;
  readonly check: boolean;
  /** Are pages mended, or is it only shown what that would do? */
  readonly fix?: 'write' | 'show';
  /** A report, or its folder, absolute. */
  readonly baseline?: string;
  readonly history: boolean;
  readonly serve: boolean;
  readonly markdown: boolean;
  readonly host: string;
  readonly port: number;
  /** What `print` is to show; none: everything, briefly. */
  readonly show: readonly Shown[];
  readonly json: boolean;
  readonly annotate: boolean;
  readonly write: boolean;
  readonly color?: boolean;
  readonly cache: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Files of scenarios, each with the folder its path counts from; and what the config says itself, by its index there. */
  readonly scenarios: {
    readonly files: readonly { readonly written: string; readonly folder: string }[];
    readonly own: readonly { readonly index: number; readonly value: unknown }[];
  };
  /** Tags of the scenarios and exchanges that are asked for. */
  readonly tag: readonly string[];
  /** Where API Doctor's config lies, for `init`; empty for here. */
  readonly fromApiDoctor?: string;
  /** Tags whose blocks are read. */
  readonly tags: readonly string[];
  /** Headings that pages are to have, by page type. */
  readonly outline?: PageOutlines;
  /** How tables are known. */
  readonly tables?: TableConfig;
  /** Keys that the front matter of every page is to have. */
  readonly requiredFrontMatter: readonly string[];
  readonly values: Values;
  /** Do values flow between documented exchanges? */
  readonly links: boolean | LinkOptions;
  readonly targets: Readonly<Record<string, NamedTarget>>;
  /** Why accounts of API Doctor are no targets, by their names. */
  readonly unusable?: Readonly<Record<string, string>>;
  readonly matchers: readonly ExchangeMatchers[];
  /** How grave breaches are, and on which files; globs count from `rulesFolder`. */
  readonly rules: Levels;
  readonly overrides: readonly Override[];
  readonly rulesFolder: string;
  /** The file of findings that do not count, absolute. */
  readonly suppressions: string;
  /** Was it named for this run? Then it is to be there. */
  readonly suppressionsNamed: boolean;
  /** Rules whose findings are to be written there; `*` for all. */
  readonly suppress: readonly string[];
  readonly prune: boolean;
  /** Since when what changed counts: a ref, or empty for the merge base with the default branch; nothing where all counts. */
  readonly onlyChanged?: string;
  readonly watch: boolean;
}

/** What the environment says of the flags. An empty variable says nothing. */
export function environmentValues(environment: Environment): FlagValues {
  const entries = flagNames.flatMap((name) => {
    const variable = environmentName(name);
    const text = environment[variable];
    const said = text !== undefined && text.trim() !== '' && name !== 'help' && name !== 'version';
    return said ? [[name, readEnvironment(name, text, variable)]] : [];
  });
  return Object.fromEntries(entries) as FlagValues;
}

/** Joins what was said of every flag; paths of the config count from its file, all others from the working directory. */
export function settingsOf(
  { flags }: Arguments,
  environment: FlagValues,
  { config, folder, file, outline, tables, matchers = [], accounts }: LoadedConfig,
  cwd: string,
): Settings {
  const said = { ...environment, ...flags };
  const values: FlagValues = { ...initialValues(), ...configValues(config), ...said };
  const optional = <Key extends string, Value>(key: Key, value: Value | undefined) =>
    (value === undefined ? {} : { [key]: value }) as { [K in Key]?: Value };
  const from = (name: FlagName) =>
    said[name] === undefined && configValues(config)[name] !== undefined ? folder : cwd;
  const docs = values.docs!.map((root) => (from('docs') === cwd ? root : path.resolve(folder, root)));
  if (docs.length === 0) throw new UsageError('No docs: name a folder with --docs');
  if (values.durations !== undefined && values.shard === undefined)
    throw new UsageError('--durations says how shards are cut; name one with --shard 1/3');
  const suppressing = (['suppress-all', 'suppress-rule', 'prune-suppressions'] as const).find((name) => values[name]);
  if (values['fix-dry-run'] && suppressing !== undefined)
    throw new UsageError(`--fix-dry-run writes nothing, and --${suppressing} does; give one after the other`);
  return {
    docs,
    docsNamed: said.docs !== undefined,
    ...optional('config', file),
    fixtures: path.resolve(from('fixtures'), values.fixtures!),
    reports: path.resolve(from('reports'), values.reports!),
    ...optional('reporter', values.reporter),
    reporterFolder: from('reporter'),
    ...optional('grep', values.grep === undefined ? undefined : expression(values.grep)),
    workers: values.workers!,
    target: isRecording(values.target!) ? fileName(path.resolve(from('target'), values.target!), cwd) : values.target!,
    targetNamed: said.target !== undefined || config.target !== undefined,
    ...optional('account', values.account),
    ...optional('baseUrl', values['base-url']),
    allowWrites: values['allow-writes'] ?? false,
    allowPullRequestTarget: said['allow-pull-request-target'] ?? false,
    forbidBlocked: values['forbid-blocked'] ?? false,
    match: matchOf(values.match!),
    ...optional('maxFailures', values['max-failures']),
    retries: values.retries ?? 0,
    lastFailed: values['last-failed'] ?? false,
    ...optional('shard', values.shard === undefined ? undefined : readShard(values.shard, '--shard')),
    ...optional('har', values.har && path.resolve(cwd, values.har)),
    ...optional('durations', values.durations && path.resolve(cwd, values.durations)),
    resume: values.resume ?? false,
    timeout: values.timeout!,
    timeoutNamed: said.timeout !== undefined,
    ...optional('runTimeout', values['run-timeout']),
    runTimeoutNamed: said['run-timeout'] !== undefined,
    ...optional('maxWarnings', values['max-warnings']),
    // A change that touches no page is no fault.
    passWithNoTests: (values['pass-with-no-tests'] ?? false) || values['only-changed'] !== undefined,
    check: values.check ?? false,
    ...optional('fix', values['fix-dry-run'] ? ('show' as const) : values.fix ? ('write' as const) : undefined),
    ...optional('baseline', values.baseline && path.resolve(from('baseline'), values.baseline)),
    history: values.history ?? false,
    // Who names a port wants to be served.
    serve: (values.serve ?? false) || flags.port !== undefined,
    markdown: values.markdown ?? false,
    host: values.host!,
    port: values.port!,
    show: SHOWN.filter((name) => values[name]),
    json: values.json ?? false,
    annotate: values.annotate ?? false,
    write: values.write ?? false,
    ...optional('color', values.color),
    cache: values.cache ?? true,
    quiet: values.quiet ?? false,
    verbose: values.verbose ?? false,
    scenarios: scenariosOf(config, folder, values.scenarios ?? [], cwd),
    tag: values.tag ?? [],
    ...optional('fromApiDoctor', values['from-apidoctor']),
    tags: values.tags ?? [],
    ...optional('outline', outline),
    ...optional('tables', tables),
    requiredFrontMatter: config.requiredFrontMatter ?? [],
    values: checkedValues(config.values ?? {}, 'values'),
    links: said.links === false ? false : (config.links ?? true),
    targets: checkedTargets({ ...accounts?.targets, ...config.targets }),
    ...optional('unusable', accounts?.unusable),
    matchers,
    rules: checkedRules(config.rules ?? {}, 'rules'),
    overrides: (config.overrides ?? []).map((override, at) => {
      checkedRules(override.rules, `overrides[${at}].rules`);
      return override;
    }),
    rulesFolder: folder,
    suppressions:
      values.suppressions === undefined
        ? path.resolve(folder, SUPPRESSIONS_NAME)
        : path.resolve(from('suppressions'), values.suppressions),
    suppressionsNamed: said.suppressions !== undefined,
    suppress: values['suppress-all'] ? ['*'] : checkedWords(values['suppress-rule'] ?? [], '--suppress-rule'),
    prune: values['prune-suppressions'] ?? false,
    ...optional('onlyChanged', values['only-changed']),
    watch: values.watch ?? false,
  };
}

/** Does the name of a target say that it is a recording? */
export function isRecording(target: string): boolean {
  return /\.har$/i.test(target) && !/^[a-z][a-z0-9+.-]*:\/\//i.test(target);
}

function scenariosOf(
  { scenarios = [] }: Config,
  folder: string,
  flags: readonly string[],
  cwd: string,
): Settings['scenarios'] {
  const said = [scenarios].flat() as readonly unknown[];
  return {
    files: [
      ...said.flatMap((each) => (typeof each === 'string' ? [{ written: each, folder }] : [])),
      ...flags.map((written) => ({ written, folder: cwd })),
    ],
    own: said.flatMap((value, index) => (typeof value === 'string' ? [] : [{ index, value }])),
  };
}

function initialValues(): FlagValues {
  const entries = flagNames.flatMap((name) => {
    const flag = flagOf(name);
    if (flag.kind === 'switch' || flag.initial === undefined) return [];
    return [[name, flag.kind === 'list' ? [flag.initial] : flag.initial]];
  });
  return Object.fromEntries(entries) as FlagValues;
}

function configValues(config: Config): FlagValues {
  const entries = flagNames.flatMap((name) => {
    const key = configKey(name) as keyof Config;
    if (!flagOf(name).config || !Object.hasOwn(config, key)) return [];
    const value = config[key];
    if (name === 'reporter' || name === 'tags')
      return [[name, [value].flat().flatMap((text) => String(text).split(','))]];
    return [[name, flagOf(name).kind === 'list' ? [value].flat() : value]];
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as FlagValues;
}

function expression(source: string): RegExp {
  try {
    return new RegExp(source, 'i');
  } catch (cause) {
    throw new UsageError(`\`${source}\` of --grep is no regular expression: ${(cause as Error).message}`, { cause });
  }
}

function matchOf(word: string): Match {
  const match = MATCHES.find((each) => each === word);
  if (match === undefined)
    throw new UsageError(`\`${word}\` is no way to match${didYouMean(word, MATCHES)}: ${MATCHES.join(', ')}`);
  return match;
}
