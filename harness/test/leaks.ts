import { inflateRawSync } from 'node:zlib';
import { ENCODINGS } from './encodings.ts';

/** The encodings in which bytes hold a secret; what is packed in them as base64 or ZIP is looked into as well. */
export function leaksIn(bytes: Uint8Array, secret: string): readonly string[] {
  return looked(Buffer.from(bytes), secret, 4);
}

function looked(bytes: Buffer, secret: string, depth: number): readonly string[] {
  const own = Object.entries(ENCODINGS).flatMap(([name, encode]) => {
    const written = encode(secret);
    // The last characters of base64 depend on what follows.
    const needle = name.includes('base64') ? written.replace(/(%3D|=)+$/i, '').slice(0, -2) : written;
    return bytes.includes(needle) || bytes.includes(Buffer.from(needle, 'utf16le')) ? [name] : [];
  });
  if (depth === 0) return own;
  const inside = [...unzipped(bytes), ...decoded(bytes)].flatMap((part) =>
    looked(part, secret, depth - 1).map((name) => `packed: ${name}`),
  );
  return [...new Set([...own, ...inside])];
}

/** The files of a ZIP archive (APPNOTE 4.3), as its central directory names them; nothing where it is none. */
export function unzipped(bytes: Buffer): readonly Buffer[] {
  return [...entriesOf(bytes).values()];
}

/** The same by their names. */
export function entriesOf(bytes: Buffer): ReadonlyMap<string, Buffer> {
  const end = bytes.subarray(0, 4).toString('latin1') === 'PK\x03\x04' ? bytes.lastIndexOf('PK\x05\x06') : -1;
  const files = new Map<string, Buffer>();
  if (end < 0) return files;
  let at = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count--) {
    const [method, size, nameLength] = [
      bytes.readUInt16LE(at + 10),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt16LE(at + 28),
    ];
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const content = bytes.subarray(start, start + size);
    files.set(bytes.toString('utf8', at + 46, at + 46 + nameLength), method === 0 ? content : inflateRawSync(content));
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return files;
}

/** Long runs of base64, as attachments are written. */
function decoded(bytes: Buffer): readonly Buffer[] {
  return [...bytes.toString('latin1').matchAll(/[A-Za-z0-9+/]{40,}={0,2}/g)].map(([run]) => Buffer.from(run, 'base64'));
}
