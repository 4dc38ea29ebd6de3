import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { runBuilt, startBuilt } from './built.ts';
import { page, workspace, type Workspace } from './workspace.ts';

let space: Workspace;
test.beforeEach(() => {
  space = workspace({ 'docs/a.md': page('A') });
});
test.afterEach(() => space.remove());

test('the program gives its exit codes to the shell, and reads its environment', async () => {
  expect(await runBuilt([], space.folder)).toMatchObject({ code: 0, stdout: '' });
  expect(await runBuilt(['--nonsense'], space.folder)).toMatchObject({ code: 2 });
  const hot = await runBuilt(['replay'], space.folder, { DOCWRIGHT_TARGET: 'http://127.0.0.1:1', NO_COLOR: '1' });
  expect(hot).toMatchObject({ code: 1, stderr: expect.stringContaining('replay/unanswered') });
});

test('a long report comes whole through a pipe', async () => {
  space.write(
    'docs/a.md',
    Array.from({ length: 400 }, (_, n) => page(`P${n}`, { name: `n${n}`, url: `/v1.0/${n}` })).join('\n'),
  );
  const { code, stdout } = await runBuilt(['--reporter', 'json=-'], space.folder);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ summary: { exchanges: 400, conforming: 400 } });
});

test('a TypeScript config is read by the built program', async () => {
  space.write('docwright.config.ts', 'const docs: string = "docs"; export default { docs, fixtures: "kept" };');
  expect(await runBuilt(['compile'], space.folder)).toMatchObject({ code: 0 });
  expect(existsSync(path.join(space.folder, 'kept/a.json'))).toBe(true);
});

test('a run that waits for what never comes is no success', async () => {
  space.write('docwright.config.mjs', 'await new Promise(() => {});\nexport default {};\n');
  expect(await runBuilt(['check'], space.folder)).toEqual({
    code: 2,
    stdout: '',
    stderr: 'docwright: Internal error: the run came to no end\n',
  });
});

for (const [signal, expected] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} ends a run with ${expected}, and the report says how far it came`, async () => {
    const hanging = createServer(() => {});
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}`;
    try {
      const child = startBuilt(['--target', url], space.folder);
      await once(hanging, 'request');
      child.kill(signal);
      expect(await once(child, 'exit')).toEqual([expected, null]);
      expect(space.report().summary).toMatchObject({ exchanges: 1, conforming: 0 });
    } finally {
      hanging.closeAllConnections();
      hanging.close();
    }
  });
}

test('mock serves what the docs promise until it is told to stop', async () => {
  const child = startBuilt(['mock', '--docs', 'docs'], space.folder);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const answer = await fetch(`${String(line).trim()}/v1.0/things/1`);
  expect([answer.status, await answer.json()]).toEqual([200, { id: '1' }]);
  expect((await runBuilt(['mock', '--docs', 'docs', '--port', new URL(String(line)).port], space.folder)).code).toBe(2);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([143, null]);
});
