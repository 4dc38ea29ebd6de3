import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { schema } from '../model/schemas.ts';

test('the published schemas are schemas, as strict as ajv can be', () => {
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
  for (const name of ['config', 'fixture', 'print', 'report', 'event', 'scenarios'] as const) {
    expect(ajv.validateSchema(schema(name)), JSON.stringify(ajv.errors)).toBe(true);
    ajv.compile(schema(name));
  }
});
