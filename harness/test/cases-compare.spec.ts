import { expect, test } from '@playwright/test';
import { compare } from '../compare/index.ts';
import { examine } from '../examine.ts';
import type { Finding } from '../model/finding.ts';
import { finding } from '../model/finding.ts';
import type { ResponseMessage } from '../model/http.ts';
import { readJson } from '../model/json.ts';
import { indexResources } from '../model/resource.ts';
import { casesMissing, casesOf, countStances, stanceOf, type Case } from './cases.ts';
import { compilePages } from './docs.ts';

/** Our rule for a code of the reference; nothing where we have no counterpart on purpose. */
const RULES: Readonly<Record<string, string | undefined>> = {
  ExpectedTypeDifferent: 'property/type',
  InvalidEnumeratedValueString: 'property/enum',
  InvalidUrlString: 'property/format',
  RequiredPropertiesMissing: 'property/missing',
  AdditionalPropertyDetected: 'property/undocumented',

  HttpHeaderValueDifferent: 'header/media-type',
  HttpStatusCodeDifferent: 'status/undocumented',
  HttpBodyExpected: 'body/missing',
  JsonParserException: 'json/unreadable',
  IncorrectSampleKey: 'annotation/sample-key',
  ResourceTypeNotFound: 'type/unresolved',
  // A body of whatever shape where there is to be none is one fault, told once.
  ResponseResourceTypeMissing: 'body/undocumented',
  // The reason phrase means nothing (RFC 9112, 4).
  HttpStatusMessageDifferent: undefined,
  // Every finding is told; reports fold them by their group.
  SkippedSimilarErrors: undefined,
  HttpParserError: undefined,
};

/** What we say instead, and why: every case that is not `match`, and those whose codes mean less than ours. */
const DECIDED: Readonly<Record<string, { readonly rules: readonly string[]; readonly why: string }>> = {
  'q-patchct': { rules: [], why: 'a request may send JSON of any media type (RFC 7396)' },
  'q-formdata': { rules: [], why: 'form data is read as its parts; that they are cut short is a note' },
  'q-related-nometa': { rules: [], why: 'related parts need no metadata among them (RFC 2387): they are parts' },
  'v-error-body': { rules: ['body/error-shape'], why: 'an error is no resource with everything missing: one cause' },
  'v-expecterror-but-ok': { rules: ['annotation/body'], why: '`expectError` promises an error, and none is shown' },
  'v-coll-missing': { rules: ['annotation/body'], why: 'the docs contradict themselves: a warning, on the annotation' },
  'v-coll-notempty-isEmpty': { rules: ['annotation/body'], why: 'the same fault, told on the annotation' },
  'v-error-expected': { rules: [], why: 'the promised error is shown' },
  'v-array-root': { rules: ['property/type'], why: 'an array where an object is promised is a wrong type' },
  'v-null': {
    rules: [],
    why: 'nothing says it may be null, but then the type says that of nothing: its silence means nothing',
  },
  'v-int-for-double': { rules: [], why: 'an integer is a valid double' },
  'v-int-for-double-strict': { rules: [], why: 'an integer is a valid double' },
  'q-json-ct-nobody': { rules: [], why: 'a request without a body may name a media type' },
  // There is one way to judge, the strict one: what strict validation finds is found whatever the option says.
  'v-baddate-strict': { rules: ['property/format'], why: 'right type, wrong format: a rule of its own' },
  'v-badenum': { rules: ['property/enum'], why: 'strict: no member' },
  'v-badenum-strict': { rules: ['property/enum'], why: 'no member' },
  'v-enumcase': { rules: ['property/enum'], why: 'strict, as the twin of this case: members are told apart by case' },
  'v-badurl-strict': { rules: ['property/format'], why: 'the resource says `url`: one with a scheme' },
  'v-date-offset': { rules: [], why: 'an offset is part of a date-time (RFC 3339)' },
  'v-date-offset-strict': { rules: [], why: 'an offset is part of a date-time (RFC 3339)' },
  ResourceStringValidationBadTimestamp: { rules: ['property/format'], why: 'right type, wrong format' },
  'sv-status': { rules: ['status/undocumented'], why: 'one finding on the status; the phrase does not count' },
  'sv-statusmsg': { rules: [], why: 'the reason phrase means nothing' },
  'sv-statusmsg-empty': { rules: [], why: 'the reason phrase means nothing' },
  'sv-ct-expupper': { rules: [], why: 'media types are told apart without case (RFC 9110, 8.3.1)' },
  'sv-coll-missing-shown': { rules: ['property/missing'], why: 'what is shown is promised, in items too' },
  'sv-odatatype-nested': {
    rules: ['property/missing', 'property/undocumented'],
    why: 'nested objects are judged like any other',
  },
  'sv-error-body': { rules: ['status/undocumented'], why: 'a status nobody documents: the body is not judged' },
  'sv-unexpected-body': { rules: ['body/undocumented'], why: 'one fault, told once' },
};

/** Words that the reference takes for types where they are values. */
const WORD = { rules: [], why: 'a word that spells a type is a string like any other' };

const documented = casesOf(['scanDocset'], ['observed/check-docs']);
const strings = casesOf(['validateDocumentedResponse']);
const answers = casesOf(['compareResponse']);
const simulated = casesOf(['compareSimulatedResponse']);

test.skip(casesMissing !== undefined, casesMissing ?? '');

for (const each of documented)
  test(`documented response, ${stanceOf(each)}: ${each.name}`, async () => {
    const docset = await compilePages(each.input.files as Record<string, string>);
    expectRules(each, [...docset.findings, ...examine(docset)]);
  });

for (const each of strings)
  test(`documented strings, ${stanceOf(each)}: ${each.name}`, async () => {
    const docset = await compilePages({ 't.md': String(each.input.markdown) });
    const own = examine(docset).filter(({ exchangeId }) => exchangeId === `t#${each.input.method}`);
    // The examples of this page all make one request, which is told too.
    expectRules(
      each,
      own.filter(({ ruleId }) => ruleId !== 'pairing/same-request'),
    );
  });

for (const each of answers)
  test(`answer, ${stanceOf(each)}: ${each.name}`, async () => {
    const docset = await compilePages(each.input.files as Record<string, string>);
    const { facts } = compare(docset.exchanges[0]!, message(each.input.actual), indexResources(docset.resources));
    expectRules(
      each,
      facts.map((fact) => finding(fact)),
    );
  });

for (const each of simulated)
  test(`simulated answer, ${stanceOf(each)}: ${each.name}`, async () => {
    const markdown = String(each.input.markdown);
    const docset = await compilePages({ 't.md': markdown });
    const written = /"blockType": "simulatedResponse".*-->\n```http\n([^]*?)\n```/.exec(markdown)![1]!;
    const answer = message(written);
    // An answer written in the docs is read as leniently as they are.
    const { value } = readJson(new TextDecoder().decode(answer.body));
    const { facts } = compare(
      docset.exchanges[0]!,
      { ...answer, body: new TextEncoder().encode(JSON.stringify(value)) },
      indexResources(docset.resources),
    );
    expectRules(
      each,
      facts.map((fact) => finding(fact)),
    );
  });

test('cases of each stance', () => {
  const rows = Object.entries({ documented, strings, answers, simulated });
  for (const [kind, cases] of rows) console.log(`${kind.padEnd(10)} ${JSON.stringify(countStances(cases))}`);
  expect(rows.map(([, cases]) => cases.length)).toEqual([57, 4, 20, 3]);
  const names = new Set(rows.flatMap(([, cases]) => cases.map(({ name }) => name)));
  expect(Object.keys(DECIDED).filter((name) => !names.has(name))).toEqual([]);
});

test('every operation of the cases is run by a spec, or left out for a reason', () => {
  const left = new Map(Object.entries(LEFT_OUT));
  for (const { input } of casesOf(ALL_OPERATIONS)) expect(RUN.has(input.op) || left.has(input.op), input.op).toBe(true);
  expect(casesOf([...left.keys()]).length).toBe(32);
});

/** Operations of the reference that nothing of ours is a counterpart of. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  jsonPathGet: 'places in JSON are told by pointers (RFC 6901), which have tests of their own',
  jsonPathSet: 'the same; no documented body is ever written to',
  rewritePropertyNames: 'what is documented is compared as it is documented: no setting renames properties on the way',
};

/** Operations that the specs of cases run, this one and the others. */
const RUN: ReadonlySet<string> = new Set([
  'scanDocset',
  'compareResponse',
  'compareSimulatedResponse',
  'validateDocumentedResponse',
  'parseAnnotation',
  'parseHttpRequest',
  'parseHttpResponse',
  'simpleType',
  'parseTypeCell',
  'validateJson',
  'buildSchema',
  'checkLinks',
  'parseYamlFrontMatter',
  'multipartRoundTrip',
]);

const ALL_OPERATIONS = [...RUN, ...Object.keys(LEFT_OUT)];

function expectRules(each: Case, findings: readonly Finding[]): void {
  const isWord = each.name.startsWith('v-word-') && stanceOf(each) === 'differ';
  const decided = isWord ? WORD : DECIDED[each.name];
  if (stanceOf(each) !== 'match') expect(decided, 'a decision').toBeDefined();
  const told = findings.filter(({ ruleId, severity }) => severity !== 'note' || ruleId === 'property/null');
  // The reference tells in one issue of all the properties that one object lacks.
  const rules = [...new Set(told.map(({ ruleId }) => ruleId as string))].sort();
  expect(rules, decided?.why).toEqual([...(decided?.rules ?? expected(each))].sort());
}

function expected({ expected }: Case): string[] {
  const issues: readonly { code: string }[] = [
    ...(expected.issues ?? []),
    ...(expected.scanIssues ?? []),
    ...(expected.checkDocs ?? []).flatMap(({ issues }: { issues?: [] }) => issues ?? []),
  ];
  const codes: readonly string[] = [
    ...issues.map(({ code }) => code),
    ...(expected.errorCodes ?? []),
    ...(expected.containsCodes ?? []),
    ...(expected.containsExactlyOne ? [expected.containsExactlyOne] : []),
  ];
  for (const code of codes) expect(Object.keys(RULES)).toContain(code);
  return [...new Set(codes.flatMap((code) => RULES[code] ?? []))];
}

function message(text: string): ResponseMessage {
  const [head = '', ...body] = text.split('\n\n');
  const [status = '', ...headers] = head.split('\n');
  return {
    status: Number(status.split(' ')[1]),
    headers: headers.filter(Boolean).map((line) => [line.replace(/:.*/, ''), line.replace(/^[^:]*:\s*/, '')]),
    body: new TextEncoder().encode(body.join('\n\n')),
  };
}
