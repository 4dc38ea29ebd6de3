import { openCache } from '../files/cache.ts';
import { hashOf } from '../model/hash.ts';
import { groupsOf } from '../replay/flow/groups.ts';
import { codeStamp } from './code-stamp.ts';
import { cacheFolder } from './cache-folder.ts';
import type { Job } from './job.ts';
import { keysOf } from './left.ts';
import type { Promises } from './stored.ts';

/**
 * The groups between which no value flows, whatever the target of the config, as indexes of the selected exchanges. They are kept: of a
 * suite every process wants them, and the first has worked them out.
 */
export function groupsIn(job: Job, promises: Promises): readonly (readonly number[])[] {
  const { exchanges, all, resources, stamp } = promises;
  const { cwd } = job;
  const { values, targets, links, cache: isKept, fixtures } = job.settings;
  const named = Object.values(targets).map((target) => target.values ?? {});
  const flows = { links, values: Object.assign({}, values, ...named) as typeof values };
  const work = (): number[][] => groupsOf(exchanges, { ...flows, all, keyOf: keysOf(resources) });
  if (!isKept || stamp === undefined) return work();
  // Of several suites over the same fixtures each has its own.
  const selected = hashOf(exchanges.map(({ id }) => id).join('\n'));
  const cache = openCache(cacheFolder(job), ['groups', cwd, fixtures, selected]);
  const key = hashOf(JSON.stringify([codeStamp(job), stamp, flows]));
  const known = cache.get(key);
  cache.close();
  if (known !== undefined) return whole(JSON.parse(known) as number[][], exchanges.length);
  const groups = work();
  cache.set(key, JSON.stringify(groups.filter(({ length }) => length > 1)));
  cache.save();
  return groups;
}

/** With those of one, which are not kept; in the order of their first. */
function whole(joined: readonly (readonly number[])[], size: number): number[][] {
  const byFirst = new Map(joined.map((group) => [group[0]!, [...group]]));
  const later = new Set(joined.flatMap((group) => group.slice(1)));
  return Array.from({ length: size }, (_, at) => at)
    .filter((at) => !later.has(at))
    .map((at) => byFirst.get(at) ?? [at]);
}
