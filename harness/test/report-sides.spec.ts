import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { PagedExchange } from '../model/fixture.ts';
import type { ExchangeDetail, Report } from '../model/report.ts';
import type { ExchangeEntry, Row } from '../report/html/wire.ts';
import { renderPage, unpackPage } from './report-page.ts';
import { sampleContext, sampleReport } from './sample.ts';

const ID = 'insights/create-shared#create_shared';

test('the rows of two JSON bodies hold both, whatever they are: nothing is lost, and each side reads as it was', () => {
  fc.assert(
    fc.property(json(), json(), (promised, actual) => {
      const rows = bodyOf(entryOf(JSON.stringify(promised), JSON.stringify(actual)).judged.rows);
      expect(valueOf(rows.map((row) => row.promised))).toEqual(plain(promised));
      expect(valueOf(rows.map((row) => row.actual))).toEqual(plain(actual));
    }),
    { numRuns: 150 },
  );
});

test('keys stand beside each other in any order; a number keeps its digits; lines are those of the page', () => {
  const promised = '{\n  "b": 12345678901234567890,\n  "a": { "x": [] }\n}';
  const { rows } = entryOf(promised, '{"a":{"x":[1]},"b":1.10,"c":null}').judged;
  // What the findings of the sample are about is not in these bodies: they have a row at the end.
  const lines = bodyOf(rows).slice(0, -1);
  expect(lines.map(({ line, promised: left, actual }) => [line, left, actual])).toEqual([
    [28, '{', '{'],
    [29, '  "b": 12345678901234567890,', '  "b": 1.10,'],
    [30, '  "a": {', '  "a": {'],
    [30, '    "x": [', '    "x": ['],
    [undefined, undefined, '      1'],
    [undefined, '    ]', '    ]'],
    [undefined, '  }', '  },'],
    [undefined, undefined, '  "c": null'],
    [undefined, '}', '}'],
  ]);
});

test('every finding about an answer is told at one row, wherever its pointer leads', () => {
  fc.assert(
    fc.property(json(), json(), (promised, actual) => {
      const { rows } = entryOf(JSON.stringify(promised), JSON.stringify(actual)).judged;
      const about = sampleReport().findings.flatMap(({ exchangeId, pointer }, number) =>
        exchangeId === ID && pointer !== undefined ? [number] : [],
      );
      expect(rows.flatMap(({ findings }) => findings ?? []).sort()).toEqual(about.sort());
    }),
    { numRuns: 50 },
  );
});

test('text is held against text by line, from the first that is another', () => {
  const rows = bodyOf(entryOf('one\ntwo\nthree', 'one\nTWO').judged.rows);
  expect(rows.slice(0, 3)).toMatchObject([
    { promised: 'one', actual: 'one' },
    { promised: 'two', actual: 'TWO', state: 'varies' },
    { promised: 'three', state: 'varies' },
  ]);
});

test('a command line means what was sent, whatever stands in it', () => {
  const sent = {
    method: 'POST',
    url: "https://api.example.com/it's?a=$(x)&b=`y`",
    headers: [
      ['X-Note', 'a\u001b[31m\u202e'],
      ['Authorization', 'Bearer secret'],
      ['Content-Length', '3'],
    ] as const,
    body: new TextEncoder().encode('{"a":\n"$b"}'),
  };
  expect(entryOf('{}', '{}', { sent }).curl.split(' \\\n  ')).toEqual([
    `curl --request 'POST' --url 'https://api.example.com/it'\\''s?a=$(x)&b=\`y\`'`,
    `--header $'X-Note: a\\u001b[31m\\u202e'`,
    `--header 'Authorization: Bearer '"$TOKEN"`,
    `--data-raw '{"a":\n"$b"}'`,
  ]);
});

test('secrets that were taken out are variables, wherever they stand', () => {
  const sent = {
    method: 'POST',
    url: 'https://api.example.com/a?api_key=[redacted: api_key]&ids[]=1',
    headers: [
      ['X-Tenant', '[redacted: header X-Tenant]'],
      ['X-API-Key', '[redacted: API key]'],
    ] as const,
    body: new TextEncoder().encode('{"password":"[redacted: password]","a":"it\'s"}'),
  };
  const { curl } = entryOf('{}', '{}', { sent });
  expect(curl.split(' \\\n  ')).toEqual([
    `curl --request 'POST' --globoff --url 'https://api.example.com/a?api_key='"$REDACTED_API_KEY"'&ids[]=1'`,
    `--header 'X-Tenant: '"$REDACTED_HEADER_X_TENANT"`,
    `--header 'X-API-Key: '"$TOKEN"`,
    `--data-raw '{"password":"'"$REDACTED_PASSWORD"'","a":"it'\\''s"}'`,
  ]);
});

test('tries before, where values came from, and other documented responses are kept', () => {
  const detail = sampleContext().detail(ID)!;
  const other = { ...detail.exchange.responses[0]!, status: 404, block: { line: 50, indent: 0 } };
  const exchange: PagedExchange = { ...detail.exchange, responses: [...detail.exchange.responses, other] };
  const origin = { for: '{id}', kind: 'config', from: 'id' } as const;
  const attempts = [{ status: 503, waitedMs: 1000 }];
  const entry = entryOf('{}', '{}', {
    exchange,
    origins: [origin, origin],
    actual: { ...detail.actual!, attempts },
  });
  expect(entry).toMatchObject({ attempts, origins: [origin], others: [{ line: 50 }] });
  expect(entry.origins).toHaveLength(1);
  expect(entry.others[0]!.lines.lines[0]).toBe('404 Not Found');
});

/** What is kept of the sample's first exchange with these bodies. */
function entryOf(promised: string, actual: string, change: Partial<ExchangeDetail> = {}): ExchangeEntry {
  const report: Report = sampleReport();
  const known = sampleContext().detail(ID)!;
  const [response] = known.exchange.responses;
  const exchange: PagedExchange = {
    ...known.exchange,
    responses: [{ ...response!, body: { kind: 'json', at: 3, text: promised } }],
  };
  const detail: ExchangeDetail = {
    ...known,
    exchange,
    actual: { ...known.actual!, body: new TextEncoder().encode(actual) },
    ...change,
  };
  const page = renderPage(report, { detail: (id) => (id === ID ? detail : undefined) });
  const number = report.exchanges.findIndex(({ id }) => id === ID);
  return (unpackPage(page)['exchange-0'] as Record<number, ExchangeEntry>)[number]!;
}

/** The rows after the blank line that ends the headers. */
function bodyOf(rows: readonly Row[]): readonly Row[] {
  return rows.slice(rows.findIndex(({ promised }) => promised === '') + 1);
}

function valueOf(lines: readonly (string | undefined)[]): unknown {
  return JSON.parse(lines.filter((line) => line !== undefined).join('\n'));
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** Objects and lists with few and odd keys, so that two of them share some. */
function json(depth = 0): fc.Arbitrary<unknown> {
  const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.string({ maxLength: 12 }));
  const child = depth < 2 ? fc.oneof(leaf, json(depth + 1)) : leaf;
  const key = fc.constantFrom('a', 'b', '0', 'a/b', '~', 'é', '"', 'constructor');
  return fc.oneof(fc.dictionary(key, child, { maxKeys: 4 }), fc.array(child, { maxLength: 3 }));
}
