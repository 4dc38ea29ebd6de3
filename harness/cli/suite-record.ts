import type { Finding } from '../model/finding.ts';
import type { PagedExchange } from '../model/fixture.ts';
import type { Header, RequestMessage, ResponseMessage } from '../model/http.ts';
import type { ExchangeDetail, ExchangeResult, Shard } from '../model/report.ts';
import { result } from '../model/result.ts';
import type { JudgedExchange } from './session.ts';

/** What one test tells the reporter of its runner: plain JSON, for it may be merged on another machine. */
export interface SuiteRecord {
  readonly schemaVersion: typeof RECORD_VERSION;
  readonly target: string;
  /** Where the reports of its project lie below those of the suite, where the config has several. */
  readonly folder?: string;
  /** Which part of the run the test was in, where the run was parted. */
  readonly shard?: Pick<Shard, 'index' | 'total'>;
  /** Which exchanges are asked together, and how many they are. */
  readonly of: { readonly suite: string; readonly exchanges: number };
  readonly results: readonly ExchangeResult[];
  readonly findings: readonly Finding[];
  /** Of every exchange that does not conform, by its id. */
  readonly details: Readonly<Record<string, StoredDetail>>;
}

/** The name that a record is attached under, and its media type. */
export const [RECORD_NAME, RECORD_TYPE] = ['docwright', 'application/vnd.docwright.record+json'];

const RECORD_VERSION = 1;

/** The type of the annotation by which a test that is skipped tells what it would have asked; Playwright shows none that begins so in its HTML report. */
export const SKIPPED_TYPE = '_docwright';

type StoredDetail = Omit<ExchangeDetail, 'sent' | 'actual'> & {
  readonly sent?: Stored<RequestMessage>;
  readonly actual?: Stored<ResponseMessage>;
};

/** A body in base64. */
type Stored<Message extends { readonly body?: Uint8Array }> = Omit<Message, 'body'> & {
  readonly headers: readonly Header[];
  readonly body?: string;
};

/** The record of what was judged. */
export function recordOf(
  judged: readonly JudgedExchange[],
  besides: Pick<SuiteRecord, 'target' | 'folder' | 'shard' | 'of'> & { readonly findings?: readonly Finding[] },
): SuiteRecord {
  const { findings = [], ...rest } = besides;
  const told = judged.filter((each) => each.findings.length > 0 || each.result.outcome !== 'conforms');
  return {
    schemaVersion: RECORD_VERSION,
    ...rest,
    results: judged.map(({ result }) => result),
    findings: [...findings, ...judged.flatMap((each) => each.findings)],
    details: Object.fromEntries(
      told.map(({ exchange, sent, actual, origins }) => [
        exchange.id,
        {
          exchange,
          ...(sent === undefined ? {} : { sent: stored(sent) }),
          ...(actual === undefined ? {} : { actual: stored(actual) }),
          ...(origins === undefined ? {} : { origins }),
        },
      ]),
    ),
  };
}

/** Reads a record; nothing where it is none, or of another version. */
export function readRecord(text: string): SuiteRecord | undefined {
  try {
    const value = JSON.parse(text) as Partial<SuiteRecord> | null;
    return value?.schemaVersion === RECORD_VERSION ? (value as SuiteRecord) : undefined;
  } catch {
    return undefined;
  }
}

/** What a test tells that is skipped on purpose, and never runs. */
export function skippedText(exchanges: readonly PagedExchange[]): string {
  return JSON.stringify(exchanges.map((exchange) => result(exchange, 'skipped')));
}

/** Reads that; nothing where it is none. */
export function readSkipped(text: string): readonly ExchangeResult[] {
  try {
    return JSON.parse(text) as readonly ExchangeResult[];
  } catch {
    return [];
  }
}

/** Promise and answer as reporters have them. */
export function detailsOf({ details }: SuiteRecord): [id: string, detail: ExchangeDetail][] {
  return Object.entries(details).map(([id, { sent, actual, ...rest }]) => [
    id,
    {
      ...rest,
      ...(sent === undefined ? {} : { sent: message(sent) }),
      ...(actual === undefined ? {} : { actual: { body: new Uint8Array(), ...message(actual) } }),
    },
  ]);
}

function stored<Message extends RequestMessage | ResponseMessage>(whole: Message): Stored<Message> {
  const { body, ...rest } = whole;
  return { ...rest, ...(body === undefined ? {} : { body: Buffer.from(body).toString('base64') }) };
}

function message<Kept extends { readonly body?: string }>(kept: Kept): Omit<Kept, 'body'> & { body?: Uint8Array } {
  const { body, ...rest } = kept;
  return { ...rest, ...(body === undefined ? {} : { body: Buffer.from(body, 'base64') }) };
}
