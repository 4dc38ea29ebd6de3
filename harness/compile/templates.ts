import type { Template } from '../model/docset.ts';
import { pointInBlock, type PromisedRequest } from '../model/fixture.ts';
import { isPlaceholder, urlParts } from '../model/url.ts';
import type { CodeBlock } from './outline.ts';
import type { PageText } from './source.ts';

const REQUEST = /^(\s*)([A-Z]{3,})\s+(\S.*?)(?:\s+HTTP\/[\d.]+)?\s*$/;

/** The forms of request that the fences under a heading `HTTP request` document, one a line. */
export function readTemplates(page: PageText, codes: readonly CodeBlock[]): Template[] {
  return codes
    .filter(({ headings }) => headings.some(({ text }) => /^http (request|method)s?\b/i.test(text)))
    .flatMap(({ text, block }) =>
      text.split('\n').flatMap((line, at) => {
        const [, indent, method, url] = REQUEST.exec(line) ?? [];
        if (method === undefined || url === undefined) return [];
        const start = pointInBlock(block, at, indent!.length);
        const end = { line: start.line, column: start.column + line.trim().length };
        return [
          { method, path: urlParts(url).path, place: { file: block.file ?? page.file, position: { start, end } } },
        ];
      }),
    );
}

/** How much path may stand before what a template writes: `/v1.0`, `/api/v2`. */
const MOST_PREFIX = 2;

/** The request's path with the parameters of the template that fits it best: `/v1.0/users/{id}`; nothing where none fits. */
export function fitTemplate(
  request: Pick<PromisedRequest, 'method' | 'url' | 'readAs'>,
  templates: readonly Template[],
): string | undefined {
  const path = urlParts(request.readAs ?? request.url)
    .path.split('/')
    .slice(1);
  let best: { literals: number; template: string } | undefined;
  for (const { method, path: form } of templates) {
    if (method !== request.method) continue;
    const parts = form.replace(/\/$/, '').split('/').slice(1);
    const prefix = path.length - parts.length;
    if (prefix < 0 || prefix > MOST_PREFIX) continue;
    let literals = 0;
    const fits = parts.every((part, index) => {
      const kind = fit(part, path[prefix + index]!);
      if (kind === 'literal') literals++;
      return kind !== 'none';
    });
    if (fits && (best === undefined || literals > best.literals))
      best = { literals, template: `/${[...path.slice(0, prefix), ...parts].join('/')}` };
  }
  return best?.template;
}

/** Does a segment of a path have the form of a template's? `getByPath(path='…')` does where the name before the bracket is the same. */
function fit(part: string, segment: string): 'literal' | 'parameter' | 'none' {
  if (part.toLowerCase() === segment.toLowerCase()) return 'literal';
  if (isPlaceholder(part)) return segment === '' ? 'none' : 'parameter';
  const [name, argument] = splitCall(part);
  const [other, value] = splitCall(segment);
  if (argument !== undefined && value !== undefined && name.toLowerCase() === other.toLowerCase()) return 'parameter';
  // A parameter inside a segment: `root:/{item-path}:`, `{id}.json`.
  if (!/[{<]/.test(part)) return 'none';
  const pattern = part.split(/\{[^{}]*\}|<[^<>]*>/).map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.+')}$`, 'i').test(segment) ? 'parameter' : 'none';
}

function splitCall(segment: string): [name: string, argument?: string] {
  const open = segment.indexOf('(');
  return open > 0 && segment.endsWith(')') ? [segment.slice(0, open), segment.slice(open + 1, -1)] : [segment];
}
