import { grouped } from '../model/grouped.ts';

/** A shard that is there: which of how many, both from 1, and what else tells its run from others that are merged with it. */
export interface PresentShard {
  readonly current: number;
  readonly total: number;
  readonly tags?: readonly string[];
}

/** What is missing, in words, of every cut of which a shard is there. */
export function missingShards(present: readonly PresentShard[]): string[] {
  const cuts = grouped(present, ({ total, tags }) => JSON.stringify([total, tags]));
  return [...cuts.values()].flatMap((shards) => {
    const { total, tags = [] } = shards[0]!;
    const there = new Set(shards.map(({ current }) => current));
    const missing = Array.from({ length: total }, (_, at) => at + 1).filter((index) => !there.has(index));
    return missing.map((index) => ['Missing shard', index, 'of', total, ...tags].join(' '));
  });
}
