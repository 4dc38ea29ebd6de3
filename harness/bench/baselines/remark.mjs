// What reading costs with remark alone: every page of a folder parsed with remark-parse and remark-gfm, one after the other.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';

const folder = process.argv[2];
const remark = unified().use(remarkParse).use(remarkGfm).freeze();
for (const file of readdirSync(folder, { recursive: true })) {
  if (file.endsWith('.md')) remark.parse(readFileSync(join(folder, file), 'utf8'));
}
