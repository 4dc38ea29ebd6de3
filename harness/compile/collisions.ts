import { finding } from '../model/finding.ts';
import type { KnownPage } from './known.ts';

/** Pages of which no two share a fixture, and the path of the fixture of each page that promises something. */
export interface Apart {
  readonly readings: readonly KnownPage[];
  /** By page path. */
  readonly paths: ReadonlyMap<string, string>;
}

/**
 * Gives each page a fixture of its own. `x.md` and `x.MD` would share one, and the ids of their exchanges: the page that ends in
 * `.md` keeps it (else the first in path order), the other is named with its ending (`x.MD.json`), and that is reported.
 */
export function apart(readings: readonly KnownPage[]): Apart {
  const owners = new Map<string, KnownPage>();
  const paths = new Map<string, string>();
  const renamed = new Map<KnownPage, KnownPage>();
  const promising = readings.filter(({ isPromising }) => isPromising);
  const inOrder = [...promising.filter(isPlain), ...promising.filter((reading) => !isPlain(reading))];
  for (const reading of inOrder) {
    const page = reading.path;
    const plain = page.replace(/\.md$/i, '');
    let stem = plain;
    // A page may itself be called `x.MD.md`.
    for (let count = 1; owners.has(stem); count++) stem = count === 1 ? page : `${page}-${count}`;
    const owner = owners.get(plain);
    if (owner) renamed.set(reading, withStem(reading, plain, stem, owner));
    owners.set(stem, reading);
    paths.set(page, `${stem}.json`);
  }
  return { readings: readings.map((reading) => renamed.get(reading) ?? reading), paths };
}

function isPlain({ path }: KnownPage): boolean {
  return path.endsWith('.md');
}

/** The same reading with ids that begin with `stem`, and the collision told. */
function withStem(reading: KnownPage, from: string, stem: string, owner: KnownPage): KnownPage {
  const { file } = reading;
  const start = { line: 1, column: 1 };
  const collision = finding({
    ruleId: 'page/collision',
    reason: `Unexpected page name, the fixture of \`${owner.file}\` has it already; this page's is \`${stem}.json\``,
    place: { file, position: { start, end: start } },
    subject: stem,
    note: 'Rename one of the two pages.',
  });
  const idOf = (id: string): string => stem + id.slice(from.length);
  const moved = <T extends { readonly exchangeId?: string }>(item: T): T =>
    item.exchangeId === undefined ? item : { ...item, exchangeId: idOf(item.exchangeId) };
  return {
    ...reading,
    page: { ...reading.page, types: reading.page.types.map(moved), misfits: reading.page.misfits.map(moved) },
    exchanges: reading.exchanges.map((exchange) => ({ ...exchange, id: idOf(exchange.id) })),
    skipped: reading.skipped.map((each) => ({ ...each, id: idOf(each.id) })),
    findings: [...reading.findings.map(moved), collision],
    ...(reading.stamp === undefined ? {} : { stamp: `${reading.stamp} ${stem}` }),
    ...(reading.stamps ? { stamps: { ...reading.stamps, exchanges: `${reading.stamps.exchanges} ${stem}` } } : {}),
  };
}
