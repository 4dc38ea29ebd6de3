import { counted, grouped } from '../numbers.ts';
import type { Summary } from '../../model/report.ts';

/** What became of the exchanges, in one sentence. */
export function verdict({ exchanges, conforming, differing, unanswered, blocked, skipped, findings }: Summary): string {
  const errors = findings.error > 0 ? `, ${counted(findings.error, 'error')}` : '';
  if (exchanges === 0) return findings.error > 0 ? `No exchange${errors}` : 'No exchange was found';
  if (skipped === exchanges) return `${counted(exchanges, 'exchange')} read${errors || ', no error'}`;
  const wrong = [
    ...(differing > 0 ? [`${grouped(differing)} ${differing === 1 ? 'differs' : 'differ'}`] : []),
    ...(unanswered > 0 ? [`${grouped(unanswered)} unanswered`] : []),
    ...(blocked > 0 ? [`${grouped(blocked)} not sent`] : []),
  ];
  if (wrong.length > 0) return `Of ${counted(exchanges, 'exchange')}, ${wrong.join(', ')}`;
  const all = conforming === exchanges;
  const good = all
    ? exchanges === 1
      ? 'The one exchange conforms'
      : `All ${grouped(exchanges)} exchanges conform`
    : `${grouped(conforming)} of ${counted(exchanges, 'exchange')} conform`;
  return `${good}${errors}`;
}

/** A moment to the minute, in UTC: `2026-11-28 21:03 UTC`; what is no moment stays as it is. */
export function moment(at: string): string {
  return at.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d(\.\d+)?)?Z$/, '$1 $2 UTC');
}
