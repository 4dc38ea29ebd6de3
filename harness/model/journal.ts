import type { Finding } from './finding.ts';
import type { Exchange, PagedExchange } from './fixture.ts';
import type { Created } from './ledger.ts';
import type { ExchangeDetail, ExchangeResult } from './report.ts';
import { result } from './result.ts';
import { stepsOf, type Expect, type Scenario, type Step } from './scenario.ts';

/** What became of one exchange, as it is told. */
export interface Judgement {
  readonly result: ExchangeResult;
  readonly findings: readonly Finding[];
  /** Promise and answer, where something is to be told of them. */
  readonly detail?: ExchangeDetail;
  /** Documented responses that no answer met. */
  readonly unseen: number;
}

/** What an interrupted run knew of an exchange. `unknown`: it was sent, and what came of it is lost. */
export type Earlier = { readonly kept: ReadonlyMap<string, string> } & (
  { readonly kind: 'judged'; readonly judgement: Judgement } | { readonly kind: 'unknown' }
);

/** Keeps what a run has done, so that one that is killed can be gone on with; outlives the process line by line. */
export interface Journal {
  /**
   * A scenario is to be played: its steps are one promise. True where the interrupted run began another one of that name, which was edited
   * since: it is played anew from its first step, with new names.
   */
  plays(scenario: Scenario): boolean;
  /** What the interrupted run knew; nothing for what is to be sent (anew). */
  earlier(exchange: PagedExchange): Earlier | undefined;
  /** A request that may change something goes out: written down when this returns. */
  sending(exchange: PagedExchange): void;
  /** Its answer showed these values, by pointer, that flow into other requests. */
  heard(exchange: PagedExchange, kept: ReadonlyMap<string, string>): void;
  judged(exchange: PagedExchange, judgement: Judgement): void;
  /** Values that were generated, by name: the same when the run is gone on with. */
  readonly generated: Map<string, string>;
  /** What the interrupted run created or may have. */
  readonly things: readonly Created[];
}

/** The `schemaVersion` of journals. */
export const JOURNAL_VERSION = 1;

/** One line of a journal. The last word on an exchange counts. */
export type JournalLine =
  | {
      readonly kind: 'run';
      readonly schemaVersion: number;
      readonly target: string;
      readonly pid: number;
      /** ISO 8601. */
      readonly at: string;
    }
  | { readonly kind: 'generated'; readonly name: string; readonly value: string }
  | { readonly kind: 'thing'; readonly number: number; readonly created: Created }
  | { readonly kind: 'sending'; readonly id: string; readonly promise: string }
  | { readonly kind: 'heard'; readonly id: string; readonly kept: Readonly<Record<string, string>> }
  | ({ readonly kind: 'judged'; readonly id: string; readonly promise: string; readonly line: number } & Recorded);

/** A judgement as it is written down: without what was sent and answered, and what the docs say is found there again. */
export interface Recorded {
  readonly result: {
    readonly outcome: ExchangeResult['outcome'];
    readonly status: number;
    readonly actual?: number;
    readonly durationMs?: number;
    readonly flaky?: boolean;
    readonly account?: string;
  };
  readonly findings?: readonly Finding[];
  readonly unseen: number;
}

/** What the lines of an interrupted run tell. */
export interface Recalled {
  readonly generated: ReadonlyMap<string, string>;
  readonly things: readonly Created[];
  readonly counts: { readonly done: number; readonly unknown: number };
  earlier(exchange: PagedExchange, promise: (exchange: PagedExchange) => string): Earlier | undefined;
  /** Was this asked for, and promised something else? */
  isEdited(exchange: PagedExchange, promise: string): boolean;
}

/** Reads the lines of a journal; `clean` takes registered secrets out of what the docs say. */
export function recalled(lines: readonly JournalLine[], clean: <Value>(value: Value) => Value): Recalled {
  const generated = new Map<string, string>();
  const things = new Map<number, Created>();
  const states = new Map<string, State>();
  for (const line of lines) {
    if (line.kind === 'generated') generated.set(line.name, line.value);
    if (line.kind === 'thing') things.set(line.number, line.created);
    if (line.kind === 'sending') states.set(line.id, { kept: {}, promise: line.promise, isWrite: true });
    if (line.kind === 'heard') {
      states.set(line.id, { ...(states.get(line.id) ?? { promise: '', isWrite: false }), kept: line.kept });
    }
    if (line.kind !== 'judged') continue;
    const before = states.get(line.id) ?? { kept: {}, isWrite: false };
    states.set(line.id, { ...before, promise: line.promise, judged: line });
  }
  const sent = [...states.values()];
  return {
    generated,
    things: [...things.entries()].sort(([a], [b]) => a - b).map(([, created]) => created),
    counts: {
      done: sent.filter(isDone).length,
      unknown: sent.filter((state) => state.isWrite && state.judged === undefined).length,
    },
    earlier(exchange, promise) {
      const state = states.get(exchange.id);
      if (state === undefined || state.judged?.result.outcome === 'blocked') return undefined;
      const kept = new Map(Object.entries(state.kept));
      if (isDone(state) && state.promise === promise(exchange)) {
        return { kind: 'judged', kept, judgement: judgementOf(clean(exchange), state.judged) };
      }
      return state.isWrite ? { kind: 'unknown', kept } : undefined;
    },
    isEdited({ id }, promise) {
      const state = states.get(id);
      return state !== undefined && state.promise !== '' && state.promise !== promise;
    },
  };
}

/** All of an exchange that makes it another promise, and nothing of where it stands. */
export function promiseOf({ request, responses }: Exchange): string {
  const parts = [request.method, request.readAs ?? request.url, request.type ?? '', ...(request.sampleKeys ?? [])];
  for (const { block: _block, at: _at, headers, body, ...rest } of [{ ...request, url: '' }, ...responses]) {
    for (const { name, value } of headers) parts.push(name, value);
    parts.push(body.kind === 'empty' ? '' : body.text, 'status' in rest ? JSON.stringify(rest) : '');
  }
  return parts.join('\0');
}

/** The same of a scenario: what is asked for, with what, and what is made of the answers. */
export function promiseOfScenario(scenario: Scenario): string {
  const { account, values, onlyPlaceholders, steps, cleanup } = scenario;
  const exchanges = stepsOf(scenario).map(({ exchange }) => promiseOf(exchange));
  const said = [account, values, onlyPlaceholders, ...[steps, cleanup].map((list) => list.map(promiseOfStep))];
  return [...exchanges, JSON.stringify(said)].join('\0');
}

function promiseOfStep({ account, values, with: filled, change, expect, capture, poll }: Step): unknown {
  const captured = capture.map(({ name, of, at }) => [name, of, at]);
  const again = poll && [poll.while, poll.every, poll.within, poll.until && promiseOfExpect(poll.until)];
  return [account, values, filled, change, promiseOfExpect(expect), captured, again];
}

function promiseOfExpect({ statuses, allowed, all }: Expect): unknown {
  return [statuses, allowed, all.map(({ of, at, value }) => [of, at, value])];
}

interface State {
  readonly kept: Readonly<Record<string, string>>;
  readonly promise: string;
  /** Was it sent, and may it have changed something? */
  readonly isWrite: boolean;
  readonly judged?: JournalLine & { readonly kind: 'judged' };
}

/** What was not answered is asked again, unless that may change something once more. */
function isDone(state: State): state is State & { readonly judged: NonNullable<State['judged']> } {
  const outcome = state.judged?.result.outcome;
  return outcome !== undefined && outcome !== 'blocked' && (outcome !== 'unanswered' || state.isWrite);
}

/** Places are those of the page as it is now. */
function judgementOf(exchange: PagedExchange, judged: JournalLine & { readonly kind: 'judged' }): Judgement {
  const { outcome, status, actual, durationMs, flaky, account } = judged.result;
  const moved = exchange.request.block.line - judged.line;
  return {
    result: {
      ...result(exchange, outcome, status),
      ...(actual === undefined ? {} : { actual: { status: actual } }),
      ...(durationMs === undefined ? {} : { durationMs }),
      ...(flaky === undefined ? {} : { flaky }),
      ...(account === undefined ? {} : { account }),
    },
    findings: (judged.findings ?? []).map((found) => ({
      ...found,
      line: Math.max(1, found.line + moved),
      endLine: Math.max(1, found.endLine + moved),
    })),
    ...(judged.findings === undefined ? {} : { detail: { exchange } }),
    unseen: judged.unseen,
  };
}
