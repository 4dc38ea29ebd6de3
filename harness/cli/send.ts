import type { ExchangeResult, ExchangeDetail } from '../model/report.ts';
import type { Finding } from '../model/finding.ts';
import type { PagedExchange } from '../model/fixture.ts';
import type { Target } from '../model/http.ts';
import type { Resource } from '../model/resource.ts';
import type { Job } from './job.ts';
import { chooseTarget, type TargetChoice } from './target.ts';

/** What is sent, and what is known beside it. */
export interface Sending {
  readonly exchanges: readonly PagedExchange[];
  /** Every exchange of the docs: the mock answers for all of them, and twins are found among all. */
  readonly all: readonly PagedExchange[];
  readonly resources: readonly Resource[];
}

/** What came of it, and the target's name. */
export interface Sent {
  readonly target: string;
  readonly results: readonly ExchangeResult[];
  readonly findings: readonly Finding[];
  readonly details: ReadonlyMap<string, ExchangeDetail>;
  readonly unseen: number;
}

/** Sends exchanges to the chosen target and judges the answers. */
export async function send({ settings, streams }: Job, { exchanges, all, resources }: Sending): Promise<Sent> {
  const choice = chooseTarget(settings);
  const { conform } = await import('../conform.ts');
  const target = await open(choice, all);
  try {
    const judged = await conform(exchanges, target, {
      all,
      resources,
      workers: settings.workers,
      timeout: choice.timeout,
      values: choice.values,
      writes: choice.writes,
      forbidBlocked: settings.forbidBlocked,
      match: settings.match,
      ...(settings.maxFailures === undefined ? {} : { maxFailures: settings.maxFailures }),
      ...(streams.signal === undefined ? {} : { signal: streams.signal }),
    });
    return { target: target.name, ...judged };
  } finally {
    await target.close?.();
  }
}

async function open({ url }: TargetChoice, all: readonly PagedExchange[]): Promise<Target> {
  if (url === undefined) return (await import('../mock/msw.ts')).mockTarget(all);
  return (await import('../replay/http.ts')).httpTarget({ base: url });
}
