import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { createRedactor, type Redactor } from '../model/redact.ts';
import { ENCODINGS } from './encodings.ts';

function knowing(secrets: Readonly<Record<string, string>>): Redactor {
  const redactor = createRedactor();
  for (const [name, secret] of Object.entries(secrets)) redactor.register(name, secret);
  return redactor;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Secrets of eight characters and more, of everything people and machines make them of. */
const secret = fc
  .oneof(
    fc.string({ minLength: 8, maxLength: 60, unit: 'grapheme-ascii' }),
    fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme' }),
    fc.stringMatching(/^[A-Za-z0-9+/=_~.%&-]{8,50}$/),
  )
  .filter((text) => text.trim().length >= 8);

const around = fc.string({ maxLength: 20, unit: 'grapheme-ascii' });

test.describe('registered secrets', () => {
  for (const [name, encode] of Object.entries(ENCODINGS)) {
    test(`are found ${name}, whatever stands around`, () => {
      fc.assert(
        fc.property(secret, around, around, (value, before, after) => {
          const written = encode(value);
          const clean = knowing({ it: value }).text(before + written + after);
          expect(clean).toContain('[redacted: it]');
          expect(clean).not.toContain(written);
        }),
        { numRuns: 150 },
      );
    });
  }

  test('are found in base64 at each alignment, of either alphabet, with and without padding and line ends', () => {
    fc.assert(
      fc.property(
        secret,
        fc.nat(3),
        fc.nat(3),
        fc.constantFrom('base64', 'base64url'),
        fc.boolean(),
        (value, a, b, alphabet, wrap) => {
          const whole = Buffer.from('x'.repeat(a) + value + 'y'.repeat(b)).toString(alphabet as 'base64');
          const written = wrap ? whole.replace(/(.{7})/g, '$1\r\n') : whole;
          const clean = knowing({ it: value }).text(`data:${written}`);
          expect(clean).toMatch(/^data:[A-Za-z0-9+/_\r\n-]{0,5}\[redacted: it\][\r\nA-Za-z0-9+/_=-]{0,16}$/);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('JSON stays JSON, keys and numbers too, and holds no secret', () => {
    fc.assert(
      fc.property(secret, fc.json({ maxDepth: 3 }), fc.boolean(), (value, other, pretty) => {
        const body = JSON.stringify(
          { a: [value], [value]: { b: `x${value}y` }, other: JSON.parse(other) as unknown },
          null,
          pretty ? 2 : 0,
        );
        const clean = textOf(knowing({ it: value }).bytes(bytesOf(body), 'application/json'));
        expect(JSON.stringify(JSON.parse(clean))).not.toContain(JSON.stringify(value).slice(1, -1));
      }),
      { numRuns: 200 },
    );
    const pin = knowing({ pin: '123456' });
    expect(textOf(pin.bytes(bytesOf('{"pin":123456,"n":1}'), 'application/json'))).toBe(
      '{"pin":"[redacted: pin]","n":1}',
    );
    const crossing = knowing({ it: '1","b":"2' });
    expect(JSON.parse(textOf(crossing.bytes(bytesOf('{"a":"1","b":"2"}'), 'application/json')))).toBeTruthy();
  });

  test('are found by their beginning where a text was cut', () => {
    const redactor = knowing({ it: 'correct-horse-battery' });
    expect(redactor.text('Unexpected `xx correct-hor…`, expected')).toBe('Unexpected `xx [redacted: it]…`, expected');
    expect(redactor.text('cor…')).toBe('cor…');
  });

  test('bytes that are no text are searched as they are', () => {
    const body = Buffer.concat([Buffer.from([0xff, 0xfe, 0x00]), Buffer.from('pässwörd-1'), Buffer.from([0xff])]);
    const clean = Buffer.from(knowing({ it: 'pässwörd-1' }).bytes(body));
    expect(clean.includes('pässwörd-1')).toBe(false);
    expect(clean.subarray(0, 3)).toEqual(body.subarray(0, 3));
  });

  test('a short one counts inside words from four characters on, below that only as a whole value', () => {
    const redactor = knowing({ four: 'abcd', two: 'ab', blank: '  ' });
    expect([...redactor.short]).toEqual(['four', 'two']);
    expect(redactor.text('xabcdx cab')).toBe('x[redacted: four]x cab');
    expect(redactor.text('ab')).toBe('[redacted: two]');
    expect(redactor.text('{"a":"ab","b":"cab"}')).toBe('{"a":"[redacted: two]","b":"cab"}');
    expect(redactor.text('a=ab&b=abc')).toBe('a=[redacted: two]&b=abc');
  });

  test('hundreds of them are found in one text, more states than are kept at a time', () => {
    const many = fc.sample(fc.stringMatching(/^[a-c0-2]{8,12}$/), { numRuns: 100, seed: 1 });
    const redactor = knowing(Object.fromEntries(many.map((value, index) => [`n${index}`, value])));
    for (const [name, encode] of Object.entries(ENCODINGS)) {
      const clean = redactor.text(many.map((value) => `<${encode(value)}>`).join('abcabc'));
      for (const value of many) expect(clean, name).not.toContain(`<${encode(value)}>`);
    }
  });

  test('the longest names what overlaps, and lines of a key count each', () => {
    expect(knowing({ a: 'secret-one', b: 'secret-one-and-more' }).text('secret-one-and-more')).toBe('[redacted: b]');
    const key = `-----BEGIN X-----\nMIIEpAIBAAKCAQEA1234\nqrstuvwxyzabcdefgh\n-----END X-----`;
    expect(knowing({ key }).text('at line qrstuvwxyzabcdefgh')).toBe('at line [redacted: key]');
  });

  test('are taken out of what pages say, which else stays as it is', () => {
    const redactor = knowing({ it: 'only-this-one' });
    const page = { id: 'a', text: 'Authorization: Bearer abcdef123456', url: 'x?code=only-this-one' };
    expect(redactor.known(page)).toEqual({ ...page, url: 'x?code=[redacted: it]' });
    const clean = { nothing: ['here'] };
    expect(redactor.known(clean)).toBe(clean);
  });
});

test.describe('what looks like a secret', () => {
  const redactor = createRedactor();
  const JWT = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":1}').toString('base64url')}.c2ln`;
  for (const [text, clean] of [
    [`Bearer%20${JWT}`, 'Bearer%20[redacted: JWT]'],
    [`see ${JWT}, or host.${JWT}`, 'see [redacted: JWT], or host.[redacted: JWT]'],
    ['www.example.com/eyes.and.ears', 'www.example.com/eyes.and.ears'],
    ['{"client_secret" : "a\\"b","x":1}', '{"client_secret" : "[redacted: client_secret]","x":1}'],
    ['{"password":""}', '{"password":""}'],
    ['{"passwordProfile":{"forceChange":true}}', '{"passwordProfile":{"forceChange":true}}'],
    ['{"body":"{\\"refresh_token\\":\\"abc\\"}"}', '{"body":"{\\"refresh_token\\":\\"[redacted: refresh_token]\\"}"}'],
    ['{"headers":{"Authorization":["Bearer abc"]}}', '{"headers":{"Authorization":["[redacted: authorization]"]}}'],
    ['grant_type=x&client_secret=a%20b&scope=c', 'grant_type=x&client_secret=[redacted: client_secret]&scope=c'],
    ['GET /f?sv=1&sr=b&sig=a%2Fb%3D&se=2', 'GET /f?sv=1&sr=b&sig=[redacted: SAS signature]&se=2'],
    [
      'u=https%3A%2F%2Fh%2Ff%3Fsv%3D1%26sig%3Dab%252Fc%26se%3D2',
      'u=https%3A%2F%2Fh%2Ff%3Fsv%3D1%26sig%3D[redacted: SAS signature]%26se%3D2',
    ],
    ['"https://c.example.com/up?tempauth=v1.ey.abc"', '"https://c.example.com/up?tempauth=[redacted: tempauth]"'],
    [
      'https://s3/x?X-Amz-Credential=AK&X-Amz-Signature=00ff',
      'https://s3/x?X-Amz-Credential=[redacted: x-amz-credential]&X-Amz-Signature=[redacted: x-amz-signature]',
    ],
    ['<password>abc</password>', '<password>[redacted: password]</password>'],
    ['401 for Bearer abcdef123456', '401 for Bearer [redacted: bearer token]'],
    ['Basic authentication failed', 'Basic authentication failed'],
    [
      'POST / HTTP/1.1\r\nX-Api-Key: k\r\nAccept: */*',
      'POST / HTTP/1.1\r\nX-Api-Key: [redacted: x-api-key]\r\nAccept: */*',
    ],
    ['-----BEGIN RSA PRIVATE KEY-----\nMII\nabc=\n-----END RSA PRIVATE KEY-----!', '[redacted: private key]!'],
  ] as const) {
    test(text, () => {
      expect(redactor.text(text)).toBe(clean);
      // Nothing is redacted twice.
      expect(redactor.text(clean)).toBe(clean);
    });
  }

  test('headers, URL and body of a message', () => {
    const clean = redactor.message({
      method: 'GET',
      url: 'https://h.example.com/a?access_token=abc',
      headers: [
        ['Authorization', 'Bearer abc'],
        ['Ocp-Apim-Subscription-Key', 'abc'],
        ['Cookie', 'a=1; b=2'],
        ['Accept', 'text/plain'],
      ],
      body: bytesOf('password=abc'),
    });
    expect({ ...clean, body: textOf(clean.body) }).toEqual({
      method: 'GET',
      url: 'https://h.example.com/a?access_token=[redacted: access_token]',
      headers: [
        ['Authorization', 'Bearer [redacted: bearer token]'],
        ['Ocp-Apim-Subscription-Key', '[redacted: ocp-apim-subscription-key]'],
        ['Cookie', 'a=[redacted: cookie]; b=[redacted: cookie]'],
        ['Accept', 'text/plain'],
      ],
      body: 'password=[redacted: password]',
    });
    const answer = {
      status: 200,
      headers: [['Set-Cookie', 'sid=abc; Path=/; HttpOnly']] as const,
      body: new Uint8Array(),
    };
    expect(redactor.message(answer).headers).toEqual([['Set-Cookie', 'sid=[redacted: cookie]; Path=/; HttpOnly']]);
  });
});

test.describe('however a text is made', () => {
  const redactor = knowing(
    Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`s${n}`, `${n}-Zq7/+kE9-"&${'x'.repeat(n)}`])),
  );
  const million = 10_000_000;
  const bodies: Readonly<Record<string, () => string>> = {
    JSON: () =>
      JSON.stringify(
        Array.from({ length: 60_000 }, (_, n) => ({
          id: n,
          displayName: `Item ${n}`,
          link: `https://example.com/a/b?c=${n}&d=%20`,
          tags: ['a', 'b', 'c\n"d"'],
        })),
      ),
    'one run of base64': () => 'eyJhbGciOi'.repeat(million / 10),
    dots: () => 'a.'.repeat(million / 2),
    'percent signs': () => '%25%2'.repeat(million / 5),
    backslashes: () => '\\'.repeat(million),
    quotes: () => '"password":'.repeat(million / 11),
    'blanks behind a name': () => `"password"${' '.repeat(million)}`,
    'keys that never end': () => '-----BEGIN PRIVATE KEY-----'.repeat(million / 27),
    ellipses: () => '0-Zq…'.repeat(million / 50),
    'equals signs': () => 'secret=&'.repeat(million / 8),
    'header names': () => 'x-x-x-x-x-key'.repeat(million / 13),
  };
  for (const [name, make] of Object.entries(bodies)) {
    test(`megabytes of ${name} take no more than seconds`, () => {
      const body = make();
      redactor.text('warm');
      const start = performance.now();
      redactor.text(body);
      const took = performance.now() - start;
      test.info().annotations.push({ type: 'ms', description: took.toFixed(0) });
      expect(took).toBeLessThan(8000);
    });
  }
});
