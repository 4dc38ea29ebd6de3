import { pointerTokens, readJson } from '../../model/json.ts';
import { points, type Place } from '../../model/place.ts';

/** A file of scenarios, read: its value, and where each part of it stands. */
export interface ScenarioDocument {
  readonly file: string;
  readonly value: unknown;
  /** Where the value at an RFC 6901 pointer stands, by its key where it has one; what is not there, by what is around it. */
  place(pointer: string): Place;
  /** Why it cannot be read. */
  readonly error?: { readonly message: string; readonly place: Place };
}

/** Reads YAML 1.2, or, where the name says so, JSON with comments and trailing commas. */
export async function readDocument(file: string, text: string): Promise<ScenarioDocument> {
  return /\.json$/i.test(file) ? fromJson(file, text) : fromYaml(file, text);
}

function fromJson(file: string, text: string): ScenarioDocument {
  const json = readJson(text, { elisions: false });
  const spot = spotsIn(file, text);
  return {
    file,
    value: json.value,
    place: (pointer) =>
      nearest(pointer, (each) => {
        const found = json.locate(each);
        const span = found?.key ?? found?.value;
        return span && spot(span.start, span.end);
      }) ?? spot(0, 0),
    ...(json.error === undefined
      ? {}
      : { error: { message: json.error.message, place: spot(json.error.offset, json.error.offset) } }),
  };
}

async function fromYaml(file: string, text: string): Promise<ScenarioDocument> {
  const { isMap, isNode, isScalar, isSeq, parseDocument } = await import('yaml');
  const spot = spotsIn(file, text);
  let document: ReturnType<typeof parseDocument>;
  try {
    document = parseDocument(text, { prettyErrors: false });
  } catch (error) {
    // Nested so deep that no stack holds it.
    const message = error instanceof Error ? error.message : String(error);
    return { file, value: undefined, place: () => spot(0, 0), error: { message, place: spot(0, 0) } };
  }
  const [fault] = document.errors;
  let value: unknown;
  let alias: string | undefined;
  try {
    // Few aliases are meant; many are an attack on memory.
    value = fault === undefined ? document.toJS({ maxAliasCount: 100 }) : undefined;
  } catch (error) {
    alias = (error as Error).message;
  }
  const rangeOf = (pointer: string): readonly [number, number] | undefined => {
    let node: unknown = document.contents;
    let range = isNode(node) ? node.range : undefined;
    for (const token of pointerTokens(pointer)) {
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === token);
        if (pair === undefined || !isNode(pair.key)) return undefined;
        [range, node] = [pair.key.range, pair.value];
      } else if (isSeq(node)) {
        node = node.items[Number(token)];
        if (!isNode(node)) return undefined;
        range = node.range;
      } else return undefined;
    }
    return range ? [range[0], range[1]] : undefined;
  };
  const error =
    fault !== undefined
      ? { message: fault.message.split('\n', 1)[0]!, place: spot(...fault.pos) }
      : alias !== undefined
        ? { message: alias, place: spot(0, 0) }
        : undefined;
  return {
    file,
    value,
    place: (pointer) =>
      nearest(pointer, (each) => {
        const range = rangeOf(each);
        return range && spot(...range);
      }) ?? spot(0, 0),
    ...(error === undefined ? {} : { error }),
  };
}

/** Places by offsets; what runs over a line ends with it. */
function spotsIn(file: string, text: string): (start: number, end: number) => Place {
  const at = points(text);
  return (start, end) => {
    const from = at(start);
    const to = at(Math.max(start, end));
    return { file, position: { start: from, end: to.line === from.line ? to : from } };
  };
}

function nearest(pointer: string, find: (pointer: string) => Place | undefined): Place | undefined {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const place = find(at);
    if (place !== undefined || at === '') return place;
  }
}
