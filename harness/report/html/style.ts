/** The stylesheet of the report: system fonts, two themes, from 320 to 2560 pixels, and paper. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --raised: #ffffff; --sunken: #f3f1ec; --ink: #1f1d1a; --soft: #5d5850; --rule: #dedad1;
  --good: #1d6b3c; --bad: #b3261e; --warn: #8a5300; --violet: #6a3fa0; --quiet: #5d5850; --link: #1b5596;
  --highlight: #ffe3b0;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", "URW Palladio L", P052, Charter, Georgia, serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #161513; --raised: #1e1c1a; --sunken: #211f1c; --ink: #ebe7df; --soft: #aca598; --rule: #38342e;
    --good: #7cc795; --bad: #ff8f85; --warn: #eab05e; --violet: #c3a3f0; --quiet: #aca598; --link: #8dbcf2;
    --highlight: #5a4215;
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { font-size: clamp(1rem, 0.86rem + 0.35vw, 1.4rem); -webkit-text-size-adjust: 100%; scroll-padding-top: 1.5rem; }
body {
  margin: 0 auto; max-width: 62rem; padding: clamp(1.5rem, 6vw, 5rem) clamp(1rem, 5vw, 3rem) 4rem;
  background: var(--paper); color: var(--ink); font: 1rem/1.55 var(--sans); overflow-wrap: anywhere;
}
h1, h2, h3, h4 { margin: 0; font-weight: 500; line-height: 1.2; text-wrap: balance; }
h1 { font-family: var(--serif); font-size: clamp(1.9rem, 1.2rem + 3.6vw, 3.3rem); letter-spacing: -0.015em; line-height: 1.08; }
h2 { font-family: var(--serif); font-size: 1.65rem; letter-spacing: -0.01em; margin: 4rem 0 1.25rem; }
h3 { font-size: 0.95rem; font-weight: 600; }
h4 { font-size: 1.06rem; }
p, ul, dl, dd, pre { margin: 0; padding: 0; }
ul { list-style: none; }
code, pre { font-family: var(--mono); font-size: 0.86em; font-variant-ligatures: none; }
pre { white-space: pre-wrap; tab-size: 4; line-height: 1.5; }
pre code { font-size: inherit; }
a { color: var(--link); text-underline-offset: 0.18em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 3px; border-radius: 2px; }
main:focus { outline: none; }
b { font-weight: 600; }
.unseen, .skip:not(:focus) { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip:focus { position: absolute; top: 0.75rem; left: 0.75rem; padding: 0.5rem 1rem; background: var(--raised); z-index: 1; }

.eyebrow { color: var(--soft); font-size: 0.86rem; letter-spacing: 0.02em; margin-bottom: 0.9rem; }
.facts { display: flex; flex-wrap: wrap; gap: 0.6rem 2.5rem; margin-top: 1.75rem; font-size: 0.92rem; }
.facts dt, .fields dt, .label { color: var(--soft); }
.facts dt { font-size: 0.82rem; }
nav { margin-top: 2rem; border-block: 1px solid var(--rule); font-size: 0.92rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0 2rem; }
nav a { display: inline-block; padding: 0.7rem 0; color: var(--ink); text-decoration: none; }
nav a:hover { text-decoration: underline; }
nav b { color: var(--soft); font-weight: 400; font-variant-numeric: tabular-nums; }

.bar { display: block; width: 100%; height: 0.8rem; border-radius: 0.4rem; }
.bar rect { stroke: var(--paper); stroke-width: 2; vector-effect: non-scaling-stroke; }
rect.conforms { fill: var(--good); } rect.differs { fill: var(--bad); } rect.unanswered { fill: var(--violet); }
rect.blocked { fill: var(--warn); } rect.skipped { fill: var(--rule); }
.tallies { display: grid; grid-template-columns: minmax(0, 1fr); gap: 2rem 3rem; margin-top: 1.75rem; }
@media (min-width: 48rem) { .tallies { grid-template-columns: minmax(0, 2fr) minmax(0, 1fr); } }
.tally { display: flex; flex-wrap: wrap; gap: 0.75rem 1.75rem; margin-top: 0.6rem; }
.tally li { min-width: 3.5rem; }
.tally b { display: block; font: 500 1.7rem/1.1 var(--serif); font-variant-numeric: lining-nums tabular-nums; }
.tally .none b, .tally .none .mark { color: var(--soft); }
.aside, .calm, .cut { color: var(--soft); font-size: 0.9rem; margin-top: 0.8rem; }
.aside + .aside { margin-top: 0.2rem; }
.mark { font-size: 0.86rem; font-weight: 600; white-space: nowrap; }
.conforms { color: var(--good); } .differs, .mark.error { color: var(--bad); } .unanswered { color: var(--violet); }
.blocked, .mark.warning { color: var(--warn); } .skipped, .mark.note { color: var(--quiet); }

.page { margin-top: 2.25rem; }
.finding:last-of-type { border-bottom: 0; }
.page > h3 { font-family: var(--mono); font-size: 0.86rem; padding-bottom: 0.5rem; border-bottom: 1px solid var(--rule); }
.finding { padding: 1.6rem 0; border-bottom: 1px solid var(--rule); scroll-margin-top: 1rem; }
.finding:target, .inside:target, li:target > .row { background: linear-gradient(var(--sunken), var(--sunken)); box-shadow: 0 0 0 0.75rem var(--sunken); border-radius: 1px; }
.meta { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.15rem 1rem; font-size: 0.9rem; margin-bottom: 0.35rem; color: var(--soft); }
.source { margin-top: 0.8rem; padding: 0.6rem 0.9rem; background: var(--sunken); border-radius: 4px; }
.source .number { color: var(--soft); margin-right: 1.5em; user-select: none; }
mark { background: var(--highlight); color: inherit; border-radius: 2px; box-shadow: 0 0 0 2px var(--highlight); }
.fields { margin-top: 0.8rem; font-size: 0.95rem; display: grid; gap: 0.25rem; }
.fields div { display: grid; grid-template-columns: 5.5rem minmax(0, 1fr); gap: 0.75rem; align-items: baseline; }
.fields dd { white-space: pre-wrap; }
.todo { margin-top: 0.8rem; max-width: 44rem; font: 1.04rem/1.5 var(--serif); }
.more, .places { margin-top: 0.7rem; font-size: 0.9rem; }
.places ul { margin-top: 0.3rem; display: grid; gap: 0.2rem; }
details > summary { cursor: pointer; }
.quiet > summary, .places > summary { color: var(--soft); font-size: 0.92rem; padding: 0.8rem 0; }
.places > summary { padding: 0.2rem 0; }

.exchanges > li { border-bottom: 1px solid var(--rule); }
.row { display: grid; grid-template-columns: 7.5rem minmax(0, 1fr) auto 4.5rem; gap: 0.2rem 1.25rem; padding: 0.85rem 0; align-items: baseline; font-size: 0.95rem; }
summary.row { list-style: none; }
summary.row::-webkit-details-marker { display: none; }
summary.row .title::after { content: "  Show"; color: var(--link); white-space: pre; }
details[open] > summary.row .title::after { content: "  Hide"; }
summary.row:hover { background: var(--sunken); }
.title { display: block; color: var(--soft); font-size: 0.9rem; }
.status, .time { font-variant-numeric: tabular-nums; font-size: 0.9rem; }
.status .label:nth-of-type(2) { margin-left: 0.6em; }
.time { color: var(--soft); text-align: right; white-space: nowrap; }
.inside { padding: 0.25rem 0 1.75rem; }
.reasons { display: grid; gap: 0.3rem; font-size: 0.95rem; }
.messages { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 25rem), 1fr)); gap: 1.5rem; margin-top: 1.25rem; }
.message { min-width: 0; }
.message:first-child { grid-column: 1 / -1; }
.message h4 { font-size: 0.9rem; font-weight: 600; margin-bottom: 0.4rem; }
.message pre { padding: 0.8rem 0.9rem; background: var(--sunken); border-radius: 4px; }
@media (max-width: 44rem) {
  .row { grid-template-columns: minmax(0, 1fr) auto; }
  .row .request { grid-column: 1 / -1; grid-row: 2; }
  .row .status { grid-column: 1 / -1; grid-row: 3; }
  .row .time { grid-column: 2; grid-row: 1; }
}

table { width: 100%; border-collapse: collapse; font-size: 0.95rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.5rem 0 0.5rem 0.6rem; text-align: right; border-bottom: 1px solid var(--rule); font-weight: 400; }
th:first-child { text-align: left; padding-left: 0; }
thead th { color: var(--soft); font-size: 0.86rem; overflow-wrap: normal; }
td.none { color: var(--soft); }
@media (max-width: 26rem) { thead th { font-size: 0.75rem; } th, td { padding-left: 0.3rem; } }
footer { margin-top: 5rem; padding-top: 1rem; border-top: 1px solid var(--rule); color: var(--soft); font-size: 0.86rem; }
@media (forced-colors: active) { mark { forced-color-adjust: none; background: Mark; color: MarkText; } rect { forced-color-adjust: none; } }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  nav, .skip, summary.row .title::after { display: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .finding, .exchanges > li { break-inside: avoid-page; }
}
`;
