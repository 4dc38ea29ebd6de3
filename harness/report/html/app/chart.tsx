import type { JSX } from 'preact';
import type { Outcome } from '../../../model/report.ts';
import { grouped } from '../../numbers.ts';
import { OUTCOMES } from './data.ts';

/** Counts by outcome. */
export type Shares = Readonly<Partial<Record<Outcome, number>>>;

/** Outcomes as one bar, `of` units long; what occurs is never thinner than a hair. A picture of numbers that stand beside it. */
export function Bar({
  shares,
  of,
  label,
}: {
  readonly shares: Shares;
  readonly of: number;
  readonly label?: string;
}): JSX.Element {
  const present = OUTCOMES.filter(({ outcome }) => (shares[outcome] ?? 0) > 0);
  const hair = 6;
  const total = present.reduce((sum, { outcome }) => sum + shares[outcome]!, 0);
  const length = of === 0 ? 0 : (1000 * total) / of;
  const scale = total === 0 ? 0 : Math.max(0, length - hair * present.length) / total;
  let x = 0;
  const described =
    label === undefined ? { 'aria-hidden': true as const } : { role: 'img' as const, 'aria-label': label };
  return (
    <svg class="bar" viewBox="0 0 1000 12" preserveAspectRatio="none" {...described}>
      {present.map(({ outcome }) => {
        const width = hair + shares[outcome]! * scale;
        const rect = <rect key={outcome} class={outcome} x={x.toFixed(2)} y="0" width={width.toFixed(2)} height="12" />;
        x += width;
        return rect;
      })}
    </svg>
  );
}

/** Parts of a whole as one bar, by the outcomes whose colours they have. */
export function Stack({
  parts,
  of,
}: {
  readonly parts: readonly (readonly [kind: Outcome, count: number])[];
  readonly of: number;
}): JSX.Element {
  let x = 0;
  return (
    <svg class="bar" viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" x="0" y="0" width="1000" height="12" />
      {parts.map(([kind, count]) => {
        const width = of === 0 ? 0 : (1000 * count) / of;
        const rect = width > 0 && (
          <rect key={kind} class={kind} x={x.toFixed(2)} y="0" width={width.toFixed(2)} height="12" />
        );
        x += width;
        return rect;
      })}
    </svg>
  );
}

/** A share of a whole as a bar. */
export function Share({
  part,
  of,
  kind,
}: {
  readonly part: number;
  readonly of: number;
  readonly kind: string;
}): JSX.Element {
  const width = of === 0 ? 0 : (1000 * part) / of;
  return (
    <svg class="bar" viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" x="0" y="0" width="1000" height="12" />
      <rect class={kind} x="0" y="0" width={width.toFixed(2)} height="12" />
    </svg>
  );
}

/** Counts by outcome in words. */
export function sharesInWords(shares: Shares): string {
  return OUTCOMES.filter(({ outcome }) => (shares[outcome] ?? 0) > 0)
    .map(({ outcome }) => `${grouped(shares[outcome]!)} ${outcome}`)
    .join(', ');
}

/** A share in words, never rounded to none or all; nothing for none. */
export function shareInWords(count: number, of: number): string {
  const percent = (100 * count) / of;
  return count === 0
    ? ''
    : percent < 1
      ? 'below 1 %'
      : percent > 99 && count < of
        ? 'above 99 %'
        : `${Math.round(percent)} %`;
}
