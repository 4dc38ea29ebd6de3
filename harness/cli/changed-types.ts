import type { PagedExchange } from '../model/fixture.ts';
import { indexResources, type Resource } from '../model/resource.ts';

/** The types that an exchange names. */
export function typesOf({ request, responses }: PagedExchange): string[] {
  return [request, ...responses].flatMap(({ type, typeAka }) => [type, typeAka].filter((name) => name !== undefined));
}

/** Tells whether a type, one it derives from or one of its properties is documented otherwise than before, wherever it stands. */
export function changedTypes(before: readonly Resource[], now: readonly Resource[]): (type: string) => boolean {
  const [old, fresh] = [textsOf(before), textsOf(now)];
  const changed = new Set([...old.keys(), ...fresh.keys()].filter((name) => old.get(name) !== fresh.get(name)));
  if (changed.size === 0) return () => false;
  const index = indexResources(now);
  const keyOf = (type: string): string => (index.find(type)?.name ?? type).toLowerCase();
  const users = new Map<string, string[]>();
  for (const { name, baseType, properties } of now)
    for (const part of [baseType, ...properties.map(({ type }) => type)]) {
      if (part === undefined) continue;
      const known = users.get(keyOf(part));
      if (known) known.push(name.toLowerCase());
      else users.set(keyOf(part), [name.toLowerCase()]);
    }
  const waiting = [...changed];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
    for (const user of users.get(next) ?? []) if (changed.size < changed.add(user).size) waiting.push(user);
  return (type) => changed.has(type.toLowerCase()) || changed.has(keyOf(type));
}

/** What is said of each type, without where. */
function textsOf(resources: readonly Resource[]): Map<string, string> {
  const texts = new Map<string, string>();
  for (const resource of resources) {
    const name = resource.name.toLowerCase();
    const text = JSON.stringify(resource, (key, value: unknown) =>
      key === 'place' || key === 'file' ? undefined : value,
    );
    texts.set(name, `${texts.get(name) ?? ''}${text}`);
  }
  return texts;
}
