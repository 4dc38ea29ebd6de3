import type { PagedExchange } from '../model/fixture.ts';
import type { RequestMessage, ResponseMessage, Target } from '../model/http.ts';
import { compilePages } from './docs.ts';

/** A service that holds things and counts what is done to them; it lives in memory under a name that is not loopback. */
export interface Tenant {
  readonly target: Target;
  /** Every request, as `METHOD path`, and its body. */
  readonly asked: readonly { readonly line: string; readonly body: string }[];
  /** Paths of what is there now. */
  there(): string[];
  /** Requests that are no GET and name, in URL or body, one of these. */
  touched(ids: readonly string[]): string[];
}

export interface TenantOptions {
  /** Paths of things that are there from the start, and what they show. */
  readonly things?: Readonly<Record<string, object>>;
  /** Ids the service gives, in turn. */
  readonly ids?: () => string;
  readonly base?: string;
  /** Answers before the tenant does. */
  readonly first?: (request: RequestMessage, path: string) => Partial<Answer> | undefined;
  /** What a new thing shows beside its id. */
  readonly shows?: (path: string) => object;
}

interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly value: unknown;
}

/** Collections are paths of an odd number of segments below the version, things of an even one. */
export function tenant({
  things = {},
  ids,
  base = 'https://tenant.example',
  first,
  shows = () => ({}),
}: TenantOptions = {}): Tenant {
  const held = new Map<string, object>(Object.entries(things));
  const asked: { line: string; body: string }[] = [];
  let next = 100;
  const newId = ids ?? (() => `${next++}`);
  const answer = (request: RequestMessage, path: string, body: string): Partial<Answer> => {
    const { method } = request;
    const given = first?.(request, path);
    if (given !== undefined) return given;
    if (method === 'POST') {
      let id = newId();
      while (held.has(`${path}/${id}`)) id = newId();
      held.set(`${path}/${id}`, {});
      return {
        status: 201,
        headers: [['Location', `${base}${path}/${id}`]],
        value: { ...shows(path), ...(parsed(body) as object), id },
      };
    }
    const below = [...held].filter(([key]) => key.startsWith(`${path}/`) && !key.slice(path.length + 1).includes('/'));
    const thing = held.get(path);
    if (method === 'GET' && thing === undefined && (below.length > 0 || path.split('/').length % 2 === 1))
      return { status: 200, value: { value: below.map(([key, shown]) => ({ id: key.split('/').at(-1), ...shown })) } };
    if (thing === undefined) return { status: 404, value: { error: { code: 'notFound', message: 'Not here.' } } };
    if (method === 'DELETE') {
      held.delete(path);
      return { status: 204 };
    }
    return { status: 200, value: { id: path.split('/').at(-1), ...thing } };
  };
  return {
    asked,
    there: () => [...held.keys()],
    touched: (known) =>
      asked
        .filter(({ line }) => !/^(GET|HEAD|OPTIONS) /.test(line))
        .map(({ line, body }) => `${line} ${body}`)
        .filter((text) => known.some((id) => text.split(/[^\w-]+/).includes(id))),
    target: {
      name: base,
      live: true,
      base,
      async send(request): Promise<ResponseMessage> {
        const { pathname } = new URL(request.url);
        const body = new TextDecoder().decode(request.body);
        asked.push({ line: `${request.method} ${pathname}`, body });
        const { status = 200, headers = [], value } = answer(request, pathname, body);
        const bytes = value === undefined ? new Uint8Array() : new TextEncoder().encode(JSON.stringify(value));
        return Promise.resolve({ status, headers: [...headers, ['Content-Type', 'application/json']], body: bytes });
      },
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return {};
  }
}

/** A documented exchange in brief: `POST /v1.0/items {"name":"x"} => 201 {"id":"7"}`, with a name; a template and headers where given. */
export interface Brief {
  readonly name: string;
  readonly is: string;
  readonly template?: string;
  readonly location?: string;
  readonly sampleKeys?: readonly string[];
}

/** A page of such exchanges. */
export function briefPage(briefs: readonly Brief[]): string {
  return briefs
    .map(({ name, is, template, location, sampleKeys }) => {
      const [, method, url, body, status, answer] = /^(\S+) (\S+)(?: (\{.*\}))? => (\d+)(?: (.*))?$/.exec(is)!;
      const section = template
        ? `### HTTP request\n\n\`\`\`http\n${method} ${template}\n\`\`\`\n\n### Example\n\n`
        : '';
      const comment = JSON.stringify({ blockType: 'request', name, ...(sampleKeys ? { sampleKeys } : {}) });
      const json = 'Content-Type: application/json\n';
      const sent = body ? `${json}\n${body}` : '';
      const given = `${location ? `Location: ${location}\n` : ''}${answer ? `${json}\n${answer}` : ''}`;
      return `## ${name}\n\n${section}<!-- ${comment} -->\n\`\`\`http\n${method} https://api.example.com${url}\n${sent}\n\`\`\`\n\n<!-- {"blockType": "response", "name": "${name}"} -->\n\`\`\`http\nHTTP/1.1 ${status}\n${given}\n\`\`\`\n`;
    })
    .join('\n');
}

/** The exchanges of one page of them. */
export async function briefExchanges(briefs: readonly Brief[]): Promise<readonly PagedExchange[]> {
  const { exchanges } = await compilePages({ 'page.md': `# Page\n\n${briefPage(briefs)}` });
  return exchanges;
}
