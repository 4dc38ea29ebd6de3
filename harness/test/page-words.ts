import fc from 'fast-check';
import { existsSync } from 'node:fs';
import { inside } from './same.ts';
import type { Workspace } from './workspace.ts';

const NUMBERS = [0, 1, 2, 3, 4, 5];

/** Pages that speak of nothing together but of types, and lead to each other. */
export const PAGES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(NUMBERS.map((number) => [`docs/page-${number}.md`, pageOf(number)])),
  'docs/kind.md':
    '# kind\n\n<!-- { "blockType": "resource", "@odata.type": "x.kind" } -->\n```json\n{ "id": "String" }\n```\n\nText.\n',
  'docs/sort.md': typeOf('sort', '"baseType": "x.kind", ', '"size": "String", "color": { "@odata.type": "x.kind" }'),
  'docs/bare.md': bareOf('x.nobody'),
  // What it breaks is told of all types together.
  'docs/odd.md': typeOf(
    'odd',
    '"baseType": "x.nothing", ',
    '"size": "Int32", "color": { "@odata.type": "x.sort" }, "mode": "sorts"',
    '|mode|sorts|Its mode. Possible values are: `one`, `three`.|\n',
  ),
};

/** A block of a type without a name. */
function bareOf(base: string): string {
  return `# Bare\n\nText.\n\n<!-- { "blockType": "resource", "baseType": "${base}" } -->\n\`\`\`json\n{ "id": "String" }\n\`\`\`\n`;
}

/** A page of a type with a table of its properties and one of members. */
function typeOf(name: string, base: string, properties: string, more = ''): string {
  return `# ${name}

Text.

## Properties

|Property|Type|Description|
|:---|:---|:---|
|size|String|Its size.|
|color|x.kind|Its color, see [kind](kind.md#kind).|
${more}
### ${name}s values

|Member|
|:---|
|one|
|two|

## JSON representation

<!-- { "blockType": "resource", ${base}"@odata.type": "x.${name}" } -->
\`\`\`json
{ ${properties} }
\`\`\`
`;
}

/** One of them. */
export function pageOf(number: number): string {
  return `# Page ${number}

Text.

See [the next](page-${(number + 1) % NUMBERS.length}.md#part).

## Part

<!-- { "blockType": "request", "name": "get_${number}" } -->
\`\`\`http
GET https://api.example.com/v1.0/kinds/${number}
\`\`\`

<!-- { "blockType": "response", "@odata.type": "x.kind" } -->
\`\`\`http
HTTP/1.1 200 OK
Content-Type: application/json

{ "id": "a" }
\`\`\`
`;
}

/** What is replaced, and by what. */
const REWORDED: readonly (readonly [RegExp, string])[] = [
  [/(?<=^# .*\n)/m, '\nMore prose.\n'],
  [/(?<=^# .*\n)/m, '\nSee [gone](gone.md), [out](../../out.md) and [here](#part).\n'],
  [/(?<=^# .*\n)/m, '\n<!-- docwright-disable-next link/dead -->\n[gone](gone.md)\n'],
  [/$/, '\nSee [gone](gone.md).\n'],
  [/$/, '\n<!-- docwright-disable link/dead -->\n\nTODO: more.\n'],
  [/$/, '\n[!INCLUDE [gone](inc/gone.md)]\n'],
  [/$/, '\n[!INCLUDE [more](page-3.md)]\n'],
  [/$/, '\n<!-- { "blockType": "ignored" } -->\n```json\n{}\n```\n'],
  [/$/, '\n## Permissions\n\nNone.\n'],
  [/^## Part$/m, '## Parts'],
  [/"name": "get_\d"/, '"name": "get_0"'],
  [/"blockType": "request"/, '"blockType": "reqest"'],
  [/kinds\/\d/, 'kinds/1'],
  [/api\.example/, 'api.exemple'],
  [/"id": "a"/, '"id": 7'],
  [/x\.kind/, 'x.thing'],
  [/"String"/, '"Int32"'],
  [/Its size/, 'The size of it'],
  [/Its size/, 'Its size. Possible values are: `large`, `small`'],
  [/\|Its size.*\|\n/, '$&|weight|Int32|Its weight.|\n'],
  [/\|color\|/, '|colour|'],
  [/\|color\|.*\n/, '| | | |\n| | | |\n$&'],
  [/\| \| \| \|\n/, ''],
  [/(?<=\|size\|String\|).*/, ''],
  [/(?<=\|size\|String\|).*/, 'Now said.|'],
  [/\|x\.kind\|/, '|x.sort|'],
  [/\|one\|/, '|one|\n|another|'],
  [/\|Type\|/, '|Kind|'],
  [/"size"/, '"width": "Int32", "size"'],
  [/"baseType": "x\.kind"/, '"baseType": "x.odd"'],
  [/"baseType": "x\.nothing"/, '"baseType": "x.kind"'],
  [/"@odata\.type": "x\.\w+" }/, '"@odata.type": "x.kind" }'],
  [/kind\.md#kind/, 'gone.md'],
  [/[^]*/, ''],
];

/** Words of a page that others may depend on, or not, and others in their place. */
export const rewording: fc.Arbitrary<(space: Workspace) => void> = fc
  .record({ file: fc.constantFrom(...Object.keys(PAGES)), words: fc.constantFrom(...REWORDED) })
  .map(({ file, words: [from, to] }) => (space: Workspace) => {
    if (isThere(space, file)) space.write(file, space.read(file).replace(from, to));
  });

/** Is there such a file? */
export function isThere(space: Workspace, file: string): boolean {
  return existsSync(inside(space, file));
}
