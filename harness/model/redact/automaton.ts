/** Something to look for: each character with every way it may be written, none of them empty. */
export interface Needle {
  readonly characters: readonly (readonly string[])[];
  /** The secret it stands for, by its number; nothing where only its presence matters. */
  readonly secret?: number;
  /** A character of base64 before or after holds some bits of the secret, too. */
  readonly bleeds?: { readonly before: boolean; readonly after: boolean };
}

/** Where a secret stands in a text: UTF-16 offsets, `end` exclusive. */
export interface Hit {
  readonly start: number;
  readonly end: number;
  readonly secret: number;
}

/** What a text holds. */
export interface Hits {
  readonly hits: readonly Hit[];
  /** Does it hold a needle without a secret? */
  readonly isSuspect: boolean;
}

/**
 * One automaton for all needles: each character of a text is looked at once, however many needles there are and
 * however the text is made. States are built when a text first leads to them. Before an ellipsis, where a text was
 * cut, the beginning of a secret counts as well.
 */
export function automaton(needles: readonly Needle[]): (text: string) => Hits {
  const tries = new Map<string, Trie>();
  const positions: Trie[] = [];
  const ends: (number | undefined)[] = [];
  const firsts: number[] = [];
  const origins: number[] = [];
  for (const [index, { characters }] of needles.entries()) {
    firsts.push(positions.length);
    for (const [at, ways] of characters.entries()) {
      positions.push(trieOf(ways, tries));
      ends.push(at === characters.length - 1 ? index : undefined);
      origins.push(index);
    }
  }
  const { classOf, classes } = classify(tries.values());
  const nodes = numbered(tries.values());
  const begin = firsts.map((position) => position * NODES + positions[position]!.id);
  let states: State[] = [];
  let known = new Map<string, number>();
  let table = new Int32Array(0);
  let root: number | undefined;
  const begun = new Map<number, State>();
  const isAccepting = new Uint8Array(MOST_STATES);

  /** The number of the state that holds these items; all start over when there are too many. */
  function stateOf(items: readonly number[], accepts: readonly number[]): number {
    const key = `${items.join()};${accepts.join()}`;
    const present = known.get(key);
    if (present !== undefined) return present;
    if (states.length >= MOST_STATES) [states, known, table, root] = [[], new Map(), new Int32Array(0), undefined];
    const state = states.push({ items, accepts }) - 1;
    known.set(key, state);
    isAccepting[state] = accepts.length > 0 ? 1 : 0;
    if (states.length * classes > table.length) {
      const wider = new Int32Array(Math.max(64 * classes, table.length * 2)).fill(-1);
      wider.set(table);
      table = wider;
    }
    return state;
  }

  /** Where these items lead with a code unit. */
  function step(from: readonly number[], code: number, items: Set<number>, accepts: Set<number>): void {
    for (const item of from) {
      const position = Math.floor(item / NODES);
      const next = nodes[item % NODES]!.next.get(code);
      if (next === undefined) continue;
      if (next.next.size > 0) items.add(position * NODES + next.id);
      if (!next.isEnd) continue;
      const needle = ends[position];
      if (needle === undefined) items.add((position + 1) * NODES + positions[position + 1]!.id);
      else accepts.add(needle);
    }
  }

  /** What a code unit begins, wherever it stands. */
  function begunBy(code: number): State {
    const present = begun.get(code);
    if (present) return present;
    const [items, accepts] = [new Set<number>(), new Set<number>()];
    step(begin, code, items, accepts);
    const found = { items: [...items], accepts: [...accepts] };
    begun.set(code, found);
    return found;
  }

  function follow(state: number, code: number): number {
    const fresh = begunBy(code);
    const items = new Set(fresh.items);
    const accepts = new Set(fresh.accepts);
    step(states[state]!.items, code, items, accepts);
    const from = states;
    const found = stateOf(
      [...items].sort((a, b) => a - b),
      [...accepts],
    );
    // Where all were dropped, the state this came from is no more.
    if (from === states) table[state * classes + classOf[code]!] = found;
    return found;
  }

  /** The beginnings of secrets that lead to a state. */
  function cutsOf(state: State): readonly Cut[] {
    return state.items.flatMap((item) => {
      const position = Math.floor(item / NODES);
      const needle = origins[position]!;
      const whole = position - firsts[needle]!;
      const { secret, characters } = needles[needle]!;
      if (secret === undefined || whole < LEAST_CUT) return [];
      return [{ secret, written: nodes[item % NODES]!.depth, characters: characters.slice(0, whole) }];
    });
  }

  return (text) => {
    const hits: Hit[] = [];
    let isSuspect = false;
    if (needles.length === 0) return { hits, isSuspect };
    root ??= stateOf([], []);
    let state = root;
    let rows = table;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === ELLIPSIS) {
        const reached = states[state]!;
        reached.cuts ??= cutsOf(reached);
        for (const { secret, written, characters } of reached.cuts) {
          const start = startOf(text, at - written, characters);
          if (start !== undefined) hits.push({ start, end: at, secret });
        }
      }
      const next = rows[state * classes + classOf[code]!]!;
      if (next >= 0) state = next;
      else [state, rows] = [follow(state, code), table];
      if (isAccepting[state] === 0) continue;
      const { accepts } = states[state]!;
      for (let each = 0; each < accepts.length; each++) {
        const { characters, secret, bleeds } = needles[accepts[each]!]!;
        if (secret === undefined) {
          isSuspect = true;
          continue;
        }
        const start = startOf(text, at + 1, characters)!;
        hits.push({
          start: bleeds?.before && BASE64.test(text[start - 1] ?? '') ? start - 1 : start,
          end: bleeds?.after && BASE64.test(text[at + 1] ?? '') ? at + 2 : at + 1,
          secret,
        });
      }
    }
    return { hits, isSuspect };
  };
}

/** Characters of a secret that must stand before an ellipsis to count as its beginning. */
const LEAST_CUT = 4;
const ELLIPSIS = 0x2026;
const MOST_STATES = 4096;
/** More than all tries together have nodes; a position times this and a node make one number. */
const NODES = 2 ** 20;
const BASE64 = /[A-Za-z0-9+/_-]/;

/** Where a text may be inside needles; that one may begin goes without saying. */
interface State {
  readonly items: readonly number[];
  readonly accepts: readonly number[];
  cuts?: readonly Cut[];
}

/** A secret whose first characters were read, and how much of the next one. */
interface Cut {
  readonly secret: number;
  readonly written: number;
  readonly characters: readonly (readonly string[])[];
}

/** The ways to write one character, as a tree. */
interface Trie {
  readonly next: Map<number, Trie>;
  readonly depth: number;
  isEnd: boolean;
  id: number;
}

function trieOf(ways: readonly string[], known: Map<string, Trie>): Trie {
  const key = ways.join('\n');
  const present = known.get(key);
  if (present) return present;
  const root: Trie = { next: new Map(), depth: 0, isEnd: false, id: 0 };
  for (const way of ways) {
    let node = root;
    for (let at = 0; at < way.length; at++) {
      const code = way.charCodeAt(at);
      const next = node.next.get(code) ?? { next: new Map(), depth: at + 1, isEnd: false, id: 0 };
      node.next.set(code, next);
      node = next;
    }
    node.isEnd = true;
  }
  known.set(key, root);
  return root;
}

/** Code units that no needle has behave alike: class 0. */
function classify(roots: Iterable<Trie>): { classOf: Uint16Array; classes: number } {
  const classOf = new Uint16Array(0x10000);
  let classes = 1;
  for (const node of all(roots)) for (const code of node.next.keys()) classOf[code] ||= classes++;
  return { classOf, classes };
}

function numbered(roots: Iterable<Trie>): Trie[] {
  const nodes = [...all(roots)];
  for (const [id, node] of nodes.entries()) node.id = id;
  return nodes;
}

function* all(roots: Iterable<Trie>): Iterable<Trie> {
  for (const root of roots) {
    yield root;
    yield* all(root.next.values());
  }
}

/** Where the longest writing of these characters begins that ends at `end`; nothing where there is none. */
function startOf(text: string, end: number, characters: readonly (readonly string[])[]): number | undefined {
  let starts: readonly number[] = [end];
  for (let at = characters.length - 1; at >= 0; at--) {
    const before: number[] = [];
    for (const start of starts) {
      if (start === 0) continue;
      for (const way of endingIn(text.charCodeAt(start - 1), characters[at]!)) {
        const next = start - way.length;
        if (text.startsWith(way, next) && next >= 0 && !before.includes(next)) before.push(next);
      }
    }
    starts = before;
  }
  return starts.length === 0 ? undefined : Math.min(...starts);
}

const byEnd = new WeakMap<readonly string[], Map<number, string[]>>();

/** Those of the ways whose last code unit is this. */
function endingIn(code: number, ways: readonly string[]): readonly string[] {
  let groups = byEnd.get(ways);
  if (groups === undefined) {
    groups = new Map();
    for (const way of ways) {
      const last = way.charCodeAt(way.length - 1);
      const group = groups.get(last);
      if (group) group.push(way);
      else groups.set(last, [way]);
    }
    byEnd.set(ways, groups);
  }
  return groups.get(code) ?? [];
}
