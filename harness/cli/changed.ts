import { fileName } from '../files/names.ts';
import type { Span } from '../model/changed-lines.ts';
import { sourceIndex, type Docset, type Source } from '../model/docset.ts';
import { compareText, type Finding } from '../model/finding.ts';
import type { PagedExchange } from '../model/fixture.ts';
import type { Docs } from './docs.ts';
import { findingsBefore, keyBefore, type Before } from './changed-before.ts';
import type { Found } from './found.ts';
import { changesSince, type Change, type Changes } from './git.ts';
import { say, type Job } from './job.ts';
import { once } from '../model/once.ts';
import { UsageError } from '../model/usage.ts';
import { SILENT } from './progress.ts';
import { hasScenarios } from './scenarios.ts';
import { isPage, isTouched, spansOf, stands, textOf, textReader } from './changed-blocks.ts';
import { changedTypes, typesOf } from './changed-types.ts';

/** The files that were changed since the ref of `--only-changed`. */
export interface ChangedFiles {
  readonly files: ReadonlySet<string>;
  /** How many pages were changed. */
  readonly pages: number;
  /** What changes with what was found before. */
  readonly since: string;
  /** Is nothing changed at all? */
  readonly isSame: boolean;
  /** Pages of which git would not tell that they were changed. */
  unwatched(): Promise<readonly string[]>;
  /** What in them was changed, and what was found before; `read` is asked for the docs as they were. */
  look(read: ReadAndExamine): Promise<Changed>;
}

/** What `--only-changed` leaves of a run. */
export interface Changed extends Pick<ChangedFiles, 'files' | 'pages'> {
  /** The findings that a change can have caused: those on what was changed, and those that were not there before it. */
  findingsOf(all: readonly Finding[]): readonly Finding[];
  /** The exchanges that were changed, or whose types were. */
  exchangesOf(exchanges: readonly PagedExchange[], docs: Pick<Docset, 'resources'>): readonly PagedExchange[];
  /** How many findings of a kind stood in a file before. */
  before(kind: Pick<Finding, 'fingerprint' | 'file'>): number;
  /** Does a finding stand on a changed block, or elsewhere? */
  isTouched(finding: Finding): boolean;
}

/** How docs are read and examined; handed in, for the docs as they were are read in the same way. */
export type ReadAndExamine = (job: Job, found: Found) => Promise<{ docs: Docs; findings: readonly Finding[] }>;

/** Nothing without `--only-changed`, for then everything is looked at. */
export async function changedOf(job: Job, found: Found, read: ReadAndExamine): Promise<Changed | undefined> {
  return (await changedFiles(job, found))?.look(read);
}

/** Asks git which files were changed, and says how many; nothing without `--only-changed`. */
export async function changedFiles(job: Job, found: Found): Promise<ChangedFiles | undefined> {
  const { onlyChanged } = job.settings;
  if (onlyChanged === undefined) return undefined;
  const all = await (found.changes ?? changesSince(onlyChanged, job));
  const isOfPage = ({ file = '', before = '' }: Change): boolean => isPage(file) || isPage(before);
  const changed = all.changed.filter(isOfPage);
  const changes = { ...all, changed };
  const beside = besidePages(
    all.changed.filter((change) => !isOfPage(change)),
    job,
    found,
  );
  const textNow = textReader(found);
  const isThere = ({ file }: Change): boolean => file !== undefined && textNow(file) !== undefined;
  const named = [...changed.filter(isThere), ...beside.changed].flatMap(({ file }) => file ?? []);
  const files = new Set(named);
  const gone = [...changed, ...beside.changed].filter(({ file }) => file === undefined).length;
  const count = files.size + gone;
  say(job, `Since ${all.base.slice(0, 12)}: ${count === 1 ? '1 file' : `${count} files`} changed`);
  const sources = sourceIndex(found.discovery.sources);
  const pages = new Set([...files].filter((file) => sources.placeOf(file) !== undefined));
  const folders = foldersOf(found, job.cwd);
  await refuseUntracked(all, folders, pages);
  const isSame = count === 0 && !changed.some(({ before }) => before);
  const since = keyBefore(job, all.base, found);
  return {
    files,
    pages: pages.size,
    since,
    isSame,
    async unwatched() {
      const tracked = await Promise.all(folders.map(({ folder }) => all.tracked(folder)));
      const news = new Set(all.changed.map(({ file }) => file));
      const isTold = (file: string): boolean => news.has(file) || tracked.some((each) => each.has(file));
      return found.discovery.sources.flatMap(({ file }) => (isTold(file) ? [] : [file]));
    },
    async look(read) {
      const contents = await changes.contents(changed);
      const spans = spansOf(changed, contents, found);
      // Scenarios lie in such files; they are not read block by block.
      for (const { file } of beside.changed) if (file !== undefined) spans.set(file, WHOLE);
      const was = once(async () => earlier(job, beside.before, changes, contents, read));
      const known = isSame
        ? undefined
        : await findingsBefore(keeping(job, found), since, changed, async () => (await was()).findings);
      const forRun = job.command === 'check' ? undefined : (await was()).docs.docset;
      return {
        files,
        pages: pages.size,
        findingsOf: (findings) => caused(findings, spans, known),
        exchangesOf: (exchanges, docs) => touchedExchanges(exchanges, spans, docs, forRun),
        before: ({ file, fingerprint }) => known?.in(file).get(fingerprint) ?? 0,
        isTouched: (found) => stands(found, spans),
      };
    },
  };
}

/** What scenarios break is not known by a commit: those that were not changed are read where they lie. */
function keeping(job: Job, { discovery }: Found): Job {
  return hasScenarios(job, discovery.files) ? { ...job, settings: { ...job.settings, cache: false } } : job;
}

/** All lines of a file. */
const WHOLE: readonly Span[] = [[1, Number.MAX_SAFE_INTEGER]];

/** What has changed of the files below the docs that are no pages, and the docs with those that there were before. */
function besidePages(
  all: readonly Change[],
  { cwd }: Job,
  found: Found,
): { readonly changed: readonly Change[]; readonly before: Found } {
  const { discovery } = found;
  const pageOf = pageNamer(discovery, cwd);
  const nameOf = (file: string | undefined): string | undefined => (file === undefined ? undefined : pageOf(file));
  const changed = all.filter(({ file, before }) => (nameOf(file) ?? nameOf(before)) !== undefined);
  if (changed.length === 0 || discovery.files === undefined) return { changed, before: found };
  const files = new Set(discovery.files);
  for (const { file } of changed) files.delete(nameOf(file) ?? '');
  for (const { before } of changed) {
    const name = nameOf(before);
    if (name !== undefined) files.add(name);
  }
  return { changed, before: { ...found, discovery: { ...discovery, files } } };
}

/** Where nothing has changed below a root, git is to keep something there; of what it ignores, or keeps elsewhere, it cannot tell. */
async function refuseUntracked(
  changes: Changes,
  folders: readonly Folder[],
  changed: ReadonlySet<string>,
): Promise<void> {
  for (const { folder, isBelow, pages } of folders) {
    if ([...changed].some(isBelow) || pages().length === 0) continue;
    const tracked = await changes.tracked(folder);
    if (!pages().some((file) => tracked.has(file)))
      throw new UsageError(
        `git keeps no page of \`${folder}\` here (it is ignored, a link, or a submodule), and cannot tell what has changed there; run without --only-changed, or from the repository that keeps it`,
      );
  }
}

/** A root, and the pages below it. */
interface Folder {
  readonly folder: string;
  isBelow(file: string): boolean;
  pages(): readonly string[];
}

function foldersOf({ discovery: { roots, sources } }: Found, cwd: string): Folder[] {
  return roots.map((root) => {
    const folder = fileName(root, cwd) || '.';
    const isBelow = (file: string): boolean => folder === '.' || file.startsWith(`${folder}/`);
    return { folder, isBelow, pages: once(() => sources.map(({ file }) => file).filter(isBelow)) };
  });
}

function touchedExchanges(
  exchanges: readonly PagedExchange[],
  spans: ReadonlyMap<string, readonly Span[]>,
  docs: Pick<Docset, 'resources'>,
  before: Docset | undefined,
): readonly PagedExchange[] {
  const types = before === undefined ? undefined : changedTypes(before.resources, docs.resources);
  return exchanges.filter(
    (exchange) => isTouched(exchange, spans) || (types !== undefined && typesOf(exchange).some(types)),
  );
}

/** Of findings in reading order those on changed blocks, and of each kind as many as were not there before. */
function caused(
  findings: readonly Finding[],
  spans: ReadonlyMap<string, readonly Span[]>,
  before: Before | undefined,
): readonly Finding[] {
  const left = new Map<string, Map<string, number>>();
  const countsOf = (file: string): Map<string, number> => {
    let counts = left.get(file);
    if (counts === undefined) left.set(file, (counts = new Map(before?.of(file))));
    return counts;
  };
  const told = new Set<Finding>();
  const others: Finding[] = [];
  for (const found of findings) {
    if (stands(found, spans)) told.add(found);
    else others.push(found);
  }
  // Whatever stands on a changed block may be one of those that were there before.
  for (const found of [...others, ...told]) {
    const counts = countsOf(found.file);
    const count = counts.get(found.fingerprint) ?? 0;
    if (count > 0) counts.set(found.fingerprint, count - 1);
    else if (before !== undefined) told.add(found);
  }
  return findings.filter((found) => told.has(found));
}

/** The docs as they were, read and examined without a word. */
async function earlier(
  job: Job,
  found: Found,
  changes: Changes,
  contents: ReadonlyMap<string, Uint8Array>,
  read: ReadAndExamine,
): ReturnType<ReadAndExamine> {
  const { grep: _grep, ...settings } = job.settings;
  const quiet: Job = {
    ...job,
    pages: [],
    settings: { ...settings, quiet: true, passWithNoTests: true },
    progress: SILENT,
  };
  return read(quiet, foundBefore(job, found, changes.changed, contents));
}

function foundBefore(
  { cwd }: Job,
  { discovery, readFile }: Found,
  changed: readonly Change[],
  contents: ReadonlyMap<string, Uint8Array>,
): Found {
  const now = new Set(changed.flatMap(({ file }) => file ?? []));
  const pageOf = pageNamer(discovery, cwd);
  const sources: Source[] = discovery.sources.filter(({ file }) => !now.has(file));
  for (const { before } of changed) {
    const content = before === undefined ? undefined : contents.get(before);
    const page = before === undefined || !isPage(before) ? undefined : pageOf(before);
    if (before !== undefined && content !== undefined && page !== undefined)
      sources.push({ file: before, page, content });
  }
  sources.sort((a, b) => compareText(a.page, b.page));
  const texts = new Map([...contents].map(([file, bytes]) => [file, textOf(bytes)]));
  return {
    discovery: { ...discovery, sources },
    readFile: (file) => texts.get(file) ?? (now.has(file) ? undefined : readFile(file)),
  };
}

/** Names a file as a page, by the pages there are below the same root. */
export function pageNamer({ roots, sources }: Found['discovery'], cwd: string): (file: string) => string | undefined {
  const heads = roots.map((root) => {
    const name = fileName(root, cwd);
    const head = name === '' ? '' : `${name}/`;
    const one = sources.find(({ file }) => file.startsWith(head));
    const depth = one === undefined ? 0 : one.page.length - (one.file.length - head.length);
    return { head, page: one === undefined ? '' : one.page.slice(0, depth) };
  });
  return (file) => {
    const root = heads.find(({ head }) => file.startsWith(head));
    const own = root && `${root.page}${file.slice(root.head.length)}`;
    return own === undefined || own.split('/').some((part) => part === 'node_modules' || part.startsWith('.'))
      ? undefined
      : own;
  };
}
