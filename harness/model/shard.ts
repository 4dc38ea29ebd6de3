import { hash } from 'node:crypto';
import type { Shard } from './report.ts';
import { UsageError } from './usage.ts';

/** Reads `i/n`: the i-th of n parts, counted from 1. Anything else is a UsageError. */
export function readShard(text: string, where: string): Pick<Shard, 'index' | 'total'> {
  const [, index, total] = (/^(\d{1,5})\/(\d{1,5})$/.exec(text.trim()) ?? []).map(Number);
  if (index === undefined || total === undefined || total < 1 || total > MOST_SHARDS)
    throw new UsageError(`Unexpected value \`${text}\` of ${where}, expected a part of a whole, such as 1/3`);
  if (index < 1 || index > total)
    throw new UsageError(`Unexpected value \`${text}\` of ${where}: of ${total} parts it is one from 1 to ${total}`);
  return { index, total };
}

/** As many as a report can name. */
const MOST_SHARDS = 10_000;

/**
 * Cuts groups of indexes into `total` shards of about equal weight, each the sorted indexes of whole groups: the heaviest group first,
 * each into the shard that is lightest so far. The same groups and weights give the same shards on every machine.
 */
export function cut(groups: readonly (readonly number[])[], total: number, weight: (at: number) => number): number[][] {
  const shards = Array.from({ length: total }, (): number[] => []);
  const weights = shards.map(() => 0);
  const weighed = groups.map((group) => ({ group, weight: group.reduce((sum, at) => sum + weight(at), 0) }));
  // Of equal weights the earlier goes first: sorting keeps their order.
  for (const each of weighed.toSorted((a, b) => b.weight - a.weight)) {
    const lightest = weights.indexOf(Math.min(...weights));
    weights[lightest]! += each.weight;
    shards[lightest]!.push(...each.group);
  }
  for (const shard of shards) shard.sort((a, b) => a - b);
  return shards;
}

/** 16 hex digits, equal for equal cuts alone: shards of different ones are no parts of one whole. */
export function cutStamp(shards: readonly (readonly number[])[], ids: readonly string[]): string {
  const named = shards.map((shard) => shard.map((at) => ids[at]));
  return hash('sha256', JSON.stringify(named), 'hex').slice(0, 16);
}
