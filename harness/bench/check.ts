import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { links } from '../check/links.ts';
import { wholeOf } from '../check/part.ts';
import { compare } from '../compare/index.ts';
import { compile as compilePages } from '../compile/index.ts';
import { discover } from '../files/discover.ts';
import type { Docset } from '../model/docset.ts';
import type { ResponseMessage } from '../model/http.ts';
import { indexResources } from '../model/resource.ts';
import { layOutCorpus } from './corpus.ts';
import { median, type Bench, type Sample } from './frame.ts';
import { peersOf } from './peers.ts';
import { costOf } from './process.ts';

/** `docwright check` as a whole process, cold, against remark alone and our own compile; one answer judged; links judged. */
export const check: Bench = {
  name: 'check',
  summary: '`docwright check`, whole process, against plain remark-parse + remark-gfm, and what judging takes',
  figures: [
    { name: 'cold-ratio', unit: '×', better: 'lower', target: 0.45 },
    { name: 'check-over-compile', unit: '×', better: 'lower', target: 1.6 },
    { name: 'compare-4kb-ms', unit: 'ms', better: 'lower', target: 0.2 },
    { name: 'links-growth', unit: '×', better: 'lower', target: 1.3 },
  ],
  async prepare() {
    const folder = await mkdtemp(join(tmpdir(), 'docwright-bench-'));
    const corpus = layOutCorpus(folder);
    const baseline = join(peersOf('compile', PEERS), 'remark.mjs');
    await cp(join('harness', 'bench', 'baselines', 'remark.mjs'), baseline);
    const whole = await read(corpus.folder);
    const [few, many] = [part(whole, FEW), part(whole, MANY)];
    return {
      subject: `${corpus.name}, ${corpus.pages} pages`,
      async round(number) {
        const processes = await costs(corpus.folder, baseline, number);
        return {
          ...processes,
          'compare-4kb-ms': { value: await judging() },
          'links-growth': { value: perLink(many) / perLink(few) },
        };
      },
      close: () => rm(folder, { recursive: true, force: true }),
    };
  },
};

const PEERS = { 'remark-gfm': '4.0.1', 'remark-parse': '11.0.0', unified: '11.0.5' };

/** How many pages growth is measured between. */
const [FEW, MANY] = [300, 3000];

/** Who goes first changes from round to round, so that neither always meets the warmer machine. */
async function costs(docs: string, baseline: string, number: number): Promise<Readonly<Record<string, Sample>>> {
  const remark = async () => (await costOf([baseline, docs], docs)).seconds;
  const before = number % 2 === 0 ? await remark() : undefined;
  const checked = await ours('check', docs);
  const compiled = await ours('compile', docs);
  const theirs = before ?? (await remark());
  return {
    'cold-ratio': { value: checked / theirs, ours: checked, baseline: theirs },
    'check-over-compile': { value: checked / compiled, ours: checked, baseline: compiled },
  };
}

/** Seconds, in a folder of its own: nothing is kept from an earlier run. Findings (exit 1) are no failure here. */
async function ours(command: string, docs: string): Promise<number> {
  const cwd = await mkdtemp(join(tmpdir(), 'docwright-cold-'));
  try {
    return (await costOf([resolve('dist/command/main.cjs'), command, '--docs', docs], cwd, [0, 1])).seconds;
  } finally {
    await rm(cwd, { recursive: true, force: true });
  }
}

async function read(docs: string): Promise<Docset> {
  const { sources } = await discover([docs], docs);
  return compilePages(sources, { readFile: () => undefined });
}

/** The same docset with so many of its pages, taken at equal distances, so that both parts are of one kind. */
function part(docset: Docset, count: number): Docset {
  const { pages } = docset;
  const most = Math.min(count, pages.length);
  return {
    ...docset,
    pages: Array.from({ length: most }, (_, index) => pages[Math.floor((index * pages.length) / most)]!),
  };
}

/** Seconds that a link takes to be judged, the middle of many goes. */
function perLink(docset: Docset): number {
  const count = docset.pages.reduce((sum, page) => sum + page.links.length, 0);
  return timed(() => [...links(wholeOf(docset))], Math.max(5, Math.ceil(10_000 / docset.pages.length))) / count;
}

/** Milliseconds that an answer of 4 KB takes to be judged by its documented type, warm. */
async function judging(): Promise<number> {
  const content = new TextEncoder().encode(PAGE);
  const docset = await compilePages([{ file: 'things.md', page: 'things.md', content }], { readFile: () => undefined });
  const [exchange] = docset.exchanges;
  const resources = indexResources(docset.resources);
  const value = Array.from({ length: ITEMS }, (_, index) => ({ ...ITEM, id: `${index}` }));
  const body = new TextEncoder().encode(JSON.stringify({ value }));
  const actual: ResponseMessage = { status: 200, headers: [['Content-Type', 'application/json']], body };
  const judge = () => compare(exchange!, actual, resources);
  const { facts } = judge();
  if (body.length < 4000 || facts.length > 0) throw new Error('The answer of 4 KB is not what its page promises.');
  timed(judge, WARM);
  return timed(judge, WARM) * 1000;
}

const WARM = 500;

const ITEM = {
  id: '0',
  displayName: 'Contoso marketing',
  createdDateTime: '2021-07-01T08:00:00.125Z',
  isArchived: false,
  owner: { id: '17', email: 'somebody@example.com' },
};

/** So many make 4 KB. */
const ITEMS = Math.ceil(4000 / JSON.stringify(ITEM).length) + 1;

const PAGE = `# List things

<!-- { "blockType": "resource", "@odata.type": "a.owner" } -->
\`\`\`json
{ "id": "String", "email": "String" }
\`\`\`

<!-- { "blockType": "resource", "@odata.type": "a.thing" } -->
\`\`\`json
{
  "id": "String",
  "displayName": "String",
  "createdDateTime": "String (timestamp)",
  "isArchived": true,
  "owner": { "@odata.type": "a.owner" }
}
\`\`\`

<!-- { "blockType": "request", "name": "list_things" } -->
\`\`\`http
GET https://api.example.com/v1.0/things
\`\`\`

<!-- { "blockType": "response", "@odata.type": "a.thing", "isCollection": true } -->
\`\`\`http
HTTP/1.1 200 OK
Content-Type: application/json

{ "value": [${JSON.stringify(ITEM)}] }
\`\`\`
`;

/** Seconds of one go, the middle of so many. */
function timed(work: () => unknown, goes: number): number {
  const taken = Array.from({ length: goes }, () => {
    const start = performance.now();
    work();
    return (performance.now() - start) / 1000;
  });
  return median(taken);
}
