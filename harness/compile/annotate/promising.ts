import { looksLikeRequest, looksLikeResponse } from '../http/text.ts';
import { decode, splitLines } from '../markdown/source.ts';

/** Does a page, by a glance at its text alone, have annotations, or fences that look like HTTP? */
export function promises(content: Uint8Array): boolean {
  const { text } = decode(content);
  if (/<!--[^>]{0,200}?\bblockType\b/i.test(text)) return true;
  if (!/^[\s>*+\d.)-]*(`{3}|~{3})/m.test(text)) return false;
  const lines = splitLines(text);
  return lines.some(
    (line, at) => /^[\s>*+\d.)-]*(`{3}|~{3})/.test(line) && isHttp(lines[at + 1]?.replace(/^[\s>]*/, '') ?? ''),
  );
}

function isHttp(line: string): boolean {
  return looksLikeRequest(line) || looksLikeResponse(line);
}
