import { Command as Parser, CommanderError, Option } from 'commander';
import { didYouMean, UsageError } from '../model/usage.ts';
import {
  commands,
  commandsOf,
  flagNames,
  flagOf,
  subcommands,
  type Command,
  type FlagName,
  type FlagValues,
  type Where,
} from './flags.ts';
import { isPageWord } from './pages.ts';
import { readValue } from './values.ts';

/** A command line, read. */
export interface Arguments {
  readonly command: Command;
  /** Pages: `page.md` or `page.md:42`; after `rules`, `explain` and `report` whatever stands there. */
  readonly pages: readonly string[];
  readonly flags: FlagValues;
}

/** Reads the words of a command line; what cannot be read is a UsageError that names the nearest right word. */
export function readArguments(words: readonly string[]): Arguments {
  const parser = parserOf();
  try {
    parser.parse(spread(words), { from: 'user' });
  } catch (thrown) {
    throw asUsage(thrown);
  }
  const operands = [...parser.args];
  const command = operands.length > 0 && isCommand(operands[0]!) ? (operands.shift() as Command) : undefined;
  const flags = flagsOf(parser.opts());
  // Whoever asks for help is helped, whatever else stands there.
  if (flags.help || flags.version) return { command: command ?? 'run', pages: [], flags };
  const where = command === 'report' ? reportPart(operands) : (command ?? 'run');
  if (command !== 'rules' && command !== 'explain' && command !== 'report')
    for (const word of operands) refuseUnlessPage(word, command);
  for (const name of flagNames) refuseElsewhere(name, flags, where);
  return { command: command ?? 'run', pages: operands, flags };
}

/** The help text: commands, flags, and what else a newcomer asks. */
export function helpText(): string {
  return parserOf().helpInformation() + EPILOGUE;
}

const EPILOGUE = `
Pages are \`page.md\`, or \`page.md:42\` for the exchange at line 42; without any, all are meant.

Each flag can be said in the environment (--base-url is DOCWRIGHT_BASE_URL) and most in the config file (baseUrl):
docwright.config.{ts,mts,mjs,js,json}, the nearest from here up to the root of the git repository.
Flags beat the environment, that beats the config.

Exit codes: 0 as promised · 1 findings of severity error, too many warnings, or stale under --check ·
2 usage, config, nothing selected, internal error · 130 interrupted · 143 terminated.
`;

function parserOf(): Parser {
  const list = Object.entries(commands).map(([name, does]) => `  ${name.padEnd(8)} ${does}`);
  const parser = new Parser('docwright')
    .usage('[command] [pages…] [flags]')
    .description(
      `Holds an HTTP API to what its markdown documentation promises.\n\nCommands (without one: run):\n${list.join('\n')}`,
    )
    .helpOption(false)
    .argument('[words…]')
    .allowExcessArguments()
    .exitOverride()
    .configureOutput({ writeErr: () => {}, writeOut: () => {} })
    .configureHelp({
      helpWidth: 120,
      visibleArguments: () => [],
      styleTitle: (title) => title.replace('Options', 'Flags'),
    });
  for (const name of flagNames) for (const option of optionsOf(name)) parser.addOption(option);
  return parser.addOption(new Option('-x', 'Stop sending after the first failure'));
}

function optionsOf(name: FlagName): Option[] {
  const flag = flagOf(name);
  const written = `${flag.short ? `-${flag.short}, ` : ''}--${name}`;
  const summary = `${flag.summary}${flag.only ? ` (${commandsOf(flag)!.join(' and ')} only)` : ''}`;
  if (flag.kind === 'switch') {
    return [new Option(written, summary), ...(flag.negatable ? [new Option(`--no-${name}`, 'None of it')] : [])];
  }
  if (flag.kind === 'option') return [new Option(`${written} [${flag.value}]`, summary)];
  const initial = flag.initial === undefined ? '' : ` (default: ${flag.initial})`;
  const option = new Option(`${written} <${flag.value}>`, summary + initial);
  option.argParser((text: string, before: unknown): unknown => {
    const value = readValue(name, text, `\`--${name}\``);
    return Array.isArray(value) && Array.isArray(before) ? [...(before as string[]), ...(value as string[])] : value;
  });
  return [option];
}

/**
 * Writes `--docs a b` as `--docs=a --docs=b`, so that folders named by a shell's glob are all meant, and refuses a flag
 * in the place of a value, which the parser would take for one.
 */
function spread(words: readonly string[]): string[] {
  const result: string[] = [];
  let commandSeen = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!.replace(/^--since(?=$|=)/, '--only-changed');
    if (word === '--') return [...result, ...words.slice(at)];
    const name = flagNames.find((flag) => word === `--${flag}` || word === `-${flagOf(flag).short}`);
    if (name === undefined || flagOf(name).kind === 'switch') {
      commandSeen ||= isCommand(word);
      result.push(word);
      continue;
    }
    const value = words[at + 1];
    if (flagOf(name).kind === 'option') {
      const isValue = value !== undefined && !value.startsWith('-') && !isCommand(value) && !isPageWord(value);
      result.push(isValue ? `--${name}=${value}` : `--${name}=`);
      if (isValue) at++;
      continue;
    }
    if (value === undefined) throw new UsageError(`Missing value of \`${word}\``);
    if (/^-./.test(value)) {
      throw new UsageError(`Missing value of \`${word}\`; if \`${value}\` is meant, write \`--${name}=${value}\``);
    }
    result.push(`--${name}=${value}`);
    at++;
    if (name !== 'docs') continue;
    const pages = isPageWord(value);
    for (let next = words[at + 1]; next !== undefined && !next.startsWith('-'); next = words[at + 1]) {
      if ((!commandSeen && isCommand(next)) || (isPageWord(next) && !pages)) break;
      result.push(`--docs=${next}`);
      at++;
    }
  }
  return result;
}

function flagsOf(options: Readonly<Record<string, unknown>>): FlagValues {
  const { x, ...rest } = options;
  const values = Object.entries(rest).map(([key, value]) => [
    key.replace(/[A-Z]/g, (upper) => `-${upper.toLowerCase()}`),
    value,
  ]);
  return { ...(Object.fromEntries(values) as FlagValues), ...(x === true ? { 'max-failures': 1 } : {}) };
}

function asUsage(thrown: unknown): unknown {
  if (!(thrown instanceof CommanderError)) return thrown;
  const unknown = /^error: unknown option '([^]*?)'/.exec(thrown.message)?.[1];
  if (unknown === undefined) return new UsageError(thrown.message.replace(/^error: /, ''));
  const word = unknown.split('=', 1)[0]!;
  if (flagNames.some((name) => word === `--${name}`)) return new UsageError(`\`${word}\` takes no value`);
  const near = didYouMean(word.replace(/^-+/, '').replace(/^no-/, ''), flagNames, (name) => `\`--${name}\``);
  return new UsageError(`Unknown flag \`${word}\`${near || '; see docwright --help'}`);
}

function refuseUnlessPage(word: string, command: Command | undefined): void {
  if (isPageWord(word)) return;
  if (command !== undefined) {
    throw new UsageError(
      `\`${word}\` is no page (\`page.md\`, \`page.md:42\`); a folder is named by \`--docs ${word}\``,
    );
  }
  const near = didYouMean(word, Object.keys(commands));
  throw new UsageError(
    `Unknown command \`${word}\`${near || `; the commands are ${Object.keys(commands).join(', ')}; a folder is named by --docs`}`,
  );
}

/** What `docwright report` is to do; a word that is none of it, or too many and too few behind it, are a UsageError. */
function reportPart([word = 'open', ...words]: readonly string[]): Where {
  const part = subcommands.report.find((each) => each === word);
  if (part === undefined) {
    const near = didYouMean(word, subcommands.report, (each) => `\`report ${each}\``);
    throw new UsageError(
      `Unknown command \`report ${word}\`${near || `, expected ${subcommands.report.map((each) => `report ${each}`).join(', ')}`}`,
    );
  }
  const [least, most, expected] = WORDS_OF_REPORT[part];
  if (words.length < least || words.length > most)
    throw new UsageError(
      `${words.length < least ? 'Missing words' : `Unexpected word \`${words[most]}\``} after \`report ${part}\`, expected ${expected}`,
    );
  return `report ${part}`;
}

/** How many words come behind, and which. */
const WORDS_OF_REPORT = {
  open: [0, 0, 'nothing; a folder of reports is named by --reports'],
  merge: [1, Infinity, 'the report.json of every shard, or their folders'],
  compare: [2, 2, 'two report.json, or their folders: the earlier one and the later one'],
} as const;

function refuseElsewhere(name: FlagName, flags: FlagValues, where: Where): void {
  const only = commandsOf(flagOf(name));
  if (only === undefined || flags[name] === undefined || only.includes(where)) return;
  const owners = only.map((owner) => `\`docwright ${owner}\``).join(' and ');
  throw new UsageError(`\`--${name}\` belongs to ${owners}, not to \`docwright ${where}\``);
}

function isCommand(word: string): boolean {
  return Object.hasOwn(commands, word);
}
