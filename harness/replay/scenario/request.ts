import type { PagedExchange } from '../../model/fixture.ts';
import { headerValue, isWrite, type Header, type RequestMessage, type Target } from '../../model/http.ts';
import { NoSuchPlace, withValue } from '../../model/json-path.ts';
import type { Step } from '../../model/scenario.ts';
import { strictJson } from '../../model/strict.ts';
import { chooseAccount, type Account, type Choice } from '../accounts.ts';
import { isUsable } from '../flow/things.ts';
import type { Flow, Given, Origin } from '../flow/index.ts';
import { usesOf } from '../flow/uses.ts';
import { prepareFrom } from '../prepare.ts';
import type { Scope } from './scope.ts';

/** A request of a scenario that can be sent, or everything that is missing for it. */
export type PreparedStep = ReadyStep | { readonly missing: readonly string[] };

/** One that can be sent, and who sends it. */
export interface ReadyStep {
  readonly request: RequestMessage;
  readonly isAnonymous: boolean;
  readonly account?: string;
}

/** As much of a step as its request is made of. */
export type Asked = Pick<Step, 'exchange' | 'documented' | 'change' | 'with' | 'account'>;

/** How far a scenario may go: no further than the replay it is a part of. */
export interface StepOptions {
  readonly writes: boolean;
  readonly flow: Flow;
  /** Who may ask, where the target has several accounts. */
  readonly accounts?: readonly Account[];
}

/** The request of a step as this target is sent it, with what the scenario says in the place of what is documented. */
export function prepareStep(
  step: Asked,
  scope: Scope,
  target: Pick<Target, 'base' | 'refusal'>,
  { writes, flow, accounts }: StepOptions,
  note?: (origin: Origin) => void,
): PreparedStep {
  const missing = new Set<string>();
  const choice = accountFor(step, accounts);
  if (choice !== undefined && 'missing' in choice) for (const each of choice.missing) missing.add(each);
  const given = scope.values(step, missing);
  const { exchange, whole } = placed(step, scope, given, missing);
  const supply = flow.supplyFrom(exchange, given, note);
  const filled = whole === undefined ? supply : { ...supply, whole: { url: whole } };
  // What the scenario writes itself are its own words: nothing in them is the id of a page.
  const uses = step.documented === undefined || step.change.url !== undefined ? [] : usesOf(exchange);
  const prepared = prepareFrom(exchange, target, { writes }, filled, uses);
  if ('missing' in prepared) for (const each of prepared.missing) missing.add(each);
  const changed = 'missing' in prepared ? undefined : changedRequest(step, prepared.request, scope, missing);
  if (changed !== undefined && !writes && isWrite(changed)) missing.add('permission --allow-writes');
  if (changed === undefined || missing.size > 0) return { missing: [...missing] };
  return {
    request: changed,
    isAnonymous: isAnonymous(step),
    ...(choice !== undefined && 'account' in choice ? choice : {}),
  };
}

/** The documented request without what the scenario says, and its URL where that is one that an answer showed. */
function placed(
  { exchange, documented, change }: Asked,
  scope: Scope,
  { own }: Given,
  missing: Set<string>,
): { readonly exchange: PagedExchange; readonly whole?: string } {
  const request = documented?.request ?? exchange.request;
  const changed = { ...request, ...(change.body === undefined ? {} : { body: { kind: 'empty' as const } }) };
  if (change.json.length > 0 && changed.body.kind === 'json')
    changed.body = { ...changed.body, text: blanked(changed.body.text, change.json) };
  const said = change.url ?? request.readAs ?? request.url;
  const written = change.url === undefined && documented !== undefined ? undefined : said;
  const base = documented ?? exchange;
  const led = ledBy(said, own);
  if (led !== undefined) {
    const { readAs: _readAs, template: _template, ...plain } = changed;
    return { exchange: { ...base, request: plain }, whole: led };
  }
  if (written === undefined) return { exchange: { ...base, request: changed } };
  const { readAs: _readAs, template: _template, ...plain } = changed;
  if (!/^\{[^{}]+\}$/.test(written)) return { exchange: { ...base, request: { ...plain, url: written } } };
  const value = scope.fill(written, missing);
  const isAbsolute = /^https?:\/\//i.test(value) && URL.canParse(value);
  if (isAbsolute) return { exchange: { ...base, request: plain }, whole: value };
  if (value !== written && isUsable(value)) return { exchange: { ...base, request: { ...plain, url: value } } };
  return { exchange: { ...base, request: { ...plain, url: written } } };
}

/** A URL that begins with one that an answer showed, and goes on behind it: `{download-url}?a=b`. Nothing where it does not. */
function ledBy(written: string, own: Given['own']): string | undefined {
  const [, name, rest] = /^\{([^{}]+)\}([^]+)$/.exec(written) ?? [];
  const first = name === undefined ? undefined : own.get(name);
  if (first?.kind !== 'known' || !/^https?:\/\//i.test(first.value)) return undefined;
  const filled = rest!.replace(/\{([^{}]+)\}/g, (whole, each: string) => {
    const value = own.get(each);
    return value?.kind === 'known' ? encodeURIComponent(value.value) : whole;
  });
  const url = first.value + filled;
  return URL.canParse(url) && !/[{}]/.test(filled) ? url : undefined;
}

/** A body without placeholders in the places that are set anyway. */
function blanked(text: string, changes: Step['change']['json']): string {
  try {
    return JSON.stringify(
      changes.reduce<unknown>(
        (value, { path }) => {
          try {
            return withValue(value, path, null);
          } catch {
            return value;
          }
        },
        JSON.parse(strictJson(text, (written) => `{${written.slice(1, -1)}}`)),
      ),
    );
  } catch {
    return text;
  }
}

function changedRequest(
  { change }: Asked,
  request: RequestMessage,
  scope: Scope,
  missing: Set<string>,
): RequestMessage | undefined {
  const set = new Map(change.headers.map(({ name, value }) => [name.toLowerCase(), { name, value }]));
  const kept = request.headers.filter(([name]) => !set.has(name.toLowerCase()));
  const added = [...set.values()].flatMap(({ name, value }): Header[] =>
    value === null ? [] : [[name, scope.fill(value, missing)]],
  );
  // A value that an answer showed ends no line.
  const headers = [...kept, ...added].map(([name, value]): Header => [name, value.replace(/[\r\n\0]+/g, ' ')]);
  const body = bodyOf(change, request, headers, scope, missing);
  const { body: _body, ...rest } = request;
  const isTyped = headerValue(headers, 'content-type') !== undefined || set.has('content-type');
  const isJson = change.json.length > 0 && !isTyped;
  const typed: readonly Header[] = isJson ? [...headers, ['Content-Type', 'application/json']] : headers;
  return { ...rest, headers: typed, ...(body === undefined ? {} : { body }) };
}

function bodyOf(
  { body, json }: Step['change'],
  request: RequestMessage,
  headers: readonly Header[],
  scope: Scope,
  missing: Set<string>,
): Uint8Array | undefined {
  if (body !== undefined && 'base64' in body) return Buffer.from(scope.fill(body.base64, missing), 'base64');
  const isJson = /json/i.test(headerValue(headers, 'content-type') ?? '') || /^\s*[{[]/.test(body?.text ?? '');
  const text =
    body === undefined
      ? request.body && new TextDecoder().decode(request.body)
      : scope.fill(body.text, missing, isJson ? inJson : undefined);
  if (json.length === 0) return text === undefined ? undefined : new TextEncoder().encode(text);
  try {
    const root: unknown = text === undefined || text.trim() === '' ? {} : JSON.parse(text);
    const changed = json.reduce(
      (value, { path, value: next }) =>
        withValue(value, path, next === null ? undefined : scope.fillJson(next, missing)),
      root,
    );
    return new TextEncoder().encode(JSON.stringify(changed));
  } catch (error) {
    const why = error instanceof NoSuchPlace ? error.message : 'it is no JSON';
    missing.add(`body in which ${json.map(({ path }) => `\`${path}\``).join(', ')} can be set (${why})`);
    return undefined;
  }
}

/** Inside the quotes of a JSON string, or a value that is none. */
function inJson(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : JSON.stringify(value ?? null);
}

/** The account that the scenario names, else the one that suits the step; nothing where the target has but one, or none is wanted. */
function accountFor(step: Asked, accounts: readonly Account[] | undefined): Choice | undefined {
  const { account, exchange } = step;
  if (account === undefined) return accounts && !isAnonymous(step) ? chooseAccount(exchange, accounts) : undefined;
  const named = accounts?.find(({ name }) => name === account);
  if (named === undefined) return { missing: [`account ${account}`] };
  return named.fault === undefined
    ? { account }
    : { missing: [`account \`${account}\`, which could not authenticate: ${named.fault}`] };
}

/** Does the scenario ask without an account? */
function isAnonymous({ change }: Asked): boolean {
  return change.headers.some(({ name, value }) => value === null && name.toLowerCase() === 'authorization');
}
