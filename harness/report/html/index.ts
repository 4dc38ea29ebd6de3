import { createHash } from 'node:crypto';
import type { Report, ReportContext, Reporter } from '../../model/report.ts';
import { SCRIPT, STYLE } from './bundle.js';
import { details } from './details.ts';
import { markup, source, type Html } from './escape.ts';
import { glance, masthead } from './glance.ts';
import { headOf } from './head.ts';
import { packed } from './pack.ts';
import { phrase } from './text.ts';
import { HEAD_ID } from './wire.ts';

/**
 * `index.html`: one file that asks for nothing and runs nothing but its own script, held to that by its own security policy. Without
 * the script it tells the summary.
 */
export const html: Reporter = {
  name: 'html',
  file: 'index.html',
  isSealed: true,
  *render(report, context) {
    const redacted = (text: string): string => context.redacted?.(text) ?? text;
    yield beginning(redacted(source(title(report))));
    yield redacted(source(summary(report, context)));
    for (const part of data(report, context)) yield source(part);
    yield `<script>${SCRIPT}</script>\n</body>\n</html>\n`;
  },
};

function beginning(heading: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
${heading}
<style>${STYLE}</style>
</head>
<body>
`;
}

function title({ tool, command, target }: Report): Html {
  return markup`<title>${phrase(`${tool.name} ${command}: ${target}`)}</title>`;
}

/** What is read where the app does not run; the app takes its place. */
function summary(report: Report, context: ReportContext): Html {
  return markup`<div id="app">
<main class="plain">
${masthead(report, context.at)}
<noscript><p class="notice">Scripts are off, so this page shows the summary alone. With scripts it lists every exchange and finding; it asks for nothing from the network. All that was found is in report.json, too.</p></noscript>
<p class="notice" id="unable" hidden></p>
${glance(report)}
</main>
</div>
`;
}

function* data(report: Report, context: ReportContext): Iterable<Html> {
  yield packed(HEAD_ID, headOf(report, context), context.redacted);
  yield* details(report, context);
}

/** Only the one script and the one style of this file count; no request, no form, no other base. */
function policy(): string {
  return [
    "default-src 'none'",
    `script-src ${hash(SCRIPT)}`,
    `style-src ${hash(STYLE)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
