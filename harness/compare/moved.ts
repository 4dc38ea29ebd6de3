import { pointerToken } from '../model/json.ts';
import { nearest } from '../model/usage.ts';
import { jsonType, wrapped, type Difference } from './difference.ts';

/**
 * Tells once what is one fault: a property under another name, or in another object than the documented one, is both missing and
 * undocumented; an object around documented properties makes all of them missing.
 */
export function foldMoved(differences: Difference[], body: unknown): Difference[] {
  const gone = differences.filter(({ ruleId }) => ruleId === 'property/missing');
  const extra = differences.filter(({ ruleId }) => ruleId === 'property/undocumented');
  if (gone.length === 0 || extra.length === 0 || gone.length + extra.length > MOST) return differences;
  const folded = new Map<Difference, Difference | undefined>();
  for (const more of extra) {
    const missing = gone.filter((each) => !folded.has(each));
    const inner = missing.filter(
      (each) => parentOf(each) === parentOf(more) && holds(valueAt(body, more.pointer), nameOf(each)),
    );
    const [first] = inner;
    const moved = missing.find((each) => isMoved(each, more)) ?? missing.find((each) => isRenamed(each, more, body));
    if (first !== undefined) {
      for (const each of inner) folded.set(each, undefined);
      folded.set(more, wrapped(more, nameOf(more), inner.map(nameOf)));
    } else if (moved !== undefined) {
      folded.set(more, undefined);
      folded.set(moved, {
        ...moved,
        actual: more.pointer,
        note: `It stands at \`${more.pointer}\`: mend one or the other.`,
      });
    }
  }
  return differences.flatMap((each) => (folded.has(each) ? (folded.get(each) ?? []) : each));
}

/** An answer with more than this many such faults is another one altogether; comparing each with each would take long. */
const MOST = 200;

/** The same name in an object further out or further in. */
function isMoved(gone: Difference, more: Difference): boolean {
  const [from, to] = [`${parentOf(gone)}/`, `${parentOf(more)}/`];
  return nameOf(gone) === nameOf(more) && from !== to && (from.startsWith(to) || to.startsWith(from));
}

/** A name like it in the same object, with a value of the same type. */
function isRenamed(gone: Difference, more: Difference, body: unknown): boolean {
  return (
    parentOf(gone) === parentOf(more) &&
    nearest(nameOf(more), [nameOf(gone)]) !== undefined &&
    (!TYPES.has(gone.expected ?? '') || gone.expected === jsonType(valueAt(body, more.pointer)))
  );
}

/** What is expected may be anything, or what a matcher says. */
const TYPES: ReadonlySet<string> = new Set(['array', 'object', 'string', 'number', 'boolean']);

function parentOf({ pointer }: Difference): string {
  return pointer.slice(0, pointer.lastIndexOf('/'));
}

/** As it stands in the pointer. */
function nameOf({ pointer }: Difference): string {
  return pointer.slice(pointer.lastIndexOf('/') + 1);
}

function holds(value: unknown, name: string): boolean {
  const object = Array.isArray(value) ? (value as readonly unknown[])[0] : value;
  return jsonType(object) === 'object' && Object.keys(object as object).some((key) => pointerToken(key) === name);
}

function valueAt(body: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (value, token) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, token)
          ? (value as Readonly<Record<string, unknown>>)[token]
          : undefined,
      body,
    );
}
