import { hash } from 'node:crypto';

/** What changes with these bytes or this text: 40 hex digits. The same bytes are looked at once, however often they are asked for. */
export function hashOf(content: Uint8Array | string): string {
  if (typeof content === 'string') return hash('sha1', content);
  let known = KNOWN.get(content);
  if (known === undefined) KNOWN.set(content, (known = hash('sha1', content)));
  return known;
}

const KNOWN = new WeakMap<Uint8Array, string>();
