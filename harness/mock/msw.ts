import { getResponse, http, HttpResponse, type HttpHandler } from 'msw';
import type { Exchange } from '../model/fixture.ts';
import { hasNoContent, type RequestMessage, type ResponseMessage, type Target } from '../model/http.ts';
import { mockApi } from './answer.ts';
import { fromWire, toWire } from './wire.ts';

/** One msw handler for everything: the look-up is ours, so that its cost does not grow with the number of exchanges. */
export function mockHandler(answer: (request: RequestMessage) => ResponseMessage): HttpHandler {
  return http.all('*', async ({ request }) => {
    const body = request.body === null ? undefined : new Uint8Array(await request.arrayBuffer());
    const { method, url } = request;
    const headers = [...request.headers].map(fromWire);
    return responseOf(answer({ method, url, headers, ...(body ? { body } : {}) }));
  });
}

/** The docs as a target, behind msw: what is replayed against it takes the way that a request in a user's test takes. */
export function mockTarget(exchanges: readonly Exchange[]): Target {
  const answer = mockApi(exchanges);
  const handlers = [mockHandler(answer)];
  return {
    name: 'mock',
    live: false,
    async send(message) {
      const request = requestOf(message);
      if (!request) return answer(message);
      const response = await getResponse(handlers, request);
      if (!response) throw new Error('The mock gave no answer');
      return messageOf(response);
    },
  };
}

/** Nothing where no Fetch request can say this: CONNECT, TRACE, TRACK, or a method that is no token (Fetch, 2.2.1); or where msw could not read its path. */
function requestOf({ method, url, headers, body }: RequestMessage): Request | undefined {
  const upper = method.toUpperCase();
  if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(method) || /^(CONNECT|TRACE|TRACK)$/.test(upper)) return undefined;
  if (!isDecodable(url)) return undefined;
  // A Fetch request with GET or HEAD has no body: what the docs write there cannot pass this door.
  const content = body && upper !== 'GET' && upper !== 'HEAD' ? { body } : {};
  return new Request(url, { method: upper, headers: toWire(headers), ...content });
}

/** msw decodes the whole path at once, and fails where some `%` in it is no UTF-8. */
function isDecodable(url: string): boolean {
  try {
    decodeURIComponent(new URL(url).pathname);
    return true;
  } catch {
    return false;
  }
}

function responseOf({ status, headers, body }: ResponseMessage): HttpResponse<Uint8Array<ArrayBuffer>> {
  const content = body.length > 0 && !hasNoContent(status) ? new Uint8Array(body) : null;
  return new HttpResponse(content, { status, headers: toWire(headers) });
}

async function messageOf(response: Response): Promise<ResponseMessage> {
  const body = response.body === null ? new Uint8Array() : new Uint8Array(await response.arrayBuffer());
  return { status: response.status, headers: [...response.headers].map(fromWire), body };
}
