import { expect, test } from '@playwright/test';
import { check } from '../check/index.ts';
import { casesMissing, casesOf, countStances, stanceOf, type Case } from './cases.ts';
import { compilePages } from './docs.ts';

// Cases of the reference system about links. A dead link is a warning of ours; what leaves the docs is counted in a note.

const cases = casesOf(['checkLinks', 'scanDocset'], ['BrokenLinkTests', 'observed/check-links']);

/** Where we do not say what the reference says, what we say, and why. */
const DECIDED: Readonly<Record<string, { readonly rules: readonly string[]; readonly why: string }>> = {
  // differ, as the notes ask
  'l-html-bad': { rules: [], why: 'a file that is no page is not read' },
  'l-html-a': { rules: ['link/dead'], why: 'links written as HTML are links' },
  'l-TAGS': { rules: [], why: 'tags are no links' },
  'l-html-file': { rules: [], why: 'a file that is no page is not read' },
  'l-include': { rules: [], why: 'a link is resolved from the file that it is written in' },
  'l-query': { rules: [], why: 'a query asks the page that is there' },
  'l-self-empty': { rules: [], why: '`#` is the top of the page' },
  'l-encoded': { rules: [], why: '%20 is a blank' },
  'l-ref-undef': {
    rules: ['link/undefined'],
    why: 'the one reference is told, the other links of the page are judged',
  },
  'l-tel': { rules: [], why: 'tel: is a scheme' },
  // judge
  'l-case': { rules: ['link/case'], why: 'the file is there by another name: told as such' },
  'l-ref-unused': { rules: ['link/dead'], why: 'a definition that leads nowhere is dead whether used or not' },
  'l-backslash': { rules: ['link/dead'], why: 'a backslash parts no path' },
  'l-autolink': { rules: [], why: 'what names its host is never fetched, and not counted' },
  // match, but said in another way
  'l-ignore': { rules: ['link/not-judged'], why: 'what leaves the docs is counted in a note, by whichever path' },
  'l-ext-warn': { rules: [], why: 'what names its host is never fetched, and not counted' },
};

test('cases of links: the counts per stance', () => {
  test.skip(casesMissing !== undefined, casesMissing);
  const counts = countStances(cases);
  console.log(`links: ${JSON.stringify(counts)}, decided ${Object.keys(DECIDED).length}`);
  expect(counts).toEqual({ match: 16, differ: 10, judge: 4 });
  const free = cases.filter((each) => stanceOf(each) !== 'match' && DECIDED[each.name] === undefined);
  expect(free.map(({ name }) => name)).toEqual([]);
});

for (const each of cases)
  test(`${each.suite} ${each.name}`, async () => {
    expect(await rulesOf(each)).toEqual(DECIDED[each.name]?.rules ?? expectedOf(each));
  });

/** Our rules for the codes of the reference. */
const RULES: Readonly<Record<string, string>> = {
  MissingLinkSourceId: 'link/undefined',
  LinkDestinationNotFound: 'link/dead',
  LinkDestinationOutsideDocSet: 'link/not-judged',
};

function expectedOf({ name, expected }: Case): string[] {
  if (name === 'l-bookmark-case') return ['link/anchor'];
  const codes: readonly string[] =
    expected.codes ?? expected.linkIssues.map(({ code }: { readonly code: string }) => code);
  return codes.map((code) => RULES[code] ?? code).sort();
}

async function rulesOf({ input }: Case): Promise<string[]> {
  const all = filesOf(input);
  const isPage = (file: string): boolean => /\.md$/i.test(file);
  const docset = await compilePages(Object.fromEntries(Object.entries(all).filter(([file]) => isPage(file))), {
    tags: input.tags === undefined ? [] : [input.tags],
  });
  const files = new Set(Object.keys(all).filter((file) => !isPage(file)));
  return check(docset, { files })
    .filter(({ ruleId }) => ruleId.startsWith('link/'))
    .map(({ ruleId }) => ruleId as string)
    .filter((ruleId) => !(input.op === 'checkLinks' && ruleId === 'link/not-judged'))
    .sort();
}

/** The unit tests of the reference stand for every relative link but those they list. */
function filesOf(input: Case['input']): Record<string, string> {
  if (input.op !== 'checkLinks') return input.files;
  const missing: readonly string[] = input.relativeLinksReportedMissing;
  return {
    'docs/page.md': input.markdown,
    ...(missing.includes('../anotherfile.md') ? {} : { 'anotherfile.md': '# Another' }),
  };
}
