import { createHash } from 'node:crypto';
import type { Report, ReportContext, Reporter } from '../../model/report.ts';
import { grouped, phrase } from './text.ts';
import { coverageSection } from './coverage.ts';
import { markup, source, trusted, type Html } from './escape.ts';
import { exchangesSection } from './exchanges.ts';
import { anchorsOf, findingsSection } from './findings.ts';
import { glance, masthead } from './glance.ts';
import { STYLE } from './style.ts';

/** `index.html`: one static file that asks for nothing, runs nothing, and is held to that by its own security policy. */
export const html: Reporter = {
  name: 'html',
  file: 'index.html',
  *render(report, context) {
    for (const part of page(report, context)) yield source(part);
  },
};

function* page(report: Report, context: ReportContext): Iterable<Html> {
  const anchors = anchorsOf(report);
  const { exchanges, findings } = report.summary;
  yield trusted('<!doctype html>\n');
  yield markup`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${phrase(`${report.tool.name} ${report.command}: ${report.target}`)}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the findings</a>
${masthead(report)}
<nav aria-label="Sections"><ul>
<li><a href="#findings">Findings <b>${grouped(findings.error + findings.warning + findings.note)}</b></a></li>
<li><a href="#exchanges">Exchanges <b>${grouped(exchanges)}</b></a></li>
<li><a href="#coverage">Annotations</a></li>
</ul></nav>
<main id="main" tabindex="-1">
${glance(report)}
`;
  yield* findingsSection(report, context, anchors);
  yield* exchangesSection(report, context, anchors);
  yield markup`${coverageSection(report.coverage)}
</main>
<footer><p>${phrase(`${report.tool.name} ${report.tool.version}`)}</p></footer>
</body>
</html>
`;
}

/** Only the one style of this file applies; no script, no request, no form, no other base. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
