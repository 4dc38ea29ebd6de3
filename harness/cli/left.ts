import path from 'node:path';
import process from 'node:process';
import { openLedger, type OpenLedger } from '../files/ledger.ts';
import { indexResources, type Resource } from '../model/resource.ts';
import { placeOf, type CleanedUp } from '../replay/flow/clean-up.ts';
import { say, type Job } from './job.ts';
import type { TargetChoice } from './target.ts';

/** Where runs write down what they create. */
export function ledgerFolder(cwd: string): string {
  return path.join(cwd, '.docwright', 'ledger');
}

/** The ledger of a run against a live target; nothing for the mock. */
export function ledgerOf({ settings, cwd }: Job, { url, named }: TargetChoice): OpenLedger | undefined {
  if (url === undefined) return undefined;
  const { origin, pathname } = new URL(url);
  return openLedger(ledgerFolder(cwd), {
    target: named === undefined || settings.baseUrl !== undefined ? origin + pathname : named.name,
    origin,
    pid: process.pid,
    at: new Date().toISOString(),
  });
}

/** The documented key property of a type. */
export function keysOf(resources: readonly Resource[]): (type: string) => string | undefined {
  const index = indexResources(resources);
  return (type) => index.find(type)?.keyProperty;
}

const MOST_TOLD = 10;

/** Says what was deleted after a run, and what is left. */
export function sayLeft(job: Job, { deleted, left, asked }: CleanedUp): void {
  const things = (count: number): string => (count === 1 ? '1 thing' : `${count} things`);
  if (deleted > 0) say(job, `Deleted ${things(deleted)} that this run created`);
  if (left.length + asked.length === 0) return;
  for (const { created, why } of left.slice(0, MOST_TOLD)) say(job, `Left at ${placeOf(created)}: ${why}`);
  if (left.length > MOST_TOLD) say(job, `… and ${left.length - MOST_TOLD} more`);
  for (const { method, url } of asked.slice(0, MOST_TOLD))
    say(job, `Nobody knows whether ${method} ${url} created something: no answer came`);
  say(job, `Kept in ${path.join('.docwright', 'ledger')}, for \`docwright cleanup\``);
}
