import { Fragment, type ComponentChildren, type JSX } from 'preact';
import type { Finding, Severity } from '../../../model/finding.ts';
import type { Outcome } from '../../../model/report.ts';
import { oneLine, visible } from '../../visible.ts';
import { moment } from '../verdict.ts';
import { OUTCOMES } from './data.ts';

/** A sentence of ours: what stands between backticks is set as code. */
export function Prose({ text }: { readonly text: string }): JSX.Element {
  const parts = oneLine(text).split('`');
  // An odd backtick at the end opens nothing.
  const paired = parts.length % 2 === 1 ? parts : [...parts.slice(0, -2), parts.slice(-2).join('`')];
  return <>{paired.map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}</>;
}

/** The same, short enough for a list: the whole of it is where it leads to. */
export function ShortProse({ text }: { readonly text: string }): JSX.Element {
  if (text.length <= SHORT) return <Prose text={text} />;
  const start = text.slice(0, SHORT).replace(/[\ud800-\udbff]$/, '');
  const isOpen = start.split('`').length % 2 === 0;
  return <Prose text={`${start}${isOpen ? '…`' : '…'}`} />;
}

const SHORT = 240;

/** A short text from docs or answers on one line, with what acts instead of being seen spelled out. */
export function Text({ of }: { readonly of: string }): JSX.Element {
  return <>{oneLine(of)}</>;
}

/** A URL or the name of a type, which may be broken where a part of it ends, not just anywhere. */
export function Parts({ of }: { readonly of: string }): JSX.Element {
  const text = oneLine(of);
  const parts = text.split(text.includes('/') ? /(?<=[^/]\/|[?&])(?![/?&])/ : /(?<=\.)(?!\.)/);
  return (
    <>
      {parts.map((part, index) => (
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </>
  );
}

/** A request: its method and, beside it, its URL. */
export function Request({ method, url }: { readonly method: string; readonly url: string }): JSX.Element {
  return (
    <>
      <b>
        <Text of={method} />
      </b>
      {'\u00a0'}
      <Parts of={url} />
    </>
  );
}

/** A moment as people write it, to the minute, the same wherever it is read. */
export function Moment({ at }: { readonly at: string }): JSX.Element {
  return <time dateTime={oneLine(at)}>{oneLine(moment(at))}</time>;
}

/** The same as code. */
export function Code({ of }: { readonly of: string }): JSX.Element {
  return <code>{visible(of)}</code>;
}

/** The mark of a severity: a word, coloured. */
export function SeverityMark({ of }: { readonly of: Severity }): JSX.Element {
  return <span class={`mark ${of}`}>{of}</span>;
}

/** The mark of an outcome: a sign and a word, coloured. */
export function OutcomeMark({ of }: { readonly of: Outcome }): JSX.Element {
  return (
    <span class={`mark ${of}`}>
      <span class="sign" aria-hidden="true">
        {OUTCOMES.find(({ outcome }) => outcome === of)?.sign}
      </span>{' '}
      <span class="word">{of}</span>
    </span>
  );
}

/** A link where the URL is http or https, else its text. */
export function WebLink({
  url,
  children,
}: {
  readonly url: string;
  readonly children?: ComponentChildren;
}): JSX.Element {
  if (!/^https?:\/\/[^\s/]/i.test(url) || !canParse(url)) return <>{children ?? oneLine(url)}</>;
  return (
    <a href={url} rel="noopener noreferrer">
      {children ?? oneLine(url)}
    </a>
  );
}

/** Milliseconds for people. */
export function duration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

/** Where a finding stands: `docs/a.md:12:3`. */
export function placeOf({ file, line, column }: Finding): string {
  return `${file}:${line}:${column}`;
}

function canParse(url: string): boolean {
  try {
    return new URL(url) !== undefined;
  } catch {
    return false;
  }
}
