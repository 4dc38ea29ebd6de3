import type { Report } from '../model/report.ts';

/** What the exit code depends on beside the report. */
export interface ExitOptions {
  /** How many pages (`compile`, `check`) or exchanges (`run`, `replay`) were selected. */
  readonly selected: number;
  readonly passWithNoTests: boolean;
  readonly maxWarnings?: number;
  /** Was its time up before it was done? */
  readonly timedOut?: boolean;
  /** Was an account refused? */
  readonly isRefused?: boolean;
  /** The signal that ended the run early. */
  readonly signal?: Signal;
}

export type Signal = 'SIGINT' | 'SIGTERM';

/**
 * 0 as promised; 1 errors, too many warnings, no exchange answered, or the time for the run was up; 2 nothing selected or the account refused; 130 and 143 after a signal.
 * What is stale under `--check` is a finding of severity error.
 */
export function exitCode({ command, summary }: Pick<Report, 'command' | 'summary'>, options: ExitOptions): number {
  if (options.signal) return signalCode(options.signal);
  if (options.isRefused) return 2;
  if (options.selected === 0 && !options.passWithNoTests) return 2;
  if (options.timedOut || summary.findings.error > 0) return 1;
  if (summary.findings.warning > (options.maxWarnings ?? Infinity)) return 1;
  const sends = command === 'run' || command === 'replay';
  const answered = summary.conforming + summary.differing;
  return sends && options.selected > 0 && answered === 0 ? 1 : 0;
}

/** 128 and the number of the signal, as shells count. */
export function signalCode(signal: Signal): number {
  return signal === 'SIGINT' ? 130 : 143;
}
