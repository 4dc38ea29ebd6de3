/** Every reporter by the name `--reporter` knows it by, and the name of the file it writes, where it has one. */
export const named: Readonly<Record<string, { readonly file?: string }>> = {
  list: {},
  line: {},
  json: { file: 'report.json' },
  ndjson: { file: 'events.ndjson' },
  junit: { file: 'junit.xml' },
  sarif: { file: 'results.sarif' },
  github: {},
  markdown: { file: 'summary.md' },
  codequality: { file: 'codequality.json' },
  html: { file: 'index.html' },
};
