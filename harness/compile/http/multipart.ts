/** A multipart body (RFC 2046, 5.1). */
export interface Multipart {
  readonly boundary: string;
  /** What stands before the first delimiter and after the last. */
  readonly preamble?: string;
  readonly epilogue?: string;
  readonly parts: readonly Part[];
}

export interface Part {
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly body: string;
  /** Line of its delimiter and of its body's first line, counted from the first line of the whole. */
  readonly at: number;
  readonly bodyAt: number;
}

/** A multipart body that was read; nothing where it has no delimiter that is known. */
export interface MultipartText {
  readonly multipart?: Multipart;
  readonly facts: readonly MultipartFact[];
}

export interface MultipartFact {
  readonly ruleId: 'http/recovered' | 'http/unreadable';
  readonly reason: string;
  /** The header `Content-Type`, or a line of the body, counted from 0. */
  readonly on: 'header' | number;
  readonly note: string;
}

/**
 * Reads a `multipart/*` body by the boundary of its Content-Type, or by that of its first line where the header names none.
 * Blanks around a delimiter, a missing end and part headers without a blank line after them are read all the same.
 */
export function readMultipart(text: string, contentType: string): MultipartText {
  const facts: MultipartFact[] = [];
  const lines = text.split(/\r\n?|\n/);
  const named = boundaryOf(contentType);
  const boundary = named ?? /^\s*--(\S(?:.*\S)?)\s*$/.exec(lines[0] ?? '')?.[1];
  if (named === undefined)
    facts.push({
      ruleId: boundary === undefined ? 'http/unreadable' : 'http/recovered',
      on: 'header',
      reason: `Missing \`boundary\`, expected in \`Content-Type: ${contentType.slice(0, 60)}\`${boundary === undefined ? '' : `, read as \`${boundary}\``}`,
      note: 'Write the boundary: `multipart/mixed; boundary=…`.',
    });
  if (boundary === undefined) return { facts };
  const delimiters = delimitersOf(lines, boundary);
  const [first] = delimiters;
  if (first === undefined) {
    // A body that is only hinted at holds no part to miss.
    if (lines.some((line) => /^\s*(?:\.{3}|…|[<{[].*[>}\]])\s*$/.test(line))) return { facts };
    facts.push({
      ruleId: 'http/unreadable',
      on: 0,
      reason: `Missing \`--${boundary}\`, expected before each part`,
      note: 'Write each part below a delimiter of the boundary that Content-Type names.',
    });
    return { facts };
  }
  const end = delimiters.find(({ last }) => last);
  const starts = delimiters.filter(({ last, at }) => !last && (end === undefined || at < end.at));
  if (end === undefined)
    facts.push({
      ruleId: 'http/recovered',
      on: starts.at(-1)!.at,
      reason: `Missing \`--${boundary}--\`, expected after the last part`,
      note: 'End the body with it.',
    });
  const parts = starts.map(({ at }, index) => readPart(lines, at, starts[index + 1]?.at ?? end?.at ?? lines.length));
  return {
    multipart: {
      boundary,
      ...(first.at === 0 ? {} : { preamble: lines.slice(0, first.at).join('\n') }),
      ...(end === undefined || end.at === lines.length - 1 ? {} : { epilogue: lines.slice(end.at + 1).join('\n') }),
      parts,
    },
    facts,
  };
}

/** The text of a multipart body, line ends as LF; what `readMultipart` reads of it is what was given. */
export function writeMultipart({ boundary, preamble, epilogue, parts }: Multipart): string {
  const written = parts.flatMap(({ headers, body }) => [
    `--${boundary}`,
    ...headers.map(({ name, value }) => `${name}: ${value}`.trimEnd()),
    '',
    body,
  ]);
  return [
    ...(preamble === undefined ? [] : [preamble]),
    ...written,
    `--${boundary}--`,
    ...(epilogue === undefined ? [] : [epilogue]),
  ].join('\n');
}

/** The boundary that a Content-Type names, quoted or not (RFC 9110, 8.3.3). */
function boundaryOf(contentType: string): string | undefined {
  const [, quoted, bare] = /;\s*boundary\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'?([^\s;"']+))/i.exec(contentType) ?? [];
  return (quoted?.replace(/\\(.)/g, '$1') ?? bare) || undefined;
}

interface Delimiter {
  readonly at: number;
  readonly last: boolean;
}

function delimitersOf(lines: readonly string[], boundary: string): Delimiter[] {
  return lines.flatMap((line, at): Delimiter[] => {
    const trimmed = line.trim();
    if (trimmed === `--${boundary}--`) return [{ at, last: true }];
    return trimmed === `--${boundary}` ? [{ at, last: false }] : [];
  });
}

const HEADER = /^([!#$%&'*+.^_`|~\w-]+)\s*:\s*(.*)$/;

function readPart(lines: readonly string[], at: number, end: number): Part {
  const headers: { name: string; value: string }[] = [];
  let line = at + 1;
  for (; line < end; line++) {
    const [, name, value] = HEADER.exec(lines[line]!.trim()) ?? [];
    if (name === undefined || value === undefined) break;
    headers.push({ name, value });
  }
  if (line < end && lines[line]!.trim() === '') line++;
  return { headers, body: lines.slice(line, end).join('\n'), at, bodyAt: line };
}
