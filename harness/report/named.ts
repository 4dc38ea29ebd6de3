import type { Reporter } from '../model/report.ts';

/** A reporter that whoever writes with it loads: the HTML report alone brings a hundred kilobytes of script. */
export interface NamedReporter {
  /** As its own: the name of the file it writes, where it has one. */
  readonly file?: string;
  readonly load: () => Promise<Reporter>;
}

/** Every reporter by the name `--reporter` knows it by. */
export const named: Readonly<Record<string, NamedReporter>> = {
  list: { load: async () => (await import('./list.ts')).list },
  line: { load: async () => (await import('./line.ts')).line },
  json: { file: 'report.json', load: async () => (await import('./json.ts')).json },
  ndjson: { file: 'events.ndjson', load: async () => (await import('./ndjson.ts')).ndjson },
  junit: { file: 'junit.xml', load: async () => (await import('./junit.ts')).junit },
  sarif: { file: 'results.sarif', load: async () => (await import('./sarif.ts')).sarif },
  github: { load: async () => (await import('./github.ts')).github },
  markdown: { file: 'summary.md', load: async () => (await import('./markdown.ts')).markdown },
  codequality: { file: 'codequality.json', load: async () => (await import('./codequality.ts')).codequality },
  html: { file: 'index.html', load: async () => (await import('./html/index.ts')).html },
};
