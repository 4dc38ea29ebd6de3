import type { Filling, Offset, Scenario, ScenarioValue, Step } from '../../model/scenario.ts';
import type { Given } from '../flow/index.ts';
import type { Known } from '../flow/values.ts';
import { knownValues } from '../flow/values.ts';

/** What the names of one scenario stand for while it is played. */
export interface Scope {
  /** Makes the values of a step anew. */
  begin(step: Step): void;
  /** Keeps what an answer showed. */
  keep(name: string, value: unknown): void;
  /** What was kept, by name, as text. */
  readonly kept: ReadonlyMap<string, string>;
  /** A text with `{name}` filled in, spelled as the place wants it; names that have no value yet go to `missing`. */
  fill(text: string, missing: Set<string>, spell?: (value: unknown) => string): string;
  /** The same for all strings of a JSON value; one that is nothing but a name becomes the value itself. */
  fillJson(value: unknown, missing: Set<string>): unknown;
  /** A JSONPath with `{name}` filled in between its quotes. */
  path(text: string): string;
  /** What stands for placeholders in the request of a step: its `with`, then the names of the scenario. */
  values(step: Pick<Step, 'with'>, missing: Set<string>): Given;
}

/** Where values come from beside the scenario. */
export interface ScopeOptions {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Values generated before, by name, which are kept; new ones are put there. */
  readonly generated?: Map<string, string>;
  /** For a plan: what stands for a value that only a run brings. */
  readonly shown?: (name: string, from: string) => string;
}

/** A scope for one scenario. */
export function scopeOf(scenario: Scenario, { environment = {}, generated, shown }: ScopeOptions): Scope {
  const values = new Map<string, Value>();
  const kept = new Map<string, string>();
  const busy = new Set<string>();
  const make = (prefix: string, sources: Readonly<Record<string, ScenarioValue>>): void => {
    for (const [name, source] of Object.entries(sources)) values.set(name, valueOf(name, source, prefix));
  };
  const valueOf = (name: string, source: ScenarioValue, prefix: string): Value => {
    if (typeof source === 'string' && NAME.test(source)) return { later: (missing) => scope.fill(source, missing) };
    if (typeof source !== 'object') return { value: source, origin: 'config', isTold: true };
    if ('now' in source) return shownOr(name, 'generated now', { later: () => later(source.now) });
    if ('base64' in source || 'base64url' in source) return { later: (missing) => encoded(source, missing) };
    const isMade = 'generate' in source;
    const key = `${prefix} ${name}`;
    const before = isMade && generated?.has(key) ? new Map([[name, generated.get(key)!]]) : new Map<string, string>();
    const known = knownValues({ [name]: source }, environment, before).get(name)!;
    if (known.kind !== 'known') return { why: known.kind === 'missing' ? known.why : 'a capture' };
    if (isMade) generated?.set(key, known.value);
    const { value, origin, isTold } = known;
    return isTold ? { value, origin, isTold } : shownOr(name, origin, { value, origin, isTold });
  };
  const shownOr = (name: string, from: string, value: Value): Value =>
    shown === undefined ? value : { value: shown(name, from), origin: from, isTold: true };
  const encoded = (
    source: { base64?: string; base64url?: string; prefix?: string; suffix?: string },
    missing: Set<string>,
  ) => {
    const kind = source.base64 === undefined ? 'base64url' : 'base64';
    const text = scope.fill((source.base64 ?? source.base64url)!, missing);
    return `${source.prefix ?? ''}${Buffer.from(text).toString(kind)}${source.suffix ?? ''}`;
  };
  const look = (name: string, missing: Set<string>): unknown => {
    const found = values.get(name);
    if (found === undefined) missing.add(`value {${name}} (nothing has brought it yet)`);
    else if ('why' in found) missing.add(`value {${name}} (${found.why})`);
    else if ('later' in found) {
      // A value that is made of itself is none.
      if (busy.has(name)) missing.add(`value {${name}} (it is made of itself)`);
      else {
        busy.add(name);
        const value = found.later(missing);
        busy.delete(name);
        return value;
      }
    } else return found.value;
    return undefined;
  };
  const isName = (name: string): boolean => scenario.names.has(name);
  const scope: Scope = {
    kept,
    begin: (step) => make(step.exchange.id, step.values),
    keep(name, value) {
      values.set(name, { value, origin: 'capture', isTold: true });
      kept.set(name, typeof value === 'string' ? value : JSON.stringify(value));
    },
    fill: (text, missing, spell = plain) =>
      text.replace(NAMES, (whole, name: string) => (isName(name) ? spell(look(name, missing)) : whole)),
    fillJson(value, missing) {
      if (typeof value === 'string') {
        const [, name] = WHOLE.exec(value) ?? [];
        return name !== undefined && isName(name) ? look(name, missing) : scope.fill(value, missing);
      }
      if (Array.isArray(value)) return value.map((each) => scope.fillJson(each, missing));
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, scope.fillJson(each, missing)]));
    },
    path: (text) =>
      text.replace(NAMES, (whole, name: string, at: number) =>
        isName(name) ? inPath(look(name, new Set()), openQuote(text.slice(0, at))) : whole,
      ),
    values(step, missing) {
      const own = new Map<string, Known>();
      const asPath = new Set<string>();
      for (const name of scenario.names) {
        const found = values.get(name);
        const lacking = new Set<string>();
        const value = found === undefined ? undefined : look(name, lacking);
        if (value === undefined || lacking.size > 0)
          own.set(name, { kind: 'missing', why: 'nothing has brought it yet' });
        else own.set(name, known(value, found));
      }
      for (const [name, filling] of Object.entries(step.with)) {
        const text = scope.fill(textOf(filling), missing);
        own.set(name, { kind: 'known', value: text, origin: 'config', isTold: true });
        if (typeof filling === 'object') asPath.add(text);
      }
      return { own, asPath, onlyPlaceholders: scenario.onlyPlaceholders === true };
    },
  };
  make(scenario.id, scenario.values);
  return scope;
}

type Value =
  | { readonly value: unknown; readonly origin: string; readonly isTold: boolean }
  | { readonly later: (missing: Set<string>) => string }
  | { readonly why: string };

function known(value: unknown, found: Value | undefined): Known {
  const origin = found !== undefined && 'origin' in found ? found.origin : 'generated';
  return { kind: 'known', value: plain(value), origin, isTold: true };
}

/** `{name}` in a text; whatever a name is, it holds no brace. */
const NAME = /\{([^{}\n]+)\}/;
const NAMES = new RegExp(NAME, 'g');
const WHOLE = /^\{([^{}\n]+)\}$/;

function plain(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A value in a JSONPath (RFC 9535, 2.3.1.1), between quotes of this kind or none: it never ends them. */
function inPath(value: unknown, quote: string | undefined): string {
  if (quote === undefined) return JSON.stringify(value ?? null);
  return plain(value).replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`);
}

/** The quote that is open at the end of a piece of a JSONPath. */
function openQuote(text: string): string | undefined {
  let open: string | undefined;
  for (const [sign] of text.matchAll(/\\.|['"]/gs)) {
    if (open === undefined && sign.length === 1) open = sign;
    else if (sign === open) open = undefined;
  }
  return open;
}

function textOf(filling: Filling): string {
  return typeof filling === 'object' ? filling.path : String(filling);
}

/** The time of now and so much, as ISO 8601 in UTC. */
function later({ days = 0, hours = 0, minutes = 0, seconds = 0 }: Offset): string {
  return new Date(Date.now() + (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000).toISOString();
}
