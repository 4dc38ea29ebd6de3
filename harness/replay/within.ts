import type { RequestMessage, ResponseMessage, SendHints, Target } from '../model/http.ts';
import { timedOut } from './unanswered.ts';

/** Holds even a target that does not listen to its signal to the time given, in milliseconds, unless it keeps time itself. */
export async function sendWithin(
  target: Target,
  request: RequestMessage,
  timeout: number,
  stop: AbortSignal,
  hints?: SendHints,
): Promise<ResponseMessage> {
  if (target.keepsTime) return target.send(request, stop, hints);
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    const settle = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', onStop);
    };
    const end = (reason: unknown): void => {
      settle();
      reject(reason);
      controller.abort(reason);
    };
    const onStop = (): void => end(stop.reason);
    const timer = setTimeout(() => end(timedOut(timeout)), timeout);
    stop.addEventListener('abort', onStop);
    // Inside `async`, so that a target that throws at once rejects like any other.
    (async () => target.send(request, controller.signal, hints))().then(resolve, reject).finally(settle);
  });
}
