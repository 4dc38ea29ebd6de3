import { headerValue, isJsonType, type ResponseMessage } from './http.ts';
import type { JsonPathQuery } from './json-path.ts';
import type { Capture, Expect, Expectation } from './scenario.ts';

/** An answer whose body is read as JSON once, where somebody asks. */
export interface ReadAnswer {
  readonly actual: ResponseMessage;
  readonly text: () => string;
  /** Undefined where the body is no JSON. */
  readonly json: () => unknown;
}

/** An answer to ask things of. */
export function readAnswer(actual: ResponseMessage): ReadAnswer {
  let text: string | undefined;
  let json: { readonly value: unknown } | undefined;
  const read = (): string => (text ??= new TextDecoder().decode(actual.body));
  return { actual, text: read, json: () => (json ??= { value: parsed(actual, read()) }).value };
}

/** Is the status one of those that are asked for? Any success will do where none is. */
export function isExpectedStatus({ statuses, allowed }: Expect, status: number): boolean {
  return statuses === undefined
    ? (status >= 200 && status < 300) || allowed.includes(status)
    : statuses.includes(status) || allowed.includes(status);
}

/** What an answer has in the place of what is expected, in words; nothing where it is as it should be. */
export function unmet(expectation: Expectation, answer: ReadAnswer, query: JsonPathQuery): string | undefined {
  const { of, at, value } = expectation;
  // Null asks for nothing.
  if (value === null) return undefined;
  if (of === 'header') {
    const actual = headerValue(answer.actual.headers, at);
    if (actual === undefined) return 'none';
    return isAnyOf(value, actual) ? undefined : JSON.stringify(actual);
  }
  if (of === 'text') return isAnyOf(value, answer.text()) ? undefined : clipped(answer.text());
  const [first, ...others] = found(answer, at, query);
  if (of === 'absent') return first === undefined ? undefined : clipped(first);
  if (first === undefined) return 'nothing';
  if (Array.isArray(first) && Array.isArray(value)) return isSameItems(value, first) ? undefined : clipped(first);
  // A path that leads to several places is met where one of them is as it should be.
  return [first, ...others].some((each) => isAnyOf(value, each)) ? undefined : clipped(first);
}

/** What a capture finds; undefined where there is nothing. */
export function captured({ of, at }: Capture, answer: ReadAnswer, url: string, query: JsonPathQuery): unknown {
  if (of === 'status') return answer.actual.status;
  if (of === 'body') return answer.text();
  if (of === 'header') {
    const text = headerValue(answer.actual.headers, at);
    // Relative to what was asked for (RFC 9110, 10.2.2).
    return text !== undefined && /location$/i.test(at) && URL.canParse(text, url) ? new URL(text, url).href : text;
  }
  return found(answer, at, query)[0];
}

/** What is expected, in words. */
export function expectedText(value: unknown): string {
  if (value === undefined) return 'nothing';
  return Array.isArray(value)
    ? `one of ${value.map((each) => JSON.stringify(each)).join(', ')}`
    : JSON.stringify(value);
}

function found(answer: ReadAnswer, path: string, query: JsonPathQuery): readonly unknown[] {
  const value = answer.json();
  if (value === undefined) return [];
  try {
    return query(value, path);
  } catch {
    // It was read when the scenario was; with what was filled in it is a path no more.
    return [];
  }
}

function isAnyOf(expected: unknown, actual: unknown): boolean {
  return Array.isArray(expected) ? expected.some((each) => isSame(each, actual)) : isSame(expected, actual);
}

/** The same items in any order, as often. */
function isSameItems(expected: readonly unknown[], actual: readonly unknown[]): boolean {
  const left = [...expected];
  return (
    expected.length === actual.length &&
    actual.every((item) => {
      const at = left.findIndex((each) => isSame(each, item));
      if (at < 0) return false;
      left.splice(at, 1);
      return true;
    })
  );
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  return (
    keys.length === others.length &&
    keys.every(
      (key) =>
        Object.hasOwn(b, key) && isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
    )
  );
}

function parsed({ headers, body }: ResponseMessage, text: string): unknown {
  if (body.length === 0 || !isJsonType(headerValue(headers, 'content-type') ?? 'application/json')) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const MOST = 120;

function clipped(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text;
}
