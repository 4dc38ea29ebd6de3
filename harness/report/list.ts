import { styleText } from 'node:util';
import type { Finding, Severity } from '../model/finding.ts';
import type { Report, ReportContext, Reporter } from '../model/report.ts';
import { excerptOf } from './excerpt.ts';
import { foldByFile, unsuppressed, type Fold } from './fold.ts';
import { capped, harmless, oneLine } from './visible.ts';
import { clipEnd, displayWidth } from './width.ts';
import { counted, grouped } from './numbers.ts';
import { OUTCOMES, placeOf } from './words.ts';

/** For terminals: findings by page with their source lines, then what came out and where the reports are. */
export const list: Reporter = {
  name: 'list',
  *render(report, context) {
    const paint = painter(context.color);
    for (const line of lines(report, context, paint)) yield `${harmless(line)}\n`;
  },
};

/** One finding as it stands there, without colour: for messages of others. */
export function drawn(finding: Finding, context: Drawing): string {
  return [...foldLines({ face: finding, all: [finding] }, context, (_, text) => text)].map(harmless).join('\n').trim();
}

/** What it takes to draw one. */
type Drawing = Pick<ReportContext, 'lines' | 'width' | 'verbose' | 'color'>;

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

/** Whether the stream takes colour is known to the caller alone, so `styleText` is kept from asking the process. */
function painter(color: boolean): Paint {
  return (style, text) => (color && text !== '' ? styleText(style, text, { validateStream: false }) : text);
}

function* lines(report: Report, context: ReportContext, paint: Paint): Iterable<string> {
  const told = unsuppressed(report.findings).filter(({ severity }) => context.verbose || severity !== 'note');
  for (const [file, folds] of foldByFile(told)) {
    yield paint('bold', text(file));
    yield '';
    for (const fold of folds) yield* foldLines(fold, context, paint);
  }
  yield* summaryLines(report, context, paint);
}

function* foldLines({ face, all }: Fold, context: Drawing, paint: Paint): Iterable<string> {
  const severity = paint(STYLES[face.severity], face.severity);
  const place = paint('dim', `${face.line}:${face.column}`);
  const rule = paint('dim', text(face.ruleId));
  yield `  ${place}  ${severity}  ${text(face.reason)}  ${rule}`;
  yield* sourceLines(face, context, paint);
  yield* fieldLines(face, context, paint);
  const others = all.filter((finding) => finding !== face);
  const most = context.verbose ? Infinity : 10;
  for (const other of others.slice(0, most)) {
    yield `    ${paint('dim', 'also')} ${text(placeOf(other))}${other.reason === face.reason ? '' : `  ${text(other.reason)}`}`;
  }
  if (others.length > most) yield `    ${paint('dim', `and at ${counted(others.length - most, 'more place')}`)}`;
  yield '';
}

function* sourceLines(finding: Finding, context: Drawing, paint: Paint): Iterable<string> {
  const number = String(finding.line);
  const gutter = `    ${number} | `;
  const source = excerptOf(finding, context, context.width - gutter.length);
  if (!source) return;
  yield `${paint('dim', gutter)}${source.before}${source.marked}${source.after}`.trimEnd();
  const marks = '^'.repeat(Math.max(displayWidth(source.marked), 1));
  const below = `    ${' '.repeat(number.length)} | `;
  yield `${paint('dim', below)}${' '.repeat(displayWidth(source.before))}${paint(STYLES[finding.severity], marks)}`;
}

function* fieldLines({ expected, actual, note }: Finding, context: Drawing, paint: Paint): Iterable<string> {
  const room = context.width - 14;
  if (expected !== undefined) yield `    ${paint('dim', 'expected')}  ${clipEnd(text(expected), room)}`;
  if (actual !== undefined) yield `    ${paint('dim', 'actual  ')}  ${clipEnd(text(actual), room)}`;
  if (note !== undefined) yield `    ${paint('cyan', '→')} ${text(note)}`;
}

function* summaryLines({ summary, findings, command }: Report, context: ReportContext, paint: Paint): Iterable<string> {
  const outcomes = OUTCOMES.filter(({ count }) => summary[count] !== 0).map(
    ({ count }) => `${grouped(summary[count])} ${count}`,
  );
  const asides = [
    ...(summary.flaky > 0 ? [`${grouped(summary.flaky)} flaky`] : []),
    ...(summary.unseen > 0 ? [`${counted(summary.unseen, 'documented response')} unseen`] : []),
  ];
  // Where nothing is asked there is nothing to say of it.
  if (command !== 'check') yield sentence(paint('bold', counted(summary.exchanges, 'exchange')), outcomes, asides);

  const { error, warning, note } = summary.findings;
  const severities = [
    ...(error > 0 ? [paint(STYLES.error, counted(error, 'error'))] : []),
    ...(warning > 0 ? [paint(STYLES.warning, counted(warning, 'warning'))] : []),
    ...(note > 0 ? [`${counted(note, 'note')}${context.verbose ? '' : ' (--verbose shows them)'}`] : []),
  ];
  const suppressed = summary.suppressed > 0 ? [`${grouped(summary.suppressed)} suppressed`] : [];
  const fixable = unsuppressed(findings).filter(({ fix }) => fix !== undefined).length;
  const flag = command === 'check' || command === 'run' ? '--fix' : 'docwright check --fix';
  const mendable = fixable > 0 ? [`${grouped(fixable)} can be fixed with ${flag}`] : [];
  yield sentence(paint('bold', counted(error + warning + note, 'finding')), severities, [...suppressed, ...mendable]);

  const { html, ...others } = context.written;
  for (const path of [...(html === undefined ? [] : [html]), ...Object.values(others)]) {
    yield `${paint('dim', 'written')} ${paint('underline', text(path))}`;
  }
}

function sentence(head: string, parts: readonly string[], asides: readonly string[]): string {
  const body = parts.length === 0 ? head : `${head}: ${parts.join(', ')}`;
  return asides.length === 0 ? body : `${body}; ${asides.join(', ')}`;
}

/** What comes from docs and answers: nothing that acts, nothing endless. */
function text(content: string): string {
  return oneLine(capped(content, 1000));
}

const STYLES: Readonly<Record<Severity, Style>> = { error: 'red', warning: 'yellow', note: 'blue' };
