import { chunkId, HEAD_ID, type Chunk, type ExchangeEntry, type Head, type PageLines } from '../wire.ts';

/** Can this browser read what is packed in the page? */
export function canUnpack(): boolean {
  try {
    return typeof DecompressionStream === 'function' && new DecompressionStream('deflate-raw') !== undefined;
  } catch {
    return false;
  }
}

/** The head of the report. */
export async function unpackHead(): Promise<Head> {
  return (await unpack(HEAD_ID)) as Head;
}

/** The details of an exchange; nothing where none were kept. */
export async function exchangeEntry(number: number): Promise<ExchangeEntry | undefined> {
  return ((await chunk(chunkId('exchange', number))) as Chunk<ExchangeEntry>)[number];
}

/** The lines of the page around a finding; nothing where the page could not be read. */
export async function linesOf(number: number): Promise<PageLines | undefined> {
  return ((await chunk(chunkId('finding', number))) as Chunk<PageLines>)[number];
}

const chunks = new Map<string, Promise<unknown>>();

function chunk(id: string): Promise<unknown> {
  let known = chunks.get(id);
  if (known === undefined) chunks.set(id, (known = document.getElementById(id) ? unpack(id) : Promise.resolve({})));
  return known;
}

async function unpack(id: string): Promise<unknown> {
  const text = atob(document.getElementById(id)?.textContent ?? '');
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return JSON.parse(await new Response(stream).text()) as unknown;
}
