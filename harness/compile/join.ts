import type { AnnotationTally } from '../model/annotation.ts';
import type { Docset, DocsetPage, FixtureFile, Source } from '../model/docset.ts';
import { byPlace, compareText, distinct, finding, type Finding } from '../model/finding.ts';
import { FIXTURE_VERSION, type Exchange, type Fixture } from '../model/fixture.ts';
import { once } from '../model/once.ts';
import type { Coverage } from '../model/report.ts';
import type { ReadingCache } from './cached.ts';
import { apart } from './collisions.ts';
import type { KnownPage } from './known.ts';
import { joinTypes } from './types.ts';

/** Joins the readings of all pages, in the order of the sources. Whatever takes long and not everybody asks for is made when it is looked at. */
export function join(sources: readonly Source[], read: readonly KnownPage[], cache?: ReadingCache): Docset {
  const { readings, paths } = apart(read);
  const fixtures = new Map<string, Fixture>();
  const files = new Map<string, FixtureFile>();
  for (const reading of readings) {
    if (!reading.isPromising) continue;
    const path = paths.get(reading.path)!;
    fixtures.set(path, fixtureOf(reading));
    const stamp = reading.stamps?.exchanges;
    files.set(path, { page: reading.file, ...(stamp === undefined ? {} : { stamp }) });
  }
  const types = joinTypes(readings, fixtures.keys(), cache);
  const written = writtenIn(sources, readings);
  const own = distinct(
    readings.flatMap(({ findings }) => findings),
    toldOnce(readings),
  );
  const together = [...duplicateNames(readings), ...distinct(types.findings)];
  const exchanges = once(() =>
    [...fixtures.values()].flatMap(({ page, exchanges }) => exchanges.map((exchange) => ({ ...exchange, file: page }))),
  );
  const allFiles = once(() => new Map([...files, ...types.files()]));
  const annotations = once(() => tallyByFile(written));
  const pages = once(() => readings.map(({ page }) => page));
  return {
    fixtures,
    get files() {
      return allFiles();
    },
    findings: [...own, ...together].sort(byPlace),
    together,
    disables: readings.flatMap(({ disables }) => disables),
    coverage: { files: sources.length, annotations: tallied(written) },
    get exchanges() {
      return exchanges();
    },
    get skipped() {
      return readings.flatMap(({ skipped }) => skipped);
    },
    get resources() {
      return types.resources();
    },
    get schemas() {
      return types.schemas();
    },
    get annotations() {
      return annotations();
    },
    get pages() {
      return pages();
    },
    readings: readings.map(pageOf),
    ...(types.oneByOne === undefined ? {} : { types: types.oneByOne }),
  };
}

/** A reading as a page of a docset. */
export function pageOf(reading: KnownPage): DocsetPage {
  const { file, path, stamp } = reading;
  const exchanges = once(() => reading.exchanges.map((exchange) => ({ ...exchange, file })));
  return {
    file,
    page: path,
    given: reading,
    ...(stamp === undefined ? {} : { stamp }),
    get document() {
      return reading.page;
    },
    get exchanges() {
      return exchanges();
    },
  };
}

function fixtureOf(reading: KnownPage): Fixture {
  return {
    schemaVersion: FIXTURE_VERSION,
    page: reading.file,
    get exchanges(): readonly Exchange[] {
      return reading.exchanges;
    },
  };
}

/** A file that several pages include says the same of itself each time: tells of which findings that cannot be so. */
function toldOnce(readings: readonly KnownPage[]): (found: Finding) => boolean {
  const files = new Set<string>();
  const shared = new Set<string>();
  for (const { file, findings } of readings) {
    if (files.has(file)) shared.add(file);
    files.add(file);
    for (const found of findings) if (found.file !== file) shared.add(found.file);
  }
  return ({ file }) => !shared.has(file);
}

/** A name used again, in path order: each later place names the first. */
function duplicateNames(readings: readonly KnownPage[]): Finding[] {
  const first = new Map<string, { file: string; line: number }>();
  const sites = new Set<string>();
  return readings.flatMap(({ names }) =>
    names.flatMap(({ name, place }) => {
      const { line, column } = place.position.start;
      const site = `${place.file}:${line}:${column}`;
      if (sites.has(site)) return [];
      sites.add(site);
      const known = first.get(name);
      if (known === undefined) {
        first.set(name, { file: place.file, line });
        return [];
      }
      return [
        finding({
          ruleId: 'pairing/duplicate-name',
          reason: `Unexpected name \`${name}\`, used first at ${known.file}:${known.line}`,
          place,
          subject: name,
          group: `pairing/duplicate-name ${name}`,
          note: 'Give each request a name of its own.',
        }),
      ];
    }),
  );
}

const BEST: Readonly<Record<'compiled' | 'ignored' | 'reported', number>> = { compiled: 2, ignored: 1, reported: 0 };

/** Each written annotation once, in the file where it is written; in an included file the best that became of it. */
function writtenIn(sources: readonly Source[], readings: readonly KnownPage[]): readonly Written[] {
  const files = new Set(sources.map(({ file }) => file));
  const written = new Map<string, Written>();
  for (const { fates } of readings)
    for (const { place, word, fate } of fates) {
      if (!files.has(place.file)) continue;
      const site = `${place.file}:${place.position.start.line}:${place.position.start.column}`;
      const known = written.get(site);
      if (known === undefined || BEST[fate] > BEST[known.fate]) written.set(site, { file: place.file, word, fate });
    }
  return [...written.values()];
}

interface Written {
  readonly file: string;
  readonly word: string;
  readonly fate: keyof typeof BEST;
}

/** Counts by `blockType`, in its alphabetical order. */
function tallied(written: Iterable<Written>): Coverage['annotations'] {
  const annotations = new Map<string, { -readonly [Key in keyof AnnotationTally]: number }>();
  for (const { word, fate } of written) {
    let tally = annotations.get(word);
    if (tally === undefined) annotations.set(word, (tally = { found: 0, compiled: 0, ignored: 0, reported: 0 }));
    tally.found++;
    tally[fate]++;
  }
  return Object.fromEntries([...annotations].sort(([a], [b]) => compareText(a, b)));
}

function tallyByFile(written: Iterable<Written>): Docset['annotations'] {
  const files = new Map<string, Written[]>();
  for (const each of written) {
    const known = files.get(each.file);
    if (known) known.push(each);
    else files.set(each.file, [each]);
  }
  return new Map([...files].map(([file, each]) => [file, tallied(each)]));
}
