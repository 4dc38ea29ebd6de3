import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A documented exchange of a bench; `body` is sent, `answer` comes. */
export interface BenchExchange {
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly status: number;
  readonly answer?: object;
}

/** So many exchanges, the same each time: about half reads, then creations, changes, deletions and reads of what is not there. */
export function exchangesOf(count: number, largest = 5000): readonly BenchExchange[] {
  const next = generator(count);
  return Array.from({ length: count }, (_, index) => exchange(index, next, largest));
}

/** Writes them as pages, so many a page. */
export async function writePages(folder: string, exchanges: readonly BenchExchange[], onAPage = 20): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (let at = 0; at < exchanges.length; at += onAPage) {
    const number = at / onAPage;
    const parts = exchanges.slice(at, at + onAPage).map((one, index) => section(one, `e${at + index}`));
    await writeFile(join(folder, `page-${number}.md`), `# Page ${number}\n\n${parts.join('\n')}`);
  }
}

/** Shares of a thousand: as in the figures that other tools were measured with. */
const SHARES = [
  [487, 'GET', 200],
  [164, 'POST', 201],
  [125, 'PATCH', 200],
  [48, 'PATCH', 204],
  [98, 'DELETE', 204],
  [78, 'GET', 404],
] as const;

function exchange(index: number, next: () => number, largest: number): BenchExchange {
  let at = next() * 1000;
  const [, method, status] = SHARES.find(([share]) => (at -= share) < 0) ?? SHARES[0];
  const path = `/v1.0/things-${index % 40}/${index}`;
  const collection = `/v1.0/things-${index}`;
  if (status === 404)
    return { method, path, status, answer: { error: { code: 'notFound', message: `No thing ${index}` } } };
  if (status === 204)
    return method === 'PATCH' ? { method, path, status, body: { note: 'x' } } : { method, path, status };
  const answer = thing(index, next, largest);
  if (method === 'GET') return { method, path, status, answer };
  return {
    method,
    path: method === 'POST' ? collection : path,
    status,
    body: { displayName: `Thing ${index}` },
    answer,
  };
}

/** From 0.4 KB up, mostly small. */
function thing(index: number, next: () => number, largest: number): object {
  const size = 400 + (largest - 400) * next() ** 5;
  const item = (number: number) => ({
    id: `${index}-${number}`,
    createdDateTime: '2026-01-01T00:00:00Z',
    count: number,
    isActive: number % 2 === 0,
    note: `Item ${number} of thing ${index}, with a few words to it`,
  });
  const whole = {
    id: String(index),
    displayName: `Thing ${index}`,
    tags: ['a', 'b'],
    owner: { id: 'o', mail: 'a@example.com' },
  };
  const items = Math.max(1, Math.round((size - JSON.stringify(whole).length) / JSON.stringify(item(1)).length));
  return { ...whole, items: Array.from({ length: items }, (_, number) => item(number)) };
}

function section({ method, path, body, status, answer }: BenchExchange, name: string): string {
  const content = body === undefined ? '' : `\nContent-Type: application/json\n\n${JSON.stringify(body)}`;
  const answered = answer === undefined ? '' : `\nContent-Type: application/json\n\n${JSON.stringify(answer, null, 2)}`;
  return `<!-- { "blockType": "request", "name": "${name}" } -->

\`\`\`http
${method} https://api.example.com${path}${content}
\`\`\`

<!-- { "blockType": "response", "name": "${name}" } -->

\`\`\`http
HTTP/1.1 ${status} Said${answered}
\`\`\`
`;
}

/** Numbers from 0 to less than 1 that are the same each time (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
