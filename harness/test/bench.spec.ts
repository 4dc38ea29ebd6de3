import { expect, test } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { measure, median, type Figure, type Rig } from '../bench/frame.ts';
import { costOf } from '../bench/process.ts';

const ratio: Figure = { name: 'ratio', unit: '×', better: 'lower', target: 0.5 };

test('the first round warms up, the rest give medians, ratio and seconds alike', async () => {
  const values = [99, 0.1, 0.9, 0.3, 0.5, 0.2];
  const told: string[] = [];
  const [result] = await measure({ figures: [ratio] }, rigOf(values), (line) => told.push(line));
  expect(result).toEqual({ ...ratio, value: 0.3, ours: 3, baseline: 10, holds: true });
  expect(told).toHaveLength(6);
  expect(told[0]).toBe('warm-up: ratio 99.0 ×');
});

test('a figure holds on its target and on its better side', async () => {
  const holds = async (figure: Figure, value: number) =>
    (await measure({ figures: [figure] }, rigOf([value, value]), () => {}, 1))[0]!.holds;
  expect(await holds(ratio, 0.5)).toBe(true);
  expect(await holds(ratio, 0.51)).toBe(false);
  expect(await holds({ ...ratio, better: 'higher' }, 0.51)).toBe(true);
  expect(await holds({ ...ratio, better: 'higher' }, 0.49)).toBe(false);
});

test('a figure nobody measured is an error, never a pass', async () => {
  const rig: Rig = { ...rigOf([]), round: async () => ({}) };
  await expect(measure({ figures: [ratio] }, rig, () => {})).rejects.toThrow('took no ratio');
  await expect(measure({ figures: [ratio] }, rigOf([NaN]), () => {})).rejects.toThrow('took no ratio');
});

test('the median is the middle', () => {
  expect(median([3])).toBe(3);
  expect(median([5, 1, 3])).toBe(3);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('the cost of a process is its own wall time and peak memory', async () => {
  const idle = await costOf(['-e', '0'], '.');
  const busy = await costOf(['-e', 'const a = Buffer.alloc(2e8, 1); setTimeout(() => process.exit(3), 300)'], '.', [3]);
  expect(busy.seconds).toBeGreaterThan(0.3);
  expect(busy.megabytes - idle.megabytes).toBeGreaterThan(150);
  expect(busy.megabytes - idle.megabytes).toBeLessThan(260);
});

test('a process that fails is an error with its last words', async () => {
  await expect(costOf(['-e', 'console.error("no such page"); process.exit(2)'], '.')).rejects.toThrow('no such page');
});

test('an unknown bench or flag is exit 2 with the nearest one and the list; no bench is the list', () => {
  expect(bench('complie')).toMatchObject({ status: 2, stdout: '' });
  expect(bench('complie').stderr).toContain('did you mean `compile`?');
  expect(bench('complie').stderr).toContain('npm run bench -- NAME');
  expect(bench('compile', '--jsn').stderr).toContain('expected `--json`');
  expect(bench()).toMatchObject({ status: 0 });
  expect(bench().stdout).toMatch(/^ {2}compile {2}\S/m);
});

test('a baseline does only what is said of it: 40 lines at most', () => {
  const lines = readFileSync(join('harness', 'bench', 'baselines', 'remark.mjs'), 'utf8').split('\n');
  expect(lines.length).toBeLessThanOrEqual(40);
});

/** A rig whose rounds give these values: the first is that of the warm-up. */
function rigOf(values: readonly number[]): Rig {
  return {
    subject: 'numbers',
    round: async (number) => ({ ratio: { value: values[number]!, ours: values[number]! * 10, baseline: 10 } }),
    close: async () => {},
  };
}

function bench(...args: readonly string[]) {
  const jiti = resolve('node_modules/jiti/lib/jiti-cli.mjs');
  return spawnSync(process.execPath, [jiti, 'harness/bench/run.ts', ...args], { encoding: 'utf8' });
}
