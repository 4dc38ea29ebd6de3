import { fromApiDoctorPath } from '../../model/json-path.ts';
import { pointerToken } from '../../model/json.ts';
import { fault, isObject, type Turning } from './turning.ts';

/** `capture` of API Doctor. */
export function captureOf(
  turning: Turning,
  said: unknown,
  there: string,
  here: string,
): { capture?: Record<string, string> } {
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

/** `expectations` of API Doctor. */
export function expectationsOf(turning: Turning, said: unknown, there: string, here: string): object {
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
