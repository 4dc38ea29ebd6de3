import type { ValueSource } from './config.ts';
import { compareText } from './finding.ts';
import type { PagedExchange } from './fixture.ts';
import type { Place } from './place.ts';

/** Calls that need a life around them: steps in order, the documented exchanges they are for, and what clears up. */
export interface Scenario {
  /** `<file>#<name>`: unique in a run. */
  readonly id: string;
  readonly name: string;
  /** Where its name stands. */
  readonly place: Place;
  readonly tags: readonly string[];
  /** Ids of documented exchanges that it asks for in their own name. */
  readonly covers: readonly string[];
  /** The account that asks, where that is not left to the target. */
  readonly account?: string;
  readonly values: Readonly<Record<string, ScenarioValue>>;
  /** Every name that `{…}` may stand for in it: those of values and captures. */
  readonly names: ReadonlySet<string>;
  /** Do its names fill placeholders alone, and nothing that a documented request says itself? */
  readonly onlyPlaceholders?: true;
  readonly steps: readonly Step[];
  /** Done at the end, whatever has become of the steps. */
  readonly cleanup: readonly Step[];
}

/** A value, or where it comes from; texts are filled in when it is used. */
export type ScenarioValue =
  | string
  | number
  | boolean
  | Exclude<ValueSource, { readonly from: string }>
  | ({ readonly base64: string } & Around)
  | ({ readonly base64url: string } & Around)
  | { readonly now: Offset };

interface Around {
  readonly prefix?: string;
  readonly suffix?: string;
}

/** How much later than now. */
export interface Offset {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
}

/** One request of a scenario. */
export interface Step {
  /** What is reported: a documented exchange itself, or the step under an id and at a place of its own. */
  readonly exchange: PagedExchange;
  /** The documented exchange whose request is sent; absent for a request that the scenario writes. */
  readonly documented?: PagedExchange;
  /** For people: the name of the step, of the exchange, or the request line. */
  readonly label: string;
  readonly place: Place;
  /** Is its answer held to what is documented, and not to the scenario alone? */
  readonly isJudged: boolean;
  readonly account?: string;
  readonly values: Readonly<Record<string, ScenarioValue>>;
  /** What stands for placeholders and sample keys of the request. */
  readonly with: Readonly<Record<string, Filling>>;
  readonly change: RequestChange;
  readonly expect: Expect;
  readonly capture: readonly Capture[];
  readonly poll?: Poll;
}

/** A text for a placeholder; `path`: put in a URL as it is, slashes and all. */
export type Filling = string | number | boolean | { readonly path: string };

/** What is other than documented in a request. */
export interface RequestChange {
  readonly url?: string;
  readonly headers: readonly { readonly name: string; readonly value: string | null }[];
  /** By JSONPath of one place; null takes it out. */
  readonly json: readonly { readonly path: string; readonly value: unknown }[];
  readonly body?: { readonly text: string } | { readonly base64: string };
}

/** What an answer is to have. */
export interface Expect {
  /** One of these and no other; any success where nothing is said. */
  readonly statuses?: readonly number[];
  /** These too, beside the documented ones. */
  readonly allowed: readonly number[];
  /** Where the status is asked for, else the step. */
  readonly statusPlace: Place;
  readonly all: readonly Expectation[];
}

/** One thing that an answer is to have: a constant, or a list of those that will do; null for anything. */
export interface Expectation {
  readonly of: 'header' | 'json' | 'absent' | 'text';
  /** The name of the header, or the JSONPath. */
  readonly at: string;
  readonly value: unknown;
  readonly place: Place;
}

/** A name for something that an answer shows. */
export interface Capture {
  readonly name: string;
  readonly of: 'header' | 'json' | 'body' | 'status';
  /** The name of the header, or the JSONPath. */
  readonly at: string;
  readonly place: Place;
}

/** Asked again: while the status is one of these, until all of that is there. Milliseconds. */
export interface Poll {
  readonly until?: Expect;
  readonly while: readonly number[];
  readonly every: number;
  readonly within: number;
  readonly place: Place;
}

/** A file of scenarios as it was found, or what a config says itself. */
export interface ScenarioSource {
  /** Relative to the working directory, forward slashes. */
  readonly file: string;
  /** Its text, or why there is none. */
  readonly text: string | Error;
}

/** Steps of a scenario with those that clear up, in their order. */
export function stepsOf({ steps, cleanup }: Scenario): readonly Step[] {
  return [...steps, ...cleanup];
}

/** In the order of files, and in a file as they stand there. */
export function byScenario(a: { readonly id: string; readonly line: number }, b: typeof a): number {
  const fileOf = (id: string): string => id.split('#', 1)[0]!;
  return compareText(fileOf(a.id), fileOf(b.id)) || a.line - b.line || compareText(a.id, b.id);
}

/** What is reported under an id of its own: all steps but those that ask for a documented exchange in its own name. */
export function ownSteps(scenarios: readonly Scenario[]): readonly Step[] {
  return scenarios.flatMap((scenario) => {
    const covered = new Set(scenario.covers);
    return stepsOf(scenario).filter(({ exchange }) => !covered.has(exchange.id));
  });
}
