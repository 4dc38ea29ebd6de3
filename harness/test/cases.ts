import { existsSync, readFileSync } from 'node:fs';

/** A small input with what the reference system does on it, and whether that is to be followed. */
export interface Case {
  readonly suite: string;
  readonly name: string;
  // Each kind of case has its own shape; the specs that use them know which.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly input: Readonly<Record<string, any>>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly expected: Readonly<Record<string, any>>;
  readonly note: string;
}

export type Stance = 'match' | 'differ' | 'judge';

const FILE = new URL('../../../shared/cases/apidoctor.json', import.meta.url);

/** Why the cases are skipped where they are not beside the checkout; nothing where they are. */
export const casesMissing: string | undefined = existsSync(FILE)
  ? undefined
  : 'no sample set: ../shared/cases is not beside the checkout';

/** The cases of some operations and suites. */
export function casesOf(operations: readonly string[], suites?: readonly string[]): Case[] {
  if (casesMissing !== undefined) return [];
  const all: readonly Case[] = JSON.parse(readFileSync(FILE, 'utf8'));
  return all.filter(
    ({ suite, input }) => operations.includes(input.op) && (suites === undefined || suites.includes(suite)),
  );
}

/** What a case asks of us. */
export function stanceOf({ note }: Case): Stance {
  return /stance=(match|differ|judge)/.exec(note)![1] as Stance;
}

/** How many cases of each stance there are, as a line for the test's table. */
export function countStances(cases: readonly Case[]): Record<Stance, number> {
  const counts = { match: 0, differ: 0, judge: 0 };
  for (const each of cases) counts[stanceOf(each)]++;
  return counts;
}
