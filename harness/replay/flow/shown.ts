import type { PagedExchange } from '../../model/fixture.ts';
import { headerValue, type ResponseMessage } from '../../model/http.ts';
import { pointerTokens } from '../../model/json.ts';
import type { Link } from './links.ts';
import type { Known } from './values.ts';

/** What an answer shows at these pointers, as text; a `Location` as an absolute URL. */
export function shownBy(
  { status, headers, body }: ResponseMessage,
  url: string,
  pointers: ReadonlySet<string>,
): Map<string, string> {
  const shown = new Map<string, string>();
  let value: unknown;
  let isRead = false;
  for (const pointer of pointers) {
    const [part, ...tokens] = pointerTokens(pointer);
    let found: unknown;
    if (part === 'status') found = status;
    else if (part === 'headers') {
      const text = headerValue(headers, tokens.join('/'));
      found =
        text !== undefined && /^location$/i.test(tokens[0]!) && URL.canParse(text, url)
          ? new URL(text, url).href
          : text;
    } else {
      if (!isRead) value = jsonOf(body);
      isRead = true;
      found = tokens.reduce<unknown>(
        (at, token) =>
          typeof at === 'object' && at !== null && Object.hasOwn(at, token)
            ? (at as Record<string, unknown>)[token]
            : undefined,
        value,
      );
    }
    if (typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean')
      shown.set(pointer, String(found));
  }
  return shown;
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}

/** What is wanted of whose answer. */
export function pointersOf(
  links: readonly Link[],
  values: ReadonlyMap<string, Known>,
  find: (name: string) => PagedExchange | undefined,
): ReadonlyMap<PagedExchange, ReadonlySet<string>> {
  const wanted = new Map<PagedExchange, Set<string>>();
  const want = (from: PagedExchange, pointer: string): void => {
    const known = wanted.get(from);
    if (known) known.add(pointer);
    else wanted.set(from, new Set([pointer]));
  };
  for (const { from, pointer, intoWrite } of links) if (intoWrite !== 'refused') want(from, pointer);
  for (const known of values.values()) {
    const from = known.kind === 'capture' ? find(known.from) : undefined;
    if (from !== undefined && known.kind === 'capture') want(from, known.pointer);
  }
  return wanted;
}
