import { grouped } from '../numbers.ts';
import type { PromisedResponse } from '../../model/fixture.ts';
import { pointerToken, readJson, type JsonText } from '../../model/json.ts';
import { cappedLine, LONGEST_PARSED, written } from './message.ts';
import { both, lineOf, type About } from './row.ts';
import type { Row } from './wire.ts';

/** Two bodies as rows: JSON by key and item whatever its order, other text by line. */
export function bodyRows(promised: PromisedResponse | undefined, actual: string | undefined, about: About): Row[] {
  const documented = promised === undefined ? '' : written(promised.body);
  if (documented === '' && (actual ?? '') === '') return lone(about.rest('/body'));
  const [left, right] = [readBody(documented), readBody(actual ?? '')];
  const rows: Row[] = [];
  if ((left || documented === '') && (right || (actual ?? '') === '')) {
    const place = placeIn(promised, documented);
    const walk: Walk = {
      left: left?.text ?? '',
      right: right?.text ?? '',
      place,
      about,
      isAnswered: actual !== undefined,
      rows,
    };
    walkValue(walk, {
      pointer: '/body',
      own: '',
      depth: 0,
      key: '',
      comma: ['', ''],
      sides: [
        left && { value: left.json.value, json: left.json },
        right && { value: right.json.value, json: right.json },
      ],
    });
  } else rows.push(...textRows(promised, documented, actual, about.take('/body')));
  return [...rows, ...lone(about.rest('/body'))];
}

/** A row for what no line stands for. */
function lone(findings: readonly number[]): Row[] {
  return findings.length === 0 ? [] : [{ promised: '', actual: '', state: 'changed', findings }];
}

interface Body {
  readonly text: string;
  readonly json: JsonText;
}

function readBody(text: string): Body | undefined {
  if (text.length > LONGEST_PARSED || !/^\s*[{[]/.test(text)) return undefined;
  const json = readJson(text);
  return json.error === undefined ? { text, json } : undefined;
}

/** The line of the page that an offset of the documented body stands on. */
function placeIn(promised: PromisedResponse | undefined, text: string): (offset: number) => { readonly line?: number } {
  if (promised === undefined || promised.body.kind === 'empty') return () => ({});
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  const { at } = promised.body;
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return lineOf(promised, at + low);
  };
}

interface Walk {
  readonly left: string;
  readonly right: string;
  readonly place: (offset: number) => { readonly line?: number };
  readonly about: About;
  readonly isAnswered: boolean;
  readonly rows: Row[];
}

interface Side {
  readonly value: unknown;
  readonly json: JsonText;
}

interface Step {
  /** Into the message, and into the body. */
  readonly pointer: string;
  readonly own: string;
  readonly depth: number;
  /** What stands before the value: `"id": `. */
  readonly key: string;
  /** What stands after it, on either side. */
  readonly comma: readonly [string, string];
  readonly sides: readonly [Side | undefined, Side | undefined];
  /** What is said of the object or list that it is a part of, where that is on one side alone. */
  readonly within?: 'missing' | 'extra';
}

function walkValue(walk: Walk, step: Step): void {
  const { pointer, own, depth, key, comma, sides } = step;
  const kinds = sides.map((side) => side && kindOf(side.value));
  const indent = '  '.repeat(Math.min(depth, 40));
  const findings = walk.about.take(pointer);
  const [left, right] = sides;
  // One side alone is set out in full; where the kinds are not the same, each is set out for itself.
  const kind = kinds[0] === kinds[1] || kinds[1] === undefined ? kinds[0] : kinds[0] === undefined ? kinds[1] : 'mixed';
  const span = left?.json.locate(own);
  const at = span ? walk.place((span.key ?? span.value).start) : {};
  const state = stateOf(walk, step, findings.length > 0);
  const within = state === 'missing' || state === 'extra' ? { within: state } : {};
  const marks = { ...at, ...(state === undefined ? {} : { state }), ...(findings.length > 0 ? { findings } : {}) };
  const line = (side: Side | undefined, text: string, end: string) => side && cappedLine(indent + key + text + end);
  if (kind === 'object' || kind === 'array') {
    const [open, close] = kind === 'object' ? ['{', '}'] : ['[', ']'];
    const names = namesOf(left?.value, right?.value, kind);
    const isFlat = names.length === 0;
    const [begin, end] = isFlat ? [open + close, comma] : [open, ['', ''] as const];
    walk.rows.push({ ...both(line(left, begin, end[0]), line(right, begin, end[1])), ...marks });
    if (isFlat) return;
    const last = [left, right].map((side) => lastOf(side?.value, names)) as [string | undefined, string | undefined];
    for (const name of names) {
      walkValue(walk, {
        pointer: `${pointer}/${pointerToken(name)}`,
        own: `${own}/${pointerToken(name)}`,
        depth: depth + 1,
        key: kind === 'object' ? `${JSON.stringify(name)}: ` : '',
        comma: [name === last[0] ? '' : ',', name === last[1] ? '' : ','],
        sides: [child(left, name), child(right, name)],
        ...within,
      });
    }
    const most = Math.max(lengthOf(left?.value), lengthOf(right?.value));
    if (most > MOST_ITEMS) walk.rows.push(moreItems(left?.value, right?.value, indent));
    const tail = (side: Side | undefined, after: string) => side && indent + close + after;
    const closing = both(tail(left, comma[0]), tail(right, comma[1]));
    walk.rows.push(within.within === undefined ? closing : { ...closing, state: within.within });
    return;
  }
  const text = (side: Side | undefined, source: string) => side && valueText(side, own, source);
  walk.rows.push({
    ...both(line(left, text(left, walk.left) ?? '', comma[0]), line(right, text(right, walk.right) ?? '', comma[1])),
    ...marks,
  });
}

function stateOf(walk: Walk, { sides: [left, right], own, within }: Step, isFound: boolean): Row['state'] {
  if (!walk.isAnswered) return undefined;
  if (isFound) return left === undefined ? 'extra' : right === undefined ? 'missing' : 'changed';
  if (left === undefined || right === undefined) return within;
  const kinds = [kindOf(left.value), kindOf(right.value)];
  if (kinds[0] !== kinds[1]) return 'varies';
  return kinds[0] === 'scalar' && valueText(left, own, walk.left) !== valueText(right, own, walk.right)
    ? 'varies'
    : undefined;
}

/** A number as it is written, with its digits, and what stands for a value that is left open; all else as JSON spells it. */
function valueText({ value, json }: Side, own: string, source: string): string {
  if (typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  const span = json.locate(own)?.value;
  const text = span === undefined ? JSON.stringify(value) : source.slice(span.start, span.end);
  return text.replace(/\s*\n\s*/g, ' ');
}

function kindOf(value: unknown): 'object' | 'array' | 'scalar' {
  return Array.isArray(value) ? 'array' : typeof value === 'object' && value !== null ? 'object' : 'scalar';
}

/** Keys or indexes of both: those of the promise in its order, then what only the answer has. */
function namesOf(left: unknown, right: unknown, kind: 'object' | 'array'): readonly string[] {
  if (kind === 'object') return [...new Set([...Object.keys(left ?? {}), ...Object.keys(right ?? {})])];
  const length = Math.max(lengthOf(left), lengthOf(right));
  return Array.from({ length: Math.min(length, MOST_ITEMS) }, (_, index) => String(index));
}

/** Nobody reads more items of one list. */
const MOST_ITEMS = 2_000;

function moreItems(left: unknown, right: unknown, indent: string): Row {
  const words = (value: unknown) =>
    lengthOf(value) > MOST_ITEMS ? `${indent}  … (${grouped(lengthOf(value) - MOST_ITEMS)} more items)` : undefined;
  return both(words(left), words(right));
}

function lengthOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}

function lastOf(value: unknown, names: readonly string[]): string | undefined {
  return names.findLast((name) => has(value, name));
}

function has(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name);
}

function child(side: Side | undefined, name: string): Side | undefined {
  return side && has(side.value, name)
    ? { value: (side.value as Readonly<Record<string, unknown>>)[name], json: side.json }
    : undefined;
}

/** Lines that begin and end alike are the same; what stands between is held against each other in order. */
function textRows(
  promised: PromisedResponse | undefined,
  documented: string,
  actual: string | undefined,
  findings: readonly number[],
): Row[] {
  const at = promised?.body.kind === 'empty' ? undefined : promised?.body.at;
  const left = linesOf(documented);
  const right = linesOf(actual ?? '');
  let same = 0;
  while (same < Math.min(left.length, right.length) && left[same] === right[same]) same++;
  const rows = Array.from({ length: Math.max(left.length, right.length) }, (_, index): Row => {
    const state = actual === undefined || index < same ? undefined : findings.length > 0 ? 'changed' : 'varies';
    return {
      ...both(left[index], right[index]),
      ...(left[index] === undefined || at === undefined ? {} : lineOf(promised, at + index)),
      ...(state === undefined ? {} : { state }),
    };
  });
  const first = Math.min(same, rows.length - 1);
  return rows.map((row, index) => (index === first && findings.length > 0 ? { ...row, findings } : row));
}

function linesOf(text: string): readonly string[] {
  if (text === '') return [];
  const shown = text.slice(0, 200_000);
  const lines = shown.split(/\r\n|\r|\n/).map(cappedLine);
  const left = text.length - shown.length;
  return left > 0 ? [...lines, `… (${grouped(left)} more characters)`] : lines;
}
