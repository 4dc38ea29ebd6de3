import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { corpusMissing } from '../bench/corpus.ts';
import type { Finding } from '../model/finding.ts';
import { examineCorpus, type Examined } from './corpus-findings.ts';
import { draw, TRUTH_DRAW } from './draw.ts';

/** `npm run draw [-- RULE]`: the sample of findings that `cases/drawn-findings.json` labels, or all of one rule, each with its lines. */
if (corpusMissing === undefined) await print(process.argv[2]);
else console.error(corpusMissing);

async function print(rule: string | undefined): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'docwright-draw-'));
  try {
    const { findings, lineOf } = await examineCorpus(folder);
    const drawn = rule === undefined ? draw(findings, TRUTH_DRAW) : findings.filter(({ ruleId }) => ruleId === rule);
    for (const [index, finding] of drawn.entries()) console.log(told(finding, index, lineOf));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function told(finding: Finding, index: number, lineOf: Examined['lineOf']): string {
  const { severity, ruleId, file, line, column, reason } = finding;
  const around = [-2, -1, 0, 1, 2]
    .filter((step) => line + step > 0)
    .map((step) => `${step === 0 ? '>' : ' '} ${String(line + step).padStart(5)} | ${lineOf(file, line + step)}`);
  return [`${index + 1}. ${severity} ${ruleId} ${file}:${line}:${column}`, `   ${reason}`, ...around, ''].join('\n');
}
