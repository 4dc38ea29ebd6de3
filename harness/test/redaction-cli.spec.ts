import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { runBuilt } from './built.ts';
import { ENCODINGS } from './encodings.ts';
import { unpackPage } from './report-page.ts';
import { workspace, type Workspace } from './workspace.ts';

/** Secrets as people and machines make them, that can travel in a header. */
const SECRETS = fc.sample(
  fc.oneof(
    fc.stringMatching(/^[A-Za-z0-9_-]{16,40}$/),
    fc.stringMatching(/^[!-~]{10,30}$/),
    fc.stringMatching(/^[a-z"&<>/+%'\\]{6,12}[!-~]{6,20}$/),
  ),
  { numRuns: 6, seed: 5 },
);

const ENCODED = Object.entries(ENCODINGS);

/** Ways to answer that tell the secret, by path. */
const ANSWERS: Readonly<Record<string, (secret: string, response: ServerResponse) => void>> = {
  ...Object.fromEntries(
    ENCODED.flatMap(([name, encode], index) => [
      [
        `/json/${index}`,
        (secret: string, response: ServerResponse) => {
          const written = encode(secret);
          const body = { id: written, [written]: [`${name} ${written}`], long: `${'x'.repeat(70)}${written}` };
          response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
        },
      ],
      [
        `/text/${index}`,
        (secret: string, response: ServerResponse) => {
          const written = encode(secret);
          response.writeHead(418, `no ${Buffer.from(secret).toString('base64url')}`, {
            [`X-${Buffer.from(secret).toString('base64url')}`]: encodeURIComponent(written),
            [`X-${Buffer.from(secret).toString('hex')}`]: 'in hexadecimal',
            'X-Echo': Buffer.from(written)
              .toString('latin1')
              .replace(/[^\x20-\x7e\x80-\xff]/g, '?'),
            'Set-Cookie': `sid=${encodeURIComponent(written)}; Path=/`,
            'Content-Type': 'text/plain',
          });
          response.end(`before ${written} after`);
        },
      ],
    ]),
  ),
  '/number': (_, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"id": 12345678}'),
  '/broken': (secret, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(`{"id": "${secret}, nothing closes this`);
  },
  '/bytes': (secret, response) => {
    const bytes = [Buffer.from([0xff, 0xfe]), Buffer.from(secret), Buffer.from([0xff])];
    response.writeHead(200, { 'Content-Type': 'application/octet-stream' }).end(Buffer.concat(bytes));
  },
  '/no-http': (secret, response) => void response.socket!.end(`${secret} ${secret}\r\n${secret}\r\n\r\n`),
  '/bad-header': (secret, response) => void response.socket!.end(`HTTP/1.1 200 ${secret}\r\n${secret}\x01 x\r\n\r\n`),
  '/location': (secret, response) => {
    response.writeHead(302, { Location: `https://elsewhere.example.com/?t=${encodeURIComponent(secret)}` }).end();
  },
  '/error': (secret, response) => {
    const error = { code: secret, message: `Bearer ${secret} is not known`, innerError: { token: secret } };
    response.writeHead(401, { 'Content-Type': 'application/json' }).end(JSON.stringify({ error }));
  },
};

/** A page with an exchange for each of them; every second one a write. */
function page(): string {
  const exchanges = Object.keys(ANSWERS).map((url, index) => {
    const name = `n${index}`;
    return `<!-- { "blockType": "request", "name": "${name}" } -->
\`\`\`http
${index % 2 === 0 ? 'GET' : 'POST'} https://api.example.com${url}?tenant={tenant}
\`\`\`

<!-- { "blockType": "response" } -->
\`\`\`http
HTTP/1.1 200 OK
Content-Type: application/json

{ "id": "1", "expected": true }
\`\`\`
`;
  });
  return `# Echo\n\n${exchanges.join('\n')}`;
}

/** A service that tells whatever it is sent in `Authorization`. */
async function echoing(use: (url: string) => Promise<void>): Promise<void> {
  const server = createServer((request: IncomingMessage, response) => {
    const secret = request.headers.authorization!.replace('Bearer ', '');
    ANSWERS[new URL(request.url!, 'http://x').pathname]!(secret, response);
  });
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const OURS = new Set(['docs', 'docwright.config.mjs']);

/** Every file that the runs wrote, as bytes. */
function written(space: Workspace): [name: string, content: Buffer][] {
  return readdirSync(space.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(space.folder, path.join(entry.parentPath, entry.name)))
    .filter((name) => !OURS.has(name.split(path.sep)[0]!))
    .map((name) => [name, readFileSync(path.join(space.folder, name))]);
}

/** The encodings in which a secret is told, by where; of base64 what depends on the secret alone. */
function leaks(secret: string, told: readonly (readonly [name: string, content: Buffer])[]): string[] {
  const forms = ENCODED.map(([name, encode]) => [name, encode(secret)] as const);
  const aligned = [0, 1, 2].map((ahead) => {
    const whole = Buffer.from('x'.repeat(ahead) + secret).toString('base64');
    return [`in base64 behind ${ahead}`, whole.slice(Math.ceil((ahead * 8) / 6), -4)] as const;
  });
  return told.flatMap(([file, content]) =>
    [...forms, ...aligned].filter(([, form]) => content.includes(form)).map(([name]) => `${file}: ${name}`),
  );
}

const config = (url: string, more = ''): string => `export default {
  target: 'live', timeout: 3000,
  targets: { live: { url: '${url}', auth: { bearer: { env: 'DOC_TOKEN' } }, values: { tenant: { env: 'TENANT' } } } },
};\n${more}`;

for (const [index, secret] of SECRETS.entries()) {
  test(`secret ${index} stands in nothing that a run writes or says, however it is echoed`, async () => {
    test.setTimeout(120_000);
    const space = workspace({ 'docs/echo.md': page() });
    try {
      await echoing(async (url) => {
        space.write('docwright.config.mjs', config(url));
        const environment = { DOC_TOKEN: secret, TENANT: `t-${secret}` };
        const words = ['--reporter', 'list,json,junit,html', '--verbose', '--retries', '1'];
        const run = await runBuilt(words, space.folder, environment);
        expect(run.code, run.stderr).toBe(1);
        const report = space.report();
        expect(report.summary.exchanges).toBe(Object.keys(ANSWERS).length);
        expect(report.summary.differing).toBeGreaterThan(ENCODED.length);
        expect(JSON.stringify(report)).toContain('[redacted: ');
        const piped = await runBuilt(['replay', '--reporter', 'json=-'], space.folder, environment);
        expect(() => void JSON.parse(piped.stdout)).not.toThrow();
        const others = [];
        for (const words of [['plan'], ['plan', '--json'], ['print', '--json'], ['compile'], ['cleanup', '--json']]) {
          others.push(await runBuilt(words, space.folder, environment));
        }
        const said = [run, piped, ...others].flatMap(({ stdout, stderr }, at): [string, Buffer][] => [
          [`stdout ${at}`, Buffer.from(stdout)],
          [`stderr ${at}`, Buffer.from(stderr)],
        ]);
        expect(written(space).length).toBeGreaterThan(4);
        // Packed, it would pass unseen.
        const packed = Buffer.from(JSON.stringify(unpackPage(space.read('reports/index.html'))));
        expect(leaks(secret, [...written(space), ...said, ['index.html, unpacked', packed]])).toEqual([]);
      });
    } finally {
      space.remove();
    }
  });
}

test.describe('a crash', () => {
  const secret = 'Zq7/+kE9-w0rd-of-honour';
  for (const [name, code, more] of [
    [
      'while requests are under way',
      2,
      `setTimeout(() => { throw new Error('at ' + process.env.DOC_TOKEN, { cause: new Error(process.env.DOC_TOKEN) }); }, 400);`,
    ],
    [
      'of what nobody waited for',
      2,
      `setTimeout(() => Promise.reject(new Error('at ' + encodeURIComponent(process.env.DOC_TOKEN))), 400);`,
    ],
    ['of something that is no error', 2, `setTimeout(() => { throw 'at ' + process.env.DOC_TOKEN; }, 400);`],
    [
      'of the config, before any secret is known',
      2,
      `throw new Error('at ' + process.env.DOC_TOKEN, { cause: process.env.DOC_TOKEN });`,
    ],
    [
      'inside a run',
      2,
      `const parse = URL.canParse; setTimeout(() => { Promise.race = () => { throw new Error('at ' + process.env.DOC_TOKEN, { cause: new Error(process.env.DOC_TOKEN) }); }; URL.canParse = Promise.race; }, 1);`,
    ],
  ] as const) {
    test(`${name} tells no secret`, async () => {
      const space = workspace({ 'docs/echo.md': page() });
      const hanging = createServer(() => undefined);
      await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
      try {
        const url = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`;
        space.write('docwright.config.mjs', config(url, more));
        const run = await runBuilt(['--verbose'], space.folder, { DOC_TOKEN: secret, TENANT: 'tenant-id-1' });
        expect(run.code, run.stderr).toBe(code);
        expect(run.stderr).toContain('[redacted: ');
        const said = [
          ['stdout', Buffer.from(run.stdout)],
          ['stderr', Buffer.from(run.stderr)],
        ] as const;
        expect(leaks(secret, [...written(space), ...said])).toEqual([]);
      } finally {
        hanging.closeAllConnections();
        hanging.close();
        space.remove();
      }
    });
  }
});

test('a secret that is short is told of, and reports stay whole', async () => {
  const space = workspace({ 'docs/echo.md': page() });
  try {
    await echoing(async (url) => {
      space.write('docwright.config.mjs', config(url));
      const run = await runBuilt(['replay', '--docs', 'docs'], space.folder, { DOC_TOKEN: 'line', TENANT: 'ab' });
      expect(run.stderr).toContain('The secret `bearer token` is shorter than 8 characters');
      expect(space.report().exchanges[0]).toMatchObject({ line: expect.any(Number) });
    });
  } finally {
    space.remove();
  }
});
