import { readJson } from '../model/json.ts';
import { canonical } from '../model/url.ts';

/** What a request says beyond method and path. */
export interface Details {
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** Headers that may make the answer another one, as `name: value`. */
  readonly headers: readonly string[];
  /** Read only where it decides something. */
  readonly body: () => BodyShape;
}

/** Two bodies with one `key` say the same; two with one `names` are JSON objects with the same property names. */
export interface BodyShape {
  readonly key: string;
  readonly names?: string;
}

/**
 * Of candidates that share a path, the one whose query and body are nearest to the request's: first by parameters of
 * equal value, then by parameters present, then by the fewest extra or missing ones, then by body, then by headers; a
 * tie goes to the first. Equal requests are found by look-up, so that thousands of exchanges on one path cost no more than two.
 */
export function nearestIn<T extends Details>(candidates: readonly T[], request: Details): T | undefined {
  if (candidates.length < 2) return candidates[0];
  return (equalsOf(candidates).get(keyOf(request)) ?? candidates)
    .map((candidate) => ({ candidate, weight: weigh(candidate, request) }))
    .reduce((best, other) => (compareWeights(other.weight, best.weight) > 0 ? other : best)).candidate;
}

/** The shape of a body text: JSON by its value, anything else by its text without surrounding blanks. */
export function bodyShape(text: string): BodyShape {
  const trimmed = text.trim();
  if (trimmed === '') return { key: '' };
  try {
    const value = parse(trimmed);
    return { key: `json:${JSON.stringify(canonical(value))}`, names: [...namesIn(value)].sort().join('\n') };
  } catch {
    // Not JSON, or nested deeper than the stack: a text like any other.
    return { key: `text:${trimmed}` };
  }
}

const indexes = new WeakMap<readonly Details[], { readonly size: number; readonly byKey: Map<string, Details[]> }>();

function equalsOf<T extends Details>(candidates: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const known = indexes.get(candidates);
  if (known && known.size === candidates.length) return known.byKey as Map<string, T[]>;
  const byKey = new Map<string, T[]>();
  for (const candidate of candidates) {
    const key = keyOf(candidate);
    const equals = byKey.get(key);
    if (!equals) byKey.set(key, [candidate]);
    // Of candidates equal in their headers too, only the first can be the nearest.
    else if (
      equals.length < MOST_EQUALS &&
      !equals.some(({ headers }) => headers.join('\n') === candidate.headers.join('\n'))
    )
      equals.push(candidate);
  }
  indexes.set(candidates, { size: candidates.length, byKey });
  return byKey;
}

/** So many forms of one request, told apart by their headers alone, are kept apart. */
const MOST_EQUALS = 64;

function keyOf({ parameters, body }: Details): string {
  return JSON.stringify([parameters.map(([name, value]) => JSON.stringify([name, value])).sort(), body().key]);
}

type Weight = readonly [equal: number, present: number, fitting: number, body: number, headers: number];

function weigh(candidate: Details, request: Details): Weight {
  const sent = counts(request.parameters.map((parameter) => JSON.stringify(parameter)));
  const names = counts(request.parameters.map(([name]) => name));
  const equal = candidate.parameters.filter((parameter) => take(sent, JSON.stringify(parameter))).length;
  const present = candidate.parameters.filter(([name]) => take(names, name)).length;
  const odd = request.parameters.length - present + (candidate.parameters.length - present);
  const met = candidate.headers.filter((header) => request.headers.includes(header)).length;
  const unmet = candidate.headers.length - met;
  return [equal, present, -odd, weighBody(candidate.body(), request.body()), met - unmet];
}

function weighBody(promised: BodyShape, sent: BodyShape): number {
  if (promised.key === sent.key) return 2;
  return promised.names !== undefined && promised.names === sent.names ? 1 : 0;
}

function compareWeights(a: Weight, b: Weight): number {
  return a.map((part, index) => part - b[index]!).find((difference) => difference !== 0) ?? 0;
}

function counts(texts: readonly string[]): Map<string, number> {
  const bag = new Map<string, number>();
  for (const text of texts) bag.set(text, (bag.get(text) ?? 0) + 1);
  return bag;
}

function take(bag: Map<string, number>, text: string): boolean {
  const left = bag.get(text) ?? 0;
  if (left > 0) bag.set(text, left - 1);
  return left > 0;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const json = readJson(text);
    if (json.error || json.elided.has('')) throw new SyntaxError('no JSON');
    return json.value;
  }
}

/** The path of every property name in a value; items of an array share theirs. */
function namesIn(value: unknown, path = '', found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) {
    for (const item of value) namesIn(item, `${path}/*`, found);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      const below = `${path}/${JSON.stringify(name)}`;
      found.add(below);
      namesIn(member, below, found);
    }
  }
  return found;
}
