import { expect, test } from '@playwright/test';
import { examine } from '../examine.ts';
import { rules, type RuleId } from '../model/rules.ts';
import { compilePages } from './docs.ts';
import { API, PAGES, type Fault, type Faults } from './planted-edit.ts';
import { MESSAGE_FAULTS } from './planted-messages.ts';
import { PAGE_FAULTS } from './planted-pages.ts';
import { RESOURCE_FAULTS } from './planted-resources.ts';

const FAULTS: Faults = { ...MESSAGE_FAULTS, ...PAGE_FAULTS, ...RESOURCE_FAULTS };

/** How the same page may be written otherwise: `shift` says how far the characters of a line move. */
const VARIANTS: Readonly<Record<string, { write: (text: string) => string; shift: number }>> = {
  plain: { write: (text) => text, shift: 0 },
  'CR LF': { write: (text) => text.replaceAll('\n', '\r\n'), shift: 0 },
  quoted: { write: (text) => blocks(text, () => '> '), shift: 2 },
  'in a list': { write: (text) => blocks(text, (line) => (line === 0 ? '- ' : '  ')), shift: 2 },
  'in a numbered list': { write: (text) => blocks(text, (line) => (line === 0 ? '1. ' : '   ')), shift: 3 },
};

for (const [variant, { write }] of Object.entries(VARIANTS))
  test(`${variant}: nothing is wrong with the pages as they are`, async () => {
    const pages = Object.entries(PAGES).map(([file, text]) => [file, write(text)] as const);
    const { findings, exchanges } = await found(Object.fromEntries(pages));
    expect(findings).toEqual([]);
    expect(exchanges).toBe(API.length);
  });

for (const [rule, plant] of Object.entries(FAULTS))
  test(`${rule}: each fault is found once, at its place, and nothing else`, async () => {
    const faults = [...plant()];
    console.log(`${rule}: ${faults.length} faults`);
    expect(faults.length).toBeGreaterThanOrEqual(5);
    for (const each of some(faults, 50)) {
      const { findings } = await found(pagesOf(each, VARIANTS.plain!.write), each);
      expect.soft(findings, `${each.file}: ${each.what}`).toEqual(expected(rule, each, each.at));
    }
  });

for (const [variant, { write }] of Object.entries(VARIANTS).slice(1))
  test(`${variant}: faults are found at their place`, async () => {
    test.slow();
    for (const [rule, plant] of Object.entries(FAULTS)) {
      if (UNWRITTEN.has(rule) && variant !== 'CR LF') continue;
      for (const each of some([...plant()], 4)) {
        if (typeof each.text !== 'string') continue;
        const { findings } = await found(pagesOf(each, write), each);
        const [line = 0, column = 0] = each.at.split(':').map(Number);
        // Only the damaged page is written otherwise.
        const moved =
          each.in === undefined ? lineOf(write(each.text), line).length - lineOf(each.text, line).length : 0;
        const at = `${line}:${column + moved}`;
        expect.soft(findings, `${each.file}: ${each.what}`).toEqual(expected(rule, each, at));
      }
    }
  });

test('every rule that check can find is planted', () => {
  const planted = new Set(Object.keys(FAULTS));
  const left = (Object.keys(rules) as RuleId[]).filter((rule) => !planted.has(rule) && rules[rule].severity !== 'note');
  expect(left.sort()).toEqual([...Object.keys(NOT_BY_CHECK)].sort());
});

/** Rules that docs alone cannot break. Notes are none above which the pages must keep silent, and are left out too. */
const NOT_BY_CHECK: Readonly<Partial<Record<RuleId, string>>> = {
  'status/undocumented': 'an answer',
  'header/missing': 'an answer',
  'header/media-type': 'an answer',
  'header/value': 'an answer',
  'body/missing': 'an answer; a documented one breaks response/body',
  'body/undocumented': 'an answer; a documented one breaks response/body or http/forbidden-body',
  'body/unreadable': 'an answer; a documented one breaks json/unreadable',
  'collection/shape': 'an answer; a documented one breaks annotation/body',
  'collection/not-empty': 'an answer; a documented one breaks annotation/body',
  'property/value': 'an answer',
  'replay/unanswered': 'an answer',
  'replay/blocked': 'a replay',
  'replay/stale': 'a replay',
  'replay/not-recorded': 'a recording',
  'replay/operation': 'a replay',
  'fixture/stale': 'the fixtures',
  'fixture/unreadable': 'the fixtures',
  'config/matcher': 'the config',
  'disable/malformed': 'the command, which applies what comments disable',
  'disable/unknown-rule': 'the command, which applies what comments disable',
  'suppression/stale': 'the suppressions file',
  'scenario/unreadable': 'a file of scenarios',
  'scenario/reference': 'a file of scenarios',
  'scenario/cycle': 'a file of scenarios',
  'scenario/expression': 'a file of scenarios',
  'scenario/capture': 'a scenario that is played',
  'scenario/expectation': 'a scenario that is played',
  'scenario/clean-up': 'a scenario that is played',
};

/** Faults of how a page is written: in a list or a quote they are others. */
const UNWRITTEN: ReadonlySet<string> = new Set([
  'fence/unclosed',
  'fence/language',
  'annotation/in-open-fence',
  'annotation/unbound',
  'page/unreadable',
]);

/** So many of a list at most, from all over it. */
function some<Item>(items: readonly Item[], most: number): Item[] {
  const step = Math.ceil(items.length / most);
  return items.filter((_, index) => index % step === 0);
}

function pagesOf(each: Fault, write: (text: string) => string): Readonly<Record<string, string | Uint8Array>> {
  const text = typeof each.text === 'string' ? write(each.text) : each.text;
  return { ...PAGES, ...each.beside, [each.file]: text };
}

function expected(rule: string, { file, in: elsewhere }: Fault, at: string): string[] {
  return [`${rule} ${elsewhere ?? file}:${at}`];
}

function lineOf(text: string, line: number): string {
  return text.split(/\r?\n/)[line - 1]!;
}

async function found(
  pages: Readonly<Record<string, string | Uint8Array>>,
  { options = {} }: Pick<Fault, 'options'> = {},
): Promise<{ findings: string[]; exchanges: number }> {
  const docset = await compilePages(pages);
  const findings = [...docset.findings, ...examine(docset, options)].filter(({ severity }) => severity !== 'note');
  return {
    findings: findings.map(({ ruleId, file, line, column }) => `${ruleId} ${file}:${line}:${column}`),
    exchanges: docset.exchanges.length,
  };
}

/** Annotations and their fences with something before each of their lines. */
function blocks(text: string, mark: (line: number) => string): string {
  let at = -1;
  let fences = 0;
  return text
    .split('\n')
    .map((line) => {
      if (/^<!-- \{ "blockType": "(request|response)"/.test(line)) at = fences = 0;
      if (at < 0) return line;
      const marked = mark(at++) + line;
      if (line.startsWith('```') && ++fences === 2) at = -1;
      return marked;
    })
    .join('\n');
}
