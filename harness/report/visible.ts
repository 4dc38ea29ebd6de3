import { grouped } from './numbers.ts';
/** The same text with every character that acts instead of being seen (C0, C1, bidi, invisible, lone surrogate) spelled out; tab and line feed stay. */
export function visible(text: string): string {
  return PLAIN.test(text) ? text : text.replace(HIDDEN, spell);
}

/** Most text is: to see that takes a tenth of the time. */
const PLAIN = /^[\x20-\x7e]*$/;

/** The same text on one line: as `visible`, and line feeds are seen too, tabs are blanks. */
export function oneLine(text: string): string {
  return PLAIN.test(text) ? text : visible(text).replaceAll('\n', '␊').replaceAll('\t', ' ');
}

/** At most `most` UTF-16 units of a text, and in words how many are left out. */
export function capped(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = isHighSurrogate(text, most - 1) ? most - 1 : most;
  return `${text.slice(0, end)}… (${grouped(text.length - end)} more characters)`;
}

/** Log lines with nothing that GitHub (`::x::`, `##[x]`), Azure (`##vso[x]`) or TeamCity (`##teamcity[x]`) would obey. */
export function harmless(line: string): string {
  const text = line.includes('::') ? line.replace(LINE_COMMAND, '$1: :') : line;
  return text.includes('##') ? text.replace(MARK_COMMAND, '# #') : text;
}

/** Two colons at the start of a line, after blanks and colours. */
const LINE_COMMAND = /^((?:[^\S\n]|\u001b\[[\d;]*m)*)::/gm;

/** The beginnings of commands that are obeyed wherever they stand in a line, in any letter case. */
export const MARK_COMMAND = /##(?=\[|vso\[|teamcity\[)/gi;

/** Joiners stay: scripts and emoji are spelled with them. */
const HIDDEN = /(?![\t\n\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/gu;

function spell(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  return code === 0x7f ? '␡' : `\\u{${code.toString(16)}}`;
}

function isHighSurrogate(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xd800;
}
