import type { Page } from './docset.ts';
import type { PagedExchange } from './fixture.ts';
import type { Operation } from './report.ts';
import { urlParts } from './url.ts';

/** The forms of request that pages document in their HTTP request sections, each with the exchanges that are examples of it. */
export function operationsOf(pages: readonly Page[], exchanges: readonly PagedExchange[]): readonly Operation[] {
  const examples = new Map<string, string[]>();
  for (const { id, file, request } of exchanges) {
    if (request.template === undefined) continue;
    const key = keyOf(file, request.method, request.template);
    const same = examples.get(key);
    if (same) same.push(id);
    else examples.set(key, [id]);
  }
  return pages.flatMap(({ file, templates }) =>
    templates.map(({ method, path, place }) => ({
      method,
      path,
      file: place.file,
      line: place.position.start.line,
      exchangeIds: examples.get(keyOf(file, method, path)) ?? [],
    })),
  );
}

/** A template of an exchange has the version that its URL has; names of parameters and letter case do not tell forms apart. */
function keyOf(file: string, method: string, path: string): string {
  const plain = urlParts(path)
    .path.replace(/\{[^{}]*\}|<[^<>]*>/g, '{}')
    .replace(/^\/?(v?\d+(\.\d+)*|beta)(?=\/)/i, '')
    .replace(/\/+$/, '');
  return `${file} ${method.toUpperCase()} ${plain.replace(/^\/?/, '/').toLowerCase()}`;
}
