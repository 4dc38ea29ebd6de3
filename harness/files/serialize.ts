import type {
  Block,
  Exchange,
  Fixture,
  Permissions,
  PromisedBody,
  PromisedHeader,
  PromisedRequest,
  PromisedResponse,
} from '../model/fixture.ts';
import type { ResourceSchema } from '../model/resource.ts';

type KeysOf<T> = T extends unknown ? keyof T : never;
type Key = KeysOf<
  Fixture | Exchange | Permissions | Block | PromisedHeader | PromisedBody | PromisedRequest | PromisedResponse
>;

/** Every key of a fixture. One order serves all its objects; the type makes sure that none is forgotten, for what is not listed is not written. */
const KEYS: Readonly<Record<Key, true>> = {
  schemaVersion: true,
  page: true,
  exchanges: true,
  id: true,
  name: true,
  title: true,
  scopes: true,
  tags: true,
  apiVersions: true,
  permissions: true,
  application: true,
  delegated: true,
  isAction: true,
  request: true,
  responses: true,
  value: true,
  file: true,
  line: true,
  indent: true,
  disabled: true,
  block: true,
  kind: true,
  at: true,
  method: true,
  url: true,
  readAs: true,
  template: true,
  status: true,
  headers: true,
  body: true,
  text: true,
  type: true,
  typeAka: true,
  sampleKeys: true,
  isCollection: true,
  collectionProperty: true,
  isEmpty: true,
  truncated: true,
  expectError: true,
  optionalProperties: true,
  nullableProperties: true,
  matchers: true,
};

/** The content of a fixture file: JSON, two spaces, keys in one order, a final newline. The same fixture gives the same bytes. */
export function serialize(fixture: Fixture): string {
  return `${textOf(fixture, Object.keys(KEYS), 2)}\n`;
}

/** The content of the file of a schema: JSON, two spaces, keys in the order of the docs, a final newline. */
export function serializeSchema(schema: ResourceSchema): string {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** A fixture without the lines of blocks: equal for two fixtures that promise the same, wherever it stands on the page. */
export function serializeWithoutLines(fixture: Fixture): string {
  return textOf(
    fixture,
    Object.keys(KEYS).filter((key) => key !== 'line'),
  );
}

/** A list of keys orders and chooses those of all objects; matchers hold names and values of the docs' own, which it must not reach. */
function textOf(fixture: Fixture, keys: readonly string[], indent?: number): string {
  const isMatched = fixture.exchanges.some(({ request, responses }) =>
    [request, ...responses].some(({ matchers }) => matchers !== undefined),
  );
  return isMatched
    ? JSON.stringify(inOrder(fixture, keys), null, indent)
    : JSON.stringify(fixture, keys as string[], indent);
}

function inOrder(value: unknown, keys: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => inOrder(each, keys));
  if (typeof value !== 'object' || value === null) return value;
  const object = value as Readonly<Record<string, unknown>>;
  const kept = keys.filter((key) => Object.hasOwn(object, key));
  return Object.fromEntries(kept.map((key) => [key, key === 'matchers' ? object[key] : inOrder(object[key], keys)]));
}
