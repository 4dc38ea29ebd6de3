import type { Fact } from '../../model/finding.ts';
import type { Block, PagedExchange, PromisedRequest, PromisedResponse } from '../../model/fixture.ts';
import { isHopByHop } from '../../model/http.ts';
import { pathFault, placeTokens, type JsonPathQuery } from '../../model/json-path.ts';
import { pointerToken } from '../../model/json.ts';
import type { Place } from '../../model/place.ts';
import type { Capture, Expect, Expectation, Poll, RequestChange, Step } from '../../model/scenario.ts';
import { isUnreadable, readRequest } from '../http/text.ts';
import type { PlacedStep, WrittenExpect, WrittenScenario, WrittenStep } from './written.ts';

/** What the steps of one scenario have in common. */
export interface StepMaker {
  /** Of the scenario. */
  readonly id: string;
  readonly file: string;
  readonly title: string;
  readonly names: ReadonlySet<string>;
  readonly scenario: WrittenScenario;
  readonly query: JsonPathQuery;
  /** Hears of what leaves no scenario. */
  readonly tell: (fact: Fact) => void;
}

/** Which step of its scenario it is. */
export interface StepPart {
  /** From 1. */
  readonly number: number;
  readonly documented?: PagedExchange;
  readonly isCleanup: boolean;
  /** Is the answer held to what is documented? */
  readonly isJudged: boolean;
  /** Is it reported as the documented exchange itself? */
  readonly isItself: boolean;
}

/** Reads a step: its request, what is expected and captured of the answer. */
export function readStep(placed: PlacedStep, maker: StepMaker, part: StepPart): Step | undefined {
  const { step, place, pointer } = placed;
  const own = place(pointer);
  const { documented, isJudged, isItself, isCleanup } = part;
  const raw = documented === undefined ? rawRequest(step.http!, place(`${pointer}/http`), maker) : undefined;
  if (documented === undefined && raw === undefined) return undefined;
  const label = (step.name ?? documented?.name ?? `${raw?.method ?? ''} ${raw?.url ?? documented!.id}`).replaceAll(
    '#',
    '-',
  );
  const expect = expectOf(step.expect, `${pointer}/expect`, placed, maker);
  const block = blockAt(own);
  const statuses = statusesOf(expect, documented, isCleanup);
  const id = `${maker.id}/${part.number} ${label.slice(0, LONGEST_LABEL)}`;
  const exchange: PagedExchange = isItself
    ? documented!
    : {
        ...gates(documented, maker.scenario),
        id,
        title: `${maker.title}: ${label}`,
        file: own.file,
        request: { ...(documented?.request ?? raw!), block, at: 0 },
        responses: isJudged ? documented!.responses.map(onItsPage(documented!)) : statuses.map(bare(block)),
      };
  const body =
    step.set?.body !== undefined
      ? { text: step.set.body }
      : step.set?.base64 !== undefined
        ? { base64: step.set.base64 }
        : raw !== undefined && raw.body.kind !== 'empty'
          ? { text: raw.body.text }
          : undefined;
  const change: RequestChange = {
    headers: headersOf(step, placed, maker),
    json: jsonOf(step, placed, maker),
    ...(step.set?.url === undefined ? {} : { url: step.set.url }),
    ...(body === undefined ? {} : { body }),
  };
  const poll = pollOf(step, placed, maker);
  const account = step.account ?? maker.scenario.account;
  return {
    exchange,
    label,
    place: own,
    isJudged,
    ...(documented === undefined ? {} : { documented }),
    ...(account === undefined ? {} : { account }),
    values: step.values ?? {},
    with: step.with ?? {},
    change,
    // What clears up is content when there is nothing to clear up.
    expect: isCleanup && expect.statuses === undefined ? { ...expect, allowed: [...expect.allowed, 404, 410] } : expect,
    capture: captureOf(step, placed, maker),
    ...(poll === undefined ? {} : { poll }),
  };
}

const LONGEST_LABEL = 80;

/** Scopes, versions and tags: of the exchange and of the scenario. */
function gates(
  documented: PagedExchange | undefined,
  scenario: WrittenScenario,
): Pick<PagedExchange, 'scopes' | 'apiVersions' | 'tags' | 'name'> {
  const both = (key: 'scopes' | 'apiVersions' | 'tags'): object => {
    const words = [...new Set([...(documented?.[key] ?? []), ...(scenario[key] ?? [])])];
    return words.length === 0 ? {} : { [key]: words };
  };
  return { ...both('scopes'), ...both('apiVersions'), ...both('tags') };
}

function blockAt({ position }: Place): Block {
  return { line: position.start.line, indent: position.start.column - 1 };
}

/** Responses of a page stay on it. */
function onItsPage({ file }: PagedExchange): (response: PromisedResponse) => PromisedResponse {
  return (response) => ({ ...response, block: { ...response.block, file: response.block.file ?? file } });
}

function bare(block: Block): (status: number) => PromisedResponse {
  return (status) => ({ block, at: 0, status, headers: [], body: { kind: 'empty' } });
}

/** The statuses that a report names for a step. */
function statusesOf(
  { statuses, allowed }: Expect,
  documented: PagedExchange | undefined,
  isCleanup: boolean,
): number[] {
  const successes = (documented?.responses ?? [])
    .map(({ status }) => status)
    .filter((each) => each >= 200 && each < 300);
  const usual = successes.length > 0 ? successes : isCleanup ? [204] : [200];
  return [...new Set([...(statuses ?? usual), ...allowed])];
}

function rawRequest(text: string, place: Place, { tell }: StepMaker): PromisedRequest | undefined {
  const read = readRequest(text.replace(/\r\n?/g, '\n').replace(/\n$/, ''));
  if (isUnreadable(read)) {
    tell({ ruleId: 'scenario/unreadable', reason: read.error.reason, place, subject: text });
    return undefined;
  }
  const { method, url, readAs, headers, body } = read;
  return { block: blockAt(place), at: 0, method, url, headers, body, ...(readAs === undefined ? {} : { readAs }) };
}

/** Headers that a page cannot say, a scenario cannot either; to ask without an account it may. */
const OF_ITS_SENDER = new Set(['authorization', 'cookie', 'host', 'content-length', 'expect']);

function headersOf(
  { set }: WrittenStep,
  { place, pointer }: PlacedStep,
  { tell }: StepMaker,
): RequestChange['headers'] {
  return Object.entries(set?.headers ?? {}).map(([name, value]) => {
    const key = name.toLowerCase();
    if (value !== null && (OF_ITS_SENDER.has(key) || isHopByHop(key) || !/^[!#$%&'*+.^_`|~\w-]+$/.test(name)))
      tell({
        ruleId: 'scenario/unreadable',
        reason: `Unexpected header \`${name}\`, expected one that a request may choose`,
        place: place(`${pointer}/set/headers/${pointerToken(name)}`),
        subject: name,
        note: 'Who asks is said by `auth` of the target; `Authorization: null` asks without.',
      });
    return { name, value };
  });
}

function jsonOf({ set }: WrittenStep, { place, pointer }: PlacedStep, { tell }: StepMaker): RequestChange['json'] {
  return Object.entries(set?.json ?? {}).map(([path, value]) => {
    if (placeTokens(path) === undefined)
      tell({
        ruleId: 'scenario/unreadable',
        reason: `Unexpected \`${path}\`, expected a JSONPath to one place, such as \`$.parent.id\``,
        place: place(`${pointer}/set/json/${pointerToken(path)}`),
        subject: path,
      });
    return { path, value };
  });
}

function expectOf(written: WrittenExpect | undefined, pointer: string, placed: PlacedStep, maker: StepMaker): Expect {
  const { place } = placed;
  const { status, allow = [], headers = {}, body = {}, absent = [], text } = written ?? {};
  const header = Object.entries(headers).map(([at, value]): Expectation => ({
    of: 'header',
    at,
    value,
    place: place(`${pointer}/headers/${pointerToken(at)}`),
  }));
  const json = Object.entries(body).map(([at, value]): Expectation => {
    const where = place(`${pointer}/body/${pointerToken(at)}`);
    checkPath(at, where, maker);
    return { of: 'json', at, value, place: where };
  });
  const gone = absent.map((at, index): Expectation => {
    const where = place(`${pointer}/absent/${index}`);
    checkPath(at, where, maker);
    return { of: 'absent', at, value: undefined, place: where };
  });
  const whole: Expectation[] =
    text === undefined ? [] : [{ of: 'text', at: '', value: text, place: place(`${pointer}/text`) }];
  return {
    ...(status === undefined ? {} : { statuses: [status].flat() }),
    allowed: [allow].flat(),
    statusPlace: place(status === undefined ? placed.pointer : `${pointer}/status`),
    all: [...header, ...json, ...gone, ...whole],
  };
}

function captureOf({ capture = {} }: WrittenStep, { place, pointer }: PlacedStep, maker: StepMaker): Capture[] {
  return Object.entries(capture).map(([name, written]): Capture => {
    const where = place(`${pointer}/capture/${pointerToken(name)}`);
    const header = /^header\s+(\S+)$/i.exec(written)?.[1];
    if (header !== undefined) return { name, of: 'header', at: header, place: where };
    if (written === 'body' || written === 'status') return { name, of: written, at: '', place: where };
    checkPath(written, where, maker);
    return { name, of: 'json', at: written, place: where };
  });
}

function pollOf({ poll }: WrittenStep, placed: PlacedStep, maker: StepMaker): Poll | undefined {
  if (poll === undefined) return undefined;
  return {
    while: [poll.while ?? []].flat(),
    every: poll.every ?? 1000,
    within: poll.within ?? 60_000,
    place: placed.place(`${placed.pointer}/poll`),
    ...(poll.until === undefined ? {} : { until: expectOf(poll.until, `${placed.pointer}/poll/until`, placed, maker) }),
  };
}

function checkPath(path: string, place: Place, { query, tell }: StepMaker): void {
  const fault = pathFault(query, path);
  if (fault === undefined) return;
  tell({
    ruleId: 'scenario/unreadable',
    reason: `Unexpected \`${path}\`, expected a JSONPath (RFC 9535) such as \`$.id\`: ${fault}`,
    place,
    subject: path,
  });
}
