import type { Exchange, PromisedRequest } from '../model/fixture.ts';
import type { RequestMessage, ResponseMessage } from '../model/http.ts';
import { once } from '../model/once.ts';
import {
  isPlaceholder,
  queryParameters,
  segments,
  tellingHeaders,
  urlParts,
  wirePath,
  wireQuery,
} from '../model/url.ts';
import { nearestRequests, problem } from './problem.ts';
import { promisedAnswer } from './promised.ts';
import { ANY, routeIndex, type RouteIndex, type RoutePath } from './routes.ts';
import { bodyShape, nearestIn, type Details } from './weigh.ts';

/**
 * What the docs answer: the first response documented for the exchange whose request is nearest, found by method, path,
 * path template, query and body, and by telling headers where those leave several. It knows nothing of a request but the request. No documented path fits: 404; one
 * does under other methods: 405 with `Allow` (RFC 9110, 15.5.6); both name the nearest documented requests.
 */
export function mockApi(exchanges: readonly Exchange[]): (request: RequestMessage) => ResponseMessage {
  const index = indexOf(exchanges);
  const answers = new Map<Exchange, ResponseMessage>();
  const answerOf = (exchange: Exchange): ResponseMessage => {
    const known = answers.get(exchange) ?? promisedAnswer(exchange);
    answers.set(exchange, known);
    return known;
  };
  return (request) => {
    const parts = urlParts(request.url);
    const path = segments(parts.path);
    const details: Details = {
      parameters: queryParameters(parts.query),
      headers: tellingHeaders(request.headers),
      body: once(() => bodyShape(new TextDecoder().decode(request.body))),
    };
    const method = request.method.toUpperCase();
    const route = nearestIn(candidates(index.get(method), path), details);
    if (route) return method === 'HEAD' ? withoutBody(answerOf(route.exchange)) : answerOf(route.exchange);
    if (method === 'HEAD') {
      const twin = nearestIn(candidates(index.get('GET'), path), details);
      if (twin) return withoutBody(answerOf(twin.exchange));
    }
    const allowed = [...index.keys()].filter((other) => candidates(index.get(other), path).length > 0);
    const nearest = nearestRequests(exchanges, method, parts.path);
    const answer =
      allowed.length > 0 ? wrongMethod(method, parts.path, allowed, nearest) : notFound(method, parts.path, nearest);
    return method === 'HEAD' ? withoutBody(answer) : answer;
  };
}

interface Route extends Details {
  readonly exchange: Exchange;
}

function indexOf(exchanges: readonly Exchange[]): ReadonlyMap<string, RouteIndex<Route>> {
  const index = new Map<string, RouteIndex<Route>>();
  for (const exchange of exchanges) {
    if (exchange.responses.length === 0) continue;
    const method = exchange.request.method.toUpperCase();
    const routes = index.get(method) ?? routeIndex<Route>();
    index.set(method, routes);
    const { query } = partsOf(exchange.request);
    const route: Route = {
      exchange,
      parameters: queryParameters(query === undefined ? undefined : wireQuery(query)),
      headers: tellingHeaders(exchange.request.headers.map(({ name, value }) => [name, value])),
      body: once(() => bodyShape(exchange.request.body.kind === 'empty' ? '' : exchange.request.body.text)),
    };
    for (const path of pathsOf(exchange.request)) routes.add(path, route);
  }
  return index;
}

/** The path as written, so that the text `{id}` itself is met best; the same with its placeholders open; the template. */
function pathsOf(request: PromisedRequest): RoutePath[] {
  const literal = segments(wirePath(partsOf(request).path));
  const template = request.template === undefined ? [] : [segments(wirePath(urlParts(request.template).path))];
  return [literal, ...[literal, ...template].map((path) => path.map((part) => (isPlaceholder(part) ? ANY : part)))];
}

function partsOf(request: PromisedRequest): ReturnType<typeof urlParts> {
  return urlParts(request.readAs ?? request.url);
}

/** A trailing slash counts where the docs know the difference, and is forgiven where they do not. */
function candidates(routes: RouteIndex<Route> | undefined, path: readonly string[]): readonly Route[] {
  if (!routes) return [];
  const found = routes.find(path).values;
  if (found.length > 0) return found;
  return routes.find(path.at(-1) === '' && path.length > 1 ? path.slice(0, -1) : [...path, '']).values;
}

/** As for GET, content aside (RFC 9110, 9.3.2): `Content-Length` stays that of the content. */
function withoutBody(answer: ResponseMessage): ResponseMessage {
  return { ...answer, body: new Uint8Array() };
}

function notFound(method: string, path: string, nearest: ReturnType<typeof nearestRequests>): ResponseMessage {
  return problem(404, 'No documented request fits', `The docs document no ${method} ${path}.`, { nearest });
}

function wrongMethod(
  method: string,
  path: string,
  methods: readonly string[],
  nearest: ReturnType<typeof nearestRequests>,
): ResponseMessage {
  const allow = [...new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods)].sort().join(', ');
  const detail = `The docs document ${path} with ${allow}, not with ${method}.`;
  return problem(405, 'The method is not documented for this path', detail, { nearest }, [['Allow', allow]]);
}
