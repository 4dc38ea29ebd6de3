import { visible } from '../visible.ts';

/** Markup that is safe to write. The key is a symbol, so that nothing read from JSON can pass for it. */
export interface Html {
  readonly [WRITTEN]: string;
}

/** What a template may hold: text is escaped, markup is kept, lists are joined, nothing is left out. */
export type Child = Html | string | number | undefined | readonly Child[];

/** A template whose values are escaped for element content and for quoted attributes. */
export function markup(strings: TemplateStringsArray, ...values: readonly Child[]): Html {
  let written = strings[0]!;
  for (const [index, value] of values.entries()) written += write(value) + strings[index + 1]!;
  return trusted(written);
}

/** Takes a text as markup: only for what is written in this room. */
export function trusted(text: string): Html {
  return { [WRITTEN]: text };
}

/** The text of markup. */
export function source(value: Html): string {
  return value[WRITTEN];
}

const WRITTEN: unique symbol = Symbol('markup');

function write(value: Child): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return escape(value);
  if (typeof value === 'number') return String(value);
  if (isList(value)) return value.map(write).join('');
  return value[WRITTEN];
}

function isList(value: Html | readonly Child[]): value is readonly Child[] {
  return Array.isArray(value);
}

function escape(text: string): string {
  return visible(text).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}
