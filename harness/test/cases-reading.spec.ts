import { expect, test } from '@playwright/test';
import { check } from '../check/index.ts';
import { readAnnotation } from '../compile/annotation.ts';
import { isUnreadable, readRequest, readResponse } from '../compile/http/text.ts';
import { rules, type RuleId } from '../model/rules.ts';
import { casesMissing, casesOf, countStances, stanceOf, type Case } from './cases.ts';
import { compilePages } from './docs.ts';

const isError = (ruleId: RuleId): boolean => rules[ruleId].severity === 'error';

test.describe('annotations, HTTP text, binding and pairing, case by case', () => {
  test.skip(casesMissing !== undefined, casesMissing ?? '');

  test.describe('annotations', () => {
    const cases = casesOf(['parseAnnotation']);
    /** Where the reference reads on and we say what is wrong, or the other way round, and why. */
    const DECIDED: Readonly<Record<string, 'error' | object>> = {
      // A list of two kinds is no kind, and nobody means the third of an enumeration by "3".
      '{ "blockType": "request, response" }': 'error',
      '{ "blockType": "3" }': 'error',
      // A byte order mark is a blank to the eye: read, with a note.
      '\ufeff{ "blockType":"request" }': { blockType: 'request' },
    };
    for (const each of cases)
      test(`${stanceOf(each)}: ${JSON.stringify(each.input.json)}`, () => {
        const { annotation, facts } = readAnnotation(each.input.json);
        const decided = DECIDED[each.input.json];
        const expected = decided === 'error' ? { error: true } : (decided ?? each.expected);
        if ('error' in expected) {
          expect(facts.some(({ ruleId }) => isError(ruleId))).toBe(true);
          return;
        }
        expect(facts.filter(({ ruleId }) => isError(ruleId))).toEqual([]);
        const { names = [], type, scopes, tags, ...rest } = annotation!;
        const read = {
          ...rest,
          ...(names.length > 0 ? { name: names.length > 1 ? names : names[0] } : {}),
          ...(type === undefined ? {} : { $resourceType: type }),
          ...(scopes === undefined ? {} : { scopes: scopes.join(' ') }),
          ...(tags === undefined ? {} : { tags: tags.join(' ') }),
        };
        const {
          '@type': _type,
          '@odata.type': _odata,
          $isCollection: _collection,
          ...wanted
        } = expected as Record<string, unknown>;
        expect(read).toEqual(wanted);
      });
    test('cases of each stance', () => {
      expect(countStances(cases)).toEqual({ match: 32, differ: 0, judge: 7 });
    });
  });

  test.describe('requests and responses', () => {
    const cases = casesOf(['parseHttpRequest', 'parseHttpResponse']);
    /** What we decided, or do better, by case; what a case expects is kept where nothing is said. */
    const DECIDED: Readonly<Record<string, 'error' | object>> = {
      'r-garbage': 'error',
      'r-trailing-2blank': { method: 'GET', url: '/me', httpVersion: 'HTTP/1.1', headers: {}, body: null },
      'r-ver-after': { method: 'GET', url: '/me', httpVersion: 'HTTP/2', headers: {}, body: null },
      'r-ver-only': 'error',
      'r-body-2blank': { method: 'POST', body: '{}' },
      // Recovered with a note: blank lines before the first one, indentation, a missing version, a blank after the phrase.
      'r-leading-blank': { method: 'GET', url: '/me' },
      's-indent': { statusCode: 200, statusMessage: 'OK' },
      's-noproto': { statusCode: 200, statusMessage: 'OK', httpVersion: 'HTTP/1.1' },
      's-trailing-sp': { statusCode: 200, statusMessage: 'OK' },
      // No comment lines in HTTP, and no status that is no number.
      'r-comment': 'error',
      's-nonint': 'error',
      // Authors leave the blank line out often enough; what they mean is plain.
      's-body-noblank': { statusCode: 200, headers: { 'Content-type': 'application/json' }, body: '{\n "a": 1 }' },
    };
    for (const each of cases)
      test(`${stanceOf(each)}: ${each.name}`, () => {
        const text = String(each.input.text).replaceAll('\r\n', '\n');
        const read = each.input.op === 'parseHttpRequest' ? readRequest(text) : readResponse(text);
        const decided = DECIDED[each.name];
        const expected: Record<string, unknown> =
          decided === 'error' ? { error: true } : ((decided ?? each.expected) as Record<string, unknown>);
        const faulty = isUnreadable(read) || read.facts.some(({ ruleId }) => isError(ruleId));
        expect(faulty).toBe('error' in expected);
        if (isUnreadable(read) || faulty) return;
        const { ok: _ok, body, ...wanted } = expected;
        const headers = Object.fromEntries(read.headers.map(({ name, value }) => [name, value]));
        const shown =
          'method' in read
            ? { method: read.method, url: read.url, httpVersion: read.version, headers }
            : { statusCode: read.status, statusMessage: read.phrase, httpVersion: read.version, headers };
        expect(shown).toMatchObject(wanted);
        // Line ends, and blanks around the whole, are not the promise.
        if (body === null) expect(read.body.kind).toBe('empty');
        else if (typeof body === 'string')
          expect(read.body.kind === 'empty' ? '' : read.body.text.trim()).toBe(body.replaceAll('\r\n', '\n').trim());
      });
    test('cases of each stance', () => {
      expect(countStances(cases)).toEqual({ match: 22, differ: 5, judge: 6 });
    });
  });

  test.describe('binding and pairing', () => {
    const cases = casesOf(['scanDocset'], ['observed/block-binding', 'observed/pairing']);
    for (const each of cases)
      test(`${stanceOf(each)}: ${each.name}`, async () => {
        const docset = await compilePages(each.input.files);
        const found = [...docset.findings, ...check(docset)].map(({ ruleId }) => ruleId);
        const { methods, issues } = expectationOf(each);
        for (const [index, { id, request, response }] of methods.entries()) {
          const exchange = docset.exchanges.find(({ id: ours, name }) =>
            id.includes('#') ? ours.endsWith(`#${index + 1}`) : name === id,
          );
          if (response === null) {
            expect(found, `${id} lacks a response`).toContain('pairing/no-response');
            continue;
          }
          expect(`${exchange?.request.method} ${exchange?.request.url}`, id).toBe(request);
          expect(
            exchange!.responses.map(({ status }) => `${status}`),
            id,
          ).toContain(response.split(' ')[1]);
        }
        for (const code of issues)
          expect(COUNTERPARTS[code], code).toEqual(expect.arrayContaining([expect.anything()]));
        for (const code of issues)
          expect(
            found.some((ruleId) => COUNTERPARTS[code]!.includes(ruleId)),
            `${code} in ${found.join()}`,
          ).toBe(true);
        if (issues.length === 0 && stanceOf(each) === 'match')
          expect(docset.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
      });
    test('cases of each stance', () => {
      expect(countStances(cases)).toEqual({ match: 27, differ: 7, judge: 6 });
    });
  });
});

/** Which of our rules say what a code of the reference says. */
const COUNTERPARTS: Readonly<Record<string, readonly RuleId[]>> = {
  MissingMetadataBlock: ['annotation/unbound', 'pairing/borrowed-request', 'fence/unannotated'],
  MarkdownParserError: ['annotation/unreadable', 'annotation/unbound', 'annotation/block-type', 'resource/unreadable'],
  JsonParserException: ['annotation/unreadable'],
  UnpairedRequest: ['pairing/no-response'],
  DuplicateMethodIdentifier: ['pairing/duplicate-name'],
};

interface Expectation {
  readonly methods: readonly { id: string; request: string; response: string | null }[];
  readonly issues: readonly string[];
}

/** What we want of a case: what it expects, but for the cases that are to differ or were ours to judge. */
function expectationOf(each: Case): Expectation {
  const pair = (id: string, request: string, response: string | null) => ({ id, request, response });
  const BETTER: Readonly<Record<string, Expectation>> = {
    // A fence without a language is a fence; a comment in between is transparent; more marks close a fence.
    'g-resource-nolang': { methods: [], issues: [] },
    'g-comment-between': { methods: [pair('m', 'GET /me', 'HTTP/1.1 204')], issues: [] },
    'g-fence-close-longer': { methods: [pair('m', 'GET /me', 'HTTP/1.1 204')], issues: [] },
    'g-simulated-first': { methods: [], issues: [] },
    // A fence on the line of the comment is read, as authors rely on it.
    'g-sameline': { methods: [pair('m', 'GET /me', 'HTTP/1.1 204')], issues: [] },
    // Text after the comment parts it from the fence: an error at the comment; the response still finds the fence.
    'g-comment-trailing-text': { methods: [], issues: ['MissingMetadataBlock'] },
    // Kinds are inferred for `http` only; others are told.
    'g-infer-msgraph': { methods: [], issues: [] },
    'g-nometa-msgraph': { methods: [], issues: [] },
    'g-nometa-json-first': { methods: [], issues: [] },
    'p-response-first': { methods: [pair('m', 'GET /me', 'HTTP/1.1 204')], issues: [] },
    'p-second-response': {
      methods: [pair('m', 'GET /me', 'HTTP/1.1 204'), pair('m', 'GET /me', 'HTTP/1.1 404')],
      issues: [],
    },
    // Not by name, so by nearness, and told.
    'p-name-case': { methods: [pair('M', 'GET /me', 'HTTP/1.1 204')], issues: [] },
    // The ignored request gets its response; the annotated one before it, which has none, shares it as a twin.
    'p-response-after-ignored': { methods: [pair('a', 'GET /a', 'HTTP/1.1 418')], issues: [] },
  };
  const better = BETTER[each.name];
  if (better) return better;
  const codes = [
    ...(each.expected.scanIssues ?? []),
    ...(each.expected.checkDocs ?? []).flatMap((one: { issues: object[] }) => one.issues),
  ] as { code: string }[];
  return {
    methods: each.expected.methods ?? [],
    issues: [...new Set(codes.map(({ code }) => code))].filter((code) => code !== 'AdditionalPropertyDetected'),
  };
}
