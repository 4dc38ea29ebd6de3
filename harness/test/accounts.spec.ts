import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { Exchange } from '../model/fixture.ts';
import { validator } from '../model/schemas.ts';
import { chooseAccount, type Account } from '../replay/accounts.ts';
import { runBuilt, startBuilt } from './built.ts';
import { leaksIn } from './leaks.ts';
import { playwright, playwrightSpace } from './playwright-suite.ts';
import { authority, CLIENT_SECRET, SIGNER_PEM, type Authority, type AuthorityOptions } from './authority.ts';
import { compilePages } from './docs.ts';
import { page, workspace, type Workspace } from './workspace.ts';

let space: Workspace;
const open: Authority[] = [];
test.beforeEach(() => {
  space = workspace();
});
test.afterEach(() => {
  space.remove();
  for (const each of open.splice(0)) each.close();
});

test.describe('who sends an exchange', () => {
  const reader: Account = { name: 'reader', scopes: ['User.Read.All'] };
  const writer: Account = { name: 'writer', scopes: ['User.ReadWrite.All'] };
  const admin: Account = { name: 'admin', scopes: ['User.Read.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'] };
  const anyone: Account = { name: 'anyone' };
  const read = { application: ['User.Read.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'] };
  const of = (account: Account, kind: Account['kind']): Account => ({ ...account, ...(kind ? { kind } : {}) });

  test('has what is documented, and the least besides', () => {
    const all = [anyone, admin, writer, reader].map((account) => of(account, 'application'));
    for (const [exchange, expected] of [
      [{ permissions: read }, 'reader'],
      [{ permissions: { application: ['User.ReadWrite.All', 'Directory.ReadWrite.All'] } }, 'writer'],
      [{ permissions: { application: ['Directory.ReadWrite.All'] } }, 'admin'],
      [{ permissions: { application: ['User.Read.All Directory.ReadWrite.All'] } }, 'admin'],
      [{ permissions: { application: ['Mail.Read'] } }, 'anyone'],
      // What speaks of persons alone says nothing of applications.
      [{ permissions: { delegated: ['Mail.Read'] } }, 'writer'],
      [{ scopes: ['user.read.all'] }, 'reader'],
      [{ scopes: ['https://graph.example.com/User.ReadWrite.All'] }, 'writer'],
      [{ scopes: ['User.Read.All', 'User.ReadWrite.All'] }, 'admin'],
      [{}, 'writer'],
    ] as const) {
      expect.soft(chooseAccount(exchange, all), JSON.stringify(exchange)).toEqual({ account: expected });
    }
  });

  test('or nobody does, and what is missing has its name', () => {
    const application = [of(reader, 'application')];
    const limited: Account = { name: 'limited', tags: ['music'], apiVersions: ['v1.0'] };
    for (const [exchange, accounts, ...missing] of [
      [{ scopes: ['Mail.Read', 'Mail.Send'] }, [reader], 'scope `Mail.Read`', 'scope `Mail.Send`'],
      [
        { permissions: { application: ['Mail.Read', 'Mail.ReadWrite', 'User.Read.All Mail.Send'] } },
        application,
        'scope `Mail.Read` (or `Mail.ReadWrite`, `Mail.Send`)',
      ],
      [
        { permissions: { application: ['A.B', 'C.D', 'E.F', 'G.H', 'I.J', 'K.L'] } },
        application,
        'scope `A.B` (or `C.D`, `E.F`, `G.H`, `I.J`, …)',
      ],
      [{ permissions: { application: [] } }, application, 'account that is delegated, the only one permitted'],
      [
        { permissions: { delegated: [] } },
        [of(reader, 'delegated')],
        'account that is an application, the only one permitted',
      ],
      [{ tags: ['music', 'office'] }, [limited], 'account for tag `office`'],
      [{ apiVersions: ['beta'] }, [limited], 'account for API version `beta`'],
      // Of several the one that lacks least is named.
      [{ scopes: ['A.B'], tags: ['x'] }, [{ ...limited, scopes: [] }, reader], 'scope `A.B`'],
      [{}, [{ name: 'gone', fault: 'no secret' }], 'account `gone`, which could not authenticate: no secret'],
      [{}, [], 'account'],
    ] as const) {
      expect.soft(chooseAccount(exchange, accounts), JSON.stringify(exchange)).toEqual({ missing });
    }
  });

  test('is never one that lacks anything, nor one with more where another has less', () => {
    const scope = fc.constantFrom('A.Read', 'B.Read', 'C.Read', 'D.Read');
    const scopes = fc.uniqueArray(scope);
    const account = fc.record({
      scopes: fc.option(scopes, { nil: undefined }),
      tags: fc.option(scopes, { nil: undefined }),
    });
    const exchange = fc.record(
      { scopes, tags: scopes, permissions: fc.record({ application: fc.uniqueArray(scope, { minLength: 1 }) }) },
      { requiredKeys: [] },
    );
    const has = (wanted: readonly string[] = [], there: readonly string[] | undefined): boolean =>
      there === undefined || wanted.every((each) => there.includes(each));
    fc.assert(
      fc.property(fc.array(account, { minLength: 1, maxLength: 5 }), exchange, (given, asked) => {
        const accounts = given.map(({ scopes: own, tags }, at): Account => {
          return { name: `${at}`, kind: 'application', ...(own ? { scopes: own } : {}), ...(tags ? { tags } : {}) };
        });
        const isAble = ({ scopes: own, tags }: Account): boolean =>
          has(asked.scopes, own) &&
          has(asked.tags, tags) &&
          (asked.permissions?.application.some((one) => has([one], own)) ?? true);
        const choice = chooseAccount(asked as Partial<Exchange>, accounts);
        if (!('account' in choice)) return expect(accounts.some(isAble)).toBe(false);
        const chosen = accounts[Number(choice.account)]!;
        expect(isAble(chosen)).toBe(true);
        // Nobody who may do it has fewer scopes and none that this one has not.
        for (const other of accounts.filter(isAble)) {
          const isLess =
            other.scopes !== undefined &&
            (chosen.scopes === undefined ||
              (other.scopes.length < chosen.scopes.length && has(other.scopes, chosen.scopes)));
          expect(isLess, JSON.stringify([asked, chosen, other])).toBe(false);
        }
      }),
    );
  });
});

/** A permissions table, its rows as written. */
const table = (head: string, ...rows: readonly string[]): string =>
  ['## Permissions', '', `|Permission type|${head}|`, `|---|${head.replace(/[^|]+/g, '---')}|`, ...rows, ''].join('\n');

const documented = (title: string, permissions: string, options: Parameters<typeof page>[1]): string =>
  page(title, options).replace('\n\n', `\n\n${permissions}\n`);

test('permissions tables of every form are compiled with the exchanges of their page, and of no other', async () => {
  const permissionsOf = async (permissions: string): Promise<Exchange['permissions']> => {
    const { exchanges } = await compilePages({ 'page.md': documented('A', permissions, {}) });
    return exchanges[0]!.permissions;
  };
  expect(
    await permissionsOf(
      table(
        'Permissions (from least to most privileged)',
        '|Delegated (work or school account)|User.Read, User.ReadWrite, and User.Read.All|',
        '|Delegated (personal Microsoft account)|Not supported.|',
        '|Application|User.Read.All and Group.Read.All, Directory.Read.All|',
      ),
    ),
  ).toEqual({
    delegated: ['User.Read', 'User.ReadWrite', 'User.Read.All'],
    application: ['User.Read.All Group.Read.All', 'Directory.Read.All'],
  });
  expect(
    await permissionsOf(
      table(
        'Least privileged permissions|Higher privileged permissions',
        '|Delegated (work or school account)|Mail.Read|Mail.ReadWrite|',
        '|Application|Not supported.|Not supported.|',
      ),
    ),
  ).toEqual({ delegated: ['Mail.Read', 'Mail.ReadWrite'], application: [] });
  expect(
    await permissionsOf(
      table('Permissions (from most to least privileged)', '|Application|Sites.FullControl.All, Sites.Read.All|'),
    ),
  ).toEqual({ application: ['Sites.Read.All', 'Sites.FullControl.All'] });
  // Nothing is made of what cannot be read.
  expect(await permissionsOf(table('Permissions', '|Application|Ask your administrator.|'))).toBeUndefined();
  expect(await permissionsOf('')).toBeUndefined();
});

test('docs/accounts.md shows a config that is one, and what plan says of it', async () => {
  const text = readFileSync('docs/accounts.md', 'utf8');
  const [, config] = /```ts\n([^]*?)```/.exec(text)!;
  const [, told] = /```text\n([^]*?)```/.exec(text)!;
  const index = pathToFileURL('harness/model/config.ts').href;
  space.write('docwright.config.ts', config!.replace("'docwright'", `'${index}'`));
  space.write('writer.pem', SIGNER_PEM);
  const permissions = table('Permissions', '|Application|User.Read.All, User.ReadWrite.All|');
  space.write('docs/users.md', documented('Users', permissions, { name: 'read', url: '/users/1' }));
  const environment = { READER_SECRET: CLIENT_SECRET };
  expect((await space.cli(['compile'], { environment })).code).toBe(0);
  const { code, stdout, stderr } = await space.cli(['plan'], { environment });
  expect(code, stderr).toBe(0);
  expect(stdout).toContain(told!.trimEnd());
  expect(stdout).toContain(
    'as account `writer`: Authorization: Bearer (client credentials from https://login.example.com)',
  );
  expect(stdout).toContain('private key (from writer.pem)');
});

test.describe('several accounts of a target', () => {
  const READS = table('Permissions', '|Application|User.Read.All, User.ReadWrite.All|');
  const WRITES = table('Permissions', '|Application|User.ReadWrite.All|');
  const MAILS = table('Permissions', '|Application|Mail.Send|');

  const server = async (options?: AuthorityOptions): Promise<Authority> => {
    const made = await authority(options);
    open.push(made);
    space.write('docs/read.md', documented('Read', READS, { name: 'read', url: '/users/1' }));
    space.write('docs/write.md', documented('Write', WRITES, { name: 'write', url: '/users/2', method: 'PATCH' }));
    space.write('docs/mail.md', documented('Mail', MAILS, { name: 'mail', url: '/mail/1' }));
    return made;
  };
  const oauth = ({ issuer }: Authority, clientId: string, scope: string) => ({
    auth: {
      oauth: {
        issuer,
        clientId,
        clientSecret: { env: 'SECRET' },
        scope,
        clientAuth: clientId === 'robot' ? 'basic' : 'post',
      },
    },
  });
  const configure = (at: Authority, accounts: object): void =>
    space.write('docwright.config.json', JSON.stringify({ target: 'it', targets: { it: { url: at.api, accounts } } }));
  const both = (at: Authority) => ({
    writer: oauth(at, 'writer', 'User.ReadWrite.All'),
    reader: oauth(at, 'robot', 'User.Read.All'),
  });
  const run = (words: readonly string[], environment: Record<string, string> = { SECRET: CLIENT_SECRET }) =>
    space.cli(words, { environment });
  const senders = ({ asked }: Authority) => asked.map(({ client, line }) => `${client} ${line}`).sort();

  test('are chosen by what is documented; what nobody may do is blocked for want of its scope', async () => {
    const at = await server();
    configure(at, both(at));
    const { code, stderr } = await run(['run', '--forbid-blocked']);
    expect(code, stderr).toBe(1);
    expect(senders(at)).toEqual(['robot GET /users/1', 'writer PATCH /users/2']);
    expect(at.tokens).toHaveLength(2);
    const { findings, summary, exchanges } = space.report();
    expect([summary.conforming, summary.blocked]).toEqual([2, 1]);
    // Who asked is told by name; of what was not sent, nobody.
    expect(exchanges.map(({ id, account }) => [id, account])).toEqual([
      ['mail#mail', undefined],
      ['read#read', 'reader'],
      ['write#write', 'writer'],
    ]);
    expect(validator('report')(space.report())).toEqual([]);
    expect(findings.find(({ ruleId }) => ruleId === 'replay/blocked')).toMatchObject({
      reason: 'Missing scope `Mail.Send`, expected before this request can be sent',
      file: 'docs/mail.md',
      note: 'Name an account that has it under `accounts` of the target in the config; nothing was sent.',
    });
  });

  test('a process that is killed leaves none of their tokens; the run that goes on says who asked', async () => {
    test.slow();
    let isHolding = true;
    const at = await server({
      // The third that is let in is never answered.
      answer: (_, __, nth) => (isHolding && nth === 3 ? new Promise<void>(() => undefined) : undefined),
    });
    space.write('docs/zero.md', documented('Zero', READS, { name: 'zero', url: '/zero' }));
    space.write('docs/zzz.md', documented('Zzz', READS, { name: 'zzz', url: '/zzz' }));
    configure(at, both(at));
    const words = ['run', '-j', '1', '--target', 'it', '--reporter', 'json'];
    const child = startBuilt(words, space.folder, { SECRET: CLIENT_SECRET });
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
    const ended = new Promise((resolve) => child.once('exit', resolve));
    // Written down a moment later, which may be long on a busy machine.
    await expect.poll(() => child.exitCode ?? at.asked.length, { timeout: 60_000 }).toBe(2);
    const journal = (): Buffer => Buffer.concat(written(space.folder, (name) => name.endsWith('.jsonl')));
    await expect.poll(() => journal().toString('utf8'), { timeout: 60_000 }).toContain('"account":"writer"');
    child.kill('SIGKILL');
    await ended;
    isHolding = false;
    // Two tokens and the secret of clients, in whatever file there is, in every encoding.
    expect(at.secrets.length).toBeGreaterThan(3);
    expect(written(space.folder, () => true).length).toBeGreaterThan(3);
    for (const secret of new Set(at.secrets))
      for (const bytes of [...written(space.folder, () => true), Buffer.concat(said)])
        expect(leaksIn(bytes, secret)).toEqual([]);
    // The search finds what is there.
    expect(leaksIn(Buffer.concat([journal(), Buffer.from(at.secrets.at(-1)!)]), at.secrets.at(-1)!)).not.toEqual([]);

    const before = at.asked.length;
    const going = await runBuilt([...words, '--resume'], space.folder, { SECRET: CLIENT_SECRET });
    expect(going.stderr).toContain('2 done');
    expect(at.asked.length - before).toBe(2);
    expect(space.report().exchanges.map(({ id, account }) => [id, account])).toEqual([
      ['mail#mail', undefined],
      ['read#read', 'reader'],
      ['write#write', 'writer'],
      ['zero#zero', 'reader'],
      ['zzz#zzz', 'reader'],
    ]);
    for (const secret of new Set(at.secrets))
      for (const bytes of written(space.folder, () => true)) expect(leaksIn(bytes, secret)).toEqual([]);
  });

  test('are chosen in a suite of Playwright as in a replay', async () => {
    test.slow();
    space.remove();
    space = playwrightSpace({
      'docs.spec.ts': `import { documented } from 'docwright/playwright';\n\nawait documented();\n`,
      'playwright.config.ts': `import { defineConfig } from '@playwright/test';
export default defineConfig({
  testDir: '.',
  testMatch: 'docs.spec.ts',
  fullyParallel: true,
  workers: 2,
  use: { docwright: { target: 'it' } },
  reporter: [['list'], ['docwright/playwright-reporter', { reports: 'reports' }]],
});
`,
    });
    const at = await server();
    configure(at, both(at));
    expect((await run(['compile'])).code).toBe(0);
    const { code, stdout, stderr } = await playwright(space, ['test'], { SECRET: CLIENT_SECRET });
    expect(code, stdout + stderr).toBe(0);
    const suite = senders(at);
    expect(suite).toEqual(['robot GET /users/1', 'writer PATCH /users/2']);
    const blocked = ({ findings }: ReturnType<Workspace['report']>) =>
      findings
        .filter(({ ruleId }) => ruleId === 'replay/blocked')
        .map(({ file, line, reason }) => [file, line, reason]);
    const own = blocked(space.report());
    expect(own).toEqual([['docs/mail.md', expect.any(Number), expect.stringContaining('scope `Mail.Send`')]]);
    const accounts = space.report().exchanges.map(({ id, account }) => [id, account]);
    expect(accounts).toContainEqual(['read#read', 'reader']);
    const replayed = await run(['run']);
    expect(replayed.code, replayed.stderr).toBe(0);
    expect(senders(at)).toEqual([...suite, ...suite].sort());
    expect(blocked(space.report())).toEqual(own);
    expect(space.report().exchanges.map(({ id, account }) => [id, account])).toEqual(accounts);
  });

  test('are told of by plan, which sends nothing, signs in nobody, and says why not', async () => {
    const at = await server();
    configure(at, {
      ...both(at),
      mailer: { ...oauth(at, 'poster', 'Mail.Send'), headers: { 'X-Key': { env: 'NO_KEY' } } },
    });
    expect((await run(['compile'])).code).toBe(0);
    const { stdout } = await run(['plan']);
    expect(stdout).toContain('as account `reader`: Authorization: Bearer (client credentials from http://127.0.0.1');
    expect(stdout).toContain('client id (from the config), client secret (from environment SECRET)');
    expect(stdout).toMatch(/GET http\S+\/users\/1\n.*\n {2}as account `reader`\n/);
    expect(stdout).toMatch(/PATCH http\S+\/users\/2\n.*\n {2}as account `writer`\n/);
    expect(stdout).toContain(
      'missing account `mailer`, which could not authenticate: variable NO_KEY of the environment, which account `mailer` of target `it` needs for its header X-Key, is not set',
    );
    const json = JSON.parse((await run(['plan', '--json', '--account', 'writer'])).stdout) as {
      requests: { id: string; account?: string; missing: string[] }[];
    };
    expect(json.requests.map(({ id, account, missing }) => [id, account, missing]).sort()).toEqual([
      ['mail#mail', undefined, ['scope `Mail.Send`']],
      ['read#read', 'writer', []],
      ['write#write', 'writer', []],
    ]);
    expect([at.asked.length, at.tokens.length]).toEqual([0, 0]);
  });

  test('are one alone by --account; a name that is none is refused with the nearest', async () => {
    const at = await server();
    configure(at, both(at));
    expect((await run(['run', '--account', 'reader'])).code).toBe(0);
    expect(senders(at)).toEqual(['robot GET /users/1']);
    expect(space.report().summary).toMatchObject({ conforming: 1, blocked: 2 });
    space.write('docs/read.md', documented('Read', '', { name: 'read', url: '/users/1' }));
    const { auth } = both(at).reader;
    space.write('docwright.config.json', JSON.stringify({ target: 'it', targets: { it: { url: at.api, auth } } }));
    // The account of a target that has one has no name.
    expect((await run(['run', '-g', 'read'])).code).toBe(0);
    expect(space.read('reports/report.json')).not.toContain('"account"');
    configure(at, both(at));
    expect(await run(['run', '--account', 'raeder'])).toMatchObject({
      code: 2,
      stderr: 'docwright: Target `it` has no account `raeder`, did you mean `reader`?\n',
    });
    expect((await run(['plan', '--account', 'nobody'])).stderr).toContain('expected `writer` or `reader`');
    expect((await run(['run', '--target', 'mock', '--account', 'x'])).code).toBe(2);
    expect((await run(['check', '--account', 'reader'])).code).toBe(2);
  });

  test('that cannot authenticate are blocked and end with 2; the others go on; where none can, nothing is sent', async () => {
    const at = await server();
    const { writer, reader } = both(at);
    configure(at, { writer, reader: { auth: { oauth: { ...reader.auth.oauth, clientSecret: { env: 'WRONG' } } } } });
    const one = await run(['run'], { SECRET: CLIENT_SECRET, WRONG: 'falsches-geheimnis' });
    expect(one.code).toBe(2);
    expect(one.stderr).toContain('Account `reader` could not authenticate: account `reader` of target `it`: http');
    // Nobody with more steps in for it.
    expect(senders(at)).toEqual(['writer PATCH /users/2']);
    expect(
      space
        .report()
        .findings.filter(({ ruleId }) => ruleId === 'replay/blocked')
        .map(({ reason }) => reason),
    ).toEqual([
      'Missing scope `Mail.Send`, expected before this request can be sent',
      expect.stringMatching(/^Missing account `reader`, which could not authenticate: .*`invalid_client`/),
    ]);
    expect((await run(['run'], { SECRET: CLIENT_SECRET })).stderr).toContain('variable WRONG of the environment');
    const before = at.asked.length;
    const none = await run(['run'], { SECRET: 'falsches-geheimnis', WRONG: 'falsches-geheimnis' });
    expect(none.code).toBe(2);
    expect(none.stderr).toMatch(/^docwright: No account could authenticate: account `writer`.*; account `reader`/m);
    expect((await run(['run'], {})).stderr).toContain('No account could authenticate: variable SECRET');
    expect(at.asked.length).toBe(before);
  });

  test('that are refused later have the rest of theirs blocked, and only theirs', async () => {
    const at = await server({
      answer({ url }, response) {
        if (/\/users\/r/.test(url!)) response.statusCode = 401;
      },
    });
    const many = (permissions: string, letter: string): string =>
      documented(letter, permissions, { name: `${letter}0`, url: `/users/${letter}0` }) +
      Array.from({ length: 11 }, (_, nth) =>
        page('', { name: `${letter}${nth + 1}`, url: `/users/${letter}${nth + 1}` }).replace('# \n', ''),
      ).join('\n');
    space.write('docs/read.md', many(READS, 'r'));
    space.write('docs/write.md', many(WRITES, 'w'));
    configure(at, both(at));
    const { code, stderr } = await run(['run', '-j', '1', 'docs/read.md', 'docs/write.md']);
    expect(code).toBe(2);
    expect(stderr).toContain('Account `reader` was refused: the target answers with 401; blocked: 9');
    expect(space.report().summary).toMatchObject({ conforming: 12, differing: 3, blocked: 9 });
    expect(space.report().findings.at(-1)!.reason).toContain('Missing account `reader` that the target takes');
  });

  test('have the scopes that were granted, where these are fewer than asked for', async () => {
    const at = await server({
      instead(request, response) {
        request.resume();
        response.setHeader('Content-Type', 'application/json');
        response.end(JSON.stringify({ access_token: 'token-with-less', token_type: 'Bearer', scope: 'User.Read' }));
        return true;
      },
      answer: (_, response) => void (response.statusCode = 200),
    });
    configure(at, { only: oauth(at, 'robot', 'User.Read User.Read.All') });
    await run(['run']);
    expect(at.asked).toHaveLength(0);
    expect(space.report().findings.map(({ reason }) => reason)).toContain(
      'Missing scope `User.Read.All` (or `User.ReadWrite.All`), expected before this request can be sent',
    );
  });

  test('delete what they have made, at the end and by cleanup', async () => {
    const at = await server({
      answer({ method, url }, response) {
        if (method === 'POST') response.writeHead(201, { Location: `${url}/7x7x7x` }).end('{"id":"7x7x7x"}');
        if (method === 'DELETE') response.statusCode = isDown ? 503 : 204;
      },
    });
    let isDown = false;
    space.write('docs/read.md', documented('Read', READS, { name: 'read', url: '/users/1' }));
    space.write(
      'docs/write.md',
      documented('Write', WRITES, { name: 'create', url: '/users', method: 'POST', status: 201 }),
    );
    space.write(
      'docs/delete.md',
      documented('Delete', WRITES, { name: 'delete', url: '/users/7x7x7x', method: 'DELETE', status: 204 }),
    );
    configure(at, both(at));
    const deleted = () => at.asked.filter(({ line }) => line.startsWith('DELETE'));
    const words = ['run', 'docs/read.md', 'docs/write.md'];
    await run(words);
    expect(deleted()).toEqual([{ client: 'writer', line: 'DELETE /users/7x7x7x', status: 204 }]);
    isDown = true;
    await run(words);
    isDown = false;
    const { code, stderr } = await run(['cleanup', '--target', 'it']);
    expect(code, stderr).toBe(0);
    expect(deleted().at(-1)).toEqual({ client: 'writer', line: 'DELETE /users/7x7x7x', status: 204 });
  });
});

/** What the files below a folder hold, but for those of `node_modules`. */
function written(folder: string, isMeant: (name: string) => boolean): Buffer[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && isMeant(entry.name) && !entry.parentPath.includes('node_modules'))
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name)));
}
