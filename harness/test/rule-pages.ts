import { readdirSync, readFileSync } from 'node:fs';
import { readScenarios } from '../compile/scenarios/index.ts';
import { conform } from '../conform.ts';
import { examine } from '../examine.ts';
import { mockTarget } from '../mock/msw.ts';
import type { Config } from '../model/config.ts';
import type { Finding } from '../model/finding.ts';
import type { ResponseMessage, Target } from '../model/http.ts';
import { readOutlines } from '../model/outline.ts';
import { compilePages } from './docs.ts';
import { workspace } from './workspace.ts';

/*
 * A page of docs/rules holds two examples, under `## Breaks it` and `## Mended`. Each is a list of fences, done in their order:
 *
 *   ````markdown                    a page, `page.md` where no `file=NAME` follows; `bytes=utf-16le` says how it is saved,
 *                                   `times=61` that its one line stands there so many times over
 *   ```json file=NAME               any other file, such as `docwright.config.json` or `things.scenarios.yaml`
 *   ```http answer                  what a live target answers to every request; of several one after another, the last for all that follow
 *   ```text answer=none             why no answer comes
 *   ```sh                           commands, run among these files; the report of the last one counts
 *
 * Without a command the pages are compiled and checked, and their exchanges replayed: against that answer, else against the mock.
 */

/** A page of docs/rules, taken apart. */
export interface RulePage {
  readonly id: string;
  readonly title: string;
  /** The first paragraph: severity and summary. */
  readonly promise: string;
  /** The titles of its sections. */
  readonly sections: readonly string[];
  readonly breaks: readonly Fence[];
  readonly mended: readonly Fence[];
}

/** A code block of an example. */
export interface Fence {
  readonly language: string;
  /** The words after the language: `file=NAME`, `answer`; a word without a value has an empty one. */
  readonly words: ReadonlyMap<string, string>;
  readonly text: string;
}

const ROOT = new URL('../../docs/rules/', import.meta.url);

/** The pages there are, by the ids their paths spell. */
export function rulePages(): readonly string[] {
  const files = readdirSync(ROOT, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => `${parentPath.replace(/.*[\\/]/, '')}/${name.replace(/\.md$/, '')}`);
}

/** The text of a page. */
export function rulePageText(id: string): string {
  return readFileSync(new URL(`${id}.md`, ROOT), 'utf8');
}

/** Reads the page of a rule. */
export function readRulePage(id: string): RulePage {
  const [head = '', ...sections] = rulePageText(id).split(/^## (?=Breaks it$|Mended$)/m);
  const fences = (title: string): Fence[] =>
    fencesOf(sections.find((section) => section.startsWith(`${title}\n`)) ?? '');
  return {
    id,
    title: /^# (.*)\n/.exec(head)?.[1] ?? '',
    promise: head.split(/\n\n+/)[1]?.replaceAll('\n', ' ').trim() ?? '',
    sections: sections.map((section) => section.split('\n', 1)[0]!),
    breaks: fences('Breaks it'),
    mended: fences('Mended'),
  };
}

/** What docwright finds in an example. */
export async function findingsOf(example: readonly Fence[]): Promise<readonly Finding[]> {
  return example.some(({ language }) => language === 'sh') ? byCommand(example) : byLibrary(example);
}

function fencesOf(markdown: string): Fence[] {
  return [...markdown.matchAll(/^(`{3,})(\w+)(.*)\n([^]*?)^\1$/gm)].map(([, , language, info, text]) => ({
    language: language!,
    words: new Map(
      info!
        .trim()
        .split(/\s+/)
        .filter(Boolean)
        .map((word) => [word.replace(/=.*/, ''), word.includes('=') ? word.replace(/^[^=]*=/, '') : '']),
    ),
    text: text!,
  }));
}

/** Files by name, as bytes where the page is saved in another way than as UTF-8. */
function filesOf(example: readonly Fence[]): [name: string, content: string | Uint8Array][] {
  return example
    .filter(({ language, words }) => language === 'markdown' || words.has('file'))
    .map(({ words, text }) => {
      const encoding = words.get('bytes');
      const times = words.get('times');
      const whole = times === undefined ? text : Array(Number(times)).fill(text.trim()).join(' ');
      return [words.get('file') ?? 'page.md', encoding === undefined ? whole : saved(whole, encoding)];
    });
}

function saved(text: string, encoding: string): Uint8Array {
  if (encoding !== 'utf-16le') throw new Error(`Unknown bytes=${encoding}`);
  return Buffer.from(`\ufeff${text}`, encoding);
}

async function byCommand(example: readonly Fence[]): Promise<readonly Finding[]> {
  const space = workspace();
  try {
    for (const fence of example) {
      for (const [name, content] of filesOf([fence])) space.write(name, content);
      if (fence.language !== 'sh') continue;
      for (const line of fence.text.trim().split('\n')) {
        const [command, ...words] = line.split(' ');
        if (command !== 'docwright') throw new Error(`Not ours to run: ${line}`);
        const run = await space.cli(words, { environment: { DOCWRIGHT_REPORTER: 'json' } });
        if (run.code > 1) throw new Error(run.stderr);
      }
    }
    return space.report().findings;
  } finally {
    space.remove();
  }
}

async function byLibrary(example: readonly Fence[]): Promise<readonly Finding[]> {
  const files = new Map(filesOf(example));
  const config = JSON.parse(String(files.get('docwright.config.json') ?? '{}')) as Config & {
    readonly outline?: object;
  };
  const pages = Object.fromEntries([...files].filter(([name]) => /\.md$/i.test(name)));
  const docset = await compilePages(pages, { tags: [config.tags ?? []].flat() });
  const { exchanges, resources } = docset;
  const sources = [...files]
    .filter(([name]) => /\.scenarios\.\w+$/.test(name))
    .map(([file, text]) => ({ file, text: String(text) }));
  const { scenarios, findings: ofScenarios } = await readScenarios(sources, exchanges);
  const examined = examine(docset, {
    requiredFrontMatter: config.requiredFrontMatter ?? [],
    ...(config.outline === undefined ? {} : { outline: readOutlines(config.outline).outlines }),
  });
  const target = targetOf(example) ?? mockTarget(exchanges);
  const { findings } = await conform(exchanges, target, {
    all: exchanges,
    resources,
    workers: 1,
    timeout: 5000,
    writes: true,
    values: config.values ?? {},
    forbidBlocked: false,
    match: config.match ?? 'shape',
    retries: config.retries ?? 0,
    scenarios,
  });
  await target.close?.();
  return [...docset.findings, ...ofScenarios, ...examined, ...findings];
}

function targetOf(example: readonly Fence[]): Target | undefined {
  const fences = example.filter(({ words }) => words.has('answer'));
  if (fences.length === 0) return undefined;
  const answer = (): ResponseMessage => {
    const fence = fences.length > 1 ? fences.shift()! : fences[0]!;
    if (fence.words.get('answer') === 'none') throw new Error(fence.text.trim());
    const [head = '', ...body] = fence.text.split('\n\n');
    const [status = '', ...headers] = head.trimEnd().split('\n');
    return {
      status: Number(status.split(' ')[1]),
      headers: headers.map((line) => [line.replace(/:.*/, ''), line.replace(/^[^:]*:\s*/, '')]),
      body: new TextEncoder().encode(body.join('\n\n')),
    };
  };
  const send = (): Promise<ResponseMessage> => new Promise((resolve) => resolve(answer()));
  return { name: 'the answer of the page', live: true, base: 'http://localhost', send };
}
