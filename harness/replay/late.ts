import { setMaxListeners } from 'node:events';

/** Milliseconds that a creation may still take when everything is to stop. */
export const GRACE = 2000;

/** Milliseconds for the clean-up of an interrupted run. */
export const LAST_MOMENTS = 30_000;

/** A signal that follows another one so many milliseconds later; `end` when nobody waits for it any more. */
export function lateSignal(stop: AbortSignal, after: number): [late: AbortSignal, end: () => void] {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  let timer: NodeJS.Timeout | undefined;
  const onStop = (): void => {
    timer = setTimeout(() => controller.abort(stop.reason), after);
  };
  if (stop.aborted) onStop();
  else stop.addEventListener('abort', onStop, { once: true });
  return [
    controller.signal,
    () => {
      clearTimeout(timer);
      stop.removeEventListener('abort', onStop);
    },
  ];
}
