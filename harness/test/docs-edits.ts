import fc from 'fast-check';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { page, type Workspace } from './workspace.ts';

/** A page of a type with one property. */
export const typePage = (property: string, kind: string): string =>
  `# thing\n\n<!-- { "blockType": "resource", "@odata.type": "x.thing" } -->\n\`\`\`json\n{ "${property}": "${kind}" }\n\`\`\`\n`;

const derivedPage = (base: string): string =>
  `# derived\n\n<!-- { "blockType": "resource", ${base}"@odata.type": "x.derived", "keyProperty": "id" } -->\n\`\`\`json\n{ "size": "Int32", "kind": "kinds" }\n\`\`\`\n\n## Properties\n\n|Property|Type|Description|\n|:---|:---|:---|\n|size|String|Its size.|\n|color|x.thing|Its color.|\n\n### kinds values\n\n|Member|\n|:---|\n|one|\n`;

const postPage = (before: string, type: string): string =>
  `---\ndoc_type: apiPageType\n---\n\n# Post\n\n${before}## Permissions\n\nOne of them.\n\n## HTTP request\n\n\`\`\`http\nPOST /things\n\`\`\`\n\n## Request body\n\nIn the request body, supply a JSON representation of a [thing](derived.md) object.\n\n## Response\n\nIf successful, this method returns a \`201 Created\` response code and a [thing](thing.md) object in the response body.\n\n## Example\n\n<!-- { "blockType": "request", "name": "post" } -->\n\`\`\`http\nPOST https://api.example.com/v1.0/things\nContent-Type: application/json\n\n{ "size": "large", "kind": "two", "@odata.type": "#x.derived" }\n\`\`\`\n\n<!-- { "blockType": "response", "@odata.type": "${type}" } -->\n\`\`\`http\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{ "id": 7, "name": "x", "size": "large" }\n\`\`\`\n`;

/** Pages that depend on each other in all ways that there are. */
export const START: Readonly<Record<string, string>> = {
  'docs/a.md': page('A', { name: 'a' }).replace('"response",', '"response", "@odata.type": "x.thing",'),
  'docs/b.md': `${page('B', { name: 'b', url: '/v1.0/things/2' })}\n[!INCLUDE [more](inc/more.md)]\n[!INCLUDE [gone](inc/gone.md)]\n[a](a.md#a) [pic](pic.png)\n`,
  'docs/c.md': `# C\n\n[!INCLUDE [more](inc/more.md)]\n`,
  'docs/inc/more.md': page('More', { name: 'more', url: '/v1.0/things/3' }),
  'docs/thing.md': typePage('id', 'String'),
  'docs/derived.md': derivedPage('"baseType": "x.thing", '),
  'docs/post.md': postPage('', 'x.derived'),
  'docs/near.md': '# Near\n\n[far](far/target.md#same)\n',
  'docs/far/target.md': '# Target\n\n## Same\n',
};

const PAGES = [
  'docs/a.md',
  'docs/a.MD',
  'docs/b.md',
  'docs/d.md',
  'docs/e.md',
  'docs/inc/more.md',
  'docs/inc/gone.md',
  'docs/pic.png',
] as const;

/** What is done to the docs between two runs. */
export type Edit = (space: Workspace) => void;

/** What writers, and those who set docs up, do between two runs. */
export const edits: fc.Arbitrary<Edit> = fc.oneof(
  fc.record({ file: fc.constantFrom(...PAGES), name: fc.constantFrom('a', 'b', 'z'), id: fc.nat(3) }).map(
    ({ file, name, id }): Edit =>
      (space) =>
        space.write(file, `${page(name, { name, url: `/v1.0/things/${id}` })}\n[!INCLUDE [more](inc/more.md)]\n`),
  ),
  fc.constantFrom('Prose.\n', '<!-- { "blockType": "response" } -->\n', '<!-- { blockType: "ignored" } -->\n').map(
    (text): Edit =>
      (space) =>
        space.write('docs/c.md', `# C\n\n${text}\n[!INCLUDE [more](inc/more.md)]\n`),
  ),
  fc.constantFrom(...PAGES, 'docs/thing.md').map(
    (file): Edit =>
      (space) =>
        rmSync(path.join(space.folder, file), { force: true }),
  ),
  fc.record({ property: fc.constantFrom('id', 'name'), kind: fc.constantFrom('String', 'Int32', 'x.other') }).map(
    ({ property, kind }): Edit =>
      (space) =>
        space.write('docs/thing.md', typePage(property, kind)),
  ),
  fc.constantFrom('x.thing', 'X.Thing', 'x.other').map(
    (name): Edit =>
      (space) =>
        space.write('docs/other.md', typePage('a', 'Boolean').replace('x.thing', name)),
  ),
  // What one page says others are held to: headings, base types, forms of requests, hosts, permissions, members, names.
  fc.record({ heading: fc.constantFrom('Same', 'Other'), before: fc.constantFrom('', 'Prose.\n\n') }).map(
    ({ heading, before }): Edit =>
      (space) =>
        space.write('docs/far/target.md', `# Target\n\n${before}## ${heading}\n\n[back](../near.md#near)\n`),
  ),
  fc.constantFrom('Near', 'Nearer', 'near').map(
    (heading): Edit =>
      (space) =>
        space.write(
          'docs/near.md',
          `# ${heading}\n\n[far](far/target.md#same) [out](../../out.md) [c](C.md) [e](E.md)\n`,
        ),
  ),
  fc.constantFrom('', '"baseType": "x.thing", ', '"baseType": "x.thong", ').map(
    (base): Edit =>
      (space) =>
        space.write('docs/derived.md', derivedPage(base)),
  ),
  fc.record({ before: fc.constantFrom('', 'Prose.\n\n'), type: fc.constantFrom('x.derived', 'x.thing') }).map(
    ({ before, type }): Edit =>
      (space) =>
        space.write('docs/post.md', postPage(before, type)),
  ),
  fc.constantFrom('{}', '\n{}', '{ "requiredFrontMatter": ["title"] }', '{ "tags": ["beta"] }').map(
    (config): Edit =>
      (space) =>
        space.write('docwright.config.json', config),
  ),
);
