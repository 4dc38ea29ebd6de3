import { MATCHES, type Match } from '../model/config.ts';
import { didYouMean, UsageError } from '../model/usage.ts';
import type { FlagValues } from './flags.ts';

/** What a test runner may say of who is asked, and how; what it leaves out is as environment and config say. */
export interface ProjectOptions {
  /** The config file; none other is looked for. */
  readonly config?: string;
  /** `mock`, a URL, a name of `targets`, or a recording. */
  readonly target?: string;
  readonly baseUrl?: string;
  /** Only this one of the accounts of the target. */
  readonly account?: string;
  readonly allowWrites?: boolean;
  readonly allowPullRequestTarget?: boolean;
  readonly forbidBlocked?: boolean;
  readonly match?: Match;
  /** Milliseconds for one answer. */
  readonly timeout?: number;
}

/** The same, and what is documented at all; each is the flag of its name. */
export interface SuiteOptions extends ProjectOptions {
  /** Compile these docs; without them the fixtures are read. */
  readonly docs?: string | readonly string[];
  readonly fixtures?: string;
  /** Pages (`page.md`, `page.md:42`); all where nothing is said. */
  readonly pages?: string | readonly string[];
  /** What paths count from, and where `.docwright` lies; the working directory where nothing is said. */
  readonly cwd?: string;
}

/** What an option may be. */
export interface Kind {
  readonly expected: string;
  fits(value: unknown): boolean;
}

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';

export const TEXT: Kind = { expected: 'a text', fits: isText };
export const TEXTS: Kind = {
  expected: 'a text or a list of texts',
  fits: (value) => isText(value) || (Array.isArray(value) && value.every(isText)),
};
const SWITCH: Kind = { expected: 'true or false', fits: (value) => typeof value === 'boolean' };
const TIME: Kind = {
  expected: 'a whole number of milliseconds, 1 or more',
  fits: (value) => Number.isInteger(value) && (value as number) >= 1,
};

/** One of some words. */
export function oneOf(...words: readonly string[]): Kind {
  const expected = words.map((word) => `\`${word}\``).join(' or ');
  return { expected, fits: (value) => words.some((word) => word === value) };
}

const PROJECT: { readonly [Name in keyof ProjectOptions]-?: Kind } = {
  config: TEXT,
  target: TEXT,
  baseUrl: TEXT,
  account: TEXT,
  allowWrites: SWITCH,
  allowPullRequestTarget: SWITCH,
  forbidBlocked: SWITCH,
  match: oneOf(...MATCHES),
  timeout: TIME,
};

/** The options of a suite, by what each may be. */
export const SUITE: { readonly [Name in keyof SuiteOptions]-?: Kind } = {
  ...PROJECT,
  docs: TEXTS,
  fixtures: TEXT,
  pages: TEXTS,
  cwd: TEXT,
};

/** Refuses options that nobody knows, and values that none of them takes; `of` is who takes them, for the message. */
export function checkOptions(options: unknown, kinds: Readonly<Record<string, Kind>>, of: string): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new UsageError(`Unexpected value \`${shown(options)}\` of ${of}, expected an object of options`);
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(kinds, name))
      throw new UsageError(`Unknown option \`${name}\` of ${of}${didYouMean(name, Object.keys(kinds))}`);
    const { expected, fits } = kinds[name]!;
    if (value === undefined || fits(value)) continue;
    throw new UsageError(`Unexpected value \`${shown(value)}\` of option \`${name}\` of ${of}, expected ${expected}`);
  }
}

/** The same of what a project says: who is asked, and how. What the tests are is known before any project is. */
export function checkProject(options: unknown): void {
  const of = '`use.docwright`';
  for (const name of Object.keys(options ?? {}))
    if (Object.hasOwn(SUITE, name) && !Object.hasOwn(PROJECT, name))
      throw new UsageError(
        `Option \`${name}\` is none of ${of}: which tests there are is said in the spec file, \`documented({ ${name} })\``,
      );
  checkOptions(options, PROJECT, of);
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 80);
}

/** As flags. */
export function flagsOf(options: SuiteOptions): FlagValues {
  const { docs, baseUrl, allowWrites, allowPullRequestTarget, forbidBlocked, ...rest } = options;
  const { config, fixtures, target, account, match, timeout } = rest;
  const said = {
    docs: docs === undefined ? undefined : [docs].flat(),
    config,
    fixtures,
    target,
    account,
    match,
    timeout,
    'base-url': baseUrl,
    'allow-writes': allowWrites,
    'allow-pull-request-target': allowPullRequestTarget,
    'forbid-blocked': forbidBlocked,
  };
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as FlagValues;
}
