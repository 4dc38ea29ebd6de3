/** Stands for any one segment in a route. */
export const ANY = Symbol('any segment');

/** A route: the decoded segments of a path, with `ANY` where a placeholder stands. */
export type RoutePath = readonly (string | typeof ANY)[];

/** An index of values by path. A look-up costs by the length of the path, not by the number of routes. */
export interface RouteIndex<T> {
  add(path: RoutePath, value: T): void;
  find(segments: readonly string[]): Found<T>;
}

/** The values of the one route that fits a path best, in the order they were added; `steps` counts the nodes looked at. */
export interface Found<T> {
  readonly values: readonly T[];
  readonly steps: number;
}

/**
 * A trie over path segments. Of the routes that fit, the one with the fewest placeholders wins, then the one with the
 * fewest segments in another case, then the one that is literal further to the left.
 */
export function routeIndex<T>(): RouteIndex<T> {
  const root = newNode<T>();
  return {
    add(path, value) {
      const { values } = path.reduce<Node<T>>(childOf, root);
      // An exchange adds its path and its template one after the other, and they may be the same.
      if (values.at(-1) !== value) values.push(value);
    },
    find: (segments) => search(root, segments),
  };
}

interface Node<T> {
  readonly literals: Map<string, Node<T>>;
  /** The literal children again, by their segment in lower case. */
  readonly folded: Map<string, Node<T>[]>;
  any?: Node<T>;
  readonly values: T[];
}

/** Dearer than any number of segments in another case. */
const PLACEHOLDER_COST = 1_000_000;

function newNode<T>(): Node<T> {
  return { literals: new Map(), folded: new Map(), values: [] };
}

function childOf<T>(node: Node<T>, segment: string | typeof ANY): Node<T> {
  if (segment === ANY) return (node.any ??= newNode());
  const known = node.literals.get(segment);
  if (known) return known;
  const child = newNode<T>();
  node.literals.set(segment, child);
  const key = segment.toLowerCase();
  const siblings = node.folded.get(key);
  if (siblings) siblings.push(child);
  else node.folded.set(key, [child]);
  return child;
}

function search<T>(root: Node<T>, segments: readonly string[]): Found<T> {
  let values: readonly T[] = [];
  let lowest = Infinity;
  let steps = 0;
  const visit = (node: Node<T>, depth: number, cost: number): void => {
    steps++;
    if (cost >= lowest) return;
    const segment = segments[depth];
    if (segment === undefined) {
      if (node.values.length === 0) return;
      values = node.values;
      lowest = cost;
      return;
    }
    const exact = node.literals.get(segment);
    if (exact) visit(exact, depth + 1, cost);
    for (const child of node.folded.get(segment.toLowerCase()) ?? []) {
      if (child !== exact) visit(child, depth + 1, cost + 1);
    }
    if (node.any && segment !== '') visit(node.any, depth + 1, cost + PLACEHOLDER_COST);
  };
  visit(root, 0, 0);
  return { values, steps };
}
