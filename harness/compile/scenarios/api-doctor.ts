import { pointerToken } from '../../model/json.ts';
import { fromApiDoctorPath } from '../../model/json-path.ts';
import type { WrittenFile, WrittenScenario, WrittenStep } from './written.ts';

/** A file of API Doctor, turned into ours. */
export interface Turned {
  readonly file: WrittenFile;
  /** By a pointer into what it was turned to, where that stood. */
  readonly from: ReadonlyMap<string, string>;
  readonly faults: readonly TurningFault[];
}

/** What cannot be turned, at a pointer into the file as it was. The scenario it is in is left out. */
export interface TurningFault {
  readonly pointer: string;
  readonly kind: 'expression' | 'unreadable';
  readonly reason: string;
  readonly note: string;
}

/** Is this a scenario file of API Doctor? */
export function isApiDoctor(value: unknown): boolean {
  if (!isObject(value)) return false;
  if (Object.hasOwn(value, 'canned-requests')) return true;
  return listOf(value.scenarios).some(
    (each) => isObject(each) && ['method', 'test-setup', 'request-parameters'].some((key) => Object.hasOwn(each, key)),
  );
}

/** Turns scenarios and canned requests of API Doctor into ours, whatever else the file holds. */
export function fromApiDoctor(value: unknown): Turned {
  const turning: Turning = { from: new Map(), faults: [], count: 0 };
  if (!isObject(value)) return { file: {}, from: turning.from, faults: [] };
  const steps: Record<string, WrittenStep[]> = {};
  listOf(value['canned-requests']).forEach((canned, at) => {
    const there = `/canned-requests/${at}`;
    if (!isObject(canned) || typeof canned.name !== 'string')
      return fault(turning, there, 'Missing `name` of a canned request', 'Give it a name; nobody can use it without.');
    const here = `/steps/${pointerToken(canned.name)}`;
    turning.from.set(here, there);
    const step = stepOf(turning, canned, there, `${here}/0`);
    if (step !== undefined) steps[canned.name] = [step];
  });
  const scenarios = listOf(value.scenarios).flatMap((each, at) => {
    const turned = scenarioOf(turning, each, `/scenarios/${at}`);
    return turned === undefined ? [] : [turned];
  });
  // Those that could not be turned are out; places count the others.
  const kept: WrittenScenario[] = [];
  for (const { scenario, there, places } of scenarios) {
    const here = `/scenarios/${kept.length}`;
    for (const [pointer, was] of places) turning.from.set(here + pointer, was);
    turning.from.set(here, there);
    kept.push(scenario);
  }
  return { file: { scenarios: kept, steps }, from: turning.from, faults: turning.faults };
}

interface Turning {
  from: Map<string, string>;
  readonly faults: TurningFault[];
  count: number;
}

type Foreign = Readonly<Record<string, unknown>>;

function scenarioOf(
  turning: Turning,
  scenario: unknown,
  there: string,
):
  | { readonly scenario: WrittenScenario; readonly there: string; readonly places: ReadonlyMap<string, string> }
  | undefined {
  if (!isObject(scenario) || typeof scenario.method !== 'string') {
    fault(turning, there, 'Missing `method` of a scenario', 'Name the documented request it is for.');
    return undefined;
  }
  const { method } = scenario;
  const faults = turning.faults.length;
  const outer = turning.from;
  const places = new Map<string, string>([
    ['/name', `${there}/name`],
    ['/for', `${there}/method`],
  ]);
  turning.from = places;
  const setup = listOf(scenario['test-setup']);
  const steps = setup.map((item, at) => stepOf(turning, item, `${there}/test-setup/${at}`, `/steps/${at}`));
  const main = stepOf(turning, scenario, there, `/steps/${setup.length}`, true);
  turning.from = outer;
  // Whatever of it cannot be read: what is left is another scenario.
  if (turning.faults.length > faults || main === undefined) return undefined;
  const words = (key: string): object => {
    const said = listOf(scenario[key]).filter((word) => typeof word === 'string');
    return said.length === 0 ? {} : { [key]: said };
  };
  return {
    there,
    places,
    scenario: {
      name: typeof scenario.name === 'string' && scenario.name !== '' ? scenario.name : method,
      for: method,
      ...(scenario.enabled === true ? {} : { enabled: false }),
      // `{token}` is what a URL has in braces, and not the parameter of a query that is called so.
      fill: 'placeholders',
      ...words('tags'),
      ...words('scopes'),
      ...words('apiVersions'),
      steps: [...steps.flatMap((step) => step ?? []), main],
    },
  };
}

/** One request: of a set-up, a canned one, or the one a scenario is for. */
function stepOf(turning: Turning, item: unknown, there: string, here: string, isMain = false): WrittenStep | undefined {
  turning.from.set(here, there);
  if (!isObject(item)) return fault(turning, there, 'Unexpected value, expected a request', 'Write an object.');
  const capture = captureOf(turning, item.capture, `${there}/capture`, `${here}/capture`);
  const { 'canned-request': canned, 'http-request': raw, method } = item;
  // Nobody can change a canned request but by what is captured of it.
  if (!isMain && typeof canned === 'string') {
    turning.from.set(`${here}/use`, `${there}/canned-request`);
    return { use: canned, ...capture };
  }
  const asked =
    !isMain && typeof raw === 'string' ? { http: raw.replaceAll('\r\n', '\n') } : { exchange: String(method) };
  if ('exchange' in asked && typeof method !== 'string')
    return fault(turning, there, 'Missing request, expected `canned-request`, `http-request` or `method`', 'Name one.');
  turning.from.set(`${here}/http`, `${there}/http-request`);
  turning.from.set(`${here}/exchange`, `${there}/method`);
  const statuses = listOf(item['allowed-status-codes']).filter((each) => typeof each === 'number');
  const again = listOf(item['status-codes-to-retry']).filter((each) => typeof each === 'number');
  const expect = {
    ...(statuses.length === 0 ? {} : isMain ? { allow: statuses } : { status: statuses }),
    ...(isMain ? expectationsOf(turning, item.expectations, `${there}/expectations`, `${here}/expect`) : {}),
  };
  turning.from.set(`${here}/expect`, `${there}/allowed-status-codes`);
  turning.from.set(`${here}/poll`, `${there}/status-codes-to-retry`);
  return {
    ...asked,
    ...parametersOf(turning, item['request-parameters'], `${there}/request-parameters`, here),
    ...(Object.keys(expect).length === 0 ? {} : { expect }),
    ...capture,
    ...(again.length === 0 ? {} : { poll: { while: again, within: LONGEST_POLL } }),
    ...(item['secondary-account'] === true ? { account: 'secondary' } : {}),
  };
}

/** Seven tries of API Doctor, each after up to thirty seconds, come to about this, in milliseconds. */
const LONGEST_POLL = 120_000;

function parametersOf(turning: Turning, said: unknown, there: string, here: string): object {
  const values: Record<string, object> = {};
  const fillings: Record<string, unknown> = {};
  const headers: Record<string, string | null> = {};
  const json: Record<string, unknown> = {};
  const set: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(isObject(said) ? said : {})) {
    const at = `${there}/${pointerToken(key)}`;
    const turned = typeof value === 'string' ? textOf(turning, value, at, values) : value;
    const put = (pointer: string): void => void turning.from.set(`${here}/${pointer}`, at);
    if (turned === undefined) continue;
    const placeholder = /^\{(.+)\}$/.exec(key)?.[1];
    if (placeholder !== undefined) {
      put(`with/${pointerToken(placeholder)}`);
      fillings[placeholder] = isConstantPath(turned) ? { path: turned } : (turned ?? '');
    } else if (key === '!url') {
      put('set/url');
      set.url = turned;
    } else if (key === '!body') {
      put('set/body');
      set.body = turned;
    } else if (key === '!body.base64') {
      put('set/base64');
      set.base64 = String(turned).replace(/\s+/g, '');
    } else if (key.endsWith(':')) {
      put(`set/headers/${pointerToken(key.slice(0, -1))}`);
      headers[key.slice(0, -1)] = turned === null ? null : String(turned);
    } else if (key.startsWith('$')) {
      const path = fromApiDoctorPath(key);
      put(`set/json/${pointerToken(path)}`);
      json[path] = turned;
    } else
      fault(
        turning,
        at,
        `Unexpected \`${key}\`, expected \`{placeholder}\`, \`Header:\`, \`$.path\`, \`!url\`, \`!body\` or \`!body.base64\``,
        'Write what is meant in one of these ways.',
      );
  }
  if (Object.keys(headers).length > 0) set.headers = headers;
  if (Object.keys(json).length > 0) set.json = json;
  return {
    ...(Object.keys(values).length === 0 ? {} : { values }),
    ...(Object.keys(fillings).length === 0 ? {} : { with: fillings }),
    ...(Object.keys(set).length === 0 ? {} : { set }),
  };
}

/** What a URL takes as it is, and an encoded segment would not. */
function isConstantPath(value: unknown): boolean {
  return typeof value === 'string' && /[^\w.~-]/.test(value.replace(/\{[^{}]*\}/g, '')) && !/^\{[^{}]*\}$/.test(value);
}

/** `[stored]`, `#expression`, `!random-filename…`, or a constant. */
function textOf(turning: Turning, text: string, at: string, values: Record<string, object>): string | undefined {
  const stored = /^\[(.+)\]$/.exec(text)?.[1];
  if (stored !== undefined) return `{${stored}}`;
  if (text.startsWith('#')) {
    turning.faults.push({
      pointer: at,
      kind: 'expression',
      reason: `Unexpected C# expression \`${text.length > 80 ? `${text.slice(0, 80)}…` : text}\`, expected a value: nothing is compiled here`,
      note: noteFor(text),
    });
    return undefined;
  }
  let isOld = false;
  const turned = text.replace(RANDOM, (_, extension: string | undefined, end: string | undefined) => {
    const name = `random-${++turning.count}`;
    values[name] = { generate: 'unique', ...(extension === undefined ? {} : { suffix: `.${extension}` }) };
    isOld ||= extension !== undefined && end === undefined;
    return `{${name}}`;
  });
  // The old form, without the second mark, is a path below the root.
  return isOld ? `/${turned}` : turned;
}

const RANDOM = /!random-filename(?:-([A-Za-z0-9]+))?(!)?/g;

/** How to write here what an expression is mostly for. */
function noteFor(text: string): string {
  if (/UtcNow|\bNow\b|Today/.test(text)) {
    const [, unit = 'Days', count = '3'] = /Add(Days|Hours|Minutes|Seconds)\((-?\d{1,9})\)/.exec(text) ?? [];
    return `Write a scenario of docwright with \`values: { when: { now: { ${unit.toLowerCase()}: ${count} } } }\`, and \`{when}\` in its place.`;
  }
  if (/Base64/.test(text))
    return "Write a scenario of docwright with `values: { coded: { base64url: '{captured}', prefix: 'u!' } }`, and `{coded}` in its place.";
  if (/Guid/i.test(text))
    return 'Write a scenario of docwright with `values: { id: { generate: Guid } }`, and `{id}` in its place.';
  return 'Write a scenario of docwright: text with `{names}` of `values` and captures, such as `values: { when: { now: {} } }`, `{ base64: … }`, `{ generate: unique }` or `{ env: NAME }`.';
}

function captureOf(turning: Turning, said: unknown, there: string, here: string): { capture?: Record<string, string> } {
  const capture: Record<string, string> = {};
  for (const [key, value] of Object.entries(isObject(said) ? said : {})) {
    const at = `${there}/${pointerToken(key)}`;
    const name = /^\[(.+)\]$/.exec(key)?.[1];
    const of = typeof value === 'string' ? answerPart(value) : undefined;
    if (name === undefined || of === undefined) {
      fault(
        turning,
        at,
        name === undefined
          ? `Unexpected \`${key}\`, expected \`[name]\``
          : `Unexpected \`${String(value)}\`, expected \`$.path\`, \`Header:\` or \`!body\``,
        'Write what is captured as `"[name]": "$.path"`.',
      );
      continue;
    }
    turning.from.set(`${here}/${pointerToken(name)}`, at);
    capture[name] = of;
  }
  return Object.keys(capture).length === 0 ? {} : { capture };
}

function answerPart(text: string): string | undefined {
  if (text === '!body') return 'body';
  if (text.startsWith('$')) return fromApiDoctorPath(text);
  return text.endsWith(':') ? `header ${text.slice(0, -1)}` : undefined;
}

function expectationsOf(turning: Turning, said: unknown, there: string, here: string): object {
  const headers: Record<string, unknown> = {};
  const body: Record<string, unknown> = {};
  let text: unknown;
  for (const [key, value] of Object.entries(isObject(said) ? said : {})) {
    const at = `${there}/${pointerToken(key)}`;
    const put = (pointer: string): void => void turning.from.set(`${here}/${pointer}`, at);
    if (key === '!body') {
      put('text');
      text = value;
    } else if (key.endsWith(':')) {
      put(`headers/${pointerToken(key.slice(0, -1))}`);
      headers[key.slice(0, -1)] = value;
    } else if (key.startsWith('$')) {
      const path = fromApiDoctorPath(key);
      put(`body/${pointerToken(path)}`);
      body[path] = value;
    } else
      fault(
        turning,
        at,
        `Unexpected \`${key}\`, expected \`$.path\`, \`Header:\` or \`!body\``,
        'Write it in one of these ways.',
      );
  }
  return {
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(Object.keys(body).length === 0 ? {} : { body }),
    ...(text === undefined || text === null ? {} : { text }),
  };
}

function fault({ faults }: Turning, pointer: string, reason: string, note: string): undefined {
  faults.push({ pointer, kind: 'unreadable', reason, note });
  return undefined;
}

function isObject(value: unknown): value is Foreign {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
