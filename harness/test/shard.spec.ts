import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { readFixtures } from '../files/stored.ts';
import { cut, cutStamp } from '../model/shard.ts';
import type { Report } from '../model/report.ts';
import { flowOf } from '../replay/flow/index.ts';
import { groupsOf } from '../replay/flow/groups.ts';
import { startBuilt } from './built.ts';
import { compilePages } from './docs.ts';
import { workspace, type Workspace } from './workspace.ts';

/** One exchange in markdown. */
function exchange(name: string, line: string, status = 200, body = '{ "id": "thing-7f3a9c21", "name": "x" }'): string {
  const fence = (text: string): string => `\`\`\`http\n${text}\n\`\`\`\n`;
  const sent = /^(POST|PATCH)/.test(line) ? `${line}\nContent-Type: application/json\n\n{ "name": "x" }` : line;
  const answer =
    status === 204 ? 'HTTP/1.1 204 No Content' : `HTTP/1.1 ${status} OK\nContent-Type: application/json\n\n${body}`;
  return [
    `<!-- { "blockType": "request", "name": "${name}" } -->`,
    fence(sent),
    `<!-- { "blockType": "response", "name": "${name}" } -->`,
    fence(answer),
  ].join('\n');
}

const PAGES: Readonly<Record<string, string>> = {
  'things.md': `# Things

${exchange('create_thing', 'POST /v1.0/things', 201)}
${exchange('get_thing', 'GET /v1.0/things/thing-7f3a9c21')}
`,
  'more.md': `# More

${exchange('delete_thing', 'DELETE /v1.0/things/thing-7f3a9c21', 204)}
${exchange('get_tag', 'GET /v1.0/tags/{tag}', 200, '{ "id": "1" }')}
<!-- docwright-disable-next header/missing -- never sent -->
${exchange('list_tags', 'GET /v1.0/tags', 200, '{ "id": "1", "name": "t" }')}
`,
  ...Object.fromEntries(
    Array.from({ length: 9 }, (_, at) => [
      `single-${at}.md`,
      `# Single ${at}\n\n${exchange(`single_${at}`, `GET /v1.0/singles/${at}`, 200, '{ "id": "1" }')}`,
    ]),
  ),
};

test.describe('a cut', () => {
  test('is disjoint and complete, keeps groups whole, and is the same for the same groups and weights', () => {
    const groups = fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 40 }).chain((sizes) => {
      const all = Array.from({ length: sizes.reduce((sum, size) => sum + size, 0) }, (_, at) => at);
      return fc.shuffledSubarray(all, { minLength: all.length }).map((order) => {
        let at = 0;
        return sizes.map((size) => order.slice(at, (at += size)).sort((a, b) => a - b));
      });
    });
    fc.assert(
      fc.property(groups, fc.integer({ min: 1, max: 12 }), fc.array(fc.nat(5000)), (parts, total, weights) => {
        const weight = (at: number): number => weights[at] ?? 1;
        const shards = cut(parts, total, weight);
        expect(shards).toHaveLength(total);
        const all = parts.flat().sort((a, b) => a - b);
        expect(shards.flat().sort((a, b) => a - b)).toEqual(all);
        for (const group of parts)
          expect(shards.filter((shard) => shard.includes(group[0]!)).at(0)).toEqual(expect.arrayContaining(group));
        expect(cut(parts, total, weight)).toEqual(shards);
        const ids = all.map((at) => `page#${at}`);
        expect(cutStamp(shards, ids)).toBe(cutStamp(cut(parts, total, weight), ids));
        // No shard is heavier than the mean by more than one group.
        const sums = shards.map((shard) => shard.reduce((sum, at) => sum + weight(at), 0));
        const [whole, most] = [
          sums.reduce((sum, each) => sum + each, 0),
          Math.max(0, ...parts.map((group) => group.reduce((sum, at) => sum + weight(at), 0))),
        ];
        expect(Math.max(...sums)).toBeLessThanOrEqual(whole / total + most);
      }),
    );
  });

  test('leaves exchanges together between which values flow, captures and deletions too, whatever may be asked', async () => {
    const { exchanges } = await compilePages(PAGES);
    const at = (name: string): number => exchanges.findIndex((each) => each.name === name);
    const values = { tag: { from: 'single_3', pointer: '/body/id' } };
    const groups = groupsOf(exchanges, { values });
    const groupOf = (name: string): readonly number[] => groups.find((group) => group.includes(at(name)))!;
    expect(groupOf('create_thing')).toEqual(
      ['create_thing', 'get_thing', 'delete_thing'].map(at).sort((a, b) => a - b),
    );
    expect(groupOf('get_tag')).toEqual([at('get_tag'), at('single_3')].sort((a, b) => a - b));
    expect(groupOf('single_4')).toEqual([at('single_4')]);
    expect(groupsOf(exchanges).find((group) => group.includes(at('get_tag')))).toEqual([at('get_tag')]);
    // A name that a run makes up is one for all who use it.
    const named = await compilePages({
      'a.md': `# A\n\n${exchange('one', 'GET /v1.0/a/{made}')}`,
      'b.md': `# B\n\n${exchange('two', 'GET /v1.0/b/{made}')}`,
      'c.md': `# C\n\n${exchange('three', 'GET /v1.0/c/{given}')}`,
      'd.md': `# D\n\n${exchange('four', 'GET /v1.0/d/{given}')}`,
    });
    expect(groupsOf(named.exchanges, { values: { made: { generate: 'unique' }, given: 'x' } })).toEqual([
      [0, 1],
      [2],
      [3],
    ]);
  });

  test('changes nothing of how values flow: in its group an exchange has the links it has in the whole', async () => {
    const { exchanges } = await readFixtures('fixtures', process.cwd(), () => {});
    const target = { live: true, base: 'http://127.0.0.1' };
    const told = (flow: ReturnType<typeof flowOf>): string[] =>
      flow.links.map(({ from, to, literal, pointer }) => [from.id, to.id, literal, pointer].join(' ')).sort();
    for (const writes of [true, false]) {
      const whole = told(flowOf(exchanges, target, { writes, all: exchanges }));
      const parts = groupsOf(exchanges, { all: exchanges }).flatMap((group) =>
        told(
          flowOf(
            group.map((at) => exchanges[at]!),
            target,
            { writes, all: exchanges },
          ),
        ),
      );
      expect(whole.length).toBeGreaterThan(3);
      // A link into a write that is refused is only told; it ties nobody to anybody.
      expect(parts.sort().filter((link) => !whole.includes(link))).toEqual([]);
    }
  });
});

test.describe('--shard', () => {
  let space: Workspace;
  let server: Server;
  let url: string;
  let lies: Record<string, string>;
  let hangs: string | undefined;
  const asked: string[] = [];

  test.beforeEach(async () => {
    [lies, hangs] = [{}, undefined];
    asked.length = 0;
    space = workspace(Object.fromEntries(Object.entries(PAGES).map(([file, text]) => [`docs/${file}`, text])));
    space.write(
      'docwright.config.json',
      JSON.stringify({ values: { tag: { from: 'single_3', pointer: '/body/id' } } }),
    );
    const made = new Set<string>();
    server = createServer((request, response) => {
      const line = `${request.method} ${request.url}`;
      asked.push(line);
      if (hangs !== undefined && line.includes(hangs)) return void server.emit('hanging');
      const json = (status: number, body: string): void =>
        void response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
      const id = /\/things\/([^/?]+)/.exec(request.url!)?.[1];
      if (request.method === 'POST') {
        const name = `thing-${made.size + 1}-0c4e55aa1b`;
        made.add(name);
        return json(201, `{"id": "${name}", "name": "x"}`);
      }
      if (request.method === 'DELETE') return void response.writeHead(made.delete(id!) ? 204 : 404).end();
      if (id !== undefined) return made.has(id) ? json(200, `{"id": "${id}", "name": "x"}`) : json(404, '{}');
      json(200, lies[request.url!.split('/').at(-1)!] ?? '{"id": "1", "name": "t"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  test.afterEach(() => {
    server.closeAllConnections();
    server.close();
    space.remove();
  });

  /** Without what differs from run to run. */
  const timeless = (report: Report): unknown => ({
    ...report,
    exchanges: report.exchanges.map(({ durationMs: _, ...rest }) => rest),
  });

  for (const command of ['replay', 'run'] as const) {
    test(`${command}: the merged report of 1, 2 and 5 shards is that of one run, but for times`, async () => {
      lies = { 2: '{"id": 1}', 7: '{}', tags: '{"id": 1, "name": "t"}' };
      await space.cli(['compile', '--quiet']);
      expect(
        (
          await space.cli([
            command,
            '--target',
            url,
            '--suppress-rule',
            'property/missing',
            '--reports',
            'before',
            '--reporter',
            'json',
          ])
        ).code,
      ).toBe(1);
      // One suppression is for nothing from now on, and one comment always was, which only those see who read the docs.
      lies = { ...lies, 7: '{"id": "1"}' };
      const whole = await space.cli([command, '--target', url, '--reports', 'whole', '--reporter', 'json']);
      expect(whole.code).toBe(1);
      const rules = space.report('whole').findings.map(({ ruleId }) => ruleId);
      expect(rules).toContain('suppression/stale');
      expect(rules.includes('disable/unused')).toBe(command === 'run');
      const sent = asked.splice(0).length;
      for (const total of [1, 2, 5]) {
        asked.length = 0;
        const folders = Array.from({ length: total }, (_, at) => `s${total}-${at + 1}`);
        const ids: string[] = [];
        for (const [at, folder] of folders.entries()) {
          await space.cli([
            command,
            '--target',
            url,
            '--shard',
            `${at + 1}/${total}`,
            '--reports',
            folder,
            '--reporter',
            'json',
          ]);
          ids.push(...space.report(folder).exchanges.map(({ id }) => id));
        }
        expect(new Set(ids).size).toBe(ids.length);
        expect(asked.length).toBe(sent / 2);
        const merged = await space.cli([
          'report',
          'merge',
          ...folders.toReversed(),
          '--reports',
          `m${total}`,
          '--reporter',
          'json',
        ]);
        expect([merged.code, merged.stderr]).toEqual([1, '']);
        expect(timeless(space.report(`m${total}`))).toEqual(timeless(space.report('whole')));
      }
    });
  }

  test('a shard that was killed is named by the merge, which exits with 1', async () => {
    await space.cli(['compile', '--quiet']);
    const words = (shard: string, folder: string) => [
      'replay',
      '--target',
      url,
      '--shard',
      shard,
      '--reports',
      folder,
      '--reporter',
      'json',
    ];
    expect((await space.cli(words('1/2', 'one'))).code).toBe(0);
    // It has the other half: kept from an answer, then killed.
    hangs = '/v1.0/';
    const hanging = once(server, 'hanging');
    const child = startBuilt(words('2/2', 'two'), space.folder);
    await hanging;
    child.kill('SIGKILL');
    await once(child, 'exit');
    const merged = await space.cli(['report', 'merge', 'one', 'two', '--reports', 'all', '--reporter', 'json']);
    const [mine, all] = [space.report('one').exchanges.length, space.report('one').shard!.exchanges!];
    expect(merged.code).toBe(1);
    expect(merged.stderr.split('\n')).toEqual([
      'docwright: No report `two`',
      'docwright: Missing shard 2 of 2',
      `docwright: In no report: ${all - mine} of ${all} exchanges`,
      '',
    ]);
    expect(space.report('all').exchanges).toHaveLength(mine);
  });

  test('a shard without exchanges is no fault, and durations even out what takes long', async () => {
    await space.cli(['compile', '--quiet']);
    const run = (shard: string, ...words: string[]) =>
      space.cli(['replay', '--shard', shard, '--reports', shard.replace('/', '-'), '--reporter', 'json', ...words]);
    expect((await run('40/40')).code).toBe(0);
    expect(space.report('40-40')).toMatchObject({ shard: { index: 40, total: 40, exchanges: 14 }, exchanges: [] });
    const whole = await run('1/1').then(() => space.report('1-1'));
    const slow = {
      ...whole,
      exchanges: whole.exchanges.map((each) => ({ ...each, durationMs: each.id.endsWith('#single_8') ? 5000 : 1 })),
    };
    space.write('slow/report.json', JSON.stringify(slow));
    await run('1/2', '--durations', 'slow');
    expect(space.report('1-2').exchanges.map(({ id }) => id)).toEqual(['single-8#single_8']);
    await run('2/2');
    const mixed = await space.cli(['report', 'merge', '1-2', '2-2', '--reports', 'all', '--reporter', 'json']);
    expect([mixed.code, mixed.stderr]).toEqual([
      2,
      expect.stringContaining('are of no one run: their shards were cut as'),
    ]);
  });

  test('says what is wrong with its words', async () => {
    for (const [words, message] of [
      [['--shard', '3'], 'Unexpected value `3` of --shard, expected a part of a whole, such as 1/3'],
      [['--shard', '4/3'], 'of 3 parts it is one from 1 to 3'],
      [['--shard', '0/3'], 'of 3 parts it is one from 1 to 3'],
      [['--durations', 'x'], '--durations says how shards are cut; name one with --shard 1/3'],
      [['--shard', '1/2', '--durations', 'nowhere'], 'No report `nowhere`'],
      [
        ['compile', '--shard', '1/2'],
        '`--shard` belongs to `docwright run` and `docwright replay` and `docwright plan`',
      ],
    ] as const) {
      const { code, stderr } = await space.cli(words[0] === 'compile' ? words : ['run', ...words]);
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
  });
});
