import { expect, test } from '@playwright/test';
import { check } from '../check/index.ts';
import { brief, compilePages, exchangePage } from './docs.ts';

async function checked(pages: Readonly<Record<string, string>>): Promise<string[]> {
  return brief(check(await compilePages(pages)));
}

const withBody = (header: string, body: string): string =>
  exchangePage(`POST /me\nContent-Type: application/json\n${header}\n\n${body}`, ['HTTP/1.1 204 No Content']);

test('a type that no page documents is told at the annotation; one spelled otherwise is a note', async () => {
  const page = (type: string): string =>
    exchangePage('GET /me', ['HTTP/1.1 200 OK\nContent-Type: application/json\n\n{ "@odata.type": "#a.User" }'], {
      response: { '@odata.type': type },
    });
  const resource = '<!-- { "blockType": "resource", "@odata.type": "a.User" } -->\n```json\n{}\n```\n';
  expect(await checked({ 'p.md': page('a.User'), 'r.md': resource })).toEqual([]);
  expect(await checked({ 'p.md': page('a.user'), 'r.md': resource })).toEqual(['8:44 note type/spelling']);
  expect(await checked({ 'p.md': page('b.other') })).toEqual(['8:44 warning type/unresolved']);
  expect(await checked({ 'p.md': page('Edm.String') })).toEqual([]);
});

test('an example calls what the HTTP request section documents', async () => {
  const page = (url: string): string =>
    `# T\n\n## HTTP request\n<!-- {"blockType":"ignored"} -->\n\`\`\`http\nPOST /users/{id | name}/events\nPOST /items('{id}')/copy(to={to})\n\`\`\`\n\n## Example\n\n${exchangePage(`POST ${url}`, ['HTTP/1.1 204 No Content']).replace('# Page', '')}`;
  for (const url of [
    '/users/7/events',
    'https://a.b/v1.0/users/{id}/events',
    '/api/v2/users/7/events?x=1',
    '/users/7/events/',
    '/users/7/events/$count',
    '/users/7/events/ns.special',
    "/items('5')/copy(to='x')",
  ])
    expect(await checked({ 'p.md': page(url) }), url).toEqual([]);
  for (const url of ['/users/7/event', '/users/events', '/users/7/events/$ref', '/a/b/c/users/7/events'])
    expect(await checked({ 'p.md': page(url) }), url).toEqual(['16:1 warning request/template']);
});

test('one request with two promises is told at the second and names both; the same promise twice is none', async () => {
  const page = (url: string, status: number): string => exchangePage(`GET ${url}`, [`HTTP/1.1 ${status} Phrase`]);
  const findings = check(
    await compilePages({
      'a.md': page('https://x.y/me?b=2&a=1', 200),
      'b.md': page('/me?a=1&b=2', 204),
      'c.md': page('/me?a=1', 204),
    }),
  );
  expect(findings.map(({ file, line, severity, ruleId }) => [file, line, severity, ruleId])).toEqual([
    ['b.md', 5, 'warning', 'pairing/same-request'],
  ]);
  expect(findings[0]!.reason).toContain('`a#one` (a.md:5)');
  expect(findings[0]!.reason).toContain('`b#one`');
  expect(await checked({ 'a.md': page('/me', 200), 'b.md': page('/me', 200) })).toEqual([]);
});

test('a Content-Length is that of the body by LF or CRLF, or it is told', async () => {
  for (const length of [13, 15, 14, 17])
    expect(await checked({ 'p.md': withBody(`Content-Length: ${length}`, '{\n  "a": 1 \n}') }), String(length)).toEqual(
      [],
    );
  expect(await checked({ 'p.md': withBody('Content-Length: 99', '{}') })).toEqual(['7:1 warning http/content-length']);
  expect(await checked({ 'p.md': withBody('Content-Length: {length}', '{}') })).toEqual([]);
});

test('links inside the docs are judged, those that leave are counted once', async () => {
  const page =
    '# Page one\n\n[a](b.md) [b](b.md#two) [c](#page-one) [d](https://x.y) [e](mailto:a@b.c) [f](sub/c.md?x#y)\n\n[g](gone.md) [h](b.md#three) [i](#Page-One) [j](../out.md) [k](/elsewhere/x) [l](/sub/gone)\n';
  expect(await checked({ 'a.md': page, 'b.md': '# Two\n', 'sub/c.md': '<a id="y"></a>\n' })).toEqual([
    '5:5 warning link/dead',
    '5:18 warning link/anchor',
    '5:34 warning link/anchor',
    '5:49 note link/not-judged',
    '5:82 warning link/dead',
  ]);
});

test('text that says TODO is a note, in code and comments it is not', async () => {
  expect(
    await checked({
      'a.md': '---\nauthor: "TODO: name"\n---\n\n| a |\n|--|\n| **TODO: fill** |\n\n```text\nTODO\n```\n',
    }),
  ).toEqual(['2:10 note page/todo', '7:3 note page/todo']);
});
