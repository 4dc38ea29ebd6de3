import type { Severity } from '../../model/finding.ts';
import type { Outcome } from '../../model/report.ts';
import { capped, oneLine } from '../visible.ts';
import { OUTCOMES } from '../words.ts';
import { markup, type Child, type Html } from './escape.ts';

/** A sentence of ours: what stands between backticks is set as code. */
export function prose(text: string): Html {
  const parts = oneLine(capped(text, LONGEST)).split('`');
  // An odd backtick at the end opens nothing.
  const paired = parts.length % 2 === 1 ? parts : [...parts.slice(0, -2), parts.slice(-2).join('`')];
  return markup`${paired.map((part, index) => (index % 2 === 1 ? markup`<code>${part}</code>` : part))}`;
}

/** A short text from docs or answers, on one line. */
export function phrase(text: string): string {
  return oneLine(capped(text, LONGEST));
}

/** A link where the URL is http or https, else its text. */
export function link(url: string, text: Child = phrase(url)): Html {
  return /^https?:\/\/[^\s/]/i.test(url) && URL.canParse(url)
    ? markup`<a href="${url}" rel="noopener noreferrer">${text}</a>`
    : markup`${text}`;
}

/** The mark of a severity: a word, coloured. */
export function severityMark(severity: Severity): Html {
  return markup`<span class="mark ${severity}">${severity}</span>`;
}

/** The mark of an outcome: a sign and a word, coloured. */
export function outcomeMark(outcome: Outcome): Html {
  const sign = OUTCOMES.find((entry) => entry.outcome === outcome)?.sign;
  return markup`<span class="mark ${outcome}"><span aria-hidden="true">${sign}</span> ${outcome}</span>`;
}

const LONGEST = 2000;
