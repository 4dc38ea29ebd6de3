import { lineReader } from '../files/read.ts';
import type { Finding } from '../model/finding.ts';
import type { PagedExchange } from '../model/fixture.ts';
import type { Header, ResponseMessage, Target } from '../model/http.ts';
import { didYouMean, UsageError } from '../model/usage.ts';
import { judgeEarly } from './ruling.ts';
import { guarded, readSuite, type Suite } from './suite.ts';
import { checkOptions, SUITE, type SuiteOptions } from './suite-options.ts';

/** An answer of Fetch, or of Playwright's `request`. */
export type AnyResponse = FetchResponse | ApiResponse;

interface FetchResponse {
  readonly status: number;
  readonly headers: { forEach(tell: (value: string, name: string) => void): void };
  readonly bodyUsed?: boolean;
  clone(): { arrayBuffer(): Promise<ArrayBuffer> };
}

interface ApiResponse {
  status(): number;
  headersArray(): readonly { readonly name: string; readonly value: string }[];
  body(): Promise<Uint8Array>;
}

/** What `expect` makes of a matcher, in Playwright, Vitest and Jest alike. */
export interface Matched {
  readonly pass: boolean;
  message(): string;
}

/**
 * Does an answer keep what is documented of an exchange, named by id or name? Its errors are drawn on the lines of the page. Fixtures and
 * config are found from the working directory, or as the options say. A name that nobody documents is an error of its own.
 */
export function toMatchDocs(response: unknown, name: string, options: SuiteOptions = {}): Promise<Matched> {
  // What it throws later knows nothing of the test that called.
  const called = new Error();
  Error.captureStackTrace(called, toMatchDocs);
  return matched(response, name, options).catch((error: unknown) => {
    if (error instanceof UsageError) {
      const { stack = '' } = called;
      error.stack = `${error.name}: ${error.message}${stack.slice(stack.indexOf('\n'))}`;
    }
    throw error;
  });
}

async function matched(response: unknown, name: string, options: SuiteOptions): Promise<Matched> {
  const suite = await suiteOf(options);
  return guarded(suite.job, async () => {
    const exchange = exchangeOf(suite, name);
    const actual = await answerOf(response);
    const found = await held(suite, exchange, actual);
    const errors = found.filter(({ severity, suppressed }) => severity === 'error' && !suppressed);
    const shown = `\`${exchange.id}\` (${exchange.file})`;
    if (errors.length === 0)
      return { pass: true, message: () => `Expected the answer to differ from what is documented of ${shown}` };
    const drawn = await drawnOf(suite, errors);
    return { pass: false, message: () => `Expected the answer that is documented of ${shown}\n\n${drawn}` };
  });
}

/** Fixtures are read once for all that is held to them. */
async function suiteOf(options: SuiteOptions): Promise<Suite> {
  const key = JSON.stringify(options);
  let suite = SUITES.get(key);
  if (suite === undefined) {
    checkOptions(options, SUITE, 'toMatchDocs()');
    suite = readSuite(options);
    SUITES.set(key, suite);
    // A fault may be mended while a watcher runs.
    suite.catch(() => SUITES.delete(key));
  }
  return suite;
}

const SUITES = new Map<string, Promise<Suite>>();

function exchangeOf({ promises: { all } }: Suite, name: unknown): PagedExchange {
  if (typeof name !== 'string' || name === '')
    throw new UsageError("Missing name of an exchange, expected toMatchDocs('name')");
  const byId = all.find(({ id }) => id === name);
  if (byId !== undefined) return byId;
  const named = all.filter((exchange) => exchange.name === name);
  if (named.length === 1) return named[0]!;
  if (named.length > 1) {
    const ids = named.slice(0, 5).map(({ id }) => `\`${id}\``);
    throw new UsageError(`Several exchanges are named \`${name}\`, say which: ${ids.join(', ')}`);
  }
  const known = all.flatMap((exchange) => [exchange.id, ...(exchange.name === undefined ? [] : [exchange.name])]);
  throw new UsageError(`No exchange \`${name}\` is documented${didYouMean(name, known)}`);
}

async function answerOf(response: unknown): Promise<ResponseMessage> {
  if (isApi(response)) {
    const headers = response.headersArray().map(({ name, value }): Header => [name, value]);
    return { status: response.status(), headers, body: await response.body() };
  }
  if (!isFetch(response))
    throw new UsageError('Unexpected value, expected a Response of Fetch or an APIResponse of Playwright');
  if (response.bodyUsed) throw new UsageError('The body of the response was read already; match it before, or a clone');
  const headers: Header[] = [];
  response.headers.forEach((value, name) => headers.push([name, value]));
  return { status: response.status, headers, body: new Uint8Array(await response.clone().arrayBuffer()) };
}

function isApi(value: unknown): value is ApiResponse {
  return typeof value === 'object' && value !== null && 'headersArray' in value && 'body' in value;
}

function isFetch(value: unknown): value is FetchResponse {
  return typeof value === 'object' && value !== null && 'clone' in value && 'headers' in value && 'status' in value;
}

async function held(suite: Suite, exchange: PagedExchange, actual: ResponseMessage): Promise<readonly Finding[]> {
  const { job, promises } = suite;
  const { settings, redactor } = job;
  const { conform } = await import('../conform.ts');
  const given: Target = { name: 'test', live: false, send: () => Promise.resolve(actual) };
  const ruling = judgeEarly(job, promises.all);
  const { findings } = await conform([exchange], given, {
    all: promises.all,
    resources: promises.resources,
    workers: 1,
    timeout: settings.timeout,
    writes: false,
    forbidBlocked: false,
    redactor,
    ruled: ruling,
    match: settings.match,
    matchers: settings.matchers,
  });
  return findings.flatMap((each) => ruling(each) ?? []);
}

async function drawnOf({ job }: Suite, findings: readonly Finding[]): Promise<string> {
  const { drawn } = await import('../report/list.ts');
  const read = lineReader(job.cwd, []);
  const context = { lines: (file: string) => job.redactor.known(read(file)), width: 120, verbose: false, color: false };
  return job.redactor.text(findings.map((finding) => `${finding.file}\n\n${drawn(finding, context)}`).join('\n\n'));
}
