import type { Template } from '../../model/docset.ts';
import { pointInBlock, type PromisedRequest } from '../../model/fixture.ts';
import { isPlaceholder, urlParts } from '../../model/url.ts';
import type { CodeBlock, Heading } from '../markdown/outline.ts';
import type { PageText } from '../markdown/source.ts';

const REQUEST = /^(\s*)([A-Z]{3,})\s+(\S.*?)(?:\s+HTTP\/[\d.]+)?\s*$/;

/** A template and the headings over its HTTP request section: it speaks of the requests under the last of them. */
export interface ScopedTemplate {
  readonly template: Template;
  readonly within: readonly Heading[];
}

/** The forms of request that the fences under a heading `HTTP request` document, one a line. */
export function readTemplates(page: PageText, codes: readonly CodeBlock[]): ScopedTemplate[] {
  return codes.flatMap(({ headings, text, block }) => {
    const section = headings.findIndex((heading) => /^http (request|method)s?\b/i.test(heading.text));
    if (section < 0) return [];
    return text.split('\n').flatMap((line, at) => {
      const [, indent, method, url] = REQUEST.exec(line) ?? [];
      if (method === undefined || url === undefined) return [];
      const start = pointInBlock(block, at, indent!.length);
      const end = { line: start.line, column: start.column + line.trim().length };
      const place = { file: block.file ?? page.file, position: { start, end } };
      return [{ template: { method, path: urlParts(url).path, place }, within: headings.slice(0, section) }];
    });
  });
}

/** The templates that speak of a block: those whose section stands under the same heading. */
export function templatesFor(code: CodeBlock, all: readonly ScopedTemplate[]): Template[] {
  return all
    .filter(({ within }) => within.every((heading, index) => code.headings[index] === heading))
    .map(({ template }) => template);
}

/** How much path may stand before what a template writes: `/v1.0`, `/api/v2`. */
const MOST_PREFIX = 2;

/** The request's path with the parameters of the template that fits it best: `/v1.0/users/{id}`; nothing where none fits. */
export function fitTemplate(
  request: Pick<PromisedRequest, 'method' | 'url' | 'readAs'>,
  templates: readonly Template[],
): string | undefined {
  const { path } = urlParts(request.readAs ?? request.url);
  const written = segmentsOf(path);
  let best: { literals: number; template: string } | undefined;
  for (const { method, path: form } of templates) {
    if (method !== request.method) continue;
    const parts = withoutVersion(segmentsOf(form), written);
    for (const { core, tail } of [{ core: written, tail: [] }, withoutTail(written)]) {
      const prefix = core.length - parts.length;
      if (prefix < 0 || prefix > MOST_PREFIX) continue;
      const kinds = parts.map((part, index) => fit(part, core[prefix + index]!));
      if (kinds.includes('none')) continue;
      // A parameter of the example may stand for a name, but not as far as to shift the whole form.
      if (prefix > 0 && kinds[0] === 'parameter' && isPlaceholder(core[prefix]!) && !isPlaceholder(parts[0]!)) continue;
      const literals = kinds.filter((kind) => kind === 'literal').length;
      if (best === undefined || literals > best.literals)
        best = { literals, template: `/${[...core.slice(0, prefix), ...parts, ...tail].join('/')}` };
      break;
    }
  }
  return best?.template;
}

function segmentsOf(path: string): string[] {
  return path.replace(/\/+$/, '').split('/').slice(1);
}

/** A template may write the version that an example leaves out. */
function withoutVersion(parts: string[], path: readonly string[]): string[] {
  return /^(v\d[\w.]*|beta)$/i.test(parts[0] ?? '') && parts[0] !== path[0] ? parts.slice(1) : parts;
}

/** OData lets every collection be counted and cast to a derived type, and raw values be read (URL conventions 4.01, 4.7 to 4.11): no form of its own. */
function withoutTail(path: readonly string[]): { core: readonly string[]; tail: readonly string[] } {
  let end = path.length;
  while (end > 0 && /^\$(?:count|value)$|^[a-z]\w*(\.\w+)+$/i.test(path[end - 1]!)) end--;
  return { core: path.slice(0, end), tail: path.slice(end) };
}

/** Does a segment of a path have the form of a template's? `getByPath(path='…')` does where the name before the bracket is the same. */
function fit(part: string, segment: string): 'literal' | 'parameter' | 'none' {
  if (part.toLowerCase() === segment.toLowerCase()) return 'literal';
  if (isPlaceholder(part) || isBracketed(part) || isId(part)) return segment === '' ? 'none' : 'parameter';
  if (isPlaceholder(segment)) return 'parameter';
  const [name, argument] = splitCall(part);
  const [other, value] = splitCall(segment);
  if ((argument !== undefined || value !== undefined) && name.toLowerCase() === other.toLowerCase()) return 'parameter';
  // A parameter inside a segment: `root:/{item-path}:`, `{id}.json`.
  if (!/[{<]/.test(part)) return 'none';
  const pattern = part.split(/\{[^{}]*\}|<[^<>]*>/).map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.+')}$`, 'i').test(segment) ? 'parameter' : 'none';
}

/** A template that writes an id out means any id. */
function isId(part: string): boolean {
  return /^\d+$|^[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}$/i.test(part);
}

/** `(team-id)`: round brackets where braces were meant. */
function isBracketed(part: string): boolean {
  return /^\([\w -]+\)$/.test(part);
}

function splitCall(segment: string): [name: string, argument?: string] {
  const open = segment.indexOf('(');
  return open > 0 && segment.endsWith(')') ? [segment.slice(0, open), segment.slice(open + 1, -1)] : [segment];
}
