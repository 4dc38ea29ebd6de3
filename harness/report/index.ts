import type { Reporter } from '../model/report.ts';
import { codequality } from './codequality.ts';
import { github } from './github.ts';
import { html } from './html/index.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { line } from './line.ts';
import { list } from './list.ts';
import { markdown } from './markdown.ts';
import { ndjson } from './ndjson.ts';
import { sarif } from './sarif.ts';

export { gather, type ReportParts } from './gather.ts';
export { markdownWithin } from './markdown.ts';

/** Every reporter by the name `--reporter` knows it by. */
export const reporters: Readonly<Record<string, Reporter>> = {
  list,
  line,
  json,
  ndjson,
  junit,
  sarif,
  github,
  markdown,
  codequality,
  html,
};
