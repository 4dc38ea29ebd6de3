import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { changedBlocks, changedLines, touches } from '../model/changed-lines.ts';

const PAGE = [
  '# A',
  '',
  'One',
  'two.',
  '',
  '<!-- { } -->',
  '',
  '```http',
  'GET /',
  '',
  'body',
  '```',
  '',
  '| a |',
  '|---|',
  '| b |',
];

/** The page with lines replaced by their numbers from 1; nothing takes a line out. */
function edited(edits: Readonly<Record<number, string | undefined>>): string {
  return PAGE.flatMap((line, at) => (at + 1 in edits ? (edits[at + 1] ?? []) : [line])).join('\n');
}

test('a change counts for its block: a paragraph, a table, a fence with its comment', () => {
  const before = PAGE.join('\n');
  for (const [after, spans] of [
    [before, []],
    [edited({ 4: 'deux.' }), [[3, 4]]],
    [edited({ 11: 'soul' }), [[6, 12]]],
    [edited({ 6: '<!-- { "a": 1 } -->' }), [[6, 12]]],
    [edited({ 16: '| c |' }), [[14, 16]]],
    [edited({ 3: undefined }), [[2, 3]]],
    [before.replaceAll('\n', '\r\n'), []],
  ] as const)
    expect(changedBlocks(before, after)).toEqual(spans);
  expect(changedBlocks(undefined, 'a\n\nb')).toEqual([[1, 3]]);
  expect(touches([[3, 4]], 1, 2)).toBe(false);
  expect(touches([[3, 4]], 1, 3)).toBe(true);
  expect(touches(undefined, 1, 3)).toBe(false);
});

test('property: lines that are not told as changed stood there before, in this order', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', '', '```'), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const spans = changedLines(before, after);
      let at = 0;
      after.forEach((line, index) => {
        if (touches(spans, index + 1, index + 1)) return;
        const found = before.indexOf(line, at);
        expect(found).toBeGreaterThanOrEqual(at);
        at = found + 1;
      });
      for (const [from, to] of spans) {
        expect(from).toBeGreaterThanOrEqual(1);
        expect(to).toBeGreaterThanOrEqual(from);
      }
      expect(spans.length > 0).toBe(before.join('\n') !== after.join('\n') || before.length !== after.length);
    }),
  );
});

test('two long texts with nothing in common are told apart in no time', () => {
  const text = (word: string) => Array.from({ length: 50_000 }, (_, at) => `${word} ${at}`).join('\n');
  const start = performance.now();
  expect(changedBlocks(text('a'), text('b'))).toEqual([[1, 50_000]]);
  expect(performance.now() - start).toBeLessThan(2000);
});
