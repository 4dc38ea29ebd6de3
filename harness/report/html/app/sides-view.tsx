import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { visible } from '../../visible.ts';
import { counted } from '../../numbers.ts';
import type { Row, Sides } from '../wire.ts';
import type { Data } from './data.ts';
import { Prose, SeverityMark, Text } from './words.tsx';

/** Promise and answer side by side, one under the other where there is no room; what is alike for long is folded. */
export function SidesView({
  sides,
  data,
  isPrinted,
}: {
  readonly sides: Sides;
  readonly data: Data;
  readonly isPrinted: boolean;
}): JSX.Element {
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const { rows, type, hasAnswer } = sides;
  return (
    <>
      <div class={hasAnswer ? 'sides' : 'sides lone'} role="table" aria-label="Promise and answer">
        <div class="side-row heads" role="row">
          <span class="sign" role="columnheader">
            <span class="unseen">Difference</span>
          </span>
          <span role="columnheader">
            Promised
            {type !== undefined && (
              <span class="soft">
                {' '}
                <Text of={type} />
              </span>
            )}
          </span>
          {hasAnswer && <span role="columnheader">Answered</span>}
        </div>
        {partsOf(rows).map((part, index) =>
          part.kind !== 'shown' && !open.has(part.from) && !isPrinted ? (
            <div key={index} class="side-row fold" role="row">
              <span role="cell">
                <button type="button" class="quiet-button" onClick={() => setOpen(new Set([...open, part.from]))}>
                  Show {FOLDED[part.kind](part.rows.length)}
                </button>
              </span>
            </div>
          ) : (
            part.rows.map((row, at) => <Line key={`${index}-${at}`} row={row} data={data} hasAnswer={hasAnswer} />)
          ),
        )}
      </div>
      {hasAnswer && rows.some(({ state }) => state === 'varies') && (
        <p class="aside">≈ another value, as the promise allows.</p>
      )}
    </>
  );
}

/** What is folded away. */
const FOLDED = {
  alike: (count: number) => `${counted(count, 'line')} without a difference`,
  missing: (count: number) => counted(count, 'more missing line'),
  extra: (count: number) => `${counted(count, 'more line')} that nobody promised`,
} as const;

interface Part {
  readonly kind: 'shown' | keyof typeof FOLDED;
  readonly from: number;
  readonly rows: readonly Row[];
}

/** Runs of lines that nothing is said of are folded, but for a few beside each difference. */
function partsOf(rows: readonly Row[]): readonly Part[] {
  const near = new Uint8Array(rows.length);
  for (const [at, row] of rows.entries()) {
    if (!row.findings && !row.gap && row.state !== 'changed' && at > 1) continue;
    for (let by = -AROUND; by <= AROUND; by++) if (rows[at + by]) near[at + by] = 1;
  }
  const parts: { kind: Part['kind']; from: number; rows: Row[] }[] = [];
  for (const [at, row] of rows.entries()) {
    const kind = near[at] ? 'shown' : row.state === 'missing' || row.state === 'extra' ? row.state : 'alike';
    const last = parts.at(-1);
    if (last?.kind === kind) last.rows.push(row);
    else parts.push({ kind, from: at, rows: [row] });
  }
  return parts.map((part) => (part.rows.length < WORTH ? { ...part, kind: 'shown' } : part));
}

const [AROUND, WORTH] = [4, 6];

const SIGNS = { changed: '≠', missing: '−', extra: '+', varies: '≈' } as const;
const MEANINGS = { changed: 'differs', missing: 'missing', extra: 'not promised', varies: 'another value' } as const;

function Line({
  row,
  data,
  hasAnswer,
}: {
  readonly row: Row;
  readonly data: Data;
  readonly hasAnswer: boolean;
}): JSX.Element {
  if (row.gap !== undefined) {
    return (
      <div class="side-row fold" role="row">
        <span role="cell" class="soft">
          {counted(row.gap, 'line')} {row.differing === undefined && 'without a difference '}
          {row.gap === 1 ? 'is' : 'are'} left out of the report
          {row.differing !== undefined && `, ${counted(row.differing, 'difference')} among them`}.
        </span>
      </div>
    );
  }
  const { state, promised, actual, line } = row;
  const worst = row.findings?.map((number) => data.findings[number]!.finding.severity);
  const severity = worst?.includes('error') ? 'error' : worst?.includes('warning') ? 'warning' : worst ? 'note' : '';
  // What is written otherwise and means the same, such as the name of a header, is no difference.
  const isSame = state === undefined && promised !== undefined && actual !== undefined;
  return (
    <>
      <div class={`side-row ${state ?? 'alike'} ${severity} ${isSame ? 'same' : ''}`} role="row">
        <span class="sign" role="cell">
          {state && <span title={MEANINGS[state]}>{SIGNS[state]}</span>}
          {state && <span class="unseen">{MEANINGS[state]}</span>}
        </span>
        <span class={promised === undefined ? 'side promised absent' : 'side promised'} role="cell">
          <span class="number">{line ?? ''}</span>
          <code>{promised === undefined ? '' : visible(promised)}</code>
        </span>
        {hasAnswer && (
          <span class={actual === undefined ? 'side actual absent' : 'side actual'} role="cell">
            <code>{actual === undefined ? '' : visible(actual)}</code>
          </span>
        )}
      </div>
      {row.findings?.map((number) => {
        const { finding } = data.findings[number]!;
        return (
          <div key={number} class={`side-row told ${finding.severity}`} role="row">
            <span role="cell">
              <SeverityMark of={finding.severity} /> <Prose text={finding.reason} />
            </span>
          </div>
        );
      })}
    </>
  );
}
