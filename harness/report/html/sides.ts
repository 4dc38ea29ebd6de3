import type { Finding } from '../../model/finding.ts';
import type { PromisedResponse } from '../../model/fixture.ts';
import type { Header, ResponseMessage } from '../../model/http.ts';
import { bodyRows } from './body-rows.ts';
import { cappedLine, concealed, decoded, pair, statusLine } from './message.ts';
import { both, lineOf, type About } from './row.ts';
import type { Row, Sides } from './wire.ts';

/** A finding and its number in the report. */
export interface Numbered {
  readonly number: number;
  readonly finding: Finding;
}

/** Lays a promise and an answer side by side: status, headers by name, body by key; what findings are about is marked. */
export function sides(
  promised: PromisedResponse | undefined,
  actual: ResponseMessage | undefined,
  findings: readonly Numbered[],
): Sides {
  const about = byPointer(findings);
  const rows = [statusRow(promised, actual, about), ...headerRows(promised, actual, about)];
  const content = bodyRows(promised, actual === undefined ? undefined : decoded(actual.body), about);
  const blank = content.length === 0 ? [] : [{ ...both(promised && '', actual && '') }];
  return {
    rows: around([...rows, ...blank, ...content]),
    ...(promised?.type === undefined
      ? {}
      : { type: promised.isCollection ? `Collection(${promised.type})` : promised.type }),
    hasAnswer: actual !== undefined,
  };
}

function byPointer(findings: readonly Numbered[]): About {
  const left = new Map<string, number[]>();
  for (const { number, finding } of findings) {
    if (finding.pointer === undefined) continue;
    const same = left.get(finding.pointer);
    if (same) same.push(number);
    else left.set(finding.pointer, [number]);
  }
  const take = (pointer: string): readonly number[] => {
    const taken = left.get(pointer) ?? [];
    left.delete(pointer);
    return taken;
  };
  return {
    take,
    rest: (pointer) =>
      [...left.keys()].filter((each) => each === pointer || each.startsWith(`${pointer}/`)).flatMap(take),
  };
}

function statusRow(promised: PromisedResponse | undefined, actual: ResponseMessage | undefined, about: About): Row {
  const findings = about.take('/status');
  const [left, right] = [promised && statusLine(promised.status), actual && statusLine(actual.status)];
  return {
    ...both(left, right),
    ...lineOf(promised, promised?.at),
    ...(actual && (findings.length > 0 || left !== right) ? { state: 'changed' } : {}),
    ...(findings.length > 0 ? { findings } : {}),
  };
}

/** Documented headers in their order, each with what came of its name; then what nobody documented. */
function headerRows(promised: PromisedResponse | undefined, actual: ResponseMessage | undefined, about: About): Row[] {
  const came = concealed(actual?.headers ?? []);
  const told = new Set<Header>();
  const rows = (promised?.headers ?? []).map((header): Row => {
    const answer = came.find((each) => each[0].toLowerCase() === header.name.toLowerCase() && !told.has(each));
    if (answer) told.add(answer);
    const findings = [header.name, header.name.toLowerCase()].flatMap((name) => about.take(`/headers/${name}`));
    const [left, right] = [headerLine(pair(header)), answer && headerLine(answer)];
    const differs = right === undefined ? 'missing' : 'changed';
    return {
      ...both(left, right),
      ...lineOf(promised, header.at),
      ...(findings.length > 0
        ? { state: differs, findings }
        : actual && answer && header.value !== answer[1]
          ? { state: 'varies' }
          : {}),
    };
  });
  const extra = came
    .filter((header) => !told.has(header))
    .map((header): Row => {
      const findings = [header[0], header[0].toLowerCase()].flatMap((name) => about.take(`/headers/${name}`));
      return { actual: headerLine(header), ...(findings.length > 0 ? { state: 'extra', findings } : {}) };
    });
  const rest = about.rest('/headers');
  if (rest.length === 0) return [...rows, ...extra];
  return [...rows, ...extra, { ...both(promised && '', actual && ''), state: 'changed', findings: rest }];
}

function headerLine([name, value]: Header): string {
  return cappedLine(`${name}: ${value}`);
}

/** All rows of a short message; of a long one those around its head and around every difference, gaps counted. */
function around(rows: readonly Row[]): Row[] {
  if (rows.length <= MOST_ROWS) return [...rows];
  const keep = new Set<number>();
  let budget = MOST_ROWS;
  const hold = (at: number, reach: number): void => {
    for (let row = Math.max(0, at - reach); row <= Math.min(rows.length - 1, at + reach) && budget > 0; row++) {
      if (keep.has(row)) continue;
      keep.add(row);
      budget--;
    }
  };
  hold(0, 20);
  rows.forEach((row, at) => row.findings && hold(at, 8));
  rows.forEach((row, at) => row.state && row.state !== 'varies' && hold(at, 8));
  const result: Row[] = [];
  let [gap, differing] = [0, 0];
  const close = (): void => {
    if (gap > 0) result.push({ gap, ...(differing > 0 ? { differing } : {}) });
    [gap, differing] = [0, 0];
  };
  for (const [at, row] of rows.entries()) {
    if (keep.has(at)) {
      close();
      result.push(row);
    } else {
      gap++;
      if (row.findings || (row.state && row.state !== 'varies')) differing++;
    }
  }
  close();
  return result;
}

const MOST_ROWS = 400;
