// npm run bench -- NAME [--json]: runs one bench and says which of its figures hold.
import { closest } from 'fastest-levenshtein';
import { changed } from './changed.ts';
import { check } from './check.ts';
import { compile } from './compile.ts';
import { measure, type Bench, type Result } from './frame.ts';
import { replay } from './replay.ts';
import { report } from './report.ts';
import { suite } from './suite.ts';

const benches: readonly Bench[] = [compile, check, replay, report, changed, suite];

await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<void> {
  const names = args.filter((arg) => !arg.startsWith('-'));
  const flags = args.filter((arg) => arg.startsWith('-'));
  const unknown = flags.find((flag) => flag !== '--json');
  if (unknown !== undefined) return refuse(`Unknown flag \`${unknown}\`, expected \`--json\``);
  if (names.length > 1) return refuse('Expected one bench at a time');
  const [name] = names;
  if (name === undefined) return list(console.log);
  const bench = benches.find((known) => known.name === name);
  if (bench === undefined)
    return refuse(
      `Unknown bench \`${name}\`, did you mean \`${closest(
        name,
        benches.map((known) => known.name),
      )}\`?`,
    );
  await run(bench, flags.length > 0);
}

async function run(bench: Bench, asJson: boolean): Promise<void> {
  const tell = (line: string) => console.error(`  ${line}`);
  console.error(`${bench.name}: ${bench.summary}`);
  const rig = await bench.prepare();
  try {
    tell(rig.subject);
    const results = await measure(bench, rig, tell);
    console.log(asJson ? JSON.stringify({ figures: results.map(published) }) : table(results));
  } finally {
    await rig.close();
  }
}

function published({ name, value, target, unit, better, holds }: Result) {
  return { name, value, target, unit, better, holds };
}

function table(results: readonly Result[]): string {
  const rows = [['figure', 'median', 'target', 'unit', 'holds', ''], ...results.map(row)];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function row({ name, value, target, unit, better, holds, ours, baseline }: Result): readonly string[] {
  const behind = baseline === undefined ? '' : `ours ${ours?.toFixed(3)} s, baseline ${baseline.toFixed(3)} s`;
  return [
    name,
    value.toPrecision(3),
    `${better === 'lower' ? '≤' : '≥'} ${target}`,
    unit,
    holds ? 'yes' : 'no',
    behind,
  ];
}

function list(say: (line: string) => void): void {
  say('npm run bench -- NAME [--json]\n');
  for (const { name, summary } of benches) say(`  ${name}  ${summary}`);
}

function refuse(message: string): void {
  console.error(`${message}\n`);
  list(console.error);
  process.exitCode = 2;
}
