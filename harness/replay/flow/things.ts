import type { Exchange, PagedExchange } from '../../model/fixture.ts';
import { headerValue, isJsonType, type RequestMessage, type ResponseMessage } from '../../model/http.ts';
import type { Created, LedgerFile } from '../../model/ledger.ts';
import { isOwnKey } from './links.ts';
import { isStrong, keyed, lastId, route, routeKey } from './paths.ts';
import { inPath } from './uses.ts';

/** What a run created, as it goes. */
export interface Things {
  /** Writes down that a request that may create something goes out, and who asks; the number is for `answered`. Nothing for other requests. */
  asked(exchange: PagedExchange, request: RequestMessage, account?: string): number | undefined;
  /** Writes down what came of it. */
  answered(number: number, exchange: PagedExchange, request: RequestMessage, actual: ResponseMessage): void;
  /** Writes down what a deletion removed: what lies at this URL, or was created by these exchanges and named there. */
  deleted(request: RequestMessage, actual: ResponseMessage): void;
  /** Notes where a thing can be deleted. */
  tell(number: number, deleteUrl: string): void;
  /** Notes another state of a thing. */
  settle(number: number, state: Created['state']): void;
  /** What the exchange created last and is still there. */
  of(exchangeId: string): Thing | undefined;
  /** Everything so far, in the order in which it was asked for. */
  readonly all: ReadonlyMap<number, Created>;
}

/** Something that is there because this run created it. */
export interface Thing {
  readonly created: Created;
  /** May this value, as the id of it, stand at the end of this live path? */
  isAt(path: string, value: string): boolean;
  /** Is this an id that the service gave it, and that names nothing else wherever it stands? */
  isOwn(value: string): boolean;
}

/** Keeps the ledger of a run. `deletions` are all documented exchanges; those that DELETE tell where a thing can be deleted. */
export function thingsOf(
  deletions: readonly PagedExchange[],
  keyOf: ((type: string) => string | undefined) | undefined,
  file: LedgerFile | undefined,
  before: readonly Created[] = [],
): Things {
  const all = new Map<number, Created>();
  const latest = new Map<string, number>();
  /** Ids that the creating request itself sent: it may have joined what was there before to something. */
  const echoed = new Set<string>();
  /** What is there, by the paths that may lead to it: a run may delete thousands of things, and create as many. */
  const byPath = new Map<string, number[]>();
  const note = (number: number, created: Created): void => {
    all.set(number, created);
    if (created.state === 'there') {
      for (const path of pathsTo(created)) {
        const numbers = byPath.get(path);
        if (numbers === undefined) byPath.set(path, [number]);
        else if (numbers.at(-1) !== number) numbers.push(number);
      }
    }
    file?.append({ kind: 'created', number, created });
  };
  for (const [number, created] of before.entries()) {
    note(number, created);
    if (created.state === 'there') latest.set(created.exchangeId, number);
    for (const id of created.echoed ?? []) echoed.add(`${number} ${id}`);
  }
  return {
    all,
    asked(exchange, { method, url }, account) {
      if (!/^(POST|PUT)$/i.test(method)) return undefined;
      const number = all.size;
      note(number, {
        exchangeId: exchange.id,
        method,
        url: withoutQuery(url),
        ...(account === undefined ? {} : { account }),
        ids: [],
        at: new Date().toISOString(),
        state: 'asked',
      });
      return number;
    },
    answered(number, exchange, { url, method, body }, actual) {
      const asked = all.get(number)!;
      const isCreation =
        actual.status === 201 ||
        (actual.status >= 200 &&
          actual.status < 300 &&
          method.toUpperCase() === 'POST' &&
          exchange.responses.some(({ status }) => status === 201));
      if (!isCreation) return note(number, { ...asked, state: 'none' });
      const location = locationOf(actual, url);
      const ids = idsOf(exchange, actual, location, keyOf);
      const deleteUrl = deleteUrlOf(exchange, url, ids, location, formsOf(deletions));
      latest.set(exchange.id, number);
      const sent = `${decoded(pathOf(url))} ${body === undefined ? '' : new TextDecoder().decode(body)}`;
      const returned = ids.filter((id) => sent.includes(id));
      for (const id of returned) echoed.add(`${number} ${id}`);
      note(number, {
        ...asked,
        ids,
        ...(returned.length === 0 ? {} : { echoed: returned }),
        ...(location === undefined ? {} : { location }),
        ...(deleteUrl === undefined ? {} : { deleteUrl }),
        state: 'there',
      });
    },
    deleted({ method, url }, { status }) {
      if (method.toUpperCase() !== 'DELETE' || !isGoneStatus(status)) return;
      const path = pathOf(url);
      for (const number of byPath.get(decoded(path)) ?? []) {
        const created = all.get(number)!;
        if (created.state !== 'there' || !isAt(created, path)) continue;
        note(number, { ...created, state: 'deleted' });
      }
    },
    tell(number, deleteUrl) {
      note(number, { ...all.get(number)!, deleteUrl });
    },
    settle(number, state) {
      note(number, { ...all.get(number)!, state });
    },
    of(exchangeId) {
      const number = latest.get(exchangeId);
      const created = number === undefined ? undefined : all.get(number);
      if (created === undefined) return undefined;
      return {
        created,
        isOwn: (value) => created.ids.includes(value) && isStrong(value) && !echoed.has(`${number} ${value}`),
        // A new id that is long and odd names one thing wherever it stands; a `7` is another thing in another collection.
        isAt: (path, value) =>
          created.ids.includes(value) &&
          ((isStrong(value) && !echoed.has(`${number} ${value}`)) || isAt(created, path)),
      };
    },
  };
}

/** Does this status say that a thing is gone: deleted now, or not there? */
export function isGoneStatus(status: number): boolean {
  return (status >= 200 && status < 300) || status === 404 || status === 410;
}

/** Does a live path lead to the thing itself? */
function isAt({ method, url, ids, location }: Created, path: string): boolean {
  const wanted = decoded(path);
  if (location !== undefined && originOf(location) === originOf(url) && decoded(pathOf(location)) === wanted)
    return true;
  const home = decoded(pathOf(url));
  if (method.toUpperCase() === 'PUT') return home === wanted;
  return ids.some(
    (id) =>
      !isElsewhere(id, url, location) &&
      (wanted === `${home}/${id}` || wanted === `${home}('${id.replaceAll("'", "''")}')`),
  );
}

/** Every path, decoded, that `isAt` may find to lead to a thing. */
function pathsTo({ url, ids, location }: Created): string[] {
  const home = decoded(pathOf(url));
  const own = ids.flatMap((id) => [`${home}/${id}`, `${home}('${id.replaceAll("'", "''")}')`]);
  return [home, ...own, ...(location === undefined ? [] : [decoded(pathOf(location))])];
}

/** Is this the id of something else that `Location` leads to, such as an operation under way? */
function isElsewhere(id: string, url: string, location: string | undefined): boolean {
  return location !== undefined && lastId(location) === id && route(location).at(-2) !== route(url).at(-1);
}

function idsOf(
  exchange: Exchange,
  { headers, body }: ResponseMessage,
  location: string | undefined,
  keyOf: ((type: string) => string | undefined) | undefined,
): string[] {
  const type = exchange.responses.find(({ status }) => status === 201)?.type;
  const value = isJsonType(headerValue(headers, 'content-type') ?? 'application/json') ? jsonOf(body) : undefined;
  const members = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  const own = members
    .filter(([key, id]) => isOwnKey(key, type, keyOf) && (typeof id === 'string' || typeof id === 'number'))
    .map(([, id]) => String(id));
  const last = location === undefined ? undefined : lastId(location);
  return [...new Set([...own, ...(last === undefined ? [] : [last])])].filter(isUsable);
}

/** Can a value stand as a segment of a path and lead nowhere else? */
export function isUsable(value: string): boolean {
  return value !== '' && value !== '.' && value !== '..';
}

function locationOf({ headers }: ResponseMessage, base: string): string | undefined {
  const written = headerValue(headers, 'location');
  return written !== undefined && URL.canParse(written, base) ? withoutQuery(new URL(written, base).href) : undefined;
}

/** How the docs delete a thing: by a segment of its own, or by a key in parentheses. */
type Form = 'segment' | 'key';

/** By the shape of a collection; of the same list only once, which may be asked part by part. */
function formsOf(exchanges: readonly PagedExchange[]): ReadonlyMap<string, Form> {
  let forms = FORMS.get(exchanges);
  if (forms === undefined) FORMS.set(exchanges, (forms = readForms(exchanges)));
  return forms;
}

const FORMS = new WeakMap<readonly PagedExchange[], ReadonlyMap<string, Form>>();

function readForms(exchanges: readonly PagedExchange[]): ReadonlyMap<string, Form> {
  const forms = new Map<string, Form>();
  for (const exchange of exchanges) {
    if (exchange.request.method.toUpperCase() !== 'DELETE') continue;
    const shape = shapeOf(exchange);
    const key = routeKey(shape.slice(0, -1));
    if (shape.length < 2 || forms.has(key)) continue;
    forms.set(key, keyed(exchange.request.url.split(/[?#]/, 1)[0]!.split('/').at(-1)!) ? 'key' : 'segment');
  }
  return forms;
}

function deleteUrlOf(
  exchange: PagedExchange,
  url: string,
  ids: readonly string[],
  location: string | undefined,
  forms: ReadonlyMap<string, Form>,
): string | undefined {
  const shape = shapeOf(exchange);
  const isPut = exchange.request.method.toUpperCase() === 'PUT';
  const form = forms.get(routeKey(isPut ? shape.slice(0, -1) : shape));
  if (form === undefined) return undefined;
  const home = url.split(/[?#]/, 1)[0]!.replace(/\/+$/, '');
  if (isPut) return home;
  const id = ids.find((each) => !isElsewhere(each, url, location));
  if (id === undefined) return undefined;
  return form === 'key'
    ? `${home}('${encodeURIComponent(id.replaceAll("'", "''"))}')`
    : `${home}/${encodeURIComponent(id)}`;
}

/** The route of a request with every parameter as `*`. */
function shapeOf({ request }: PagedExchange): string[] {
  const parts = route(request.readAs ?? request.url);
  const parameters = new Set(
    inPath(request)
      .filter(({ name, isFixed, literal }) => (name !== undefined && !isFixed) || isStrong(literal))
      .map(({ literal }) => literal),
  );
  return parts.map((part) => (/[{}<>]/.test(part) || parameters.has(part) ? '*' : part));
}

/** A query may hold what nobody is to keep, and names nothing. */
function withoutQuery(url: string): string {
  return url.split(/[?#]/, 1)[0]!;
}

function pathOf(url: string): string {
  return URL.canParse(url) ? new URL(url).pathname : url;
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '';
}

function decoded(path: string): string {
  return path
    .replace(/\/+$/, '')
    .split('/')
    .map((segment) => {
      try {
        return decodeURIComponent(segment);
      } catch {
        return segment;
      }
    })
    .join('/');
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
