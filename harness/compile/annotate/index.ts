import type { Docset, Lookalike, Source } from '../../model/docset.ts';
import { draftOf, type Draft, type Plan } from './drafts.ts';
import type { Unsure } from './examples.ts';
import { compile, type CompileOptions } from '../index.ts';
import { inserted, type Insertion } from './patch.ts';
import { remark } from '../markdown/remark.ts';
import { decode } from '../markdown/source.ts';

/** What `annotate` would do. */
export interface Annotations {
  /** In path order; only files that change. */
  readonly edits: readonly Edit[];
  /** Fences that look like HTTP and were left alone, in path order. */
  readonly unsure: readonly Unsure[];
}

/** The comments to put into one file. */
export interface Edit {
  readonly file: string;
  /** The whole file with its byte order mark, where it has one: in UTF-8 these are its bytes. */
  readonly text: string;
  readonly insertions: readonly Insertion[];
  /** How many requests get an answer by them. */
  readonly exchanges: number;
  /** The first fence of each of them. */
  readonly fences: readonly Lookalike[];
}

/**
 * Finds the request and response fences of plain docs that can be annotated without a doubt, and the comments to put above them. Each
 * page is compiled with its comments in place: what then is not found exactly as meant is left alone, and told.
 *
 * @param sources All pages of the docs.
 * @param docset What they compile to.
 * @param only The files to annotate; without it all.
 */
export async function annotate(
  sources: readonly Source[],
  docset: Docset,
  options: CompileOptions,
  only?: ReadonlySet<string>,
): Promise<Annotations> {
  const looked = new Set(
    docset.pages
      .filter(({ file }) => only === undefined || only.has(file))
      .filter(({ lookalikes }) => lookalikes.requests.length + lookalikes.responses.length > 0)
      .map(({ file }) => file),
  );
  if (looked.size === 0) return { edits: [], unsure: [] };
  const shared = {
    includers: includersOf(docset),
    taken: namesIn(sources),
    remark: remark(options.plugins),
    readFile: options.readFile,
    tags: new Set(options.tags?.map((tag) => tag.toLowerCase())),
  };
  const drafts: Draft[] = [];
  for (const source of sources)
    if (looked.has(source.file))
      drafts.push(await draftOf(source, { ...shared, paired: pairedOn(source.file, docset) }));
  const settled = await settle(drafts, docset, options);
  return {
    edits: settled.filter(({ plans }) => plans.length > 0).map(editOf),
    unsure: distinct(settled.flatMap(({ unsure }) => unsure)),
  };
}

/** Lines of the blocks in a file that are part of an exchange. */
function pairedOn(file: string, { exchanges }: Docset): Set<number> {
  return new Set(
    exchanges
      .filter((exchange) => exchange.file === file)
      .flatMap(({ request, responses }) => [request, ...responses])
      .filter(({ block }) => block.file === undefined)
      .map(({ block }) => block.line),
  );
}

/** Compiles the pages with their comments; where one does not read as meant, its examples are tried one after another. */
async function settle(drafts: readonly Draft[], docset: Docset, options: CompileOptions): Promise<Draft[]> {
  const planned = drafts.filter(({ plans }) => plans.length > 0);
  const failed = new Set(await failing(planned, docset, options));
  const settled: Draft[] = [];
  for (const draft of drafts) settled.push(failed.has(draft) ? await oneByOne(draft, docset, options) : draft);
  return settled;
}

const MOST_TRIALS = 50;

async function oneByOne(draft: Draft, docset: Docset, options: CompileOptions): Promise<Draft> {
  let plans: readonly Plan[] = [];
  const unsure: Unsure[] = [...draft.unsure];
  for (const [at, plan] of draft.plans.entries()) {
    const more = { ...draft, plans: [...plans, plan] };
    const works = at < MOST_TRIALS && (await failing([more], docset, options)).length === 0;
    if (works) plans = more.plans;
    else unsure.push({ ...plan.doubt, reason: 'with comments here the page would not read as meant' });
  }
  return { ...draft, plans, unsure };
}

/** Those drafts that, compiled, do not give the exchanges they had and the planned ones, and nothing else. */
async function failing(drafts: readonly Draft[], docset: Docset, options: CompileOptions): Promise<Draft[]> {
  if (drafts.length === 0) return [];
  const edited = drafts.map((draft): Source => {
    const { text, insertions } = editOf(draft);
    return { ...draft.source, content: new TextEncoder().encode(inserted(text, insertions)) };
  });
  const trial = await compile(edited, options);
  return drafts.filter((draft) => {
    const { file } = draft.source;
    const lines = draft.plans.flatMap((plan) => plan.lines);
    const now = pairsOf(file, trial, () => 0);
    const before = pairsOf(file, docset, (line) => lines.filter((fence) => fence < line).length);
    const planned = draft.plans.map(({ example: { requestLine, responses, name } }) => {
      const moved = [requestLine, ...responses.map(({ block }) => block.line)].map(
        (line) => line + lines.filter((fence) => fence < line).length,
      );
      return pairKey(name, moved);
    });
    const expected = [...before, ...planned].sort();
    const bound = compiledIn(file, trial) - compiledIn(file, docset);
    const isBound = bound >= lines.length;
    return !isBound || now.sort().join('\n') !== expected.join('\n');
  });
}

function pairsOf(file: string, { exchanges }: Docset, shift: (line: number) => number): string[] {
  return exchanges
    .filter((exchange) => exchange.file === file)
    .map(({ name, request, responses }) =>
      pairKey(
        name,
        [request, ...responses].map(({ block }) =>
          block.file === undefined ? block.line + shift(block.line) : block.line,
        ),
      ),
    );
}

function pairKey(name: string | undefined, lines: readonly number[]): string {
  return JSON.stringify([name, ...lines]);
}

function compiledIn(file: string, { annotations }: Docset): number {
  return Object.values(annotations.get(file) ?? {}).reduce((sum, { compiled }) => sum + compiled, 0);
}

function editOf({ source, text, plans }: Draft): Edit {
  const insertions = plans.flatMap((plan) => plan.insertions).sort((a, b) => a.offset - b.offset);
  return { file: source.file, text, insertions, exchanges: plans.length, fences: plans.map(({ doubt }) => doubt) };
}

/** Every name that an annotation of the docs has; more than that does no harm. */
function namesIn(sources: readonly Source[]): Set<string> {
  const names = new Set<string>();
  for (const { content } of sources) {
    if (content instanceof Error) continue;
    const { text } = decode(content);
    if (!/blockType/i.test(text)) continue;
    for (const [, name] of text.matchAll(/\bname["']?\s*:\s*["']([^"'\n]{1,200})["']/gi))
      names.add(name!.toLowerCase());
  }
  return names;
}

/** Files that a page includes, and the first page that does. */
function includersOf({ pages }: Docset): ReadonlyMap<string, string> {
  const includers = new Map<string, string>();
  for (const { file, includes } of pages)
    for (const included of includes) if (!includers.has(included)) includers.set(included, file);
  return includers;
}

/** A fence in a file that several pages include is told once. */
function distinct(unsure: readonly Unsure[]): Unsure[] {
  return [...new Map(unsure.map((each) => [`${each.place.file}:${each.place.position.start.line}`, each])).values()];
}
