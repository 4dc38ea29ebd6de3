import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { conform, type ConformOptions } from '../conform.ts';
import type { Created, LedgerFile } from '../model/ledger.ts';
import { linksOf } from '../replay/flow/links.ts';
import { orderOf } from '../replay/flow/order.ts';
import { planOf } from '../replay/plan.ts';
import { briefExchanges, tenant, type Brief, type Tenant } from './tenant.ts';

const ITEM = 'd4957c9d-869e-4364-830c-d0c95be72738';
const OWNER = '7a3f6e5c-0a5b-4c48-9f0b-1f2f9d1c9a11';

const CREATE: Brief = {
  name: 'create_item',
  is: `POST /v1.0/items {"name":"x"} => 201 {"id":"${ITEM}","name":"x","owner":{"id":"${OWNER}"}}`,
};
const LIST: Brief = { name: 'list_items', is: `GET /v1.0/items => 200 {"value":[{"id":"${ITEM}"}]}` };
const GET: Brief = { name: 'get_item', is: `GET /v1.0/items/${ITEM} => 200 {"id":"${ITEM}"}` };
const PATCH: Brief = { name: 'update_item', is: `PATCH /v1.0/items/${ITEM} {"name":"y"} => 200 {"id":"${ITEM}"}` };
const DELETE: Brief = { name: 'delete_item', is: `DELETE /v1.0/items/${ITEM} => 204` };
const OWNER_PATCH: Brief = {
  name: 'update_user',
  is: `PATCH /v1.0/users/${OWNER} {"name":"y"} => 200 {"id":"${OWNER}"}`,
};

/** Replays and tells `outcome name` of each in the order of the docs, and what is missing. */
async function replayed(briefs: readonly Brief[], service: Tenant, options: Partial<ConformOptions> = {}) {
  const all = await briefExchanges(briefs);
  const told = await conform(all, service.target, {
    all,
    resources: [],
    workers: 4,
    timeout: 1000,
    writes: true,
    forbidBlocked: false,
    ...options,
  });
  const names = new Map(all.map(({ id, name }) => [id, name]));
  const blocked = told.findings.filter(({ ruleId }) => ruleId === 'replay/blocked').map(({ reason }) => reason);
  return {
    ...told,
    outcomes: told.results.map(({ id, outcome }) => `${outcome} ${names.get(id)}`),
    blocked,
    lines: service.asked.map(({ line }) => line),
  };
}

const GUIDS = (): (() => string) => {
  let at = 0;
  return () => `aaaaaaaa-0000-4000-8000-${String(++at).padStart(12, '0')}`;
};

test.describe('links', () => {
  const edges = async (...briefs: Brief[]) =>
    linksOf(await briefExchanges(briefs)).map(
      ({ from, to, pointer, intoWrite }) => `${from.name} ${pointer} ${to.name}${intoWrite ? ` ${intoWrite}` : ''}`,
    );

  test('creators go before readers, whatever the order of the docs', async () => {
    expect(await edges(GET, LIST, CREATE, PATCH, DELETE)).toEqual([
      'create_item /body/id get_item',
      'create_item /body/id update_item created',
      'create_item /body/id delete_item created',
    ]);
    expect(await edges(LIST, GET, PATCH)).toEqual([
      'list_items /body/value/0/id get_item',
      'list_items /body/value/0/id update_item refused',
    ]);
  });

  test('a common word needs the collection before it', async () => {
    const list: Brief = { name: 'list', is: 'GET /v1.0/items => 200 {"value":[{"id":"1"}],"count":1,"lang":"en-US"}' };
    expect(await edges(list, { name: 'get', is: 'GET /items/1 => 200' })).toEqual(['list /body/value/0/id get']);
    expect(await edges(list, { name: 'get', is: "GET /beta/items('1')/parts?x=1 => 200" })).toEqual([
      'list /body/value/0/id get',
    ]);
    expect(await edges(list, { name: 'get', is: 'GET /v1.0/users/1/en-US => 200' })).toEqual([]);
    expect(await edges(list, { name: 'get', is: 'GET /v1.0/other/items/1?lang=en-US => 200' })).toEqual([]);
  });

  test('ids in bodies, queries, keys and whole URLs', async () => {
    const upload: Brief = { name: 'session', is: 'POST /v1.0/up => 200 {"uploadUrl":"https://up.example/s/1?sig=2"}' };
    expect(
      await edges(
        CREATE,
        { name: 'query', is: `GET /v1.0/search?itemId=${ITEM} => 200` },
        { name: 'body', is: `POST /v1.0/copies {"itemId":"${ITEM}","name":"${ITEM}"} => 200` },
        { name: 'bind', is: `POST /v1.0/refs {"@odata.id":"https://api.example.com/v1.0/items/${ITEM}"} => 204` },
        { name: 'key', is: `GET /v1.0/items('${ITEM}') => 200` },
      ),
    ).toEqual([
      'create_item /body/id query',
      'create_item /body/id body created',
      'create_item /body/id bind created',
      'create_item /body/id key',
    ]);
    const isShown = [{ pointer: '/body/uploadUrl', isWhole: true, intoWrite: 'created' }];
    for (const written of ['https://', 'https:\\/\\/', 'https\\u003a//']) {
      const escaped = { ...upload, is: upload.is.replace('https://', written) };
      const all = await briefExchanges([escaped, { name: 'put', is: 'PUT /x => 200' }]);
      const put = { ...all[1]!, request: { ...all[1]!.request, url: 'https://up.example/s/1?sig=2' } };
      expect(linksOf([all[0]!, put]), written).toMatchObject(isShown);
    }
  });

  test('a name that a creation chooses itself comes from nowhere', async () => {
    const choose: Brief = { name: 'create', is: 'POST /zones {"id":"example.org."} => 201 {"id":"example.org."}' };
    const list: Brief = { name: 'list', is: 'GET /zones => 200 [{"id":"example.org."}]' };
    expect(await edges(list, choose, { name: 'delete', is: 'DELETE /zones/example.org. => 204' })).toEqual([
      'create /body/id delete created',
    ]);
  });

  test('nobody waits for himself, at any length: the order is whole and keeps every wait that is not dropped', () => {
    const wait = fc.record({ from: fc.nat(11), to: fc.nat(11) });
    fc.assert(
      fc.property(fc.array(wait, { maxLength: 40 }), (waits) => {
        const { order, dropped } = orderOf(12, waits);
        expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, at) => at));
        for (const one of waits) {
          if (!dropped.includes(one)) expect(order.indexOf(one.from)).toBeLessThan(order.indexOf(one.to));
        }
        if (waits.every(({ from, to }) => from < to)) expect(order).toEqual(order.toSorted((a, b) => a - b));
        if (waits.every(({ from, to }) => from < to)) expect(dropped).toEqual([]);
      }),
    );
  });
});

test.describe('against a tenant', () => {
  test('a chain runs on the ids that the service gives, and cleans up after itself', async () => {
    const service = tenant({ things: { [`/v1.0/items/${ITEM}`]: {} }, ids: GUIDS() });
    const { outcomes, lines } = await replayed([DELETE, GET, LIST, PATCH, CREATE], service);
    expect(outcomes).toEqual([
      'conforms delete_item',
      'conforms get_item',
      'conforms list_items',
      'conforms update_item',
      'differs create_item',
    ]);
    expect(lines).toEqual([
      'GET /v1.0/items',
      'POST /v1.0/items',
      'GET /v1.0/items/aaaaaaaa-0000-4000-8000-000000000001',
      'PATCH /v1.0/items/aaaaaaaa-0000-4000-8000-000000000001',
      'DELETE /v1.0/items/aaaaaaaa-0000-4000-8000-000000000001',
    ]);
    expect(service.there()).toEqual([`/v1.0/items/${ITEM}`]);
  });

  test('results and findings stand in the order of the docs, whatever the order of sending', async () => {
    const { results, findings } = await replayed([DELETE, GET, CREATE], tenant({ first: () => ({ status: 500 }) }));
    expect(results.map(({ line }) => line)).toEqual(results.map(({ line }) => line).toSorted((a, b) => a - b));
    expect(findings.map(({ line }) => line)).toEqual(findings.map(({ line }) => line).toSorted((a, b) => a - b));
  });

  test('what nobody created is not written to, and the words say why', async () => {
    const service = tenant({ things: { [`/v1.0/items/${ITEM}`]: {}, [`/v1.0/users/${OWNER}`]: {} } });
    const { outcomes, blocked } = await replayed([LIST, PATCH, DELETE, OWNER_PATCH], service);
    expect(outcomes).toEqual([
      'conforms list_items',
      'blocked update_item',
      'blocked delete_item',
      'blocked update_user',
    ]);
    expect(blocked[0]).toContain(
      'value /body/value/0/id of list_items (read from the target, not created by this run; name the edge under links.intoWrites to allow it)',
    );
    expect(blocked[2]).toContain(`value ${OWNER} (a write to this target does not send the documented`);
    expect(service.touched([ITEM, OWNER])).toEqual([]);
  });

  test('ids that lie deeper in a creation are not its own', async () => {
    const shows = () => ({ owner: { id: OWNER } });
    const service = tenant({ things: { [`/v1.0/users/${OWNER}`]: {} }, shows, ids: GUIDS() });
    const { outcomes } = await replayed([CREATE, OWNER_PATCH, DELETE], service);
    expect(outcomes).toEqual(['conforms create_item', 'blocked update_user', 'conforms delete_item']);
    expect(service.touched([OWNER])).toEqual([]);
  });

  test('a short id is that of the created thing in its own collection alone', async () => {
    // The docs show one id for two kinds of things; the service numbers each kind.
    const other: Brief = { name: 'update_user', is: `PATCH /v1.0/users/${ITEM} {"name":"y"} => 200 {"id":"${ITEM}"}` };
    const service = tenant({ things: { '/v1.0/users/100': {} } });
    const { outcomes } = await replayed([CREATE, PATCH, other], service);
    expect(outcomes.slice(1)).toEqual(['conforms update_item', 'blocked update_user']);
    expect(service.touched(['100']).every((line) => line.includes('/items/100'))).toBe(true);
  });

  test('a creation that echoes what was sent does not make that its own elsewhere', async () => {
    const join: Brief = { name: 'add_member', is: `POST /v1.0/members {"userId":"${OWNER}"} => 201 {"id":"${OWNER}"}` };
    const service = tenant({
      things: { [`/v1.0/users/${OWNER}`]: {} },
      first: ({ method }) => (method === 'POST' ? { status: 201, value: { id: OWNER } } : undefined),
    });
    const { outcomes } = await replayed([join, OWNER_PATCH], service, { values: { userId: OWNER } });
    expect(outcomes[1]).toBe('blocked update_user');
  });

  test('an id that would lead elsewhere is none', async () => {
    for (const id of ['..', '.', '']) {
      const service = tenant({
        first: ({ method }) => (method === 'POST' ? { status: 201, value: { id } } : undefined),
      });
      const { lines } = await replayed([CREATE, DELETE], service);
      expect(lines, id).toEqual(['POST /v1.0/items']);
    }
  });

  test('an id that is read goes into reads, and into a write where the config names the edge', async () => {
    const real = 'bbbbbbbb-0000-4000-8000-000000000001';
    const things = { [`/v1.0/items/${real}`]: {} };
    const reading = await replayed([LIST, GET], tenant({ things }));
    expect(reading.lines).toEqual(['GET /v1.0/items', `GET /v1.0/items/${real}`]);
    const service = tenant({ things });
    const links = { intoWrites: [{ from: 'list_items', to: 'update_item' }] };
    const { outcomes, lines } = await replayed([LIST, PATCH, DELETE], service, { links });
    expect(outcomes).toEqual(['conforms list_items', 'conforms update_item', 'blocked delete_item']);
    expect(lines).toEqual(['GET /v1.0/items', `PATCH /v1.0/items/${real}`]);
  });

  test('links can be switched off, one or all', async () => {
    const service = tenant({ ids: GUIDS() });
    await replayed([CREATE, LIST, GET], service, {
      links: { off: [{ from: 'create_item', to: 'get_item' }] },
      cleanup: false,
    });
    expect(service.asked.at(-1)!.line).toBe('GET /v1.0/items/aaaaaaaa-0000-4000-8000-000000000001');
    const off = tenant({ ids: GUIDS() });
    await replayed([CREATE, GET, PATCH], off, { links: false, cleanup: false });
    expect(off.asked.map(({ line }) => line)).toEqual(['POST /v1.0/items', `GET /v1.0/items/${ITEM}`]);
  });

  test('who waits for nothing that comes is blocked by name', async () => {
    const failing = tenant({ first: ({ method }) => (method === 'POST' ? { status: 500 } : undefined) });
    const { outcomes, blocked } = await replayed([CREATE, GET, DELETE], failing);
    expect(outcomes).toEqual(['differs create_item', 'blocked get_item', 'blocked delete_item']);
    expect(blocked[0]).toBe('Missing value /body/id of create_item, expected before this request can be sent');
  });

  test('a 200 to a creation creates nothing that may be changed', async () => {
    const service = tenant({
      things: { [`/v1.0/items/7`]: {} },
      first: ({ method }) => (method === 'POST' ? { status: 409, value: { id: '7' } } : undefined),
    });
    const { lines } = await replayed([CREATE, PATCH, DELETE], service);
    expect(lines).toEqual(['POST /v1.0/items']);
  });

  test('without leave to write, reads take what readers bring', async () => {
    const real = 'bbbbbbbb-0000-4000-8000-000000000001';
    const service = tenant({ things: { [`/v1.0/items/${real}`]: {} } });
    const { outcomes, lines } = await replayed([CREATE, LIST, GET, DELETE], service, { writes: false });
    expect(lines).toEqual(['GET /v1.0/items', `GET /v1.0/items/${real}`]);
    expect(outcomes).toEqual([
      'blocked create_item',
      'conforms list_items',
      'conforms get_item',
      'blocked delete_item',
    ]);
  });

  test('on this machine documented ids are sent as they are', async () => {
    const service = tenant({ base: 'http://127.0.0.1:1', things: { [`/v1.0/items/${ITEM}`]: {} } });
    const { outcomes } = await replayed([LIST, GET, PATCH, DELETE], service);
    expect(outcomes).toEqual([
      'conforms list_items',
      'conforms get_item',
      'conforms update_item',
      'conforms delete_item',
    ]);
  });
});

test.describe('values', () => {
  const ZONE: Brief = { name: 'create_zone', is: 'POST /zones {"name":"{zone}"} => 201 {"id":"1","name":"x"}' };
  const DROP: Brief = { name: 'drop_zone', is: 'DELETE /zones/{zone_id} => 204' };

  test('are generated once a run, captured, or come from the environment', async () => {
    const service = tenant();
    const values = {
      zone: { generate: 'unique', suffix: '.example.' },
      zone_id: { from: 'create_zone', pointer: '/body/id' },
      who: { env: 'WHO' },
      when: { generate: 'Date' },
    };
    const more: Brief = { name: 'read', is: 'GET /zones/{zone_id}?who={who}&when={when} => 200' };
    const { outcomes, lines } = await replayed([DROP, more, ZONE], service, { values, environment: { WHO: 'me' } });
    expect(outcomes).toEqual(
      ['conforms drop_zone', 'conforms read', 'conforms create_zone']
        .with(1, 'differs read')
        .map((text, at) => (at === 1 ? outcomes[1]! : text)),
    );
    expect(lines).toEqual(
      ['POST /zones', 'GET /zones/100', 'DELETE /zones/100'].toSorted((a, b) => lines.indexOf(a) - lines.indexOf(b)),
    );
    expect(lines[0]).toBe('POST /zones');
    expect(service.asked[0]!.body).toMatch(/^\{"name":"docwright-[a-z2-7]{9}\d\.example\."\}$/);
    const { blocked } = await replayed([more], tenant(), { values });
    expect(blocked[0]).toBe(
      'Missing value {zone_id}: /body/id of create_zone (no such exchange in this run), value {who} (variable WHO of the environment is not set), expected before this request can be sent',
    );
  });

  test('a capture brings into a write only what was created there', async () => {
    const list: Brief = { name: 'list', is: 'GET /zones => 200 [{"id":"7"}]' };
    const read = { zone_id: { from: 'list', pointer: '/body/value/0/id' } };
    const things = { '/zones/7': {}, '/users/100': {} };
    const service = tenant({ things });
    expect((await replayed([list, DROP], service, { values: read })).outcomes[1]).toBe('blocked drop_zone');
    expect(service.touched(['7'])).toEqual([]);
    const other: Brief = { name: 'drop_user', is: 'DELETE /users/{zone_id} => 204' };
    const created = { zone: 'x', zone_id: { from: 'create_zone', pointer: '/body/id' } };
    const strict = tenant({ things });
    expect((await replayed([ZONE, other], strict, { values: created })).outcomes[1]).toBe('blocked drop_user');
    expect(strict.there()).toContain('/users/100');
    const allowed = tenant({ things });
    const named = { zone_id: { ...read.zone_id, intoWrites: true } };
    expect((await replayed([list, DROP], allowed, { values: named })).outcomes[1]).toBe('conforms drop_zone');
    expect(allowed.there()).toEqual(['/users/100']);
  });

  test('sample keys and parameters of a template take what the config gives', async () => {
    const sample: Brief = { name: 'sample', is: 'PATCH /v1.0/items/abc {"ref":"abc"} => 200', sampleKeys: ['abc'] };
    const form: Brief = { name: 'form', is: 'PATCH /v1.0/parts/def => 200', template: '/parts/{part-id}' };
    const free = tenant();
    expect((await replayed([sample, form], free)).outcomes).toEqual(['blocked sample', 'blocked form']);
    expect(free.asked).toEqual([]);
    const service = tenant();
    await replayed([sample, form], service, { values: { abc: 'mine', 'part-id': 'own' } });
    expect(service.asked).toEqual([
      { line: 'PATCH /v1.0/items/mine', body: '{"ref":"mine"}' },
      { line: 'PATCH /v1.0/parts/own', body: '' },
    ]);
  });
});

test.describe('clean-up', () => {
  const ledger = () => {
    const states: string[] = [];
    const last = new Map<number, Created>();
    const file: LedgerFile = {
      append(line) {
        if (line.kind !== 'created') return;
        states.push(line.created.state);
        last.set(line.number, line.created);
      },
    };
    return { file, states, last };
  };

  test('deletes what no documented exchange deleted, the last first, and writes down each step', async () => {
    const part: Brief = { name: 'create_part', is: `POST /v1.0/items/${ITEM}/parts {"name":"p"} => 201 {"id":"9"}` };
    const dropPart: Brief = { name: 'delete_part', is: 'DELETE /v1.0/items/{id}/parts/{part} => 204' };
    const service = tenant();
    const { file, states } = ledger();
    const { cleanedUp, lines, findings } = await replayed(
      [CREATE, part, dropPart, { ...DELETE, is: 'DELETE /v1.0/items/{id} => 204' }],
      service,
      { ledger: file },
    );
    expect(cleanedUp).toEqual({ deleted: 2, left: [], asked: [] });
    expect(lines).toEqual([
      'POST /v1.0/items',
      'POST /v1.0/items/100/parts',
      'DELETE /v1.0/items/100/parts/101',
      'DELETE /v1.0/items/100',
    ]);
    expect(states).toEqual(['asked', 'there', 'asked', 'there', 'deleted', 'deleted']);
    expect(findings.filter(({ ruleId }) => ruleId === 'replay/left-behind')).toEqual([]);
    expect(service.there()).toEqual([]);
  });

  test('what no documented DELETE reaches, or refuses, is a note at the request that created it', async () => {
    const service = tenant();
    const { findings, cleanedUp } = await replayed([CREATE], service);
    expect(findings.at(-1)).toMatchObject({
      ruleId: 'replay/left-behind',
      severity: 'note',
      line: 7,
      reason:
        'Unexpected thing left at `https://tenant.example/v1.0/items/100`, expected it gone after the run: no documented DELETE reaches it',
    });
    expect(cleanedUp!.left).toHaveLength(1);
    const stubborn = tenant({ first: ({ method }) => (method === 'DELETE' ? { status: 403 } : undefined) });
    const refused = await replayed([CREATE, DELETE], stubborn);
    expect(refused.findings.at(-1)!.reason).toContain('DELETE was answered with 403');
  });

  test('an operation that a Location leads to is not taken for the thing', async () => {
    const service = tenant({
      things: { '/v1.0/items/7': {} },
      first: ({ method }) =>
        method === 'POST'
          ? { status: 201, headers: [['Location', 'https://tenant.example/v1.0/operations/7']] }
          : undefined,
    });
    await replayed([CREATE, PATCH, DELETE], service);
    expect(service.there()).toEqual(['/v1.0/items/7']);
    expect(service.touched(['7'])).toEqual([]);
  });

  test('can be switched off', async () => {
    const service = tenant();
    const { lines } = await replayed([CREATE, DELETE], service, { cleanup: false, links: false });
    expect(lines).toEqual(['POST /v1.0/items']);
  });

  test('comes after an interruption too, and lets a creation end first', async () => {
    const stop = new AbortController();
    const service = tenant();
    const slow: Tenant = {
      ...service,
      target: {
        ...service.target,
        async send(request, signal) {
          if (request.method === 'POST') {
            stop.abort('SIGINT');
            await new Promise((resolve) => setTimeout(resolve, 50));
          }
          return service.target.send(request, signal);
        },
      },
    };
    const { outcomes, lines } = await replayed(
      [CREATE, GET, { ...DELETE, is: 'DELETE /v1.0/items/{id} => 204' }],
      slow,
      { signal: stop.signal, workers: 1 },
    );
    expect(outcomes.slice(1)).toEqual(['skipped get_item', 'skipped delete_item']);
    expect(lines).toEqual(['POST /v1.0/items', 'DELETE /v1.0/items/100']);
    expect(service.there()).toEqual([]);
  });
});

test.describe('property', () => {
  const OLD = Array.from({ length: 4 }, (_, at) => `cccccccc-1111-4111-8111-00000000000${at}`);
  const WORDS = ['items', 'users', 'groups'];
  const id = fc.constantFrom(...OLD, '7', '8');
  const collection = fc.constantFrom(...WORDS);
  const brief = fc.oneof(
    fc
      .tuple(collection, id, id)
      .map(
        ([of, own, other]) =>
          `POST /v1.0/${of} {"name":"n","ownerId":"${other}"} => 201 {"id":"${own}","owner":{"id":"${other}"}}`,
      ),
    fc.tuple(collection, id).map(([of, own]) => `POST /v1.0/${of} {"id":"${own}"} => 201 {"id":"${own}"}`),
    fc
      .tuple(collection, id, id)
      .map(([of, one, two]) => `GET /v1.0/${of} => 200 {"value":[{"id":"${one}","ownerId":"${two}"}]}`),
    fc
      .tuple(collection, id, id)
      .map(([of, one, two]) => `GET /v1.0/${of}/${one} => 200 {"id":"${one}","managerId":"${two}"}`),
    fc
      .tuple(fc.constantFrom('PATCH', 'DELETE', 'PUT'), collection, id)
      .map(([method, of, one]) => `${method} /v1.0/${of}/${one} => 204`),
    fc
      .tuple(collection, id, collection, id)
      .map(
        ([of, one, into, two]) =>
          `POST /v1.0/${of}/${one}/${into} {"${into}Id":"${two}","@odata.id":"https://api.example.com/v1.0/${into}/${two}"} => 201 {"id":"${two}"}`,
      ),
    fc.tuple(collection, id).map(([of, one]) => `POST /v1.0/${of}('${one}')/send => 202`),
    fc.tuple(collection, id).map(([of, one]) => `POST /v1.0/find?${of}Id=${one} => 200 {"id":"${one}"}`),
  );

  test('no id that was there before the run is ever in a write', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(brief, { minLength: 1, maxLength: 12 }), fc.boolean(), async (docs, numbers) => {
        // New numbers are new among items alone: users and groups have had them for long.
        const known = (word: string) => [...OLD, '7', '8', ...(word === 'items' ? [] : ['102', '103', '104'])];
        const shown = { ownerId: OLD[0], managerId: '7' };
        const things = Object.fromEntries(
          WORDS.flatMap((word) => known(word).map((one) => [`/v1.0/${word}/${one}`, shown])),
        );
        const before = Object.keys(things);
        const own = tenant({ things, ids: numbers ? cycle() : GUIDS(), shows: () => ({ owner: { id: OLD[2] } }) });
        const briefs = docs.map((is, at): Brief => ({ name: `e${at}`, is }));
        await replayed(briefs, own);
        const chosen = (one: string) => docs.some((is) => is.includes(` {"id":"${one}"} => 201`));
        expect(own.touched([...OLD, '7', '8'].filter((one) => !chosen(one)))).toEqual([]);
        const writes = own.asked.filter(({ line }) => /^(PATCH|DELETE|PUT) /.test(line));
        for (const { line } of writes) expect(before).not.toContain(line.split(' ')[1]);
        expect(before.filter((path) => !own.there().includes(path))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  /** Each collection counts for itself, from 102 on. */
  function cycle(): () => string {
    let next = 0;
    return () => `${102 + (next++ % 40)}`;
  }
});

test('a plan is what a replay does, and sends nothing', async () => {
  const all = await briefExchanges([DELETE, GET, LIST, PATCH, CREATE, OWNER_PATCH]);
  const { target } = tenant();
  const plan = planOf(all, target, { writes: true, values: { who: { env: 'X' } } });
  expect(
    plan.requests.map(({ exchange, request, after }) => [exchange.name, request?.url, after.map(({ name }) => name)]),
  ).toEqual([
    ['list_items', 'https://tenant.example/v1.0/items', []],
    ['create_item', 'https://tenant.example/v1.0/items', []],
    ['get_item', 'https://tenant.example/v1.0/items/{/body/id of create_item}', ['create_item']],
    ['update_item', 'https://tenant.example/v1.0/items/{/body/id of create_item}', ['create_item']],
    [
      'delete_item',
      'https://tenant.example/v1.0/items/{/body/id of create_item}',
      ['create_item', 'get_item', 'update_item'],
    ],
    ['update_user', undefined, []],
  ]);
  const reading = planOf(all, target, { writes: false });
  expect(reading.requests.filter(({ request }) => request).map(({ exchange }) => exchange.name)).toEqual([
    'list_items',
    'get_item',
  ]);
});
