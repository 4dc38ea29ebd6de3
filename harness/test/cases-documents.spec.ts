import { expect, test } from '@playwright/test';
import { check } from '../check/index.ts';
import { readMultipart, writeMultipart } from '../compile/http/multipart.ts';
import type { Docset } from '../model/docset.ts';
import type { Finding } from '../model/finding.ts';
import { readOutlines } from '../model/outline.ts';
import { casesMissing, casesOf, countStances, stanceOf, type Case } from './cases.ts';
import { compilePages } from './docs.ts';

// Cases of the reference system about pages as a whole. Its codes are mapped to our rules; severities are ours.

const SUITES = [
  'observed/docset',
  'observed/page-annotation',
  'observed/document-structure',
  'observed/tab-structure',
  'observed/examples',
  'observed/suppression',
];
const BINDING = [
  'g-nometa-http',
  'g-note-between',
  'g-nometa-msgraph',
  'g-nometa-json-first',
  'g-comment-trailing-text',
];
const RULES: Readonly<Record<string, string>> = {
  IncorrectYamlHeaderFormat: 'page/front-matter',
  MissingMetadataBlock: 'fence/unannotated',
  JsonParserException: 'page/annotation',
  DuplicateMethodIdentifier: 'pairing/duplicate-name',
  UnpairedRequest: 'pairing/no-response',
  MisspeltDocumentHeader: 'structure/heading-misspelt',
  ExtraDocumentHeaderFound: 'structure/heading-unexpected',
  RequiredDocumentHeaderMissing: 'structure/heading-missing',
  TabHeaderError: 'structure/tabs',
};

interface Decision {
  readonly findings: readonly string[];
  /** Requests found, where not those of the reference. */
  readonly methods?: number;
  readonly why: string;
}

/** Where we do not say what the reference says, what we say, and why. */
const DECIDED: Readonly<Record<string, Decision>> = {
  // judge
  'y-noclose': {
    findings: ['1:1 error page/front-matter'],
    why: 'what is written as front matter and never closed is told, and read as text',
  },
  'sup-cross-page': {
    findings: ['6:1 note fence/unannotated'],
    why: 'suppressions are kept on the page that writes them; applying them is the business of the report',
  },
  'g-nometa-msgraph': { findings: [], why: 'only the languages http and json ask for an annotation' },
  'g-nometa-json-first': { findings: [], why: 'JSON on a page of no API or resource may be anything' },
  'g-comment-trailing-text': {
    findings: ['3:1 error annotation/unbound', '7:41 note pairing/borrowed-request'],
    methods: 1,
    why: 'the annotation that is parted from its fence is the fault, not the fence',
  },
  // differ, as the notes ask
  'inc-code': {
    findings: [],
    methods: 1,
    why: 'an included file is read where it stands, and told once, in the file that says it',
  },
  'x-example': {
    findings: ['24:47 warning type/unresolved'],
    why: 'the unknown type of an example is told; the examples themselves are facts of the page',
  },
  'pa-then-comment': { findings: [], why: 'a page annotation counts wherever it stands' },
  // match, but for a defect of the reference
  'tab-dup': {
    findings: ['14:3 error structure/tabs'],
    why: 'every alternative of an OR is tried before `Examples` is a misspelt `Example`',
  },
  'tab-extra': { findings: ['17:3 error structure/tabs'], why: 'as tab-dup' },
  'tab-incons': { findings: ['16:3 error structure/tabs'], why: 'as tab-dup' },
  'tab-noend': { findings: ['16:3 error structure/tabs'], why: 'as tab-dup' },
  'g-note-between': {
    findings: ['3:1 error annotation/unbound', '10:41 note pairing/borrowed-request'],
    methods: 1,
    why: 'one fault, one finding: it stands on the annotation that binds to nothing; a response borrows the request',
  },
  // match in what this spec is about; the rest belongs to the resources
  defaultns: { findings: [], why: 'types of resources are judged with the resources' },
  ew: { findings: ['6:1 note fence/unannotated'], why: 'it is a note for every page' },
  'tag-drop': { findings: ['3:1 note page/left-out'], why: 'what tags leave out is told' },
};

test.skip(casesMissing !== undefined, casesMissing);

const scanned = [
  ...casesOf(['scanDocset'], SUITES),
  ...casesOf(['scanDocset'], ['observed/block-binding']).filter(({ name }) => BINDING.includes(name)),
];

for (const each of scanned)
  test(`${each.suite} ${each.name}: ${stanceOf(each)}`, async () => {
    const { docset, findings } = await scan(each);
    const decided = DECIDED[each.name];
    if (decided) expect(findings.map(place), decided.why).toEqual(decided.findings);
    else expect(findings.map(({ ruleId }) => ruleId).sort()).toEqual(expectedRules(each));
    expectMethods(docset, each);
    for (const [index, told] of (each.expected.pageAnnotations ?? []).entries()) {
      const page = docset.pages.toSorted((a, b) => (a.annotation ? 0 : 1) - (b.annotation ? 0 : 1))[index];
      if (told === null) expect(page?.annotation).toBeUndefined();
      else {
        expect(page?.annotation?.tocPath ?? '').toBe(told.tocPath);
        expect(page?.annotation?.namespace ?? '').toBe(told.namespace);
        expect(page?.annotation?.title ?? page?.title).toBe(told.title);
      }
    }
  });

for (const each of casesOf(['parseYamlFrontMatter']))
  test(`${each.suite} ${each.name}: ${stanceOf(each)}`, async () => {
    const docset = await compilePages({ 't.md': `---\n${each.input.yaml}---\n# T\n` });
    const findings = docset.findings.map(({ ruleId, severity }) => `${severity} ${ruleId}`);
    expect(findings).toEqual(each.expected.errors === 0 ? [] : ['error page/front-matter']);
    expect(docset.pages[0]!.frontMatter!.fields.find(({ name }) => name === 'doc_type')?.value).toBe(
      'conceptualPageType',
    );
  });

for (const each of casesOf(['multipartRoundTrip']))
  test(`${each.suite} ${each.name}: ${stanceOf(each)}`, () => {
    const parts = (each.input.parts as Record<string, string>[]).map(({ body = '', ...headers }) => ({
      headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
      body: `${body}\n`,
      at: 0,
      bodyAt: 0,
    }));
    const written = writeMultipart({ boundary: 'b-1', parts });
    const { multipart, facts } = readMultipart(written, String(each.input.contentType).replace('<generated>', 'b-1'));
    expect(facts).toEqual([]);
    expect(writeMultipart(multipart!)).toBe(written);
    expect(multipart!.parts.map(({ headers, body }) => ({ headers, body }))).toEqual(
      parts.map(({ headers, body }) => ({ headers, body })),
    );
  });

test('the cases of pages as a whole, counted', () => {
  const all = [...scanned, ...casesOf(['parseYamlFrontMatter', 'multipartRoundTrip'])];
  const counted = [...new Set(all.map(({ suite }) => suite))].map((suite) => [
    suite,
    ...Object.values(countStances(all.filter((each) => each.suite === suite))),
  ]);
  // match, differ, judge
  expect(counted).toEqual([
    ['observed/docset', 5, 1, 1],
    ['observed/document-structure', 6, 0, 0],
    ['observed/examples', 0, 1, 0],
    ['observed/page-annotation', 3, 1, 0],
    ['observed/suppression', 0, 0, 1],
    ['observed/tab-structure', 5, 0, 0],
    ['observed/block-binding', 2, 0, 3],
    ['MultipartMimeTests', 1, 0, 0],
    ['YamlParserTests', 2, 0, 0],
  ]);
  const named = new Set(all.map(({ name }) => name));
  expect(Object.keys(DECIDED).filter((name) => !named.has(name))).toEqual([]);
});

async function scan({ name, input }: Case): Promise<{ docset: Docset; findings: readonly Finding[] }> {
  const files = Object.entries(input.files as Record<string, string>);
  const pages = Object.fromEntries(files.filter(([file]) => file.endsWith('.md')));
  const docset = await compilePages(pages, input.tags === undefined ? {} : { tags: String(input.tags).split(',') });
  const file = files.find(([file]) => file === 'o.json')?.[1];
  const { outlines } = readOutlines(file === undefined ? {} : JSON.parse(file));
  const checked = check(docset, file === undefined ? {} : { outline: outlines });
  // That a request waits for a response is told here only of the case that is about it.
  const aside = name === 'params' ? [] : ['pairing/no-response'];
  const own = [...docset.findings, ...checked].filter(
    ({ ruleId }) => !aside.includes(ruleId) && !/^(?:resource|table|type\/(?!unresolved))/.test(ruleId),
  );
  return { docset, findings: own };
}

function place({ line, column, severity, ruleId }: Finding): string {
  return `${line}:${column} ${severity} ${ruleId}`;
}

function expectedRules({ expected }: Case): string[] {
  const codes: { code: string }[] = [
    ...(expected.scanIssues ?? []),
    ...(expected.structureIssues ?? []),
    ...(expected.checkDocs ?? []).flatMap(({ issues }: { issues: { code: string }[] }) => issues),
  ];
  return codes.map(({ code }) => RULES[code] ?? code).sort();
}

/** The requests that the reference finds are exchanges where they have a response, and told where they have none. */
function expectMethods(docset: Docset, { name, expected }: Case): void {
  const requests = new Set([
    ...docset.exchanges.map(({ id }) => id),
    ...docset.findings.filter(({ ruleId }) => ruleId === 'pairing/no-response').map(({ line }) => line),
  ]);
  expect(requests.size, 'requests').toBe(DECIDED[name]?.methods ?? (expected.methods ?? []).length);
}
