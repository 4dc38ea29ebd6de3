import { randomUUID } from 'node:crypto';
import type { PagedExchange } from '../model/fixture.ts';
import type { Header, Target } from '../model/http.ts';
import { flowOf, type Link, type Origin } from './flow/index.ts';
import { prepare, type PrepareOptions } from './prepare.ts';

/** One request of a plan. */
export interface PlannedRequest {
  readonly exchange: PagedExchange;
  /** As it would be sent, `{…}` for values that only the run brings or that are told to nobody; absent where it is not sent. */
  readonly request?: { readonly method: string; readonly url: string; readonly headers: readonly Header[] };
  /** Who sends it, where the target has several accounts. */
  readonly account?: string;
  /** Everything that is missing before it can be sent. */
  readonly missing: readonly string[];
  /** Where its values come from. */
  readonly origins: readonly Origin[];
  /** Those it waits for. */
  readonly after: readonly PagedExchange[];
}

/** What a replay would send, in the order of the sending. */
export interface Plan {
  readonly requests: readonly PlannedRequest[];
  readonly links: readonly Link[];
  /** Links that would have closed a circle. */
  readonly dropped: readonly Link[];
}

/** Works out what a replay of these exchanges would send to this target, by the same code that sends. Asks nobody for anything. */
export function planOf(
  exchanges: readonly PagedExchange[],
  target: Pick<Target, 'name' | 'live' | 'base'>,
  options: PrepareOptions,
): Plan {
  const { mark, told } = marks();
  const unsent = new Set<PagedExchange>();
  const flow = flowOf(exchanges, target, options, {
    value: (origin) => mark(labelOf(origin)),
    isSent: (exchange) => !unsent.has(exchange),
  });
  const never: Target = { ...target, send: () => Promise.reject(new Error('A plan sends nothing')) };
  const requests = flow.order.map((at): PlannedRequest => {
    const exchange = exchanges[at]!;
    const origins: Origin[] = [];
    const prepared = prepare(exchange, never, options, flow, (origin) => origins.push(origin));
    const rest = {
      exchange,
      origins: once(origins),
      after: [...(flow.waits.get(at) ?? [])].map((other) => exchanges[other]!),
    };
    if ('missing' in prepared) {
      unsent.add(exchange);
      return { ...rest, missing: prepared.missing.map(told) };
    }
    const { account } = prepared;
    const { method, url, headers } = prepared.request;
    return {
      ...rest,
      missing: [],
      ...(account === undefined ? {} : { account }),
      request: { method, url: told(url), headers: headers.map(([name, value]): Header => [name, told(value)]) },
    };
  });
  return { requests, links: flow.links, dropped: flow.dropped };
}

/** Stand-ins for values that only a run brings: letters and digits, which pass every encoding, and which nobody can foresee. */
export function marks(): { readonly mark: (label: string) => string; readonly told: (text: string) => string } {
  const secret = `docwright${randomUUID().replaceAll('-', '')}`;
  const labels: string[] = [];
  return {
    mark: (label) => `${secret}n${labels.push(`{${label}}`) - 1}n`,
    told: (text) => text.replace(new RegExp(`${secret}n(\\d+)n`, 'g'), (_, number: string) => labels[Number(number)]!),
  };
}

function labelOf({ kind, from }: Origin): string {
  return kind === 'link' || kind === 'capture' ? from! : `${kind} ${from ?? ''}`.trim();
}

/** Each origin once. */
export function once(origins: readonly Origin[]): Origin[] {
  return [...new Map(origins.map((origin) => [JSON.stringify(origin), origin])).values()];
}
