import path from 'node:path';
import { compileFunction } from 'node:vm';
import { expect as baseExpect, test as base, type Expect, type TestInfo } from '@playwright/test';
import {
  checkOptions,
  oneOf,
  openSession,
  projectFolders,
  readSuite,
  recordOf,
  RECORD_NAME,
  RECORD_TYPE,
  skippedText,
  SKIPPED_TYPE,
  SUITE,
  toMatchDocs,
  type JudgedExchange,
  type ProjectOptions,
  type Session,
  type Suite,
  type SuiteOptions,
} from '../cli/door.ts';
import { isWrite } from '../model/http.ts';
import { ownSteps, stepsOf, type Scenario } from '../model/scenario.ts';
import { oneLine } from '../report/visible.ts';
import { partsOf, type Part } from './playwright/parts.ts';
import { answerText, requestText } from './playwright/messages.ts';

/** What `documented` is told: what is asked, and how it is parted into tests. */
export interface DocumentedOptions extends SuiteOptions {
  /** One test an exchange (those between which values flow are one), or one a page, its exchanges as steps. */
  readonly per?: 'exchange' | 'page';
}

/** The option of projects: `use: { docwright: { target: 'staging' } }`. It goes before what a spec file says. */
export interface DocwrightOptions {
  docwright: ProjectOptions;
}

/** Opens each suite once a worker. */
interface Sessions {
  open(suite: Suite): Promise<Session>;
}

/** The `test` of these suites, to extend, to hook and to configure as any other. */
export const test = base.extend<object, DocwrightOptions & { readonly docwrightSessions: Sessions }>({
  docwright: [{}, { option: true, scope: 'worker' }],
  docwrightSessions: [
    async ({ docwright }, use, { config }) => {
      const opened = new Map<Suite, Promise<Session>>();
      await use({
        open(suite) {
          let session = opened.get(suite);
          if (session === undefined) opened.set(suite, (session = openSession(suite, docwright, config.workers)));
          return session;
        },
      });
      // Why one could not be opened was told by the tests that wanted it.
      for (const session of opened.values()) await (await session.catch(() => undefined))?.close();
    },
    { scope: 'worker' },
  ],
});

/** Milliseconds for what ends a test: what was under way, the clean-up of a scenario, and the deletion of what was created. */
const TIME_TO_END = 75_000;

/** `expect` with `toMatchDocs`. */
export const expect = baseExpect.extend({ toMatchDocs });

/**
 * Makes tests of what is documented, in the spec file that calls and awaits it: one an exchange, or one a page. Each stands at the line
 * of its page, has the tags of its annotations, and attaches request and answer without secrets.
 */
export async function documented(given: DocumentedOptions = {}): Promise<void> {
  checkOptions(given, { ...SUITE, per: oneOf('exchange', 'page') }, 'documented()');
  const { per = 'exchange', ...options } = given;
  const suite = await readSuite(options, { runsTypeScript: true });
  const cwd = options.cwd === undefined ? suite.job.cwd : path.resolve(options.cwd);
  for (const part of partsOf(suite, per)) {
    const { scenario, exchanges, title } = part;
    const asked = [
      ...new Set([...exchanges, ...(scenario ? ownSteps([scenario]).map(({ exchange }) => exchange) : [])]),
    ];
    const details = {
      tag: [...part.tags],
      annotation: [
        ...asked.map(({ id }) => ({ type: 'exchange', description: id })),
        { type: SKIPPED_TYPE, description: suite.job.redactor.rendered(skippedText(asked)) },
      ],
    };
    const place = { ...part.place, file: path.resolve(cwd, part.place.file) };
    const isLong =
      scenario !== undefined || (exchanges.length > 1 && exchanges.some(({ request }) => isWrite(request)));
    const body = isLong
      ? async ({ docwrightSessions, docwrightEnding }: Given & { docwrightEnding: Ending }, info: TestInfo) =>
          docwrightEnding(async (signal) => ask(suite, part, await docwrightSessions.open(suite), info, signal))
      : async ({ docwrightSessions }: Given, info: TestInfo) =>
          ask(suite, part, await docwrightSessions.open(suite), info);
    at(place, 'test(title, details, body)', { test: isLong ? endingTest : test, title, details, body });
  }
}

interface Given {
  readonly docwrightSessions: Sessions;
}

/** Does work that is told when the test is over, and is waited for then. */
type Ending = (work: (signal: AbortSignal) => Promise<void>) => Promise<void>;

/**
 * What is to be cleared up is cleared up after a test that ran out of time, or was interrupted, too: Playwright goes on with what ends
 * a test, whatever that test still does.
 */
const endingTest = test.extend<{ docwrightEnding: Ending }>({
  docwrightEnding: [
    async ({}, use) => {
      const over = new AbortController();
      let working: Promise<void> | undefined;
      await use((work) => (working = work(over.signal)));
      over.abort();
      // What it throws is the test's own.
      await working?.catch(() => undefined);
    },
    { timeout: TIME_TO_END },
  ],
});

async function ask(suite: Suite, part: Part, session: Session, info: TestInfo, signal?: AbortSignal): Promise<void> {
  const { exchanges, scenario } = part;
  const isPlayed = scenario !== undefined && session.playsScenarios;
  const length = isPlayed ? stepsOf(scenario).length : exchanges.length;
  // An answer that does not come is told as that, not as a test that took too long.
  if (info.timeout > 0) {
    const each = Math.max(session.timeout, LEAST_TIME);
    info.setTimeout(info.timeout + length * each + (isPlayed ? pollingOf(scenario) : 0));
  }
  const asked = { exchanges, ...(scenario && { scenario }), ...(signal && { signal }) };
  const judged = length === 0 ? [] : await session.run(asked);
  const { shard, projects } = info.config;
  const folder = projectFolders(projects.map(({ name }) => name)).get(info.project.name);
  const findings = session.ruled(part.findings);
  const record = recordOf(judged, {
    target: session.target,
    ...(folder === undefined ? {} : { folder }),
    ...(shard === null ? {} : { shard: { index: shard.current, total: shard.total } }),
    of: session.of,
    findings,
  });
  attach(info, session, RECORD_NAME, RECORD_TYPE, JSON.stringify(record));
  const isOne = judged.length === 1 && !isPlayed;
  if (isOne) {
    const { sent, actual } = judged[0]!;
    if (sent) attach(info, session, 'request', 'text/plain', requestText(sent));
    if (actual) attach(info, session, 'answer', 'text/plain', answerText(actual));
  } else if (judged.length > 0) {
    // An attachment costs as much as what it is about.
    const texts = judged.map(({ exchange, sent, actual }) =>
      [`# ${oneLine(exchange.id)}`, sent && requestText(sent), actual && answerText(actual)]
        .filter(Boolean)
        .join('\n\n'),
    );
    attach(info, session, 'requests and answers', 'text/plain', texts.join('\n\n'));
  }
  for (const each of [findings, ...(isOne ? [judged[0]!.findings] : [])]) {
    annotate(info, session, each);
    for (const error of each.filter(isError)) await fail(session, [error]);
  }
  for (const { result, exchange, findings: found } of isOne ? [] : judged) {
    annotate(info, session, found);
    const step = { location: { file: session.pathOf(result.file), line: result.line, column: 1 } };
    const title = `${result.request.method} ${result.request.url} (${exchange.id})`;
    await test.step(session.clean(title), () => failStep(session, found.filter(isError)), step).catch(unlessTold);
  }
  if (judged.some((each) => each.findings.some(isError)) || findings.some(isError)) return;
  const blocked = judged.filter(({ result }) => result.outcome === 'blocked');
  // What clears up after nothing is no more than skipped.
  const isBlocked = judged.every(({ result }) => ['blocked', 'skipped'].includes(result.outcome)) && blocked.length > 0;
  if (isBlocked) {
    const reasons = (isPlayed ? blocked.slice(0, 1) : blocked).map((each) => each.findings[0]?.reason ?? 'blocked');
    info.skip(true, reasons.join('; '));
  }
  info.skip(scenario !== undefined && length === 0, 'Scenarios are played against a service alone');
}

/** Milliseconds for each exchange of a test, beside the time for the test itself, where an answer may take no longer. */
const LEAST_TIME = 10_000;

/** Milliseconds that a scenario may ask again and again. */
function pollingOf(scenario: Scenario): number {
  return stepsOf(scenario).reduce((sum, { poll }) => sum + (poll?.within ?? 0), 0);
}

type Told = JudgedExchange['findings'];

function isError({ severity, suppressed }: Told[number]): boolean {
  return severity === 'error' && suppressed !== true;
}

/** Every finding becomes an annotation. */
function annotate(info: TestInfo, session: Session, findings: Told): void {
  for (const { ruleId, severity, suppressed, reason, file, line, column } of findings)
    info.annotations.push({
      type: ruleId,
      description: session.clean(
        `${severity}${suppressed ? ' (suppressed)' : ''}: ${reason} (${file}:${line}:${column})`,
      ),
      location: { file: session.pathOf(file), line, column },
    });
}

/** A step that failed, and whose failure is told inside of it. It has no place: for each that has one Playwright reads and colours the page anew. */
class ToldInside extends Error {
  override readonly stack = '';
}

/** The same as the end of a step. */
async function failStep(session: Session, errors: Told): Promise<void> {
  if (errors.length === 0) return;
  await fail(session, errors);
  throw new ToldInside(errors.map(({ reason }) => session.clean(reason)).join('; '));
}

function unlessTold(thrown: unknown): void {
  if (!(thrown instanceof ToldInside)) throw thrown;
}

/** A soft failure that stands on the line of the first of some errors, and draws each of them on its own. */
async function fail(session: Session, errors: Told): Promise<void> {
  const first = errors[0]!;
  const message = (await Promise.all(errors.map((error) => session.drawn(error)))).join('\n\n');
  const place = { file: session.pathOf(first.file), line: first.line, column: first.column };
  at(place, 'expect.soft(message).toKeepThePromise()', { expect: holding, message });
}

const holding = baseExpect.extend({
  toKeepThePromise: (message: string) => ({ pass: false, message: () => message }),
}) as unknown as Expect;

function attach(info: TestInfo, { clean }: Session, name: string, contentType: string, text: string): void {
  info.attachments.push({ name, contentType, body: Buffer.from(clean(text)) });
}

/** Runs an expression as if it stood at a place of a page: that is where test runners look for the line of a test and of its failure. */
function at(
  { file, line, column }: { readonly file: string; readonly line: number; readonly column: number },
  expression: string,
  names: Readonly<Record<string, unknown>>,
): void {
  // The place of a call is that of the last name before it.
  const columnOffset = column - 1 - (expression.lastIndexOf('.') + 1);
  const where = { filename: file, lineOffset: line - 1, columnOffset };
  compileFunction(expression, Object.keys(names), where)(...Object.values(names));
}
