import type { Reporter } from '../model/report.ts';
import { html } from './html/index.ts';
import { json } from './json.ts';
import { junit } from './junit.ts';
import { list } from './list.ts';

export { gather, type ReportParts } from './gather.ts';

/** Every reporter by the name `--reporter` knows it by. */
export const reporters: Readonly<Record<string, Reporter>> = { list, json, junit, html };
