import { readdirSync, readFileSync } from 'node:fs';
import type { PagedExchange, PromisedResponse } from '../model/fixture.ts';

const ROOT = new URL('cases/planted/', import.meta.url);

/** The sample pages of a garden's notes, by path: conforming, until a test damages them. */
export function plantedPages(): Record<string, string> {
  const files = readdirSync(ROOT, { recursive: true, withFileTypes: true }).filter(({ name }) => name.endsWith('.md'));
  return Object.fromEntries(
    files
      .map(({ parentPath, name }) => `${parentPath}/${name}`.replaceAll('\\', '/').replace(/.*cases\/planted\/+/, ''))
      .sort()
      .map((path) => [path, readFileSync(new URL(path, ROOT), 'utf8')]),
  );
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** The documented JSON body of a response. */
export function documentedJson({ body }: PromisedResponse): Json | undefined {
  return body.kind === 'json' ? (JSON.parse(body.text) as Json) : undefined;
}

/** A value in a body: where it is, and its key or, for an item, itself, as `line:column` of the page. */
export interface Node {
  readonly pointer: string;
  readonly value: Json;
  readonly place: string;
}

/**
 * Every value of a documented body with its place, found without the reader under test: the bodies of the sample pages are written
 * just as `JSON.stringify` indents them, which is made sure of.
 */
export function nodesOf(page: string, response: PromisedResponse): Node[] {
  const value = documentedJson(response);
  if (value === undefined || response.body.kind === 'empty') return [];
  const written = JSON.stringify(value, null, 2);
  const at = page.split('\n').indexOf('{', response.block.line + response.at - 1) + 1;
  if (
    page
      .split('\n')
      .slice(at - 1, at - 1 + written.split('\n').length)
      .join('\n') !== written
  )
    throw new Error(`Not as JSON.stringify writes it: line ${at}`);
  const nodes: Node[] = [];
  let line = at;
  const visit = (value: Json, pointer: string, depth: number): void => {
    nodes.push({ pointer, value, place: `${line}:${depth * 2 + 1}` });
    if (typeof value !== 'object' || value === null) return;
    for (const [name, member] of Object.entries(value)) {
      line++;
      visit(member as Json, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`, depth + 1);
    }
    if (Object.keys(value).length > 0) line++;
  };
  visit(value, '', 0);
  return nodes;
}

/** The same body with the value at a pointer made another; nothing takes it away. */
export function changed(body: Json, pointer: string, change: (value: Json) => Json | undefined): Json {
  if (pointer === '') return change(body) ?? null;
  const [, token = '', rest = ''] = /^\/([^/]*)(.*)$/.exec(pointer)!;
  const name = token.replaceAll('~1', '/').replaceAll('~0', '~');
  if (Array.isArray(body)) {
    const items = body as readonly Json[];
    return items.flatMap((item, index) => (String(index) === name ? only(follow(item, rest, change)) : [item]));
  }
  return Object.fromEntries(
    Object.entries(body as { readonly [name: string]: Json }).flatMap(([key, member]) =>
      key === name ? only(follow(member, rest, change)).map((each) => [key, each] as const) : [[key, member] as const],
    ),
  );
}

function follow(value: Json, rest: string, change: (value: Json) => Json | undefined): Json | undefined {
  return rest === '' ? change(value) : changed(value, rest, change);
}

function only(value: Json | undefined): Json[] {
  return value === undefined ? [] : [value];
}

/** The last name in a pointer. */
export function lastOf(pointer: string): string {
  return pointer.slice(pointer.lastIndexOf('/') + 1);
}

/** The exchange of a page. */
export function exchangeIn(exchanges: readonly PagedExchange[], file: string): PagedExchange {
  return exchanges.find((exchange) => exchange.file === file)!;
}
