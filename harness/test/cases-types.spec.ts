import { expect, test } from '@playwright/test';
import { check } from '../check/index.ts';
import { schemaValidators } from '../compare/schema.ts';
import { indexResources, type Property } from '../model/resource.ts';
import { readType, wordType } from '../model/type.ts';
import { casesMissing, casesOf, countStances, stanceOf } from './cases.ts';
import { compilePages } from './docs.ts';

/** What we decided on cases that leave it open, and where we do better; the decision is written beside it. */
const CELLS: Readonly<Record<string, string>> = {
  // No name of a type, but what was written is kept for whoever mends it.
  'my thing': 'my thing',
  // A blank before the bracket means nothing.
  'Collection (String)': 'Collection(String)',
  // One or the other: the schema takes both.
  'Int64|String': 'Int64|String',
  'string array': 'Collection(String)',
  // A remark in brackets is none of the name.
  'DateTimeOffset (nullable)': 'DateTimeOffset?',
};

/** Rules that say what a code of the reference says of a value. */
const KEYWORDS: Readonly<Record<string, string>> = {
  ExpectedTypeDifferent: 'type',
  ExpectedNonArrayValue: 'type',
  // Where an annotation lists what may be null, null elsewhere is a wrong type like any other.
  NullPropertyValue: 'type',
  RequiredPropertiesMissing: 'required',
  AdditionalPropertyDetected: 'undocumented',
};

test.describe('types and resources, case by case', () => {
  test.skip(casesMissing !== undefined, casesMissing ?? '');

  const cells = casesOf(['parseTypeCell']);
  for (const each of cells)
    test(`type cell, ${stanceOf(each)}: ${each.input.text}`, () => {
      // Links are text before a cell is read.
      const text = String(each.input.text).replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
      const type = readType(text)!;
      const read = `${type.isCollection ? `Collection(${type.name})` : type.name}${type.nullable ? '?' : ''}`;
      if (stanceOf(each) !== 'match') expect(Object.keys(CELLS)).toContain(each.input.text);
      expect(read).toBe(CELLS[each.input.text] ?? each.expected.type);
    });

  const words = casesOf(['simpleType']);
  for (const each of words)
    test(`type word, ${stanceOf(each)}: ${each.input.text}`, async () => {
      const { type } = each.expected as { type: string };
      expect(wordType(each.input.text)?.name ?? 'None').toBe(type);
      // As a value of an answer the same text is a string like any other, and a date only where a date is promised.
      const page = resource('ns.item', { a: 'String' });
      const { schemas } = await compilePages({ 'a.md': page });
      expect(schemaValidators(schemas)('ns.item')!({ a: each.input.text })).toEqual([]);
    });

  const blocks = casesOf(['buildSchema']);
  for (const each of blocks)
    test(`resource block, ${stanceOf(each)}: ${each.name}`, async () => {
      const text = (each.input.jsonText as string | undefined) ?? JSON.stringify(each.input.json);
      const { resources, findings } = await compilePages({ 'a.md': resource('ns.item', text) });
      if (each.expected.error !== undefined) {
        expect(findings.map(({ ruleId }) => ruleId)).toEqual(['resource/unreadable']);
        return;
      }
      const [item] = resources;
      for (const [name, said] of Object.entries(each.expected.properties as Record<string, Record<string, unknown>>)) {
        const property = item!.properties.find((other) => other.name === name)!;
        const { type, customType, elementType, isCollection } = said;
        if (typeof type === 'string') expect(typeOf(property)).toBe(type);
        if (customType !== undefined) expect(property.type).toBe(customType);
        if (elementType !== undefined) expect(property).toMatchObject({ type: elementType, isCollection });
      }
    });

  const bodies = casesOf(['validateJson']);
  for (const each of bodies)
    test(`value of a type, ${stanceOf(each)}: ${each.name}`, async () => {
      const { schemaExample, schemaAnnotation, json, options } = each.input;
      expect(options).toEqual({ relaxedStringValidation: false });
      const { schemas, resources } = await compilePages({
        'a.md': resource('ns.item', schemaExample, (schemaAnnotation as object | null) ?? {}),
      });
      const known = indexResources(resources).properties('ns.item')!;
      const told = [
        ...schemaValidators(schemas)('ns.item')!(json).map(({ keyword }) => keyword),
        ...Object.keys(json as object).flatMap((name) => (known.has(name) ? [] : ['undocumented'])),
      ];
      const { codes, issues } = each.expected as { codes?: string[]; issues?: { code: string }[] };
      const expected = codes ?? issues!.map(({ code }) => code);
      expect(told.sort()).toEqual(expected.map((code) => KEYWORDS[code]).sort());
    });

  const models = casesOf(['scanDocset'], ['observed/resource-model']);
  for (const each of models)
    test(`resource model, ${stanceOf(each)}: ${each.name}`, async () => {
      const docset = await compilePages(each.input.files as Record<string, string>);
      expect(docset.resources.map(({ name }) => name).sort()).toEqual([...each.expected.resources].sort());
      const more: string[] = [];
      for (const [name, types] of Object.entries(
        each.expected.resourceProperties as Record<string, Record<string, string>>,
      )) {
        const { properties } = docset.resources.find((resource) => resource.name === name)!;
        for (const property of properties) {
          if (Object.hasOwn(types, property.name)) expect(typeOf(property), property.name).toBe(types[property.name]);
          else more.push(`${property.name}: ${typeOf(property)}`);
        }
        expect(properties.map((property) => property.name)).toEqual(expect.arrayContaining(Object.keys(types)));
      }
      const facts = MODELS[each.name];
      expect(more).toEqual(facts?.more ?? []);
      await facts?.holds?.(docset);
      if (stanceOf(each) === 'differ') expect(facts?.holds).toBeDefined();
    });

  test('cases of each stance', () => {
    const rows = Object.entries({ cells, words, blocks, bodies, models });
    for (const [kind, cases] of rows) console.log(`${kind.padEnd(7)} ${JSON.stringify(countStances(cases))}`);
    expect(rows.map(([, cases]) => cases.length)).toEqual([13, 22, 7, 7, 14]);
  });
});

type Docset = Awaited<ReturnType<typeof compilePages>>;

/** What we say of a resource-model case beyond what the reference does. */
const MODELS: Readonly<Record<string, { more?: readonly string[]; holds?: (docset: Docset) => void | Promise<void> }>> =
  {
    // The column `Relationship` is built in, as `Property` is: both are what authors write.
    't-relationships': {
      more: ['kids: Collection(ns.kid)'],
      holds: ({ resources }) => {
        expect(resources[0]!.properties.at(-1)).toMatchObject({ navigation: true, from: 'table' });
      },
    },
    't-header-Property': { holds: ({ resources }) => expect(resources[0]!.properties[0]!.from).toBe('both') },
    // Block and table are known apart, so that `check` can tell what only one of them names.
    't-proponlyinjson': {
      holds: ({ resources }) => expect(resources[0]!.properties.map(({ from }) => from)).toEqual(['both', 'json']),
    },
    // A property of the table is documented, and never missed.
    't-proponlyintable': {
      holds: ({ resources, schemas }) => {
        expect(resources[0]!.properties.map(({ from }) => from)).toEqual(['both', 'table']);
        const validate = schemaValidators(schemas)('ns.item')!;
        expect(validate({ id: '1' })).toEqual([]);
        expect(validate({ id: '1', extra: 1 })).toMatchObject([{ pointer: '/extra', keyword: 'type' }]);
      },
    },
    // The table shows a property of the first resource, so it is the first one's.
    't-two-resources': {
      holds: ({ resources }) =>
        expect(resources.map(({ properties }) => properties[0]!.from)).toEqual(['both', 'json']),
    },
    // The other name rescues one that nobody documents.
    't-aka': { holds: (docset) => expect(check(docset).map(({ ruleId }) => ruleId)).not.toContain('type/unresolved') },
    't-opentype': { holds: ({ resources }) => expect(indexResources(resources).isOpen('ns.item')).toBe(true) },
    // Nested objects are judged in full, those that name their type among them.
    't-nested-missing': {
      holds: ({ schemas }) => {
        const validate = schemaValidators(schemas)('ns.item')!;
        const told = (o: object) => validate({ id: '1', o }).map(({ pointer, keyword }) => `${pointer} ${keyword}`);
        expect(told({ x: 2 })).toEqual(['/o/y required']);
        expect(told({ '@odata.type': '#ns.o', x: 's', z: 1 })).toEqual(['/o/x type', '/o/y required'].sort(byKeyword));
      },
    },
    't-basetype-missing': {
      holds: (docset) => expect(check(docset).map(({ ruleId }) => ruleId)).toContain('type/unresolved'),
    },
  };

function byKeyword(a: string, b: string): number {
  return Number(a.endsWith('type')) - Number(b.endsWith('type'));
}

function typeOf({ type, isCollection }: Property): string {
  return isCollection ? `Collection(${type})` : String(type);
}

function resource(type: string, json: object | string, annotation: object = {}): string {
  const comment = JSON.stringify({ blockType: 'resource', '@odata.type': type, ...annotation });
  return `<!-- ${comment} -->\n\`\`\`json\n${typeof json === 'string' ? json : JSON.stringify(json)}\n\`\`\`\n`;
}
