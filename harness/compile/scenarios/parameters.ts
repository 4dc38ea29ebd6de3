import { fromApiDoctorPath } from '../../model/json-path.ts';
import { pointerToken } from '../../model/json.ts';
import { fault, isObject, type Turning } from './turning.ts';

/** `request-parameters` of API Doctor: what stands for placeholders, and what is set in the request. */
export function parametersOf(turning: Turning, said: unknown, there: string, here: string): object {
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
