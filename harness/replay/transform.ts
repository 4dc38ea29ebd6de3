import type { Transformations } from '../model/config.ts';
import { headerValue, isJsonType, type Header, type Target } from '../model/http.ts';

/**
 * A target that has other names than the docs: names of properties are changed on the way there and back, and names of documented
 * actions get a prefix. Bodies that are no JSON, and JSON in which no name is another one, stay as they are.
 */
export function transformed(inner: Target, { request = {}, response = {} }: Transformations): Target {
  return {
    ...inner,
    async send(message, signal, hints) {
      const { body, headers } = message;
      const url =
        hints?.isAction && request.actions?.prefix ? prefixed(message.url, request.actions.prefix) : message.url;
      const sent = body === undefined ? undefined : renamed(body, headers, request.properties);
      const answer = await inner.send(
        { ...message, url, ...(sent === undefined ? {} : { body: sent }) },
        signal,
        hints,
      );
      const shown = renamed(answer.body, answer.headers, response.properties);
      return shown === answer.body ? answer : { ...answer, body: shown };
    },
  };
}

/** The same value with the names of its properties changed: the first of the old parts that a name holds is replaced by the new one. */
export function renameProperties(value: unknown, names: Readonly<Record<string, string>>): unknown {
  const parts = Object.entries(names);
  const rename = (name: string): string => {
    const part = parts.find(([from]) => name.includes(from));
    return part === undefined ? name : name.replace(part[0], () => part[1]);
  };
  const walk = (each: unknown): unknown => {
    if (Array.isArray(each)) return each.map(walk);
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([name, inner]) => [rename(name), walk(inner)]));
  };
  return walk(value);
}

function renamed(
  body: Uint8Array,
  headers: readonly Header[],
  names: Readonly<Record<string, string>> = {},
): Uint8Array {
  if (body.length === 0 || Object.keys(names).length === 0) return body;
  if (!isJsonType(headerValue(headers, 'content-type') ?? '')) return body;
  const text = new TextDecoder().decode(body);
  // Most bodies hold none of them, and keep every digit.
  if (!Object.keys(names).some((from) => text.includes(from))) return body;
  try {
    return new TextEncoder().encode(JSON.stringify(renameProperties(JSON.parse(text), names)));
  } catch {
    return body;
  }
}

/** `…/copy` as `…/oneDrive.copy`; what has the prefix already keeps it. */
function prefixed(url: string, prefix: string): string {
  const [path = '', ...query] = url.split('?');
  const at = path.lastIndexOf('/') + 1;
  const name = path.slice(at);
  return name === '' || name.startsWith(prefix) ? url : [path.slice(0, at) + prefix + name, ...query].join('?');
}
