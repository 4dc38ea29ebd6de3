import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { check } from '../check/index.ts';
import { compile } from '../compile/index.ts';
import { byPlace } from '../model/finding.ts';

const SEEDS = new URL('../../../shared/seeds/', import.meta.url);

test.describe('the five pages the project began with', () => {
  test.skip(!existsSync(SEEDS), 'no sample set: ../shared/seeds is not beside the checkout');

  async function read() {
    const names = readdirSync(SEEDS)
      .filter((name) => name.endsWith('.md'))
      .sort();
    return compile(
      names.map((name) => ({ file: name, page: name, content: readFileSync(new URL(name, SEEDS)) })),
      { readFile: () => undefined },
    );
  }

  test('five exchanges, none lost', async () => {
    const { exchanges, coverage } = await read();
    expect(
      exchanges.map(
        ({ file, request, responses }) =>
          `${file.slice(0, 3)} ${request.method} ${request.readAs ?? request.url} ${responses.map(({ status }) => status).join()}`,
      ),
    ).toEqual([
      '000 POST https://graph.microsoft.com/beta/users/{usersId}/insights/shared 201',
      '001 POST https://graph.microsoft.com/docs/api/me/insights/shared 201',
      '002 POST https://graph.microsoft.com/v1.0/users/{usersId}/insights/used 201',
      '003 POST https://graph.microsoft.com/beta/directory/outboundSharedUserProfiles 201',
      '004 POST https://graph.microsoft.com/localtest/me/insights/used 201',
    ]);
    for (const { found, reported } of Object.values(coverage.annotations)) expect([found, reported]).toEqual([5, 0]);
  });

  test('each quirk once, at its line, and nothing else', async () => {
    const docset = await read();
    const findings = [...docset.findings, ...check(docset)]
      .sort(byPlace)
      .filter(({ ruleId }) => ruleId !== 'page/todo');
    expect(
      findings.map(
        ({ file, line, column, severity, ruleId }) => `${file.slice(0, 3)}:${line}:${column} ${severity} ${ruleId}`,
      ),
    ).toEqual([
      '000:17:134 note link/not-judged',
      '000:97:18 note type/spelling',
      '000:97:18 warning type/unresolved',
      '000:103:1 note http/recovered',
      '001:62:11 warning pairing/duplicate-name',
      '001:66:1 warning request/template',
      '001:66:38 note http/recovered',
      '001:115:18 note type/spelling',
      '001:115:18 warning type/unresolved',
      '002:92:18 note type/spelling',
      '002:92:18 warning type/unresolved',
      '002:98:1 note http/recovered',
      '003:13:29 warning include/missing',
      '003:84:18 warning type/unresolved',
      '004:63:11 warning pairing/duplicate-name',
      '004:67:1 warning request/template',
      '004:102:18 note type/spelling',
      '004:102:18 warning type/unresolved',
    ]);
  });

  test('texts that say TODO are told line by line, as notes', async () => {
    const todos = check(await read()).filter(({ ruleId }) => ruleId === 'page/todo');
    expect(new Set(todos.map(({ severity }) => severity))).toEqual(new Set(['note']));
    const lines = todos.filter(({ file }) => file.startsWith('001')).map(({ line }) => line);
    expect(lines).toEqual([19, 21]);
    expect(new Set(todos.map(({ file, line }) => `${file}:${line}`)).size).toBe(todos.length);
  });
});
