import { expect, test } from '@playwright/test';
import { conform } from '../conform.ts';
import { mockTarget } from '../mock/msw.ts';
import { operationsOf } from '../model/operations.ts';
import { unpackPage } from './report-page.ts';
import { compilePages } from './docs.ts';
import type { Head } from '../report/html/wire.ts';
import { workspace } from './workspace.ts';

const RESOURCE = `# Thing

<!-- { "blockType": "resource", "@odata.type": "a.thing", "keyProperty": "id" } -->
\`\`\`json
{ "id": "String", "note": "String", "owner": { "@odata.type": "a.owner" } }
\`\`\`

<!-- { "blockType": "resource", "@odata.type": "a.owner" } -->
\`\`\`json
{ "mail": "String", "phone": "String" }
\`\`\`

<!-- { "blockType": "resource", "@odata.type": "a.lost" } -->
\`\`\`json
{ "id": "String" }
\`\`\`
`;

const LIST = `# List things

## HTTP request

\`\`\`http
GET /things
GET /things/{id}/copies
\`\`\`

## Example

<!-- { "blockType": "request", "name": "list_things" } -->
\`\`\`http
GET https://api.example.com/v1.0/things
\`\`\`

<!-- { "blockType": "response", "@odata.type": "a.thing", "isCollection": true } -->
\`\`\`http
HTTP/1.1 200 OK
Content-Type: application/json

{ "value": [{ "id": "1", "owner": { "mail": "a" } }, { "id": "2", "owner": { "mail": "b" } }] }
\`\`\`
`;

test('what answers held of the documented types is counted, items and nested objects each', async () => {
  const { exchanges, resources } = await compilePages({ 'thing.md': RESOURCE, 'list.md': LIST });
  const { seen } = await conform(exchanges, mockTarget(exchanges), {
    all: exchanges,
    resources,
    workers: 1,
    timeout: 2000,
    writes: true,
    forbidBlocked: false,
  });
  expect(seen).toEqual([
    { name: 'a.lost', page: 'thing.md', objects: 0, properties: [{ name: 'id', seen: 0 }] },
    {
      name: 'a.owner',
      page: 'thing.md',
      objects: 2,
      properties: [
        { name: 'mail', seen: 2 },
        { name: 'phone', seen: 0 },
      ],
    },
    {
      name: 'a.thing',
      page: 'thing.md',
      objects: 2,
      properties: [
        { name: 'id', seen: 2 },
        { name: 'note', seen: 0 },
        { name: 'owner', seen: 2 },
      ],
    },
  ]);
});

test('every documented form of request is told with its examples', async () => {
  const { pages, exchanges } = await compilePages({ 'thing.md': RESOURCE, 'list.md': LIST });
  expect(operationsOf(pages, exchanges)).toEqual([
    { method: 'GET', path: '/things', file: 'list.md', line: 6, exchangeIds: ['list#list_things'] },
    { method: 'GET', path: '/things/{id}/copies', file: 'list.md', line: 7, exchangeIds: [] },
  ]);
});

test('a run tells its report what was seen, and where pages lie, in an editor and on the web', async () => {
  const space = workspace({ 'docs/thing.md': RESOURCE, 'docs/list.md': LIST });
  const head = async (environment: Record<string, string>) => {
    await space.cli(['run', '--reporter', 'html'], { environment });
    return unpackPage(space.read('reports/index.html')).head as Head;
  };
  try {
    const here = await head({});
    expect(here.root).toBe(space.folder);
    expect(here.repository).toBeUndefined();
    expect(here.seen!.map(({ name, objects }) => [name, objects])).toEqual([
      ['a.lost', 0],
      ['a.owner', 2],
      ['a.thing', 2],
    ]);
    expect(here.operations).toHaveLength(2);
    const github = {
      CI: 'true',
      GITHUB_SERVER_URL: 'https://github.example.com',
      GITHUB_REPOSITORY: 'o/r',
      GITHUB_SHA: 'abc',
      GITHUB_WORKSPACE: space.folder.slice(0, space.folder.lastIndexOf('/')),
    };
    const there = await head(github);
    expect(there.root).toBeUndefined();
    expect(there.repository).toBe(
      `https://github.example.com/o/r/blob/abc/${space.folder.slice(space.folder.lastIndexOf('/') + 1)}`,
    );
    const gitlab = await head({ CI: '1', CI_PROJECT_URL: 'https://gitlab.example.com/o/r', CI_COMMIT_SHA: 'abc' });
    expect(gitlab.repository).toBe('https://gitlab.example.com/o/r/-/blob/abc');
    expect((await head({ CI_PROJECT_URL: 'javascript:x', CI_COMMIT_SHA: 'abc' })).repository).toBeUndefined();
  } finally {
    space.remove();
  }
});
