import { createRequire } from 'node:module';
import path from 'node:path';
import { discover } from '../files/discover.ts';
import { firstPresent, ownerOf } from '../files/look.ts';
import { readText } from '../files/read.ts';
import type { Source } from '../model/docset.ts';
import { compareText } from '../model/finding.ts';
import type { Starter } from './starter.ts';

/** What there is in a folder without a config: where the docs are, and where fixtures and reports may lie. */
export async function look(cwd: string, docsNamed: readonly string[] | undefined): Promise<Starter> {
  const { promises } = await import('../compile/annotate/promising.ts');
  const { sources } = await discover(docsNamed ?? ['.'], cwd);
  const promising = new Set(
    sources.filter(({ content }) => !(content instanceof Error) && promises(content)).map(({ file }) => file),
  );
  const docs = docsNamed ?? docsAmong(sources, promising);
  const below = (file: string) => docsNamed !== undefined || docs.some((root) => isBelow(file, root));
  return {
    docs,
    fixtures: await free(cwd, 'fixtures'),
    reports: await free(cwd, 'reports'),
    pages: sources.filter(({ file }) => below(file)).length,
    promising: [...promising].filter(below).length,
    isTypeScript: isTypeScript(cwd),
    isInstalled: isInstalled(cwd),
  };
}

/** Folders of tests and of other people's work are docs only where nothing else is. */
const ASIDE = /^(tests?|__tests__|spec|vendor|third_party|dist|build|out|target|coverage|fixtures|reports)$/i;

/**
 * The folders that hold most of what looks like docs of an API, from the working directory down: each with a tenth or more of the
 * pages that its largest neighbour has, then as deep as one folder holds all its pages.
 */
function docsAmong(sources: readonly Source[], promising: ReadonlySet<string>): string[] {
  const counts = new Map<string, number>();
  for (const file of promising) {
    const top = file.includes('/') ? file.slice(0, file.indexOf('/')) : '*.md';
    counts.set(top, (counts.get(top) ?? 0) + 1);
  }
  const inside = [...counts].filter(([top]) => top !== '..' && !ASIDE.test(top));
  const candidates = inside.length > 0 ? inside : [...counts].filter(([top]) => top !== '..');
  const most = Math.max(0, ...candidates.map(([, count]) => count));
  const chosen = candidates.filter(([, count]) => count * 10 >= most).map(([top]) => top);
  if (chosen.length === 0) return ['docs'];
  const files = sources.map(({ file }) => file);
  return chosen.map((top) => (top === '*.md' ? top : deepest(top, files))).sort(compareText);
}

function deepest(folder: string, files: readonly string[]): string {
  const within = files.filter((file) => file.startsWith(`${folder}/`)).map((file) => file.slice(folder.length + 1));
  const children = new Set(within.map((file) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '')));
  const [only] = children;
  return children.size === 1 && only ? deepest(`${folder}/${only}`, files) : folder;
}

function isBelow(file: string, root: string): boolean {
  return root === '*.md' ? !file.includes('/') : file.startsWith(`${root}/`);
}

async function free(cwd: string, name: string): Promise<string> {
  return (await ownerOf(path.join(cwd, name))) === 'others' ? `${name}/docwright` : name;
}

function isTypeScript(cwd: string): boolean {
  if (firstPresent(cwd, ['tsconfig.json']) !== undefined) return true;
  try {
    const { dependencies, devDependencies } = JSON.parse(readText(path.join(cwd, 'package.json'))) as Record<
      string,
      object
    >;
    return Object.hasOwn({ ...dependencies, ...devDependencies }, 'typescript');
  } catch {
    // No package, or one that nobody can read: then there is no TypeScript about.
    return false;
  }
}

function isInstalled(cwd: string): boolean {
  try {
    createRequire(path.join(cwd, 'docwright.config.js')).resolve('docwright');
    return true;
  } catch {
    return false;
  }
}
