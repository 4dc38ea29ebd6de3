// Reads a report and what is known beside it, renders it as HTML with the built reporter, and writes the page.
import { readFileSync, writeFileSync } from 'node:fs';
import { reporters } from '../../../dist/index.js';

const [from, to] = process.argv.slice(2);
const { report, details, pages } = JSON.parse(readFileSync(from, 'utf8'));
const encoder = new TextEncoder();
const context = {
  detail(id) {
    const detail = details[id];
    if (detail === undefined) return undefined;
    const { exchange, sent, actual } = detail;
    return { exchange, sent, actual: { ...actual, body: encoder.encode(actual.body) } };
  },
  lines: (file) => pages[file],
  folder: 'reports',
  written: { html: 'reports/index.html' },
  color: false,
  width: 100,
  verbose: false,
};
writeFileSync(to, [...reporters.html.render(report, context)].join(''));
