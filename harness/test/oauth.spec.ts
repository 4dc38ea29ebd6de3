import { createHash, X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from '@playwright/test';
import { cli } from '../cli/index.ts';
import {
  authority,
  CLIENT_SECRET,
  listening,
  LOGIN,
  signer,
  SIGNER,
  SIGNER_PEM,
  type Authority,
  type AuthorityOptions,
} from './authority.ts';
import { selfSigned } from './certificate.ts';
import { leaksIn } from './leaks.ts';
import { page, workspace, type Run, type Workspace } from './workspace.ts';

let space: Workspace;
const open: Authority[] = [];
const servers: Server[] = [];
test.beforeEach(() => {
  space = workspace({ 'docs/a.md': page('A') });
});
test.afterEach(() => {
  space.remove();
  for (const each of open.splice(0)) each.close();
  for (const each of servers.splice(0)) {
    each.closeAllConnections();
    each.close();
  }
});

async function server(options?: AuthorityOptions): Promise<Authority> {
  const made = await authority(options);
  open.push(made);
  return made;
}

const configure = (target: object): void =>
  space.write('docwright.config.json', JSON.stringify({ target: 'it', targets: { it: target } }));

const ENVIRONMENT = {
  ROBOT_SECRET: CLIENT_SECRET,
  SIGNER_KEY: SIGNER_PEM,
  ONE_LINE: SIGNER_PEM.replaceAll('\n', '\\n'),
};

const run = async (words: readonly string[] = [], environment: Record<string, string> = {}): Promise<Run> => {
  const ran = await space.cli(['run', ...words], {
    environment: { PATH: process.env['PATH']!, ...ENVIRONMENT, ...environment },
  });
  keepsSecrets(ran);
  return ran;
};

/** Looks for every token and secret in all that a run has said and written, byte for byte. */
function keepsSecrets({ stdout, stderr }: Run): void {
  const files = readdirSync(space.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^(?:docwright\.config\.json|.*\.(?:pem|jwt))$/.test(entry.name))
    .map((entry) => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'));
  for (const secret of new Set(open.flatMap(({ secrets }) => secrets)))
    for (const written of new Set([secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]))
      expect(
        [stdout, stderr, ...files].some((text) => text.includes(written)),
        written,
      ).toBe(false);
}

/** So many exchanges. */
const pages = (count: number, method = 'GET'): string =>
  Array.from({ length: count }, (_, at) => {
    const name = `thing_${at}`;
    return page(name, { name, method, url: `/v1.0/things/${name}` });
  }).join('\n');

const robot = ({ issuer }: Authority, more: object = {}) => ({
  oauth: { issuer, clientId: 'robot', clientSecret: { env: 'ROBOT_SECRET' }, ...more },
});

test.describe('a token', () => {
  test('is got with a secret in the header or in the body, and with a signed assertion', async () => {
    const at = await server();
    const { issuer } = at;
    space.write('key.pem', SIGNER_PEM);
    const signer = { issuer, clientId: 'signer', keyId: 'one' };
    for (const [client, oauth] of [
      ['robot', robot(at).oauth],
      ['poster', { issuer, clientId: 'poster', clientSecret: { env: 'ROBOT_SECRET' }, clientAuth: 'post' }],
      ['signer', { ...signer, privateKey: { env: 'SIGNER_KEY' } }],
      ['signer', { ...signer, privateKey: { env: 'ONE_LINE' } }],
      ['signer', { ...signer, privateKey: { file: 'key.pem' } }],
      ['signer', { ...signer, privateKey: { command: 'cat key.pem' } }],
      ['robot', { ...robot(at).oauth, issuer: undefined, tokenEndpoint: `${issuer}/token` }],
    ] as const) {
      configure({ url: at.api, auth: { oauth } });
      const { code, stderr } = await run();
      expect.soft(code, stderr).toBe(0);
      expect.soft(at.asked.at(-1)).toEqual({ client, line: 'GET /v1.0/things/1', status: 200 });
    }
    expect(at.tokens).toEqual(Array.from({ length: 7 }, () => ({ grant: 'client_credentials', status: 200 })));
  });

  test('of a refresh token is renewed by the one that came with it: each is taken once', async () => {
    const at = await server({ answer: async (_, __, nth) => void (nth % 5 === 0 && (await at.revoke())) });
    const refresh = await at.refreshToken('holder');
    const auth = {
      oauth: {
        issuer: at.issuer,
        clientId: 'holder',
        clientSecret: { env: 'ROBOT_SECRET' },
        refreshToken: { env: 'REFRESH' },
      },
    };
    configure({ url: at.api, auth });
    space.write('docs/a.md', pages(20));
    const { code, stderr } = await run(['-j', '2'], { REFRESH: refresh });
    expect(code, stderr).toBe(0);
    expect(at.tokens).toEqual(Array.from({ length: 4 }, () => ({ grant: 'refresh_token', status: 200 })));
    // The first has been used up: who comes with it again is turned away, and nothing is sent.
    const before = at.asked.length;
    const again = await run([], { REFRESH: refresh });
    expect(again.code).toBe(2);
    expect(again.stderr).toContain(
      `No account could authenticate: target \`it\`: ${at.issuer}/token refuses with \`invalid_grant\``,
    );
    expect(at.asked.length).toBe(before);
  });

  test('that is taken back with its refresh token ends the run: the rest is blocked, the report written', async () => {
    const at = await server({ answer: async (_, __, nth) => void (nth === 10 && (await at.revoke('all'))) });
    const refresh = await at.refreshToken('holder');
    const client = { issuer: at.issuer, clientId: 'holder', clientSecret: { env: 'ROBOT_SECRET' } };
    configure({ url: at.api, auth: { oauth: { ...client, refreshToken: { env: 'REFRESH' } } } });
    space.write('docs/a.md', pages(30));
    const { code, stderr } = await run(['-j', '1'], { REFRESH: refresh });
    expect(code).toBe(2);
    expect(stderr).toMatch(/No account could authenticate: http\S+\/token refuses with `invalid_grant`.*; blocked: 19/);
    const { summary, findings } = space.report();
    expect([summary.conforming, summary.differing, summary.blocked]).toEqual([10, 1, 19]);
    expect(findings.at(-1)!.reason).toMatch(
      /^Missing account, which could not be renewed: http\S+ refuses with `invalid_grant`/,
    );
  });

  test('runs out in the middle of 500 exchanges: each is answered, and each time one new token is asked for', async () => {
    const at = await server({ answer: async (_, __, nth) => void (nth % 100 === 0 && (await at.revoke())) });
    configure({ url: at.api, auth: robot(at) });
    space.write('docs/a.md', pages(500));
    const { code, stderr } = await run(['-j', '16']);
    expect(code, stderr).toBe(0);
    expect(space.report().summary.conforming).toBe(500);
    expect(at.tokens).toHaveLength(5);
    expect(at.asked.filter(({ status }) => status === 200)).toHaveLength(500);
  });

  test('is renewed by the clock before it runs out', async () => {
    const at = await server({ life: 2 });
    configure({ url: at.api, auth: robot(at), rate: { perSecond: 60, burst: 5 } });
    space.write('docs/a.md', pages(240));
    const start = performance.now();
    const { code, stderr } = await run();
    expect(code, stderr).toBe(0);
    expect(space.report().summary.conforming).toBe(240);
    const seconds = (performance.now() - start) / 1000;
    expect(at.tokens.length).toBeGreaterThan(1);
    expect(at.tokens.length).toBeLessThan(3 + seconds);
  });

  test('is asked for once by 16 that are refused together, and what writes is sent again, once', async () => {
    const waiting: (() => void)[] = [];
    const at = await server({
      // The first sixteen wait for each other, and none of their tokens counts any more.
      async answer({ headers }, response) {
        if (headers.authorization === undefined || waiting.length >= 16) return;
        response.statusCode = 401;
        const all = new Promise<void>((resolve) => waiting.push(resolve));
        if (waiting.length === 16) for (const go of waiting) go();
        await all;
      },
    });
    configure({ url: at.api, auth: robot(at) });
    space.write('docs/a.md', pages(16, 'PATCH'));
    const { code, stderr } = await run(['-j', '16']);
    expect(code, stderr).toBe(0);
    expect(at.tokens).toHaveLength(2);
    const lines = at.asked.filter(({ status }) => status === 200).map(({ line }) => line);
    expect([lines.length, new Set(lines).size, at.asked.length]).toEqual([16, 16, 32]);
  });

  test('is kept out of an answer that tells it, and out of what a server says of a secret', async () => {
    const at = await server({
      answer({ headers }, response) {
        const { authorization } = headers;
        response.setHeader('Content-Type', 'application/json');
        response.setHeader('X-Echo', String(authorization));
        response.end(
          JSON.stringify({ id: 1, you: authorization, packed: Buffer.from(authorization!).toString('base64') }),
        );
      },
    });
    configure({ url: at.api, auth: robot(at) });
    expect((await run(['--har', 'run.har', '--reporter', 'list,json,junit,html,markdown,github,ndjson'])).code).toBe(1);
    for (const file of ['reports/report.json', 'reports/junit.xml', 'run.har'])
      expect.soft(space.read(file), file).toContain('[redacted');
    const other = await server({
      instead({ headers }, response) {
        response.writeHead(401, { 'Content-Type': 'application/json', 'WWW-Authenticate': 'Basic realm="x"' });
        response.end(JSON.stringify({ error: 'invalid_client', error_description: `${headers.authorization}` }));
        return true;
      },
    });
    configure({ url: other.api, auth: robot(other) });
    const { code, stderr } = await run();
    expect([code, other.asked.length]).toEqual([2, 0]);
    expect(stderr).toContain('refuses with `invalid_client`: Basic [redacted');
  });
});

test.describe('a person', () => {
  const device = ({ issuer }: Authority) => ({
    oauth: { issuer, clientId: 'person', scope: 'openid offline_access User.Read' },
  });

  test('signs in by a device code that the terminal tells; what comes is renewed without asking again', async () => {
    const at = await server({ answer: async (_, __, nth) => void (nth === 3 && (await at.revoke())) });
    configure({ url: at.api, auth: device(at) });
    space.write('docs/a.md', pages(6));
    let said = '';
    let signingIn: Promise<void> | undefined;
    const stderr = {
      isTTY: true,
      write(text: string) {
        said += text;
        const [, where, code] = /open\n {2}(\S+)\nand enter the code\n {2}(\S+)/.exec(said) ?? [];
        if (code !== undefined) signingIn ??= signIn(where!, code);
      },
    };
    const code = await cli(['run', '-j', '1'], {}, { stdout: { write: () => undefined }, stderr }, space.folder);
    await signingIn;
    expect(code, said).toBe(0);
    expect(said).toContain(`To sign in as target \`it\`, open\n  ${at.issuer}/device`);
    expect(said.match(/To sign in/g)).toHaveLength(1);
    const grants = at.tokens.filter(({ status }) => status === 200).map(({ grant }) => grant.split(':').at(-1));
    expect(grants).toEqual(['device_code', 'refresh_token']);
    expect(at.asked.at(-1)).toMatchObject({ client: 'person', status: 200 });
    keepsSecrets({ code, stdout: '', stderr: said });
  });

  test('is not waited for where nobody sits', async () => {
    const at = await server();
    configure({ url: at.api, auth: device(at) });
    const { code, stderr } = await run();
    expect([code, at.asked.length, at.tokens.length]).toEqual([2, 0, 0]);
    expect(stderr).toContain('target `it` signs in by a device code, for which somebody has to sit at a terminal');
    const streams = { stdout: { write: () => undefined }, stderr: { isTTY: true, write: () => undefined } };
    expect(await cli(['run'], { CI: 'true' }, streams, space.folder)).toBe(2);
  });
});

/** What somebody does in a browser: opens the page, enters the code, confirms it, signs in, agrees. */
async function signIn(where: string, code: string): Promise<void> {
  const cookies = new Map<string, string>();
  const ask = async (url: string, form?: Record<string, string>): Promise<{ url: string; html: string }> => {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      cookies.set(name!, value!);
    }
    const location = answer.headers.get('location');
    if (location !== null) return ask(new URL(location, url).href);
    return { url, html: await answer.text() };
  };
  let at = await ask(where);
  for (let steps = 0; steps < 8 && !at.html.includes('Sign-in Success'); steps++) {
    const action = /<form[^>]*action="([^"]+)"/.exec(at.html)![1]!;
    const inputs = [...at.html.matchAll(/<input[^>]*>/g)].flatMap(([input]) => {
      const [name, value] = ['name', 'value'].map((key) => new RegExp(`\\b${key}="([^"]*)"`).exec(input)?.[1]);
      return name === undefined || name === 'abort' ? [] : [[name, value ?? ''] as const];
    });
    const known: Record<string, string> = { user_code: code, login: 'ada', password: 'x' };
    const filled = inputs.map(([name, value]) => [name, value === '' ? (known[name] ?? '') : value]);
    at = await ask(new URL(action, at.url).href, Object.fromEntries(filled) as Record<string, string>);
  }
  expect(at.html).toContain('Sign-in Success');
}

/** One that answers as it is told; what its token endpoint was asked. */
const fake = async (answer: (url: string, response: ServerResponse, form: URLSearchParams) => void) => {
  const forms: URLSearchParams[] = [];
  const made = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      if (request.method === 'POST') forms.push(new URLSearchParams(body));
      answer(request.url!, response, new URLSearchParams(body));
    });
  });
  servers.push(made);
  return { url: await listening(made), forms };
};
const json = (response: ServerResponse, value: unknown, status = 200, type = 'application/json'): void => {
  response.writeHead(status, { 'Content-Type': type });
  response.end(typeof value === 'string' ? value : JSON.stringify(value));
};
const client = { clientId: 'robot', clientSecret: { env: 'ROBOT_SECRET' } };

test.describe('a server', () => {
  test('that lies gives no token: nothing is sent, and it is said what was wrong', async () => {
    const at = await server();
    const token = 'access-token-of-a-liar';
    const good = { access_token: token, token_type: 'Bearer', expires_in: 60 };
    for (const [value, words] of [
      ['<html>Sign in</html>', 'answered with something that is no JSON'],
      [{ ...good, token_type: 'mac' }, 'a token of a type other than `Bearer`'],
      [{ ...good, token_type: 'DPoP' }, 'a token of type `dpop` came, expected `Bearer`'],
      [{ token_type: 'Bearer' }, '`access_token` must be a string'],
      [{ ...good, access_token: { a: 1 } }, '`access_token` must be a string'],
      [{ ...good, access_token: 'a\r\nX-Evil: 1' }, 'cannot stand in a header'],
      [{ ...good, expires_in: -5 }, '`expires_in` must be a non-negative number'],
      [{ ...good, expires_in: 'soon' }, '`expires_in` must be a number'],
      [{ ...good, refresh_token: 7 }, '`refresh_token` must be a string'],
      [[good], 'its body must be a top level object'],
      [{ ...good, access_token: 'x'.repeat(10_000_000) }, 'larger than 1048576 bytes'],
    ] as const) {
      const { url } = await fake((_, response) =>
        json(response, value, 200, typeof value === 'string' ? 'text/html' : 'application/json'),
      );
      configure({ url: at.api, auth: { oauth: { ...client, tokenEndpoint: `${url}/token` } } });
      const { code, stderr } = await run();
      expect.soft([code, stderr], words).toEqual([2, expect.stringContaining(words)]);
      expect.soft(stderr).not.toContain(token);
    }
    expect(at.asked).toHaveLength(0);
  });

  test('that says little or much of the life of a token is taken at its word, as far as that goes', async () => {
    for (const life of [undefined, '3600', 0, 1e300]) {
      const { url, forms } = await fake((path, response) =>
        path === '/token'
          ? json(response, { access_token: 'token-of-some-life', token_type: 'bearer', expires_in: life })
          : json(response, { id: '1' }),
      );
      space.write('docs/a.md', pages(20));
      configure({ url, auth: { oauth: { ...client, tokenEndpoint: `${url}/token` } } });
      const { code, stderr } = await run();
      expect([code, forms.length], `${life} ${stderr}`).toEqual([0, 1]);
    }
  });

  test('that is slow, away, redirects or fails ends the run before anything is sent', async () => {
    const at = await server();
    for (const [answer, words] of [
      [() => undefined, 'No whole answer within 400 ms'],
      [
        (_: string, response: ServerResponse) => response.writeHead(500).end('<html>'),
        '/token answered with status 500',
      ],
      [
        (_: string, response: ServerResponse) => response.writeHead(307, { Location: `${at.issuer}/token` }).end(),
        '/token answered with status 307',
      ],
      [(_: string, response: ServerResponse) => response.destroy(), 'closed the connection'],
    ] as const) {
      const { url } = await fake(answer);
      configure({ url: at.api, timeout: 400, auth: { oauth: { ...client, tokenEndpoint: `${url}/token` } } });
      const { code, stderr } = await run();
      expect.soft([code, stderr], words).toEqual([2, expect.stringContaining(words)]);
    }
    configure({ url: at.api, auth: { oauth: { ...client, issuer: 'http://127.0.0.1:9' } } });
    expect((await run()).stderr).toContain('Connection refused by 127.0.0.1:9');
    expect([at.asked.length, at.tokens.length]).toEqual([0, 0]);
  });

  test('that is slow in the middle of a run holds up no Ctrl-C; what was created is deleted with a token of its own', async () => {
    const stop = new AbortController();
    const held: ServerResponse[] = [];
    const at = await server({
      instead(_, response, nth) {
        if (nth !== 2) return false;
        held.push(response);
        setTimeout(() => stop.abort('SIGINT'), 50);
        return true;
      },
      async answer({ method }, response, nth) {
        if (method === 'POST') response.writeHead(201).end('{"id":"7x7x7x"}');
        if (method === 'DELETE') response.statusCode = 204;
        if (nth === 1) await at.revoke();
      },
    });
    configure({ url: at.api, timeout: 20_000, auth: robot(at) });
    const create = page('Create', { name: 'create', url: '/v1.0/things', method: 'POST', status: 201 });
    const remove = page('Delete', { name: 'delete', url: '/v1.0/things/7x7x7x', method: 'DELETE', status: 204 });
    space.write('docs/a.md', create);
    space.write('docs/b.md', pages(3));
    space.write('docs/delete.md', remove);
    const running = space.cli(['run', '-j', '1', 'docs/a.md', 'docs/b.md'], {
      environment: ENVIRONMENT,
      signal: stop.signal,
    });
    await expect.poll(() => stop.signal.aborted, { timeout: 20_000 }).toBe(true);
    // The server comes back to itself when all that waited has been let go.
    setTimeout(() => held[0]!.writeHead(503, { 'Retry-After': '0' }).end(), 500);
    const { code, stderr } = await running;
    expect(code, stderr).toBe(130);
    expect(space.report().summary).toMatchObject({ conforming: 1, skipped: 3, blocked: 0 });
    expect(at.asked.at(-1), stderr).toEqual({ client: 'robot', line: 'DELETE /v1.0/things/7x7x7x', status: 204 });
    keepsSecrets({ code, stdout: '', stderr });
  });

  test('whose discovery leads to another host is refused, unless that host is allowed', async () => {
    const at = await server();
    const elsewhere = at.issuer.replace('127.0.0.1', 'localhost');
    const { url } = await fake((path, response) =>
      path === '/.well-known/openid-configuration'
        ? json(response, { issuer: url, token_endpoint: `${elsewhere}/token` })
        : json(response, {}, 404),
    );
    configure({ url: at.api, auth: { oauth: { ...client, issuer: url } } });
    const refused = await run();
    expect([refused.code, at.tokens.length]).toEqual([2, 0]);
    const { host } = new URL(elsewhere);
    expect(refused.stderr).toContain(`leads elsewhere: missing host ${host}; name it under \`hosts\` of the target`);
    configure({ url: at.api, hosts: [host], auth: { oauth: { ...client, issuer: url } } });
    const allowed = await run();
    expect(allowed.code, allowed.stderr).toBe(0);
    for (const [document, words] of [
      [{ token_endpoint: 'http://169.254.169.254/token' }, 'is not https'],
      [{ token_endpoint: 'https://169.254.169.254/token' }, 'metadata and unspecified addresses are never contacted'],
      [{ token_endpoint: 'https://login.example.com/token' }, 'missing host login.example.com'],
      [{ token_endpoint: 'file:///etc/passwd' }, 'is not https'],
      [{ token_endpoint: 7 }, 'its endpoint is no URL'],
      [{}, 'its endpoint is no URL'],
      [{ issuer: 'https://login.example.com', token_endpoint: 'https://login.example.com/token' }, 'another issuer'],
    ] as const) {
      const liar = await fake((_, response) => json(response, { issuer: liar.url, ...document }));
      configure({ url: at.api, auth: { oauth: { ...client, issuer: liar.url } } });
      const { code, stderr } = await run();
      expect.soft([code, stderr], words).toEqual([2, expect.stringContaining(words)]);
      expect(liar.forms).toHaveLength(0);
    }
  });

  test('without OpenID Connect is found by its own document, and asked by the one way it takes', async () => {
    const { url, forms } = await fake((path, response) => {
      const methods = ['client_secret_post'];
      if (path === '/.well-known/oauth-authorization-server')
        return json(response, {
          issuer: url,
          token_endpoint: `${url}/t`,
          token_endpoint_auth_methods_supported: methods,
        });
      if (path === '/t') return json(response, { access_token: 'token-by-its-own-document', token_type: 'Bearer' });
      return path.startsWith('/.well-known') ? json(response, {}, 404) : json(response, { id: '1' });
    });
    const auth = { oauth: { ...client, issuer: url, scope: ['a', 'b'], resource: 'urn:x', audience: 'y' } };
    configure({ url, auth });
    const { code, stderr } = await run();
    expect(code, stderr).toBe(0);
    expect(Object.fromEntries(forms[0]!)).toEqual({
      grant_type: 'client_credentials',
      client_id: 'robot',
      client_secret: CLIENT_SECRET,
      scope: 'a b',
      resource: 'urn:x',
      audience: 'y',
    });
  });

  test('of Azure is known by the usual names', async () => {
    const { cert, key } = selfSigned();
    space.write('client.pem', `${key}${cert}`);
    space.write('federated.jwt', 'ey.federated.assertion');
    const { url, forms } = await fake((path, response) =>
      path === '/contoso/oauth2/v2.0/token'
        ? json(response, { access_token: 'token-of-azure', token_type: 'Bearer', expires_in: 3599 })
        : json(response, { id: '1' }),
    );
    configure({ url: `${url}/v1.0`, auth: { azure: {} } });
    const common = { AZURE_TENANT_ID: 'contoso', AZURE_CLIENT_ID: 'app', AZURE_AUTHORITY_HOST: `${url}/` };
    const asked = async (environment: Record<string, string>) => {
      const { code, stderr } = await run([], { ...common, ...environment });
      expect(code, stderr).toBe(0);
      return Object.fromEntries(forms.at(-1)!) as Record<string, string>;
    };
    const secret = { AZURE_CLIENT_SECRET: 'geheimer-als-geheim' };
    const certificate = { AZURE_CLIENT_CERTIFICATE_PATH: 'client.pem' };
    const federated = { AZURE_FEDERATED_TOKEN_FILE: path.join(space.folder, 'federated.jwt') };
    expect(await asked({ ...secret, ...certificate, ...federated })).toEqual({
      grant_type: 'client_credentials',
      client_id: 'app',
      client_secret: 'geheimer-als-geheim',
      scope: `${url}/.default`,
    });
    const signed = await asked({ ...certificate, ...federated });
    const [header, claims] = signed['client_assertion']!.split('.')
      .slice(0, 2)
      .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>);
    const thumbprint = createHash('sha256').update(new X509Certificate(cert).raw).digest('base64url');
    expect(header).toEqual({ alg: 'ES256', 'x5t#S256': thumbprint });
    expect(claims).toMatchObject({ iss: 'app', sub: 'app', aud: `${url}/contoso/oauth2/v2.0/token` });
    expect((await asked(federated))['client_assertion']).toBe('ey.federated.assertion');
    const { code, stderr } = await run([], common);
    expect(code).toBe(2);
    expect(stderr).toContain(
      'variable AZURE_CLIENT_SECRET of the environment, which target `it` needs for its client secret',
    );
    expect((await run([], secret)).stderr).toContain('variable AZURE_TENANT_ID of the environment');
  });
});

test('a clock that goes wrong is set right by that of the server, for what it signs', async () => {
  // A server whose clock is an hour ahead: an assertion of ours has long run out there.
  const worker = new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     const RealDate = Date, ahead = 3_600_000;
     globalThis.Date = class extends RealDate {
       constructor(...given) { given.length === 0 ? super(RealDate.now() + ahead) : super(...given); }
       static now() { return RealDate.now() + ahead; }
     };
     console.warn = console.info = () => undefined;
     (async () => {
       const { default: Provider } = await import('oidc-provider');
       const server = require('node:http').createServer((request, response) => handle(request, response));
       await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
       const issuer = 'http://127.0.0.1:' + server.address().port;
       const provider = new Provider(issuer, workerData);
       let nth = 0;
       provider.use(async (context, next) => {
         context.set('Date', new Date().toUTCString());
         await next();
         if (context.path === '/token') parentPort.postMessage({ nth: ++nth, status: context.status });
       });
       const handle = provider.callback();
       parentPort.postMessage({ issuer });
     })();`,
    {
      eval: true,
      workerData: {
        clients: [signer()],
        features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
      },
    },
  );
  try {
    const heard: { issuer?: string; status?: number }[] = [];
    worker.on('message', (message: object) => heard.push(message));
    await expect.poll(() => heard[0]?.issuer, { timeout: 30_000 }).toBeDefined();
    const at = await server();
    const oauth = { issuer: heard[0]!.issuer, clientId: 'signer', keyId: 'one', privateKey: { env: 'SIGNER_KEY' } };
    configure({ url: at.api, auth: { oauth } });
    const { stderr } = await run();
    await expect.poll(() => heard.slice(1).map(({ status }) => status)).toEqual([401, 200, 200]);
    // The service does not know that token, not even the one after, and says so.
    expect(stderr).toContain('the target answers with 401');
  } finally {
    await worker.terminate();
  }
});

test.describe('a password', () => {
  const login = { grant: 'password', user: { env: 'WORDS_USER' }, password: { env: 'WORDS_PASSWORD' } };
  const scope = ['offline_access', 'User.Read'];
  const RIGHT = { WORDS_USER: LOGIN.username, WORDS_PASSWORD: LOGIN.password };
  const WRONG = { ...RIGHT, WORDS_PASSWORD: 'falsches+kennwort/:%&=2f1e0d' };
  const keepsWrong = ({ stdout, stderr }: Run): void => {
    const written = readdirSync(space.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(path.join(entry.parentPath, entry.name)));
    for (const bytes of [Buffer.from(stdout), Buffer.from(stderr), ...written])
      expect(leaksIn(bytes, WRONG.WORDS_PASSWORD)).toEqual([]);
  };

  test('gets a token, and is not sent again as long as the refresh token that came with it is taken', async () => {
    const at = await server({
      async answer(_, __, nth) {
        if (nth === 5) await at.revoke();
        if (nth === 10) await at.revoke('all');
      },
    });
    const { issuer } = at;
    configure({ url: at.api, auth: { oauth: { issuer, clientId: 'words', scope, ...login } } });
    space.write('docs/a.md', pages(15));
    const plan = await space.cli(['plan', '--docs', 'docs'], { environment: RIGHT });
    expect(plan.stdout, plan.stderr).toContain(
      `(password from ${issuer}), client id (from the config), user (from environment WORDS_USER), password (from environment WORDS_PASSWORD)`,
    );
    const { code, stderr } = await run(['-j', '1'], RIGHT);
    expect(code, stderr).toBe(0);
    expect(at.asked.filter(({ status, client }) => status === 200 && client === 'words')).toHaveLength(15);
    // Taken back: by the refresh token; that one, too: by the password.
    expect(at.tokens).toEqual([
      { grant: 'password', status: 200 },
      { grant: 'refresh_token', status: 200 },
      { grant: 'refresh_token', status: 400 },
      { grant: 'password', status: 200 },
    ]);
  });

  test('that is wrong ends the run with the reason: it is said once and to nobody else, and nothing is sent', async () => {
    const at = await server();
    const { issuer } = at;
    configure({ url: at.api, auth: { oauth: { issuer, clientId: 'words', scope, ...login } } });
    const alone = await run([], WRONG);
    expect(alone.code).toBe(2);
    expect(alone.stderr).toContain(
      `No account could authenticate: target \`it\`: ${issuer}/token refuses with \`invalid_grant\`: no `,
    );
    expect(alone.stderr).toContain('[redacted: password]');
    keepsWrong(alone);
    expect([at.tokens, at.asked]).toEqual([[{ grant: 'password', status: 400 }], []]);
    const unset = await run([], { WORDS_USER: LOGIN.username });
    expect([unset.code, unset.stderr]).toEqual([
      2,
      expect.stringContaining('variable WORDS_PASSWORD of the environment'),
    ]);
  });

  test('that is wrong for one account blocks what that would have sent, by name', async () => {
    const at = await server();
    const { issuer } = at;
    const accounts = {
      person: {
        auth: { oauth: { issuer, clientId: 'typist', clientSecret: CLIENT_SECRET, clientAuth: 'post', ...login } },
      },
      robot: { auth: robot(at) },
    };
    const tags = { person: ['people'], robot: ['machines'] };
    configure({
      url: at.api,
      accounts: { person: { ...accounts.person, tags: tags.person }, robot: { ...accounts.robot, tags: tags.robot } },
    });
    space.write(
      'docs/a.md',
      page('Person', { name: 'person', url: '/me' }).replace('"name": "person"', '"name": "person", "tags": "people"') +
        page('Robot', { name: 'robot', url: '/it' }).replace('"name": "robot"', '"name": "robot", "tags": "machines"'),
    );
    const ran = await run([], WRONG);
    expect(ran.code, ran.stderr).toBe(2);
    keepsWrong(ran);
    const { summary, findings } = space.report();
    expect([summary.conforming, summary.blocked]).toEqual([1, 1]);
    expect(findings.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(
        /^Missing account `person`, which could not authenticate: account `person` of target `it`: http\S+\/token refuses with `invalid_grant`/,
      ),
    ]);
    expect((await run([], RIGHT)).code).toBe(0);
    expect(at.asked.map(({ client }) => client)).toEqual(expect.arrayContaining(['typist', 'robot']));
  });

  test('that is changed while a run goes on is said once more and not again', async () => {
    let answers = 0;
    const { url, forms } = await fake((path, response) => {
      if (path !== '/token') return json(response, { id: '1' }, ++answers > 3 ? 401 : 200);
      const token = { access_token: `token-by-password-${forms.length}`, token_type: 'Bearer', expires_in: 3600 };
      return forms.length === 1 ? json(response, token) : json(response, { error: 'invalid_grant' }, 400);
    });
    const { clientId } = client;
    configure({ url, auth: { oauth: { clientId, tokenEndpoint: `${url}/token`, ...login } } });
    space.write('docs/a.md', pages(20));
    const { code, stderr } = await run(['-j', '4'], RIGHT);
    expect([code, stderr]).toEqual([2, expect.stringContaining('refuses with `invalid_grant`')]);
    expect(forms.map((form) => form.get('password'))).toEqual([LOGIN.password, LOGIN.password]);
  });
});

test.describe('a config', () => {
  test('that cannot be meant is refused with the way to mend it', async () => {
    const url = 'http://127.0.0.1:9';
    const oauth = { issuer: 'https://login.example.com', clientId: 'c' };
    for (const [target, words] of [
      [
        { auth: { oauth: { ...oauth, clientSecert: 'x' } } },
        'Unknown key `clientSecert`, did you mean `clientSecret`?',
      ],
      [
        { auth: { oauth: { ...oauth, grant: 'implicit' } } },
        'must be one of clientCredentials, refreshToken, deviceCode, password',
      ],
      [{ auth: { oauth: { ...oauth, grant: 'password', user: 'ada' } } }, 'needs a `user` and a `password`'],
      [{ auth: { oauth: { ...oauth, user: 'ada', password: 'geheim' } } }, "which only `grant: 'password'` sends"],
      [{ auth: { oauth: { clientId: 'c', clientSecret: 's' } } }, 'needs an `issuer` or a `tokenEndpoint`'],
      [{ auth: { oauth: { ...oauth, issuer: 'http://login.example.com' } } }, 'has to be https'],
      [{ auth: { oauth: { ...oauth, issuer: 'https://u:geheim@login.example.com' } } }, 'more than host and path'],
      [{ auth: { oauth: { ...oauth, grant: 'clientCredentials' } } }, 'needs a `clientSecret`, a `privateKey` or'],
      [{ auth: { oauth: { ...oauth, grant: 'refreshToken', clientSecret: 's' } } }, 'needs a `refreshToken`'],
      [{ auth: { oauth: { ...oauth, clientSecret: 's', privateKey: 'k' } } }, 'says more than one of'],
      [
        { auth: { oauth: { clientId: 'c', tokenEndpoint: 'https://x.example/t' } } },
        'needs an `issuer` or a `deviceEndpoint`',
      ],
      [{ auth: { bearer: 'x' }, accounts: { a: {} } }, 'says both `auth` and `accounts`'],
      [{ accounts: { a: { scope: [] } } }, 'Unknown key `scope`, did you mean `scopes`?'],
      [{ accounts: { 'a b': {} } }, '`targets.it.accounts'],
    ] as const) {
      configure({ url, ...target });
      const { code, stderr } = await run();
      expect.soft([code, stderr], words).toEqual([2, expect.stringContaining(words)]);
      expect.soft(stderr).not.toContain('geheim');
    }
  });

  test('that comes with the pull request of a stranger sends no secret to a server of its choice', async () => {
    const at = await server();
    const client = { clientId: 'c', clientSecret: { env: 'ROBOT_SECRET' } };
    const stranger = { GITHUB_EVENT_NAME: 'pull_request_target' };
    for (const target of [
      { auth: { oauth: { ...client, issuer: 'https://login.example.com' } } },
      { accounts: { a: { auth: { oauth: { ...client, tokenEndpoint: 'https://login.example.com/token' } } } } },
      { auth: { azure: {} } },
      { hosts: ['login.example.com'], auth: { oauth: { ...client, issuer: at.issuer } } },
    ]) {
      configure({ url: at.api, ...target });
      const { code, stderr } = await run([], stranger);
      expect.soft([code, stderr]).toEqual([2, expect.stringContaining('Under pull_request_target')]);
    }
    configure({ url: at.api, auth: robot(at) });
    expect((await run([], stranger)).code).toBe(0);
  });

  test('whose key cannot be read is told so, and not the key', async () => {
    const at = await server();
    const encrypted = SIGNER.privateKey.export({
      format: 'pem',
      type: 'pkcs8',
      cipher: 'aes-256-cbc',
      passphrase: 'x',
    });
    for (const [key, words] of [
      ['geheimer-schluessel-der-keiner-ist', 'is no PEM'],
      [String(encrypted), 'is encrypted'],
      [SIGNER_PEM.replace(/\n.+\n/, '\ngeheimer-schluessel\n'), 'cannot be read'],
    ] as const) {
      configure({
        url: at.api,
        auth: { oauth: { issuer: at.issuer, clientId: 'signer', privateKey: { env: 'KEY' } } },
      });
      const { code, stderr } = await run([], { KEY: key });
      expect.soft([code, stderr], words).toEqual([2, expect.stringContaining(words)]);
      expect.soft(stderr).not.toContain('geheimer');
    }
  });
});
