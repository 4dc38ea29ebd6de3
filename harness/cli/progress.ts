import { calmLine, progressLine, type ProgressState } from './progress-line.ts';
import type { Environment } from './settings.ts';
import type { StatusLine } from './status-line.ts';
import { isCi, type Screen } from './terminal.ts';

/** Tells people how far the work is. */
export interface Progress {
  /** Begins a part of the work, on so many things; the one before it is to have ended. */
  begin(what: string, total: number): Phase;
}

/** A part of the work, under way. */
export interface Phase {
  /** One more thing is done, and so many findings came of it. */
  advance(findings?: number, hasError?: boolean): void;
  /** So many more requests are under way; fewer where it is negative. */
  inFlight(change: number): void;
  end(): void;
}

export interface ProgressOptions {
  /** Where calm lines go. */
  readonly stream: Screen;
  /** Where the bar is drawn. */
  readonly status: StatusLine;
  readonly environment: Environment;
  readonly quiet: boolean;
  readonly color: boolean;
  /** Milliseconds, from any point on. */
  readonly now?: () => number;
}

/** `performance` is loaded with what measures more than time. */
function milliseconds(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/**
 * Progress from the second second on: a bar where there is a terminal and a person before it, drawn at most ten times a second; elsewhere a
 * line for every tenth that is done or every ten seconds, whichever comes first, at most one a second.
 */
export function progressOf(options: ProgressOptions): Progress {
  const { stream, status, environment, quiet, color, now = milliseconds } = options;
  if (quiet) return SILENT;
  const start = now();
  const isLive = stream.isTTY === true && environment.TERM !== 'dumb' && !isCi(environment);
  return {
    begin(what, total) {
      const began = now();
      const state: Writable<ProgressState> = { what, total, done: 0, findings: 0, hasError: false, elapsed: 0 };
      let told = isLive ? -Infinity : began;
      let tenths = 0;
      const draw = (time: number): void => {
        told = time;
        status.show(progressLine(state, stream.columns || COLUMNS, color));
      };
      const say = (time: number): void => {
        told = time;
        tenths = Math.floor((10 * state.done) / total);
        stream.write(`${calmLine(state)}\n`);
      };
      const look = (): void => {
        const time = now();
        if (time - start < DELAY) return;
        state.elapsed = time - began;
        if (isLive) return time - told >= FRAME ? draw(time) : undefined;
        const isDue = time - told >= LONGEST || Math.floor((10 * state.done) / total) > tenths;
        if (isDue && time - told >= DELAY && state.done < total) say(time);
      };
      look();
      const timer = setInterval(look, FRAME).unref();
      return {
        advance(findings = 0, hasError = false) {
          state.done++;
          state.findings += findings;
          state.hasError ||= hasError;
          look();
        },
        inFlight(change) {
          state.inFlight = (state.inFlight ?? 0) + change;
        },
        end() {
          clearInterval(timer);
          status.clear();
        },
      };
    },
  };
}

/** Milliseconds: before the first sign, between two frames, between two calm lines where little is done. */
const [DELAY, FRAME, LONGEST] = [1000, 100, 10_000];

/** Of a terminal that does not tell. */
const COLUMNS = 80;

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Tells nobody. */
export const SILENT: Progress = { begin: () => ({ advance() {}, inFlight() {}, end() {} }) };
