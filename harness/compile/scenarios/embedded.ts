import type { Source } from '../../model/docset.ts';
import type { PagedExchange } from '../../model/fixture.ts';
import { readJson } from '../../model/json.ts';
import { points } from '../../model/place.ts';
import type { ScenarioDocument } from './document.ts';

/** The scenarios that pages hold in `testParams` blocks of API Doctor, each list for the last request before it on its page. */
export function embeddedScenarios(
  sources: readonly Source[],
  exchanges: readonly PagedExchange[],
): readonly ScenarioDocument[] {
  return sources.flatMap(({ file, content }) => {
    if (!(content instanceof Uint8Array)) return [];
    const text = new TextDecoder().decode(content);
    if (!/testParams/i.test(text)) return [];
    const own = exchanges.filter((exchange) => exchange.file === file && exchange.request.block.file === undefined);
    return blocksOf(text).flatMap(({ json, at, line }) => {
      const before = own.filter(({ request }) => request.block.line < line).at(-1);
      return before === undefined ? [] : [documentOf(file, text, json, at, before.id)];
    });
  });
}

interface EmbeddedBlock {
  readonly json: string;
  /** Offset of its first character. */
  readonly at: number;
  readonly line: number;
}

function blocksOf(text: string): EmbeddedBlock[] {
  const point = points(text);
  return [...text.matchAll(BLOCK)].flatMap((match) => {
    const [whole, comment = '', , json = ''] = match;
    const { value } = readJson(comment.trim(), { elisions: false });
    const kind = Object.entries(value ?? {}).find(([key]) => key.toLowerCase() === 'blocktype')?.[1];
    if (String(kind).toLowerCase() !== 'testparams') return [];
    const at = match.index + whole.lastIndexOf(json);
    return [{ json, at, line: point(at).line }];
  });
}

/** A comment and the fence behind it. */
const BLOCK = /<!--([^]*?)-->[ \t]*\r?\n\s*(`{3,}|~{3,})[^\n]*\n([^]*?)\r?\n[ \t]*\2/g;

function documentOf(file: string, page: string, text: string, from: number, method: string): ScenarioDocument {
  const json = readJson(text, { elisions: false });
  const point = points(page);
  const spot = (start: number, end: number) => ({
    file,
    position: { start: point(from + start), end: point(from + end) },
  });
  const list = Array.isArray(json.value) ? (json.value as unknown[]) : [json.value];
  const isList = Array.isArray(json.value);
  return {
    file,
    value: { scenarios: list.map((each) => (typeof each === 'object' && each !== null ? { ...each, method } : each)) },
    place(pointer) {
      const inner = pointer.replace(/^\/scenarios/, '');
      for (let at = isList ? inner : inner.replace(/^\/0/, ''); ; at = at.slice(0, at.lastIndexOf('/'))) {
        const found = json.locate(at);
        const span = found?.key ?? found?.value;
        if (span !== undefined) return spot(span.start, Math.min(span.end, span.start + 1));
        if (at === '') return spot(0, 0);
      }
    },
    ...(json.error === undefined
      ? {}
      : { error: { message: json.error.message, place: spot(json.error.offset, json.error.offset) } }),
  };
}
