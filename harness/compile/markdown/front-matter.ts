import type { FrontMatter, FrontMatterField } from '../../model/document.ts';
import { pointAt, type Place } from '../../model/place.ts';
import { placeOnLine, type PageText } from './source.ts';

/**
 * Reads the YAML at the head of a page. Lines of the form `key: value` are read here; the YAML parser is loaded for the first
 * page that says more, hence the promise. What is no YAML, not closed or not on the first line is reported.
 */
export function readFrontMatter(page: PageText): FrontMatter | undefined | Promise<FrontMatter | undefined> {
  const { lines } = page;
  const first = lines.findIndex((line) => line.trim() !== '');
  if (lines[first]?.trimEnd() !== '---') return undefined;
  const close = lines.findIndex((line, index) => index > first && line.trimEnd() === '---');
  const looksLikeOne = KEY.test(lines[first + 1] ?? '');
  if (close < 0 || first > 0) {
    // A rule between paragraphs is no front matter.
    if (looksLikeOne) reportOutside(page, first, close);
    return undefined;
  }
  const place = placeOnLine(page, 1);
  const written = lines.slice(1, close);
  if (written.reduce((length, line) => length + line.length + 1, 0) > MOST) {
    report(page, place, `it is longer than ${MOST} characters`);
    return { place, fields: [] };
  }
  const fields = written.map(simpleField);
  const names = new Set(fields.flatMap((field) => (typeof field === 'object' ? [field.name] : [])));
  const known = fields.filter((field) => typeof field === 'object');
  if (fields.every((field) => field !== 'more') && names.size === known.length) return { place, fields: known };
  return readYaml(page, written.join('\n'), known).then((read) => ({ place, fields: read }));
}

/** More than this is no front matter, and a parser need not be tried on it. */
const MOST = 16_384;

async function readYaml(page: PageText, text: string, known: readonly FrontMatterField[]): Promise<FrontMatterField[]> {
  // What is readable line by line still says the title and the kind of page.
  const rescued = [...new Map(known.map((field) => [field.name, field])).values()];
  const fail = (offset: number, what: string): FrontMatterField[] => {
    report(page, placeIn(page, text, offset), what);
    return rescued;
  };
  const { isMap, isScalar, parseDocument } = await import('yaml');
  try {
    const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent' });
    const error = document.errors[0];
    if (error) return fail(error.pos[0], error.message.split('\n', 1)[0]!);
    if (document.contents === null) return [];
    if (!isMap(document.contents)) return fail(0, 'it is no list of keys');
    return document.contents.items.flatMap(({ key, value }): FrontMatterField[] => {
      if (!isScalar(key) || key.range === null || key.range === undefined) return [];
      const { line, column } = pointAt(text, key.range[0]);
      const source = (node: unknown): string =>
        typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)
          ? text.slice(Number(node.range[0]), Number(node.range[1])).trim()
          : '';
      // A number or truth value as it is written: `1.0` is a version, not 1.
      const written = isScalar(value) ? scalar(isWord(value.value) ? value.value : value.source) : source(value);
      return [{ name: String(key.value), value: written, line: line + 1, column }];
    });
  } catch (thrown) {
    // Nested so deeply that the parser's own stack ends.
    return fail(0, thrown instanceof RangeError ? 'it is nested too deeply' : String(thrown));
  }
}

const KEY = /^[A-Za-z_][\w.-]*:(?=[ \t]|$)/;
const SIMPLE =
  /^([A-Za-z_][\w.-]*):(?:[ \t]+(?:"([^"\\\p{Cc}]*)"|'([^'\p{Cc}]*)'|([\p{L}\p{N}/(<._$+=;^][^:#\p{Cc}]*)))?$/u;

/** The key and value of a line; nothing for one that says nothing, `more` for what takes a parser. */
function simpleField(text: string, index: number): FrontMatterField | 'more' | undefined {
  if (/^\s*(?:#|$)/.test(text)) return undefined;
  const [, name, double, single, plain = ''] = SIMPLE.exec(text.trimEnd()) ?? [];
  if (name === undefined) return 'more';
  const value = double ?? single ?? scalar(/^null$/i.test(plain.trim()) ? null : plain.trim());
  return { name, value, line: index + 2, column: 1 };
}

function report(page: PageText, place: Place, what: string): void {
  page.report({
    ruleId: 'page/front-matter',
    reason: `Unexpected text, expected YAML: ${what}`,
    place,
    subject: 'front matter',
    note: 'Mend the YAML; until then only its plain lines of the form `key: value` are read.',
  });
}

function isWord(value: unknown): boolean {
  return value === null || value === undefined || typeof value === 'string';
}

function scalar(value: unknown): string {
  return value === null || value === undefined ? '' : String(value);
}

function reportOutside(page: PageText, first: number, close: number): void {
  page.report({
    ruleId: 'page/front-matter',
    reason:
      close < 0
        ? 'Missing closing `---`, expected after the front matter'
        : 'Unexpected blank line before the front matter, expected it on the first line',
    place: placeOnLine(page, first + 1, 1, 3),
    subject: 'front matter',
    note:
      close < 0
        ? 'Close it; until then it is read as text of the page.'
        : 'Take the blank line out; until then the front matter is read as text of the page.',
  });
}

function placeIn(page: PageText, text: string, offset: number): Place {
  const { line, column } = pointAt(text, Math.min(offset, text.length));
  return placeOnLine(page, line + 1, column);
}
