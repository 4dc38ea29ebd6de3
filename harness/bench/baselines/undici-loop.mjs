// The baseline of the replay bench: `node undici-loop.mjs EXCHANGES.json BASE`. Sends the same requests, 16 at a time, parses the
// answers and compares them deeply; says how many were as documented. No report, no places: a floor, not a harness.
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { request } from 'undici';

const [, , file, base] = process.argv;
const exchanges = JSON.parse(readFileSync(file, 'utf8'));
let next = 0;
let good = 0;

async function worker() {
  while (next < exchanges.length) {
    const { method, path, body, status, answer } = exchanges[next++];
    const options = body === undefined ? { method } : { method, headers: JSON_TYPE, body: JSON.stringify(body) };
    const response = await request(base + path, options);
    const text = await response.body.text();
    const same = answer === undefined ? text === '' : isDeepStrictEqual(JSON.parse(text), answer);
    if (response.statusCode === status && same) good++;
  }
}

const JSON_TYPE = { 'content-type': 'application/json' };
await Promise.all(Array.from({ length: 16 }, worker));
console.log(`${good} of ${exchanges.length}`);
process.exit(0);
