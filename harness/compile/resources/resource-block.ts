import { pointerToken, type JsonText, type Span } from '../../model/json.ts';
import type { Place } from '../../model/place.ts';
import type { Property } from '../../model/resource.ts';
import { primitive, readType, wordType } from '../../model/type.ts';

/** What is known around the properties of a block. */
export interface BlockContext {
  readonly place: (span: Span) => Place;
  readonly optional: ReadonlySet<string>;
  readonly nullable: ReadonlySet<string>;
  readonly namespace?: string;
}

type Meaning = Pick<Property, 'type' | 'isCollection' | 'values' | 'format' | 'properties'>;

/** The properties of an object in a resource block, those of objects without a type of their own nested; `@odata.type` is none. */
export function propertiesOf(
  object: Readonly<Record<string, unknown>>,
  json: JsonText,
  context: BlockContext,
  pointer = '',
): Property[] {
  return Object.entries(object)
    .filter(([name]) => name !== '@odata.type' && name !== '@type')
    .map(([name, example]) => {
      const at = `${pointer}/${pointerToken(name)}`;
      const meaning = meaningOf(example, json, context, at);
      const place = context.place(json.locate(at)!.key!);
      return {
        name,
        ...meaning,
        // The lists of an annotation speak of its resource, not of objects nested in it.
        ...(pointer === '' && context.optional.has(name) ? { optional: true } : {}),
        ...(pointer === '' && context.nullable.has(name) ? { nullable: true } : {}),
        from: 'json' as const,
        block: {
          ...(meaning.type === undefined ? {} : { type: meaning.type }),
          ...(meaning.isCollection ? { isCollection: true } : {}),
          ...(isWord(example) ? { word: example } : {}),
          ...(meaning.values === undefined ? {} : { members: meaning.values.map((each) => ({ name: each, place })) }),
          place,
        },
        place,
      };
    });
}

function isWord(example: unknown): example is string {
  return typeof example === 'string' && example.length <= 60 && wordType(example) === undefined;
}

/** What a value of a resource block says: a type word, a nested `@odata.type`, members, or what the value itself is. */
function meaningOf(example: unknown, json: JsonText, context: BlockContext, pointer: string): Meaning {
  if (Array.isArray(example)) {
    const [item] = example as unknown[];
    if (Array.isArray(item)) return { type: 'Json', isCollection: true };
    return { ...(example.length === 0 ? {} : meaningOf(item, json, context, `${pointer}/0`)), isCollection: true };
  }
  if (typeof example === 'boolean') return { type: 'Boolean' };
  if (typeof example === 'number') return { type: Number.isInteger(example) ? 'Int64' : 'Double' };
  if (typeof example === 'string') return meaningOfText(example, context);
  if (typeof example !== 'object' || example === null) return {};
  const object = example as Readonly<Record<string, unknown>>;
  const named = ['@odata.type', '@type'].map((key) => (Object.hasOwn(object, key) ? object[key] : undefined));
  const type = named.find((each) => typeof each === 'string');
  if (type !== undefined) {
    const read = readType(type as string);
    return read === undefined ? {} : { type: read.name, ...(read.isCollection ? { isCollection: true } : {}) };
  }
  return { properties: propertiesOf(object, json, context, pointer) };
}

function meaningOfText(text: string, { namespace }: BlockContext): Meaning {
  if (text.includes('|')) return alternatives(text);
  const word = wordType(text);
  if (word)
    return {
      type: word.name,
      ...(word.isCollection ? { isCollection: true } : {}),
      ...(word.name === 'String' && /\burl\b/i.test(text) ? { format: 'url' } : {}),
    };
  // A name in the page's own namespace is a type, whether or not somebody documents it.
  const named = /^#?([a-z]\w*(?:\.\w+)+)$/i.exec(text.trim())?.[1];
  if (named !== undefined && namespace !== undefined && named.toLowerCase().startsWith(`${namespace.toLowerCase()}.`))
    return { type: named };
  return { type: 'String' };
}

/** `summer | fall` lists members; `String | Int64` types; a list that is cut short (`a | b | ...`) says only that it is a string. */
function alternatives(text: string): Meaning {
  const parts = text.split('|').map((part) => part.trim());
  const types = new Set(parts.map((part) => primitive(part)));
  if (!types.has(undefined)) {
    const [only] = types;
    // `number | text` are members too: only words that are written as types are types.
    if (types.size === 1 || parts.every((part) => /^[A-Z]/.test(part)))
      return { type: types.size === 1 ? only! : parts.join('|') };
  }
  const values = parts
    .map((part) => part.replace(/\s*\([^()]*\)$/, '').replace(/^(['"`])(.*)\1$/, '$2'))
    .filter(Boolean);
  const isWhole = values.every((value) => !/\s|\.{3}|…/.test(value));
  return { type: 'String', ...(isWhole && values.length > 0 ? { values: [...new Set(values)] } : {}) };
}
