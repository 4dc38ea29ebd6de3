/** A function that makes something when it is asked for the first time, and gives the same ever after. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Answers a few questions one by one, and further ones by an index of all answers: to make that takes longer than to look for one. */
export function fewOrIndexed<Key, Answer>(
  look: (key: Key) => Answer | undefined,
  index: () => ReadonlyMap<Key, Answer>,
): (key: Key) => Answer | undefined {
  let asked = 0;
  const answers = once(index);
  return (key) => (asked++ < FEW ? look(key) : answers().get(key));
}

const FEW = 10;
