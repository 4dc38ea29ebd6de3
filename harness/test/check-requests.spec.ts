import { expect, test } from '@playwright/test';
import { examine } from '../examine.ts';
import { brief, compilePages, exchangePage } from './docs.ts';

const NOTE =
  '<!-- {"blockType":"resource","@odata.type":"ns.note"} -->\n```json\n{ "id": "String", "done": true, "made": "String (timestamp)", "by": { "@odata.type": "ns.person" } }\n```\n';
const PERSON = '<!-- {"blockType":"resource","@odata.type":"ns.person"} -->\n```json\n{ "name": "String" }\n```\n';

async function found(
  body: string,
  { annotation = {}, section = '', note = NOTE }: { annotation?: object; section?: string; note?: string } = {},
): Promise<string[]> {
  const example = exchangePage(`POST /notes\nContent-Type: application/json\n\n${body}`, ['HTTP/1.1 204 No Content'], {
    request: annotation,
  }).replace('# Page\n\n', '');
  const page = `# T\n\n## Request body\n\n${section}\n\n## Example\n\n${example}`;
  return brief(examine(await compilePages({ 'a.md': page, 'note.md': note, 'person.md': PERSON })));
}

const LINKED = { section: 'In the request body, supply a JSON representation of a [note](note.md) object.' };
const SOURCES: readonly (readonly [what: string, how: object, own: string])[] = [
  ['its annotation', { annotation: { '@odata.type': 'ns.note' } }, ''],
  ['its own @odata.type', {}, '"@odata.type": "#ns.note", '],
  ['the link of the Request body section', LINKED, ''],
];

for (const [what, how, own] of SOURCES)
  test(`a request body is judged by ${what}, for form and types and not for completeness`, async () => {
    const at = (column: number): number => column + own.length;
    expect(await found(`{ ${own}"done": true }`, how)).toEqual([]);
    expect(await found(`{ ${own}"done": null }`, how)).toEqual([]);
    expect(await found(`{ ${own}"done": "yes" }`, how)).toEqual([`14:${at(3)} error property/type`]);
    expect(await found(`{ ${own}"made": "soon" }`, how)).toEqual([`14:${at(3)} error property/format`]);
    expect(await found(`{ ${own}"donee": true }`, how)).toEqual([`14:${at(3)} warning property/undocumented`]);
    expect(await found(`{ ${own}"by": { "name": 7 } }`, how)).toEqual([`14:${at(11)} error property/type`]);
    expect(await found(`{ ${own}"by": { "name": "Ada", "nick": "A" } }`, how)).toEqual([
      `14:${at(26)} warning property/undocumented`,
    ]);
  });

test('a body without a known type is not judged: an action takes what its page says', async () => {
  expect(await found('{ "comment": 7 }')).toEqual([]);
  expect(await found('{ "comment": 7 }', { section: 'See [note](note.md).' })).toEqual([]);
  const both = 'A JSON representation of a [note](note.md), or a representation of a [person](person.md).';
  expect(await found('{ "comment": 7 }', { section: both })).toEqual([]);
  expect(await found('[{ "comment": 7 }]', LINKED)).toEqual([]);
});

test('an object that may be of a derived type, or shows nothing of its own, is not held to its type', async () => {
  expect(await found('{ "by": { "nick": "A" } }', LINKED)).toEqual([]);
  const derived = `${NOTE}\n<!-- {"blockType":"resource","@odata.type":"ns.long","baseType":"ns.note"} -->\n\`\`\`json\n{ "pages": 3 }\n\`\`\`\n`;
  expect(await found('{ "done": true, "pages": 7 }', { ...LINKED, note: derived })).toEqual([]);
});
