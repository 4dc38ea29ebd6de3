import type { Reporter } from '../model/report.ts';
import { html } from './html/index.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { list } from './list.ts';

/** A reporter by its name: what most runs write with is there, others are loaded by whoever asks for them. */
export async function reporterOf(name: string): Promise<Reporter> {
  return USUAL[name] ?? (await OTHERS[name]!());
}

const USUAL: Readonly<Record<string, Reporter>> = { html, json, junit, list };

const OTHERS: Readonly<Record<string, () => Promise<Reporter>>> = {
  line: async () => (await import('./line.ts')).line,
  ndjson: async () => (await import('./ndjson.ts')).ndjson,
  sarif: async () => (await import('./sarif.ts')).sarif,
  github: async () => (await import('./github.ts')).github,
  markdown: async () => (await import('./markdown.ts')).markdown,
  codequality: async () => (await import('./codequality.ts')).codequality,
};
