import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { corpusMissing, layOutCorpus } from '../bench/corpus.ts';
import { resolveResources } from '../compile/resources/resolve.ts';
import { resourceSchemas } from '../compile/resources/schemas.ts';
import { compile } from '../compile/index.ts';
import { schemaValidators } from '../compare/schema.ts';
import { serializeSchema } from '../files/serialize.ts';
import type { Docset, Source } from '../model/docset.ts';
import { readTableConfig } from '../model/tables.ts';
import { primitive } from '../model/type.ts';

test.describe.configure({ mode: 'serial' });

test.describe('the resources of the Microsoft Graph v1.0 docs', () => {
  test.skip(corpusMissing !== undefined, corpusMissing ?? '');

  let folder: string;
  let sources: Source[];
  let definitions: string;
  let docset: Docset;

  test.beforeAll(async () => {
    test.setTimeout(180_000);
    folder = mkdtempSync(join(tmpdir(), 'docwright-resources-'));
    const docs = layOutCorpus(folder).folder;
    const files = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.md'));
    const config = readdirSync(docs, { recursive: true, encoding: 'utf8' }).find((file) =>
      /table-header-config\.json$/.test(file),
    );
    definitions = readFileSync(join(docs, config!), 'utf8');
    sources = files.sort().map((file) => {
      const page = file.replaceAll('\\', '/');
      return { file: page, page, content: new Uint8Array(readFileSync(join(docs, file))) };
    });
    docset = await compile(sources, { readFile: () => undefined, facts: 'promises' });
  });
  test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('every resource is read, with what its tables say', () => {
    const properties = docset.resources.flatMap((resource) => resource.properties);
    const count = (from: string) => properties.filter((property) => property.from === from).length;
    expect(docset.resources).toHaveLength(1024);
    expect(docset.findings.filter(({ ruleId }) => ruleId === 'resource/unreadable')).toEqual([]);
    expect(docset.findings.filter(({ ruleId }) => ruleId === 'resource/duplicate')).toHaveLength(30);
    expect({ both: count('both'), table: count('table'), json: count('json') }).toEqual(FIGURES);
    // Of two rows that give no type one names a property all the same; the other is the end of a torn row, and told.
    expect(
      properties.filter(({ type, properties: members }) => type === undefined && members === undefined),
    ).toHaveLength(1);
    expect(docset.findings.filter(({ ruleId }) => ruleId === 'resource/row')).toHaveLength(8);
    for (const { place } of properties) expect(place.position.start.line).toBeGreaterThan(0);
  });

  test('nearly every type that is named is documented', () => {
    const known = new Set(docset.resources.map(({ name }) => name.toLowerCase()));
    const foreign = docset.resources
      .flatMap(({ properties }) => properties)
      .filter(({ type, values }) => type !== undefined && primitive(type) === undefined && values === undefined)
      .filter(({ type }) => !known.has(type!.toLowerCase()));
    expect(foreign.length).toBeLessThan(10);
  });

  test('tables of requests are read: of every twentieth page', async () => {
    test.setTimeout(120_000);
    const { pages } = await compile(
      sources.filter((_, index) => index % 20 === 0),
      { readFile: () => undefined },
    );
    const count = (kind: 'headers' | 'parameters' | 'permissions') =>
      pages.reduce((sum, { tables }) => sum + tables[kind].length, 0);
    expect({ headers: count('headers'), parameters: count('parameters'), permissions: count('permissions') }).toEqual(
      TWENTIETH,
    );
    expect(docset.pages.reduce((sum, { tables }) => sum + tables.enums.length, 0)).toBe(329);
  });

  test('the table definitions that lie with the docs are read as they are, and find the same properties', async () => {
    test.setTimeout(120_000);
    const { tables, faults } = readTableConfig(JSON.parse(definitions));
    expect(faults).toEqual([]);
    const some = sources.filter(({ page }) => /resources\/[a-d][^/]*$/.test(page));
    const read = async (how: object) =>
      (await compile(some, { readFile: () => undefined, facts: 'promises', ...how })).resources.map(
        ({ name, properties }) => [name, properties.map((property) => [property.name, property.type, property.from])],
      );
    expect(await read({ tables })).toEqual(await read({}));
  });

  test('every schema is valid, strict ajv compiles them with their references, and they are made in no time', () => {
    test.setTimeout(120_000);
    const { schemas, resources, pages, fixtures } = docset;
    expect(schemas.size).toBe(994);
    const ajv = new Ajv2020({ strict: true, allErrors: true });
    addFormats.default(ajv);
    for (const schema of schemas.values()) {
      expect(ajv.validateSchema(schema), schema.title).toBe(true);
      ajv.addSchema(schema);
    }
    for (const schema of sample([...schemas.values()], 60))
      expect(ajv.getSchema(schema.$id), schema.title).toBeDefined();
    const enums = pages.flatMap(({ file, tables }) => tables.enums.map((enumeration) => ({ page: file, enumeration })));
    const started = performance.now();
    const again = resourceSchemas(resolveResources(resources, enums), fixtures.keys());
    const texts = [...again.values()].map(serializeSchema);
    const took = performance.now() - started;
    expect(texts).toEqual([...schemas.values()].map(serializeSchema));
    // 60 ms on two quiet cores.
    expect(took).toBeLessThan(1000);
  });

  test('the documented answers mostly keep to the types', () => {
    const validator = schemaValidators(docset.schemas);
    let judged = 0;
    let faulty = 0;
    for (const { responses } of docset.exchanges)
      for (const { type, isCollection, body } of responses) {
        const validate = type === undefined || isCollection || body.kind !== 'json' ? undefined : validator(type);
        const value = validate && parsed(body.kind === 'json' ? body.text : '');
        if (validate === undefined || value === undefined) continue;
        judged++;
        // What an example leaves out is for comparison to judge.
        if (validate(value).some(({ keyword }) => keyword !== 'required')) faulty++;
      }
    expect(judged).toBeGreaterThan(600);
    expect(faulty / judged).toBeLessThan(0.15);
  });
});

const TWENTIETH = { headers: 180, parameters: 213, permissions: 320 };

const FIGURES = { both: 6555, table: 760, json: 114 };

/** Every so many, from a fixed seed: the same on every machine. */
function sample<Item>(items: readonly Item[], size: number): Item[] {
  let seed = 20260;
  return Array.from({ length: size }, () => {
    seed = (seed * 48271) % 2147483647;
    return items[seed % items.length]!;
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
