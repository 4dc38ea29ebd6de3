import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { corpusMissing } from '../bench/corpus.ts';
import { indexResources } from '../model/resource.ts';
import { examineCorpus, type Examined } from './corpus-findings.ts';
import { ANSWERS, COUNTED, exchangeOf, REASONS, type Docs, type KnownMethod } from './counterparts.ts';
import { draw, identityOf, TRUTH_DRAW, type Drawn } from './draw.ts';

/** Whether a drawn finding is right, and the words of the docs that prove it. */
interface Label {
  readonly rule: Drawn['ruleId'];
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly pointer?: string;
  readonly verdict: 'right' | 'wrong' | 'unsure';
  /** The first stands at the finding; others may stand on another page. */
  readonly proof: readonly { readonly file?: string; readonly line: number; readonly words: string }[];
}

const KNOWN = new URL('../../../shared/corpus/graph-v1.0-methods.json', import.meta.url);
const labels: readonly Label[] = JSON.parse(
  readFileSync(new URL('cases/drawn-findings.json', import.meta.url), 'utf8'),
);

test.describe.configure({ mode: 'serial' });

test.describe('the truth of what is found in the Microsoft Graph v1.0 docs', () => {
  test.skip(corpusMissing !== undefined, corpusMissing ?? '');

  let folder: string;
  let examined: Examined;

  test.beforeAll(async () => {
    test.setTimeout(180_000);
    folder = mkdtempSync(join(tmpdir(), 'docwright-truth-'));
    examined = await examineCorpus(folder);
  });
  test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('every finding drawn has a label, and no other has', () => {
    const drawn = draw(examined.findings, TRUTH_DRAW);
    expect(drawn).toHaveLength(TRUTH_DRAW.count);
    // What differs is printed by `npm run draw`, and is to be read and labelled.
    expect(labels.map(({ rule, ...rest }) => identityOf({ ruleId: rule, ...rest })).sort()).toEqual(
      drawn.map(identityOf).sort(),
    );
  });

  test('the words that prove a label stand where it says', () => {
    for (const { file, line, proof, verdict } of labels) {
      if (verdict === 'right') expect(proof.length, `${file}:${line}`).toBeGreaterThan(0);
      expect(Math.abs(proof[0]!.line - line), `${file}:${line}`).toBeLessThanOrEqual(3);
      for (const { file: other = file, line: at, words } of proof)
        expect(examined.lineOf(other, at), `${other}:${at}`).toContain(words);
    }
  });

  test('at least 97 of 100 are right', ({}, { annotations }) => {
    const count = (verdict: Label['verdict']): number => labels.filter((each) => each.verdict === verdict).length;
    const [right, wrong, unsure] = [count('right'), count('wrong'), count('unsure')];
    annotations.push({ type: 'labels', description: `${right} right, ${wrong} wrong, ${unsure} unsure` });
    expect(right).toBeGreaterThanOrEqual(97);
  });

  test('every finding of the reference has its counterpart, or a reason', ({}, { annotations }) => {
    test.skip(!existsSync(KNOWN), 'no sample set: ../shared/corpus is not beside the checkout');
    const { perMethod }: { readonly perMethod: readonly KnownMethod[] } = JSON.parse(readFileSync(KNOWN, 'utf8'));
    const { docset, findings } = examined;
    const docs = docsOf(examined);
    const tally = new Map<string, { same: number; reasons: Map<string, number> }>();
    const silent: string[] = [];
    for (const method of perMethod)
      for (const code of new Set(method.codes)) {
        const { same, reasons } = tally.get(code) ?? { same: 0, reasons: new Map<string, number>() };
        const answer = ANSWERS[code];
        const found = exchangeOf(method, docset);
        const isSame = findings.some(
          ({ ruleId, exchangeId }) => exchangeId === found?.exchange.id && answer?.rules.includes(ruleId),
        );
        const why = isSame || !found ? [] : (answer?.reasons(found.exchange, found.response, docs) ?? []);
        for (const reason of why) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
        if (!isSame && why.length === 0) silent.push(`${code} ${method.file} ${method.id}`);
        tally.set(code, { same: same + (isSame ? 1 : 0), reasons });
      }
    for (const [code, { same, reasons }] of tally)
      annotations.push({
        type: code,
        description: [`${same} told here, too`, ...[...reasons].map(([reason, count]) => `${count} ${reason}`)].join(
          ', ',
        ),
      });
    expect(silent).toEqual([]);
    const used = new Set([...tally.values()].flatMap(({ reasons }) => [...reasons.keys()]));
    expect([...used].sort()).toEqual(Object.keys(REASONS).sort());
  });

  test('every class that the reference only counts has rules here, or a reason', ({}, { annotations }) => {
    test.skip(!existsSync(KNOWN), 'no sample set: ../shared/corpus is not beside the checkout');
    const { scanHist, linkHist }: Readonly<Record<'scanHist' | 'linkHist', Readonly<Record<string, number>>>> =
      JSON.parse(readFileSync(KNOWN, 'utf8'));
    const counted = new Map<string, number>();
    for (const [key, count] of [...Object.entries(scanHist), ...Object.entries(linkHist)])
      counted.set(key.slice(2), (counted.get(key.slice(2)) ?? 0) + count);
    expect([...counted.keys()].sort()).toEqual(COUNTED.map(({ code }) => code).sort());
    for (const { code, rules, reason } of COUNTED) {
      const ours = rules.map((rule) => `${examined.findings.filter(({ ruleId }) => ruleId === rule).length} ${rule}`);
      for (const each of ours) expect(each, code).not.toMatch(/^0 /);
      annotations.push({
        type: code,
        description: `${counted.get(code)}; here ${ours.join(', ') || 'none'}. ${reason}`,
      });
    }
  });
});

function docsOf({ docset, findings, textOf }: Examined): Docs {
  const at = new Set(findings.map(({ ruleId, file, line, column }) => `${ruleId} ${file}:${line}:${column}`));
  const listed = new Map(
    docset.pages.map(({ file, tables }) => [file, tables.headers.map(({ name }) => name.toLowerCase())]),
  );
  return {
    index: indexResources(docset.resources),
    told: (rule, { block, table, place }) =>
      [block?.place, table?.place, place].some(
        (each) => each && at.has(`${rule} ${each.file}:${each.position.start.line}:${each.position.start.column}`),
      ),
    lists: (file, header) =>
      listed.get(file)!.includes(header.trim().toLowerCase()) ||
      textOf(file)
        .replace(/^```[^]*?^```/gm, '')
        .toLowerCase()
        .includes(header.trim().toLowerCase()),
  };
}
