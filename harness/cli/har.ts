import { openPieces } from '../files/pieces.ts';
import { kindOf, readText } from '../files/read.ts';
import type { PagedExchange } from '../model/fixture.ts';
import { harFault, type HarEntry } from '../model/har.ts';
import type { Header, Target } from '../model/http.ts';
import { readJson } from '../model/json.ts';
import { pointAt } from '../model/place.ts';
import { UsageError } from '../model/usage.ts';
import { RefusedError } from '../replay/hosts.ts';
import { recordedAs, recordingTarget, UnrecordedError } from '../replay/recording.ts';
import { harEntry, harFrame } from '../report/har.ts';
import { withAccount } from './account.ts';
import type { Job } from './job.ts';

/** A recording that is being written; it is there when it is closed. */
export interface Recorder {
  /** The same target, whose requests and answers are written down, without secrets. */
  listening(target: Target): Target;
  close(): void;
}

/** What a recording is made with. */
export interface RecorderOptions {
  /** Absolute. */
  readonly file: string;
  readonly exchanges: readonly PagedExchange[];
  /** What the target's own origin is sent beside, in this order: by the account named, or the only one. */
  readonly headersOf?: (account: string | undefined) => readonly Header[];
  /** How many further pages of a collection are asked for. */
  readonly pages?: number;
}

/** Begins a HAR 1.2 file (`--har`). One that cannot be written is a UsageError, before anything is sent. */
export function openRecorder(
  { redactor, version }: Job,
  { file, exchanges, headersOf = () => [], pages = 0 }: RecorderOptions,
): Recorder {
  const pieces = begun(file);
  const { head, between, tail } = harFrame(version, pages);
  const byId = new Map(exchanges.map((exchange) => [exchange.id, exchange]));
  let isFirst = true;
  pieces.write(head);
  return {
    listening: (target) => ({
      ...target,
      async send(request, signal, hints) {
        const [startedAt, start] = [new Date(), performance.now()];
        const exchange = hints?.exchange === undefined ? undefined : byId.get(hints.exchange);
        const write = (actual: Parameters<typeof harEntry>[0]['actual']): void => {
          const sent = redactor.message(withAccount(request, target, headersOf(hints?.account)));
          const clean = actual instanceof Error ? new Error(redactor.text(actual.message)) : redactor.message(actual);
          const entry = harEntry({
            sent,
            actual: clean,
            startedAt,
            duration: performance.now() - start,
            ...(exchange === undefined ? {} : { exchange: exchange.id, request: recordedAs(exchange) }),
          });
          pieces.write((isFirst ? '' : between) + redactor.rendered(JSON.stringify(entry)));
          isFirst = false;
        };
        try {
          const actual = await target.send(request, signal, hints);
          write(actual);
          return actual;
        } catch (error) {
          const isAsked = !signal.aborted && !(error instanceof RefusedError || error instanceof UnrecordedError);
          if (isAsked) write(error instanceof Error ? error : new Error(String(error)));
          throw error;
        }
      },
    }),
    close() {
      pieces.write(tail);
      pieces.close();
    },
  };
}

/** Reads a HAR file as a target; one that is missing or no HAR is a UsageError with its place. */
export function openRecording(file: string, name: string, exchanges: readonly PagedExchange[]): Target {
  if (kindOf(file) !== 'file') throw new UsageError(`No recording \`${name}\``);
  // Some tools begin their files with a byte order mark.
  const text = readText(file).replace(/^\ufeff/, '');
  const fault = (offset: number, reason: string): UsageError => {
    const { line, column } = pointAt(text, offset);
    return new UsageError(`${name}:${line}:${column}: ${reason}`);
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const { error, leniencies } = readJson(text, { elisions: false });
    throw fault(error?.offset ?? leniencies[0]?.start ?? 0, error?.message ?? 'Not strict JSON');
  }
  const wrong = harFault(value);
  if (wrong !== undefined) {
    const { locate } = readJson(text, { elisions: false });
    // What is missing has no place but that of what it is missing in.
    let [pointer, span] = [wrong.pointer, locate(wrong.pointer)];
    while (span === undefined && pointer !== '') {
      pointer = pointer.slice(0, pointer.lastIndexOf('/'));
      span = locate(pointer);
    }
    throw fault((span?.key ?? span?.value)?.start ?? 0, wrong.reason);
  }
  const { log } = value as {
    readonly log: { readonly entries: readonly HarEntry[]; readonly _furtherPages?: unknown };
  };
  const { entries, _furtherPages: pages } = log;
  return recordingTarget(name, entries, exchanges, typeof pages === 'number' ? pages : undefined);
}

function begun(file: string): ReturnType<typeof openPieces> {
  try {
    return openPieces(file);
  } catch (cause) {
    throw new UsageError(`The recording of --har cannot be written: ${(cause as Error).message}`, { cause });
  }
}
