import type { AnnotatedBlock, Lookalike, Page, Todo, TypeUse } from '../model/docset.ts';
import type { Exchange } from '../model/fixture.ts';
import type { Place } from '../model/place.ts';
import { quickJson } from '../model/quick-json.ts';
import { plainType } from './annotation.ts';
import { linePlace, type Pair } from './http/pair.ts';
import { looksLikeRequest, looksLikeResponse } from './http/text.ts';
import type { Comment } from './markdown/comments.ts';
import type { CodeBlock } from './markdown/outline.ts';
import { placeOf, placeOnLine, type PageText } from './markdown/source.ts';

/** The types that the annotations of a page name, each where it is written. */
export function findTypes(
  page: PageText,
  pairs: readonly Pair[],
  exchanges: readonly Exchange[],
  codes: readonly CodeBlock[],
): TypeUse[] {
  const uses: TypeUse[] = [];
  const add = (code: CodeBlock, as: TypeUse['as'], body?: string, exchangeId?: string): void => {
    const annotation = code.comment?.annotation;
    const type = as === 'baseType' ? annotation?.baseType?.replace(/^#/, '') : annotation?.type;
    if (annotation === undefined || type === undefined) return;
    const position =
      as === 'baseType' ? annotation.places.baseType : (annotation.places['@type'] ?? annotation.places['@odata.type']);
    const bodyType = body === undefined ? undefined : typeOfBody(body);
    uses.push({
      type,
      ...(as === 'baseType' || annotation.typeAka === undefined ? {} : { aka: annotation.typeAka.replace(/^#/, '') }),
      as,
      place: placeOf(page, position ?? annotation.position),
      ...(bodyType === undefined ? {} : { bodyType }),
      ...(exchangeId === undefined ? {} : { exchangeId }),
    });
  };
  const seen = new Set<CodeBlock>();
  pairs.forEach(({ code, request, responses }, index) => {
    add(code, 'request', request.body.kind === 'json' ? request.body.text : undefined, exchanges[index]!.id);
    for (const { code: block, response } of responses) {
      if (seen.has(block)) continue;
      seen.add(block);
      add(block, 'response', response.body.kind === 'json' ? response.body.text : undefined, exchanges[index]!.id);
    }
  });
  for (const code of codes) if (code.comment?.annotation?.blockType === 'resource') add(code, 'baseType');
  return uses;
}

/** The annotated blocks of a page. */
export function findAnnotated(page: PageText, codes: readonly CodeBlock[]): AnnotatedBlock[] {
  return codes.flatMap(({ comment, block }): AnnotatedBlock[] => {
    const annotation = comment?.annotation;
    const kind = annotation?.blockType;
    if (annotation === undefined || (kind !== 'request' && kind !== 'response' && kind !== 'resource')) return [];
    const { type, keyProperty, optionalProperties, nullableProperties, places, position } = annotation;
    return [
      {
        kind,
        code: { file: block.file ?? page.file, line: block.line },
        ...(type === undefined ? {} : { type }),
        ...(keyProperty === undefined ? {} : { keyProperty }),
        ...(optionalProperties === undefined ? {} : { optionalProperties }),
        ...(nullableProperties === undefined ? {} : { nullableProperties }),
        place: placeOf(page, position),
        places: Object.fromEntries(Object.entries(places).map(([name, at]) => [name, placeOf(page, at)])),
      },
    ];
  });
}

function typeOfBody(text: string): string | undefined {
  const type = (value: unknown): unknown =>
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>)['@odata.type'] : undefined;
  const { value } = quickJson(text);
  const items = typeof value === 'object' && value !== null ? (value as Record<string, unknown>).value : undefined;
  const found = type(value) ?? (Array.isArray(items) ? type(items[0]) : undefined);
  return typeof found === 'string' ? plainType(found).type : undefined;
}

/** Lines outside code that say TODO, once each: the emphasised text or the word itself. */
export function findTodos(page: PageText, codes: readonly CodeBlock[]): Todo[] {
  if (!page.text.includes('TODO')) return [];
  const inCode = new Set<number>();
  for (const { node } of codes)
    for (let line = node.position!.start.line; line <= node.position!.end.line; line++) inCode.add(line);
  return page.lines.flatMap((line, index) => {
    if (inCode.has(index + 1)) return [];
    const found = /\*\*\s*TODO\b.{0,300}?\*\*|\bTODO\b[^|"]{0,80}/.exec(line);
    if (!found) return [];
    const text = found[0].trimEnd();
    return [{ text, place: placeOnLine(page, index + 1, found.index + 1, text.length) }];
  });
}

/** Fences without annotation that look like a request or a response. */
export function findLookalikes(page: PageText, codes: readonly CodeBlock[]): Page['lookalikes'] {
  const bare = codes.filter(({ comment }) => comment === undefined);
  const alike = (looks: (text: string) => boolean): Lookalike[] =>
    bare
      .filter(({ text }) => looks(text))
      .map((code) => ({ place: linePlace(page, code, 0), line: code.text.trim().split('\n', 1)[0]! }));
  return { requests: alike(looksLikeRequest), responses: alike(looksLikeResponse) };
}

/** The name of an annotated request, where it is written. */
export function nameOf(page: PageText, comment: Comment | undefined): { name: string; place: Place }[] {
  const annotation = comment?.annotation;
  const name = annotation?.names[0];
  if (annotation?.blockType !== 'request' || name === undefined) return [];
  return [{ name, place: placeOf(page, annotation.places.name ?? annotation.position) }];
}
