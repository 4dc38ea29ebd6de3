/** What a file says, and how the same or another text is written as a file of its kind: encoding and byte order mark. */
export interface TextFile {
  /** Without the byte order mark. */
  readonly text: string;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be';
  encode(text: string): Uint8Array;
}

/** Reads UTF-8, or UTF-16 where a byte order mark says so; nothing where these bytes could not be written again as they are. */
export function readTextFile(bytes: Uint8Array): TextFile | undefined {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : 'utf-8';
  const whole = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
  const mark = whole.startsWith('\ufeff') ? '\ufeff' : '';
  const encode = (text: string): Uint8Array => {
    if (encoding === 'utf-8') return Buffer.from(mark + text, 'utf8');
    const units = Buffer.from(mark + text, 'utf16le');
    return encoding === 'utf-16be' ? units.swap16() : units;
  };
  const text = whole.slice(mark.length);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).equals(encode(text))
    ? { text, encoding, encode }
    : undefined;
}
