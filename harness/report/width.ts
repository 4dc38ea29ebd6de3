/** Terminal columns that a text takes: 2 for wide characters and emoji, 0 for marks that sit on another. */
export function displayWidth(text: string): number {
  if (isPlain(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes().segment(text)) width += graphemeWidth(segment);
  return width;
}

/** The longest start of a text within `width` columns, `…` where something is left out. */
export function clipEnd(text: string, width: number): string {
  if (isPlain(text) && width > 0) return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
  return clip([...parts(text)], width, (kept) => `${kept.join('')}…`);
}

/** The longest end of a text within `width` columns, `…` where something is left out. */
export function clipStart(text: string, width: number): string {
  if (isPlain(text) && width > 0) return text.length <= width ? text : `…${text.slice(text.length - width + 1)}`;
  return clip([...parts(text)].reverse(), width, (kept) => `…${kept.reverse().join('')}`, true);
}

/** Text of which each character takes one column and joins no other: to tell graphemes apart takes a hundred times as long. */
function isPlain(text: string): boolean {
  return /^[\x20-\x7e\u00a0-\u02ff\u2010-\u2027]*$/.test(text);
}

/** Made with the first text that asks for it: that takes longer than to tell the width of all others. */
function graphemes(): Intl.Segmenter {
  return (segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' }));
}

let segmenter: Intl.Segmenter | undefined;

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}\ufe0f]/u;

function* parts(text: string): Iterable<string> {
  for (const { segment } of graphemes().segment(text)) yield segment;
}

function graphemeWidth(grapheme: string): number {
  if (grapheme.length === 1 && grapheme < '\u0300') return 1;
  if (WIDE.test(grapheme)) return 2;
  return /^[\p{Mn}\p{Me}\u200c\u200d]+$/u.test(grapheme) ? 0 : 1;
}

function clip(pieces: readonly string[], width: number, cut: (kept: string[]) => string, reversed = false): string {
  if (width <= 0) return '';
  let used = 0;
  let fits = 0;
  for (const [index, piece] of pieces.entries()) {
    used += graphemeWidth(piece);
    if (used > width) return cut(pieces.slice(0, fits));
    if (used < width) fits = index + 1;
  }
  return (reversed ? pieces.toReversed() : pieces).join('');
}
