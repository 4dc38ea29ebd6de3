import { expect, test } from '@playwright/test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { compareText, finding } from '../model/finding.ts';
import type { Finding } from '../model/finding.ts';
import type { Report, ReportContext } from '../model/report.ts';
import { excerpt } from '../report/excerpt.ts';
import { gather, reporters } from '../report/index.ts';
import { reporterOf } from '../report/load.ts';
import { named } from '../report/named.ts';
import { oneLine, visible } from '../report/visible.ts';
import { clipEnd, clipStart, displayWidth } from '../report/width.ts';
import { sampleContext, sampleReport } from './sample.ts';

const ESC = '\u001b';
const hostileText = `${ESC}[31m${ESC}]0;title\u0007\u009b2J\u202e\u2066\ufeff\u0000\r::error::pwned\n::set-output name=a::b\n##vso[task.complete]##[error]x`;

test('what is loaded by name is what the library has, and writes the file that is said', async () => {
  expect(Object.keys(named)).toEqual(Object.keys(reporters));
  for (const [name, { file }] of Object.entries(named)) {
    const loaded = await reporterOf(name);
    expect([loaded, loaded.name, loaded.file]).toEqual([reporters[name], name, file]);
  }
});

test.describe('gather', () => {
  test('counts outcomes, severities and what is suppressed', () => {
    expect(sampleReport().summary).toEqual({
      exchanges: 6,
      conforming: 2,
      differing: 1,
      unanswered: 1,
      blocked: 1,
      skipped: 1,
      flaky: 1,
      unseen: 2,
      findings: { error: 4, warning: 5, note: 1 },
      suppressed: 1,
    });
  });

  test('puts findings in reading order', () => {
    const { findings } = sampleReport();
    const keys = findings.map(({ file, line }) => `${file} ${String(line).padStart(6)}`);
    expect(keys).toEqual(keys.toSorted(compareText));
    expect(findings).toHaveLength(11);
  });
});

test.describe('json', () => {
  test('is the report exactly, with a final line end', () => {
    const text = render('json', sampleReport());
    expect(JSON.parse(text)).toEqual(sampleReport());
    expect(text).toBe(`${JSON.stringify(sampleReport(), null, 2)}\n`);
  });

  test('reads back whatever it held, and holds nothing that acts', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const written = render('json', hostile(text));
        expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(hostile(text))));
        expect(written).not.toMatch(ACTING);
        expect(written).not.toMatch(COMMANDS);
      }),
    );
  });

  test('keeps to its published schema', () => {
    const schema = JSON.parse(readFileSync('harness/model/schemas/report.schema.json', 'utf8'));
    const validate = new Ajv2020({ strict: true, allErrors: true }).compile(schema);
    for (const report of [sampleReport(), hostile(hostileText), emptyReport()]) {
      validate(JSON.parse(render('json', report)));
      expect(validate.errors ?? []).toEqual([]);
    }
    expect(validate({ ...sampleReport(), surprise: 1 })).toBe(false);
    expect(validate({ ...sampleReport(), schemaVersion: 2 })).toBe(false);
  });

  test('has a schema that describes every field', () => {
    const schema = JSON.parse(readFileSync('harness/model/schemas/report.schema.json', 'utf8'));
    const bare: string[] = [];
    const visit = (node: unknown, path: string) => {
      if (typeof node !== 'object' || node === null) return;
      for (const [key, value] of Object.entries(node)) {
        if (key === 'properties') {
          for (const [name, field] of Object.entries(value as Record<string, Record<string, string>>)) {
            const { description, $ref } = field;
            if (!description && !schema.$defs[$ref?.split('/').at(-1) ?? '']?.description) bare.push(`${path}/${name}`);
          }
        }
        visit(value, `${path}/${key}`);
      }
    };
    visit(schema, '');
    expect(bare).toEqual([]);
  });
});

test.describe('list', () => {
  test('shows findings by page with carets under the very columns', () => {
    const lines = render('list', sampleReport()).split('\n');
    const at = lines.findIndex((line) => line.includes('29:30  error  Missing property `weight`'));
    const [source, marks] = [lines[at + 1]!, lines[at + 2]!];
    const start = marks.indexOf('^');
    // A tab and four wide characters stand before: the mark is right only where columns are counted, not units.
    expect(displayWidth(source.slice(0, source.indexOf('"weight"')))).toBe(start);
    expect(marks.slice(start)).toBe('^^^^^^^^');
    expect(lines[at + 3]).toBe('    expected  a number');
  });

  test('shows a group once, with its places', () => {
    const text = render('list', sampleReport());
    expect(text.split('Unexpected type `usedInsight`')).toHaveLength(2);
    expect(text).toContain('also docs/api/insights/create-used.md:21:2');
    expect(text).toContain('also docs/api/insights/create-used.md:22:2');
  });

  test('counts notes, and shows them when verbose; suppressed findings are only counted', () => {
    expect(render('list', sampleReport())).not.toContain('page/todo');
    expect(render('list', sampleReport())).toContain('1 note (--verbose shows them); 1 suppressed');
    const verbose = render('list', sampleReport(), { verbose: true });
    expect(verbose).toContain('page/todo');
    expect(verbose).toContain('1 suppressed');
    expect(verbose.match(/property\/missing/g)).toHaveLength(1);
  });

  test('ends with what came out and where the reports are, the page for people first', () => {
    const text = render('list', sampleReport());
    expect(text).toContain('6 exchanges: 2 conforming, 1 differing, 1 unanswered, 1 blocked, 1 skipped; 1 flaky');
    expect(text.trimEnd().split('\n').slice(-2)).toEqual(['written reports/index.html', 'written reports/report.json']);
  });

  test('has no colour unless asked', () => {
    expect(render('list', sampleReport())).not.toContain(ESC);
    expect(render('list', sampleReport(), { color: true })).toContain(`${ESC}[31merror${ESC}[39m`);
  });

  test('passes on nothing that a terminal or a build log would obey', () => {
    fc.assert(
      fc.property(nasty, fc.boolean(), (text, verbose) => {
        const written = render('list', hostile(text), { verbose, lines: () => [text, text] });
        expect(written.replaceAll('\n', '')).not.toMatch(ACTING);
        expect(written).not.toMatch(COMMANDS);
      }),
    );
  });

  test('clips a line of a megabyte', () => {
    const long = `${'x'.repeat(1_000_000)}`;
    const lines = render('list', sampleReport(), { lines: () => Array<string>(70).fill(long) }).split('\n');
    expect(Math.max(...lines.filter((line) => line.includes(' | ')).map(displayWidth))).toBeLessThanOrEqual(100);
  });
});

test.describe('excerpt', () => {
  test('keeps the columns in question in sight', () => {
    const line = `${'a'.repeat(500)}HERE${'b'.repeat(500)}`;
    const { before, marked, after } = excerpt(line, 501, 505, 40);
    expect(marked).toBe('HERE');
    expect(before).toMatch(/^…a+$/);
    expect(after).toMatch(/^b+…$/);
  });

  test('never exceeds its width, and a line that fits is whole', () => {
    fc.assert(
      fc.property(nasty, fc.nat(80), fc.nat(80), fc.integer({ min: 12, max: 60 }), (text, start, length, width) => {
        const { before, marked, after } = excerpt(text, start + 1, start + 1 + length, width);
        const whole = oneLine(text.replaceAll('\t', '    '));
        const shown = before + marked + after;
        expect(displayWidth(before) + displayWidth(marked) + displayWidth(after)).toBeLessThanOrEqual(width);
        if (!shown.includes('…')) expect(shown).toBe(whole);
      }),
    );
  });

  test('marks whole characters', () => {
    expect(excerpt('a😀b', 3, 4, 40)).toEqual({ before: 'a', marked: '😀', after: 'b' });
  });
});

test.describe('visible and width', () => {
  test('spell out what acts and keep the rest', () => {
    expect(visible(`a${ESC}[0m\u0085\u202eb\ud800\u007f`)).toBe('a␛[0m\\u{85}\\u{202e}b\\u{d800}␡');
    expect(visible('naïve 文档 👩‍💻\n\t')).toBe('naïve 文档 👩‍💻\n\t');
    expect(oneLine('a\nb\tc')).toBe('a␊b c');
  });

  test('count columns as terminals do', () => {
    expect(['abc', '文档', 'é', 'e\u0301', '👩‍💻', '☀️', ''].map(displayWidth)).toEqual([3, 4, 1, 1, 2, 2, 0]);
    expect(clipEnd('文档文档', 5)).toBe('文档…');
    expect(clipStart('abcdef', 4)).toBe('…def');
    expect(clipEnd('abcd', 4)).toBe('abcd');
  });
});

const ACTING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const COMMANDS = /^\s*::|##\[|##vso\[|##teamcity\[/m;

const nasty = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
  fc
    .array(
      fc.constantFrom(ESC, '::', '##', '[', 'vso[', '\n', '\r', '\t', '\u202e', '\ud83d', '文', '`', '"', ' ', 'a'),
      {
        maxLength: 30,
      },
    )
    .map((parts) => parts.join('')),
  fc.constant(hostileText),
);

function render(name: string, report: Report, change: Partial<ReportContext> = {}): string {
  return [...reporters[name]!.render(report, sampleContext(change))].join('');
}

/** A report with the same text in every field that docs and answers can fill. */
function hostile(text: string): Report {
  const name = text || ' ';
  const { coverage, exchanges } = sampleReport();
  const place = { file: name, position: { start: { line: 1, column: 2 }, end: { line: 1, column: 4 } } };
  const findings: readonly Finding[] = (['error', 'warning', 'note'] as const).map((severity) => ({
    ...finding({ ruleId: 'property/type', reason: name, place }, severity),
    group: severity,
    exchangeId: exchanges[0]!.id,
    pointer: text,
    expected: text,
    actual: text,
    note: text,
    url: text,
  }));
  return gather({
    command: 'run',
    target: name,
    tool: { name: 'docwright', version: '0.1.0' },
    coverage: { ...coverage, annotations: { ...coverage.annotations, [text]: coverage.annotations.request! } },
    exchanges: exchanges.map((exchange) => ({
      ...exchange,
      file: name,
      title: text,
      request: { method: text, url: text },
    })),
    findings,
    unseen: 0,
  });
}

function emptyReport(): Report {
  const tool = { name: 'docwright', version: '0.1.0' };
  const coverage = { files: 0, annotations: {} };
  return gather({ command: 'check', target: 'none', tool, coverage, exchanges: [], findings: [], unseen: 0 });
}
