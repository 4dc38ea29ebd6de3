import { styleText } from 'node:util';
import { grouped } from '../report/numbers.ts';

/** How far a part of the work is. */
export interface ProgressState {
  /** What is done, one word: `Replaying`. */
  readonly what: string;
  readonly done: number;
  readonly total: number;
  readonly findings: number;
  /** Is one of the findings an error? */
  readonly hasError: boolean;
  /** Milliseconds. */
  readonly elapsed: number;
  /** Requests; nothing where none are sent. */
  readonly inFlight?: number;
}

/**
 * A line for a terminal of so many columns: the richest that has room, with two columns to spare for the `^C` that a terminal writes
 * behind it. ASCII alone: how wide other signs are, terminals do not agree.
 */
export function progressLine(state: ProgressState, columns: number, color: boolean): string {
  const room = columns - 1 - '^C'.length;
  const fitting = LAYOUTS.map((layout) => layout.filter((part) => part === 'bar' || WORDS[part](state) !== ''))
    .map((parts) => ({ parts, taken: parts.reduce((sum, part) => sum + widthOf(part, state) + 2, -2) }))
    .filter(({ taken }) => taken <= room);
  // What has nothing to say takes no room.
  const [best] = fitting.sort((a, b) => b.parts.length - a.parts.length);
  if (best === undefined) return '';
  const bar = Math.min(MOST_BAR, LEAST_BAR + room - best.taken);
  return best.parts.map((part) => painted(part, state, bar, color)).join('  ');
}

function widthOf(part: Part, state: ProgressState): number {
  return part === 'bar' ? LEAST_BAR : WORDS[part](state).length;
}

/** A line for a log: `Replaying: 1,200 of 3,341 (36 %), 16 in flight, 12 findings, ETA 0:42`. */
export function calmLine(state: ProgressState): string {
  const { what, done, total } = state;
  const rest = [WORDS.flight(state), WORDS.findings(state), WORDS.eta(state)].filter((word) => word !== '');
  return [`${what}: ${grouped(done)} of ${grouped(total)} (${percent(state)} %)`, ...rest].join(', ');
}

type Part = 'what' | 'bar' | 'count' | 'percent' | 'flight' | 'findings' | 'eta';

/** From the richest to nothing. */
const LAYOUTS: readonly (readonly Part[])[] = [
  ['what', 'bar', 'count', 'percent', 'flight', 'findings', 'eta'],
  ['bar', 'count', 'percent', 'flight', 'findings', 'eta'],
  ['bar', 'count', 'flight', 'findings', 'eta'],
  ['bar', 'count', 'findings', 'eta'],
  ['count', 'findings', 'eta'],
  ['count', 'findings'],
  ['bar', 'count'],
  ['count', 'percent'],
  ['count'],
  ['percent'],
];

/** Columns, brackets and all. */
const [LEAST_BAR, MOST_BAR] = [10, 32];

/** What each part says; nothing where there is nothing to say. */
const WORDS: Readonly<Record<Exclude<Part, 'bar'>, (state: ProgressState) => string>> = {
  what: ({ what }) => what,
  count: ({ done, total }) => `${grouped(done).padStart(grouped(total).length)}/${grouped(total)}`,
  percent: (state) => `${String(percent(state)).padStart(3)}%`,
  flight: ({ inFlight }) => (inFlight === undefined ? '' : `${inFlight} in flight`),
  findings: ({ findings }) => (findings === 0 ? '' : `${grouped(findings)} finding${findings === 1 ? '' : 's'}`),
  eta: (state) => eta(state),
};

function painted(part: Part, state: ProgressState, width: number, color: boolean): string {
  const paint = (style: 'bold' | 'dim' | 'cyan' | 'red' | 'yellow', text: string): string =>
    color && text !== '' ? styleText(style, text, { validateStream: false }) : text;
  if (part !== 'bar') {
    const text = WORDS[part](state);
    if (part === 'what') return paint('bold', text);
    if (part === 'findings') return paint(state.hasError ? 'red' : 'yellow', text);
    return part === 'eta' ? paint('dim', text) : text;
  }
  const inner = width - 2;
  const filled = Math.floor((inner * Math.min(state.done, state.total)) / Math.max(1, state.total));
  const full = `${'='.repeat(filled)}${filled < inner ? '>' : ''}`;
  return `${paint('dim', '[')}${paint('cyan', full)}${' '.repeat(inner - full.length)}${paint('dim', ']')}`;
}

function percent({ done, total }: ProgressState): number {
  return total === 0 ? 100 : Math.floor((100 * Math.min(done, total)) / total);
}

/** By the pace so far, once there is one. */
function eta({ done, total, elapsed }: ProgressState): string {
  if (done === 0 || elapsed < SETTLED) return '';
  const seconds = Math.ceil((elapsed * (total - done)) / done / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const clock = `${String(minutes).padStart(hours > 0 ? 2 : 1, '0')}:${String(seconds % 60).padStart(2, '0')}`;
  return `ETA ${hours > 0 ? `${hours}:` : ''}${clock}`;
}

/** Milliseconds until a pace is told. */
const SETTLED = 1000;
