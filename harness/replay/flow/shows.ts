import type { Exchange, PromisedResponse } from '../../model/fixture.ts';
import { headerValue, type Header } from '../../model/http.ts';
import { pointerToken } from '../../model/json.ts';
import { quickJson } from '../../model/quick-json.ts';
import { lastId } from './paths.ts';

/** A literal that a documented answer shows. */
export interface Show {
  readonly literal: string;
  /** RFC 6901 into `{status, headers, body}`. */
  readonly pointer: string;
  /** The key it stands under; of an item of a list that of the list. */
  readonly key: string;
  /** The key of the object around it: `user` of `/body/createdBy/user/id`. */
  readonly owner?: string;
  readonly isTopLevel: boolean;
  readonly isText: boolean;
}

/** Is this a status that says the request was done? */
export function isDone(status: number): boolean {
  return status >= 200 && status < 300;
}

/**
 * Where the good answers of an exchange show any of these literals: in the body, and in `Location` as a URL or its last segment. A body
 * whose JSON text cannot hold any is not read.
 */
export function showsOf(
  { responses }: Pick<Exchange, 'responses'>,
  wanted: (literal: string) => boolean,
  mayHold: (text: string) => boolean = () => true,
): Show[] {
  return responses
    .filter(({ status }) => isDone(status))
    .flatMap((response) => [...inHeaders(response, wanted), ...inBody(response, wanted, mayHold)]);
}

/** The pointer to a `Location`; what it leads to is the last segment of its URL. */
export const LOCATION = '/headers/Location';

function inHeaders({ headers }: PromisedResponse, wanted: (literal: string) => boolean): Show[] {
  const fields = headers.map(({ name, value }): Header => [name, value]);
  const location = headerValue(fields, 'location');
  if (location === undefined) return [];
  const shows = [location, lastId(location)].filter((literal) => literal !== undefined && wanted(literal));
  return shows.map((literal) => ({
    literal: literal!,
    pointer: LOCATION,
    key: 'Location',
    isTopLevel: true,
    isText: true,
  }));
}

function inBody(
  { body, collectionProperty = 'value' }: PromisedResponse,
  wanted: (literal: string) => boolean,
  mayHold: (text: string) => boolean,
): Show[] {
  if (body.kind !== 'json' || !mayHold(body.text)) return [];
  const whole = jsonOf(body.text);
  // Most answers show nothing that anybody asks for: that is seen without the pointer of every value.
  if (!hasAny(whole, wanted)) return [];
  const shows: Show[] = [];
  const walk = (value: unknown, pointer: string, key: string, owner: string | undefined): void => {
    if (Array.isArray(value)) {
      // The items of one list tell the same; a live list rarely has as many.
      value.forEach((item, at) => walk(item, `${pointer}/${at}`, key, owner));
    } else if (typeof value === 'object' && value !== null) {
      const inside =
        /^\/body(\/\d+)?$/.test(pointer) ||
        (pointer.startsWith(`/body/${pointerToken(collectionProperty)}/`) && pointer.split('/').length === 4)
          ? undefined
          : key;
      for (const [name, member] of Object.entries(value))
        walk(member, `${pointer}/${pointerToken(name)}`, name, inside);
    } else if (typeof value === 'string' || typeof value === 'number') {
      const literal = String(value);
      if (/^@odata\.(type|context)$/.test(key) || !wanted(literal)) return;
      const isTopLevel = pointer === `/body/${pointerToken(key)}`;
      shows.push({
        literal,
        pointer,
        key,
        ...(owner === undefined ? {} : { owner }),
        isTopLevel,
        isText: typeof value === 'string',
      });
    }
  };
  walk(whole, '/body', '', undefined);
  return shows;
}

function hasAny(value: unknown, wanted: (literal: string) => boolean): boolean {
  if (typeof value === 'string') return wanted(value);
  if (typeof value === 'number') return wanted(String(value));
  if (typeof value !== 'object' || value === null) return false;
  for (const key in value) if (hasAny((value as Record<string, unknown>)[key], wanted)) return true;
  return false;
}

function jsonOf(text: string): unknown {
  const json = quickJson(text);
  return json.error ? undefined : json.value;
}
