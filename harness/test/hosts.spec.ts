import { createServer } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { isForbiddenAddress, isForbiddenHost } from '../replay/addresses.ts';
import { isLoopback } from '../replay/gate.ts';
import { hostGate, originsOf } from '../replay/hosts.ts';
import { httpTarget } from '../replay/http.ts';

const hostname = (url: string): string => new URL(url).hostname;

test.describe('addresses that nothing is sent to', () => {
  const SPELLINGS = [
    '169.254.169.254',
    '169.254.169.254.',
    '2852039166',
    '0xa9fea9fe',
    '0xA9.0xFE.0xA9.0xFE',
    '0251.0376.0251.0376',
    '169.254.43518',
    '169.16689662',
    '%31%36%39.254.169.254',
    '１６９.２５４.１６９.２５４',
    '169。254。169。254',
    '[::ffff:169.254.169.254]',
    '[::ffff:a9fe:a9fe]',
    '[0:0:0:0:0:ffff:a9fe:a9fe]',
    '[::169.254.169.254]',
    '[::ffff:0:169.254.169.254]',
    '[64:ff9b::169.254.169.254]',
    '[64:ff9b:1::a9fe:a9fe]',
    '[2002:a9fe:a9fe::1]',
    '[2001:0:1:2:3:4:5601:5601]',
    '[fe80::5efe:169.254.169.254]',
    '[2001:db8::5efe:a9fe:a9fe]',
    '[fe80::1]',
    '[febf::1]',
    '[FE80::A]',
    '[::]',
    '[::ffff:0.0.0.0]',
    '0',
    '0.0.0.0',
    '0.1.2.3',
    '[fd00:ec2::254]',
    '[fd20:ce::254]',
    '168.63.129.16',
    '100.100.100.200',
    '192.0.0.192',
    'metadata.google.internal',
    'METADATA.google.internal.',
    'metadata.goog',
    'ｍetadata.google.internal',
  ];

  test('in every spelling', () => {
    for (const spelling of SPELLINGS) {
      expect.soft(isForbiddenHost(hostname(`http://${spelling}:8080/x`)), spelling).toBe(true);
      expect.soft(() => httpTarget({ base: `http://${spelling}/` }), spelling).toThrow('are never contacted');
    }
  });

  test('and no others', () => {
    const others = [
      'localhost',
      '127.0.0.1',
      '[::1]',
      '10.0.0.1',
      '192.168.1.1',
      '[fd00::1]',
      '[::ffff:127.0.0.1]',
      '[64:ff9b::10.0.0.1]',
      '[2001:db8::1]',
      '169.253.1.1',
      'example.com',
      'metadata.example.com',
    ];
    for (const host of others) expect.soft(isForbiddenHost(hostname(`http://${host}/`)), host).toBe(false);
  });

  test('an IPv4 address is judged alike in all that can hold it', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a, b, c, d] = address.split('.').map(Number) as [number, number, number, number];
        const hex = (high: number, low: number): string => ((high << 8) | low).toString(16);
        const groups = `${hex(a, b)}:${hex(c, d)}`;
        // `::1` is loopback, and `::` unspecified.
        fc.pre(a + b + c > 0);
        const judged = [
          `::ffff:${groups}`,
          `::${groups}`,
          `64:ff9b::${groups}`,
          `2002:${groups}::`,
          `2001:db8::5efe:${groups}`,
        ].map(isForbiddenAddress);
        expect(new Set(judged)).toEqual(new Set([isForbiddenAddress(address)]));
      }),
    );
  });
});

test.describe('hosts that may be contacted', () => {
  const gate = hostGate('https://api.example.com', [
    'up.example.com',
    'files.example.com:8443',
    'https://cdn.example.com',
  ]);
  const asked = (url: string): string | undefined => gate(new URL(url));

  test('are the target and those named, by scheme and port', () => {
    for (const url of [
      'https://api.example.com/x',
      'https://API.example.com:443/',
      'https://up.example.com/',
      'http://up.example.com/',
      'https://files.example.com:8443/',
      'https://cdn.example.com/',
    ])
      expect.soft(asked(url), url).toBeUndefined();
    for (const url of [
      'http://api.example.com/',
      'https://api.example.com:8443/',
      'https://api.example.com./',
      'https://api.example.com.evil.example/',
      'https://api.example.com@evil.example/',
      'https://sub.up.example.com/',
      'https://up.example.com:8443/',
      'http://cdn.example.com/',
      'https://files.example.com/',
    ])
      expect.soft(asked(url), url).toBe(`host ${new URL(url).host}`);
    expect(asked('ftp://api.example.com/')).toBe('host of an http or https URL');
    expect(asked('http://[::ffff:169.254.169.254]/')).toContain('permission for [::ffff:a9fe:a9fe]');
  });

  test('are named so that they can be read', () => {
    expect(originsOf('[::1]:80')).toEqual(['https://[::1]:80', 'http://[::1]']);
    for (const entry of ['', '*', '*.example.com', 'ftp://a', 'a/b', 'https://a/b', 'a@b', 'a b', 'a:99999', '[x]'])
      expect.soft(() => originsOf(entry), entry).toThrow('is no host');
    expect(() => originsOf('169.254.169.254')).toThrow('are never contacted');
  });
});

test.describe('names', () => {
  const resolving =
    (...addresses: readonly string[]): LookupFunction =>
    (_, options, callback) => {
      const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
      if (options.all) callback(null, found);
      else callback(null, found[0]!.address, found[0]!.family);
    };

  test('that resolve to a forbidden address are not connected to, whatever else they resolve to', async () => {
    const signal = AbortSignal.timeout(5000);
    for (const address of [
      '169.254.169.254',
      '::ffff:169.254.169.254',
      'fe80::1%eth0',
      '64:ff9b::a9fe:a9fe',
      '0.0.0.0',
    ]) {
      const target = httpTarget({ base: 'http://api.example.test:9', lookup: resolving('127.0.0.1', address) });
      const sent = target.send({ method: 'GET', url: 'http://api.example.test:9/', headers: [] }, signal);
      await expect.soft(sent, address).rejects.toMatchObject({
        name: 'RefusedError',
        missing: expect.stringContaining(`permission for api.example.test (${address})`),
      });
      await target.close?.();
    }
  });

  test('are looked up once a connection: what was judged is what is connected to', async () => {
    const server = createServer((request, response) => response.end(request.headers.host));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const base = `http://rebound.example.test:${(server.address() as AddressInfo).port}`;
    let asked = 0;
    const rebinding: LookupFunction = (name, options, callback) =>
      resolving(++asked === 1 ? '127.0.0.1' : '169.254.169.254')(name, options, callback);
    const target = httpTarget({ base, lookup: rebinding });
    try {
      const answer = await target.send({ method: 'GET', url: `${base}/`, headers: [] }, AbortSignal.timeout(5000));
      expect(new TextDecoder().decode(answer.body)).toContain('rebound.example.test');
      expect(asked).toBe(1);
    } finally {
      await target.close?.();
      server.close();
    }
  });

  test('that merely resolve to this machine are no loopback for permissions', () => {
    expect(isLoopback('http://localtest.example.test/')).toBe(false);
  });
});
