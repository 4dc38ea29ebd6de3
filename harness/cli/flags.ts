/** What a flag takes: nothing, a text, texts, or a whole number from `least` on. */
export type Flag = {
  readonly short?: string;
  readonly summary: string;
  /** The only commands that know it. */
  readonly only?: Where | readonly Where[];
  /** Is its name in camel case a key of the config file, too? */
  readonly config?: true;
} & (
  | { readonly kind: 'switch'; readonly negatable?: true }
  /** A text that may be left out, which is then empty. */
  | { readonly kind: 'option'; readonly value: string; readonly initial?: never }
  | { readonly kind: 'text' | 'list'; readonly value: string; readonly initial?: string }
  | { readonly kind: 'number'; readonly value: string; readonly initial?: number; readonly least: number }
);

/** The commands and what each does; the first is meant where none is named. */
export const commands = {
  run: 'compile, check, replay, compare and report: the main job',
  compile: 'docs to fixtures',
  check: 'docs against themselves, no network',
  replay: 'fixtures against a target',
  plan: 'what a replay would send and where each value comes from, without sending (--json for scripts)',
  cleanup: 'delete what interrupted runs left on a target',
  mock: 'serve the answers the docs promise over HTTP',
  print: 'what was understood of the docs, for people and (--json) for scripts',
  rules: 'what is judged: every rule with its severity (--json for scripts)',
  report:
    'open the HTML report (--serve: over HTTP); `report merge DIR…` joins shards, `report compare A B` tells what changed',
  explain: 'what a rule means, with an example that breaks it and the mended one: explain RULE',
  init: 'write a config for this folder; with --annotate, comments for plain docs; with --from-apidoctor, what API Doctor was told',
} as const;

export type Command = keyof typeof commands;

/** What comes after the name of a command that does several things; the first is meant where nothing does. */
export const subcommands = { report: ['open', 'merge', 'compare'] } as const;

/** A command, or one of the things it does: `report merge`. */
export type Where = Command | `report ${(typeof subcommands)['report'][number]}`;

/** Every flag: this table makes the parser, the help, the names in the environment and the keys of the config file. */
export const flags = {
  docs: {
    kind: 'list',
    value: 'DIR_OR_GLOB…',
    initial: 'docs',
    config: true,
    summary: 'Where the pages are. Takes every word up to the next flag, but no command, and no page behind a folder',
  },
  fixtures: {
    kind: 'text',
    value: 'DIR',
    initial: 'fixtures',
    config: true,
    summary: 'What the docs promise, compiled',
  },
  reports: { kind: 'text', value: 'DIR', initial: 'reports', config: true, summary: 'Where reporters write' },
  reporter: {
    kind: 'list',
    value: 'NAME[=FILE],…',
    config: true,
    summary:
      'list, line, json, ndjson, junit, sarif, github, markdown, codequality, html; =- is standard output. Without it those that suit the command',
  },
  config: { kind: 'text', short: 'c', value: 'FILE', summary: 'The config file; no other is looked for' },
  grep: {
    kind: 'text',
    short: 'g',
    value: 'RE',
    config: true,
    summary: 'Only exchanges whose id, title, method or URL fit',
  },
  workers: {
    kind: 'number',
    short: 'j',
    value: 'N',
    initial: 16,
    least: 1,
    config: true,
    summary: 'Requests in flight at a time',
  },
  target: {
    kind: 'text',
    value: 'mock|URL|NAME|FILE.har',
    initial: 'mock',
    config: true,
    summary: 'What answers: our mock, a URL, a target named in the config, or a recording',
  },
  account: {
    kind: 'text',
    value: 'NAME',
    only: ['run', 'replay', 'plan', 'cleanup'],
    summary: 'Only this one of the accounts of the target',
  },
  'base-url': { kind: 'text', value: 'URL', config: true, summary: 'Overrides the URL of the target' },
  'allow-writes': {
    kind: 'switch',
    config: true,
    summary: 'Send what changes something, to a target whose config says writes: true',
  },
  'allow-pull-request-target': {
    kind: 'switch',
    only: ['run', 'replay', 'cleanup'],
    summary: 'Send to a service even where GitHub runs this for the pull request of a stranger',
  },
  links: {
    kind: 'switch',
    negatable: true,
    summary: 'Ids flow from live answers into later requests, as is the rule',
  },
  'forbid-blocked': { kind: 'switch', config: true, summary: 'An exchange that cannot be sent is an error' },
  match: {
    kind: 'text',
    value: 'shape|exact|schema',
    initial: 'shape',
    config: true,
    summary: 'What is judged: shape and types; exact, every value too; schema, the documented types alone',
  },
  retries: {
    kind: 'number',
    value: 'N',
    least: 0,
    config: true,
    summary: 'Ask what failed up to N times more, where that changes nothing',
  },
  'last-failed': {
    kind: 'switch',
    only: ['run', 'replay', 'plan'],
    summary: 'Only what failed when this target was last asked',
  },
  shard: {
    kind: 'text',
    value: 'I/N',
    only: ['run', 'replay', 'plan'],
    summary:
      'Only this part of the exchanges, the same on every machine; `report merge` joins the reports of all parts',
  },
  durations: {
    kind: 'text',
    value: 'FILE',
    only: ['run', 'replay', 'plan'],
    summary:
      'A report.json of an earlier run, or its folder: shards are cut to take equally long, not to be equally many',
  },
  har: {
    kind: 'text',
    value: 'FILE',
    only: ['run', 'replay'],
    summary: 'Record what is sent and answered, without secrets, as HAR 1.2; --target FILE.har judges it again',
  },
  resume: {
    kind: 'switch',
    only: ['run', 'replay'],
    summary: 'Go on with the run that was killed; what changes something is not sent again',
  },
  'max-failures': {
    kind: 'number',
    value: 'N',
    least: 1,
    config: true,
    summary: 'Stop sending after N failures; -x is 1',
  },
  timeout: {
    kind: 'number',
    value: 'MS',
    initial: 30_000,
    least: 1,
    config: true,
    summary: 'How long an answer may take, in milliseconds',
  },
  'run-timeout': {
    kind: 'number',
    value: 'MS',
    least: 1,
    config: true,
    summary: 'How long all sending may take, in milliseconds',
  },
  'max-warnings': { kind: 'number', value: 'N', least: 0, config: true, summary: 'More warnings make the exit code 1' },
  'pass-with-no-tests': { kind: 'switch', config: true, summary: 'Exit code 0 where nothing is selected' },
  tags: {
    kind: 'list',
    value: 'TAG,…',
    config: true,
    summary: 'Read blocks with one of these tags ([TAGS=a,b] to [END]), too; all others are left out',
  },
  scenarios: {
    kind: 'list',
    value: 'FILE_OR_GLOB',
    only: ['run', 'replay', 'plan'],
    summary: 'Files of scenarios, ours or of API Doctor, beside those that lie in the docs (*.scenarios.yaml)',
  },
  tag: {
    kind: 'list',
    value: 'TAG,…',
    only: ['run', 'replay', 'plan'],
    summary: 'Only scenarios and exchanges with one of these tags',
  },
  fix: {
    kind: 'switch',
    only: ['check', 'run'],
    summary: 'Mend in the pages what can be mended by rote; every other byte stays',
  },
  'fix-dry-run': {
    kind: 'switch',
    only: ['check', 'run'],
    summary: 'Print what --fix would do as a patch on standard output, and change no page',
  },
  'only-changed': {
    kind: 'option',
    value: 'REF',
    only: ['run', 'check', 'replay'],
    summary:
      'Only what changed since REF can have caused; without REF since the branch left the default one. Uncommitted and new files count. Also --since',
  },
  suppressions: {
    kind: 'text',
    value: 'FILE',
    config: true,
    summary: 'Findings that do not count (default: docwright-suppressions.json beside the config)',
  },
  'suppress-all': {
    kind: 'switch',
    only: ['run', 'check', 'replay'],
    summary: 'Write every finding of this run into that file, and say which',
  },
  'suppress-rule': {
    kind: 'list',
    value: 'RULE,…',
    only: ['run', 'check', 'replay'],
    summary: 'The same for findings of these rules alone (link/* is all of an area)',
  },
  'prune-suppressions': {
    kind: 'switch',
    only: ['run', 'check', 'replay'],
    summary: 'Take out of that file what is no longer found',
  },
  watch: { kind: 'switch', only: 'check', summary: 'Check again whenever a page is saved; keys: r, a, n, q' },
  baseline: {
    kind: 'text',
    value: 'FILE',
    only: ['run', 'check', 'replay', 'report merge'],
    config: true,
    summary: 'A report.json of an earlier run, or its folder: reports tell what has appeared and vanished since',
  },
  history: {
    kind: 'switch',
    negatable: true,
    only: ['run', 'check', 'replay', 'report merge'],
    config: true,
    summary: 'Remember how each whole run came out, in .docwright/history.jsonl, and draw it in the HTML report',
  },
  check: { kind: 'switch', only: 'compile', summary: 'Write no fixtures; exit code 1 where they are stale' },
  host: { kind: 'text', value: 'HOST', initial: '127.0.0.1', only: 'mock', summary: 'Where the mock listens' },
  serve: { kind: 'switch', only: 'report open', summary: 'Serve the reports folder on 127.0.0.1' },
  port: {
    kind: 'number',
    value: 'N',
    initial: 0,
    least: 0,
    only: ['mock', 'report open'],
    summary: 'The port to listen on; 0 takes a free one',
  },
  files: { kind: 'switch', only: 'print', summary: 'The pages and what became of their annotations' },
  exchanges: { kind: 'switch', only: 'print', summary: 'The exchanges, request and responses each' },
  resources: { kind: 'switch', only: 'print', summary: 'The resources with their properties' },
  json: {
    kind: 'switch',
    only: ['print', 'rules', 'plan', 'cleanup', 'report compare'],
    summary: 'As JSON, on standard output',
  },
  markdown: { kind: 'switch', only: 'report compare', summary: 'As markdown for a comment, on standard output' },
  annotate: {
    kind: 'switch',
    only: 'init',
    summary: 'A patch, on standard output, that annotates plain docs where that is sure',
  },
  'from-apidoctor': {
    kind: 'option',
    value: 'DIR',
    only: 'init',
    summary:
      'Turn scenarios, accounts and other config of API Doctor below DIR into ours; what cannot be turned is listed',
  },
  write: { kind: 'switch', only: 'init', summary: 'With --annotate: edit the pages themselves' },
  cache: {
    kind: 'switch',
    negatable: true,
    config: true,
    summary: 'Keep what was read of unchanged pages in .docwright/cache, as is the rule',
  },
  color: {
    kind: 'switch',
    negatable: true,
    summary: 'Colours; otherwise as NO_COLOR, FORCE_COLOR and the terminal say',
  },
  quiet: { kind: 'switch', summary: 'Nothing on the terminal but errors and what =- asks for' },
  verbose: { kind: 'switch', summary: 'Notes too, and the stack of an internal error' },
  help: { kind: 'switch', short: 'h', summary: 'This help' },
  version: { kind: 'switch', short: 'V', summary: 'The version' },
} as const satisfies Readonly<Record<string, Flag>>;

export type FlagName = keyof typeof flags;

type ValueOf<F extends Flag> = F['kind'] extends 'switch'
  ? boolean
  : F['kind'] extends 'list'
    ? readonly string[]
    : F['kind'] extends 'number'
      ? number
      : string;

/** What was said of the flags, by name; those nobody spoke of are absent. */
export type FlagValues = { readonly [Name in FlagName]?: ValueOf<(typeof flags)[Name]> };

/** The flag of a name, with the shape all flags share. */
export function flagOf(name: FlagName): Flag {
  return flags[name];
}

/** The commands that know a flag; nothing where all do. */
export function commandsOf({ only }: Flag): readonly Where[] | undefined {
  return only === undefined ? undefined : [only].flat();
}

/** Every name, in the order of the help. */
export const flagNames = Object.keys(flags) as FlagName[];

/** The key of a flag in the config file: `base-url` is `baseUrl`. */
export function configKey(name: FlagName): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** The name of a flag in the environment: `base-url` is `DOCWRIGHT_BASE_URL`. */
export function environmentName(name: FlagName): string {
  return `DOCWRIGHT_${name.toUpperCase().replaceAll('-', '_')}`;
}
