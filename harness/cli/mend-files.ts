import path from 'node:path';
import { standingOf } from '../files/edit.ts';
import { readBytes } from '../files/read.ts';
import { readTextFile, type TextFile } from '../files/text-file.ts';
import { copyOf, sourceIndex, type Source } from '../model/docset.ts';
import { compareText } from '../model/finding.ts';
import { UsageError } from '../model/usage.ts';
import type { Found } from './found.ts';
import type { Job } from './job.ts';

/** A file that is to be written. */
export interface Change {
  readonly file: string;
  /** Absolute; where it really lies. */
  readonly real: string;
  readonly before: Uint8Array;
  readonly kind: TextFile;
  readonly text: string;
}

type Opened = Omit<Change, 'text'>;

/** The files that fixes name, as they were found and as they are to be. */
export interface Files {
  textOf(file: string): string | undefined;
  change(file: string, text: string): void;
  forget(file: string): void;
  changed(): Change[];
  /** The docs with these changes. */
  applied(): Found;
  /** The pages that have changed since they were asked for last, here or with all, without the others. */
  alone(): Found;
  /** Why a file is not edited. */
  readonly refused: ReadonlyMap<string, string>;
}

/** The files of docs that were found, none of them opened yet. */
export function filesOf(job: Job, found: Found): Files {
  const { cwd, settings } = job;
  const { discovery } = found;
  const pages = sourceIndex(discovery.sources);
  const opened = new Map<string, Opened | undefined>();
  const texts = new Map<string, string>();
  const news = new Set<string>();
  const sources = new Map<string, Source>();
  const included = new Set<string>();
  const readFile = (file: string): string | undefined => {
    included.add(file);
    return texts.get(file) ?? found.readFile(file);
  };
  const sourceOf = (source: Source): Source => sources.get(source.file) ?? source;
  const withSources = (kept: readonly Source[]): Found => ({
    ...found,
    discovery: { ...discovery, sources: kept },
    readFile,
  });
  const refused = new Map<string, string>();
  const taken = new Map<string, string>();
  const open = (file: string): Opened | undefined => {
    const absolute = path.resolve(cwd, file);
    const before = pages.get(file)?.content ?? readBytes(absolute);
    if (before instanceof Error) throw before;
    const kind = readTextFile(before);
    if (kind === undefined) {
      refused.set(file, 'it is not UTF-8');
      return undefined;
    }
    const standing = standingOf(absolute, [cwd, ...discovery.roots]);
    if (standing.kind === 'beyond') {
      refused.set(file, 'a link leads out of the docs');
      return undefined;
    }
    if (standing.kind === 'read-only') {
      if (settings.fix === 'write')
        throw new UsageError(`Cannot write \`${file}\`: ${standing.reason}; nothing was written`);
      return { file, real: absolute, before, kind };
    }
    const other = taken.get(standing.real);
    if (other !== undefined) {
      refused.set(file, `it is the same file as ${other}`);
      return undefined;
    }
    taken.set(standing.real, file);
    return { file, real: standing.real, before, kind };
  };
  const tried = (file: string): Opened | undefined => {
    try {
      return open(file);
    } catch (cause) {
      if (cause instanceof UsageError) throw cause;
      refused.set(file, (cause as Error).message);
      return undefined;
    }
  };
  // A source that is another object is read again; who includes a file is not known, so that all are.
  const renew = (file: string, content: Uint8Array): void => {
    const page = pages.get(file);
    if (page !== undefined) sources.set(file, { ...page, content });
    if (!included.has(file)) return;
    for (const source of discovery.sources)
      if (source.file !== file) sources.set(source.file, copyOf(sourceOf(source)));
  };
  return {
    refused,
    textOf(file) {
      if (!opened.has(file)) opened.set(file, tried(file));
      return texts.get(file) ?? opened.get(file)?.kind.text;
    },
    change(file, text) {
      texts.set(file, text);
      news.add(file);
      renew(file, opened.get(file)!.kind.encode(text));
    },
    forget(file) {
      texts.delete(file);
      renew(file, opened.get(file)!.before);
    },
    changed: () =>
      [...texts]
        .map(([file, text]) => ({ ...opened.get(file)!, text }))
        .filter(({ kind, text }) => text !== kind.text)
        .sort((a, b) => compareText(a.file, b.file)),
    applied() {
      news.clear();
      return withSources(discovery.sources.map(sourceOf));
    },
    alone() {
      const changed = discovery.sources.filter(({ file }) => news.has(file)).map(sourceOf);
      news.clear();
      return withSources(changed);
    },
  };
}
