import type { Header } from '../../model/http.ts';
import { isCredential } from './message.ts';

/** A command line that sends a request again. Credentials are `$TOKEN`, and every other character means itself in bash and zsh. */
export function curl(method: string, url: string, headers: readonly Header[], body: string): string {
  const parts = [
    `curl --request ${quoted(method)} --url ${quoted(url)}`,
    ...headers.filter(([name]) => !/^(content-length|host)$/i.test(name)).map(header),
    ...(body === '' ? [] : [body.length > LONGEST ? '--data-binary @body' : `--data-raw ${quoted(body)}`]),
  ];
  const command = parts.join(' \\\n  ');
  return body.length > LONGEST ? `# The body is too long to stand here: save it as \`body\`.\n${command}` : command;
}

const LONGEST = 4_000;

function header([name, value]: Header): string {
  if (!isCredential(name)) return `--header ${quoted(`${name}: ${value}`)}`;
  // The scheme is no secret: `Bearer`.
  const scheme = /^(bearer|basic) /i.exec(value)?.[0] ?? (/^authorization$/i.test(name) ? 'Bearer ' : '');
  return `--header ${quoted(`${name}: ${scheme}`)}"$TOKEN"`;
}

/** In single quotes; where there are characters that a terminal acts on, as bash spells them. */
function quoted(text: string): string {
  if (!ACTING.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  return `$'${text.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n').replace(EACH, spelled)}'`;
}

const ACTING = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const EACH = new RegExp(ACTING.source, 'gu');

function spelled(character: string): string {
  return `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`.replace(/^\\u([\da-f]{5,})$/, '\\U000$1');
}
