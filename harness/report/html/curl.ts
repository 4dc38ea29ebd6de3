import type { Header } from '../../model/http.ts';
import { isCredential } from './message.ts';

/**
 * A command line that sends a request again. Credentials are `$TOKEN`, other secrets that were taken out are variables such as
 * `$REDACTED_API_KEY`, and every other character means itself in bash and zsh, and to curl.
 */
export function curl(method: string, url: string, headers: readonly Header[], body: string): string {
  const parts = [
    `curl --request ${quoted(method)}${/[[\]{}]/.test(url) ? ' --globoff' : ''} --url ${quoted(url)}`,
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

/** In single quotes, what was taken out as a variable in double ones. */
function quoted(text: string): string {
  const pieces = text.split(/\[redacted: ([^\]]*)\]/);
  const parts = pieces.map((piece, at) =>
    at % 2 === 1 ? `"$${variable(piece)}"` : piece === '' ? '' : literal(piece),
  );
  return parts.join('') || "''";
}

/** The mark may be forged by an answer, so the variable is none that an environment has already. */
function variable(name: string): string {
  return `REDACTED_${name.replace(/\W+/g, '_').toUpperCase()}`;
}

/** Where there are characters that a terminal acts on, as bash spells them. */
function literal(text: string): string {
  if (!ACTING.test(text)) return `'${text.replaceAll("'", `'\\''`)}'`;
  return `$'${text.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n').replace(EACH, spelled)}'`;
}

const ACTING = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const EACH = new RegExp(ACTING.source, 'gu');

function spelled(character: string): string {
  return `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`.replace(/^\\u([\da-f]{5,})$/, '\\U000$1');
}
