import { BLOCK_TYPES, type Annotation } from '../../model/annotation.ts';
import { pointInBlock, type PromisedRequest, type PromisedResponse } from '../../model/fixture.ts';
import type { Fact } from '../../model/finding.ts';
import { editOf } from '../../model/fix.ts';
import type { Place } from '../../model/place.ts';
import {
  looksLikeRequest,
  looksLikeResponse,
  readRequest,
  readResponse,
  type RequestText,
  type ResponseText,
  type Unreadable,
  isUnreadable,
} from './text.ts';
import type { Comment } from '../markdown/comments.ts';
import type { CodeBlock } from '../markdown/outline.ts';
import { placeOf, type PageText } from '../markdown/source.ts';

/** A request block with the response blocks that answer it. */
export interface Pair {
  readonly code: CodeBlock;
  readonly request: RequestText;
  /** Names it goes by: the first is its own. */
  readonly names: readonly string[];
  readonly responses: readonly { readonly code: CodeBlock; readonly response: ResponseText }[];
}

interface Candidate {
  readonly code: CodeBlock;
  readonly annotated: boolean;
  readonly text: string;
  request?: RequestText;
  readonly names: string[];
  readonly responses: { code: CodeBlock; response: ResponseText }[];
}

/**
 * Pairs the request and response blocks of a page. A response answers the request its name names, else the nearest request block
 * before it, annotated or not, and with that every annotated request since the previous response that has no answer yet. What finds no
 * partner or cannot be read is reported.
 */
export function pair(page: PageText, codes: readonly CodeBlock[], comments: readonly Comment[]): Pair[] {
  const requests: Candidate[] = [];
  const pending: { code: CodeBlock; response: ResponseText; after: number; since: number }[] = [];
  let since = 0;
  for (const code of codes) {
    const kind = kindOf(code);
    if (kind === 'request' || kind === 'other-request') requests.push(candidate(page, code, kind === 'request'));
    else if (kind === 'response') {
      const response = readBlock(page, code, readResponse);
      if (response) pending.push({ code, response, after: requests.length, since });
      since = requests.length;
    }
  }
  // Named pairs first: what they take, a nameless response no longer needs to.
  for (const { code, response, after } of pending)
    for (const name of code.comment!.annotation!.names)
      named(requests, name, after)?.responses.push({ code, response });
  const answered = new Set(requests.flatMap(({ responses }) => responses.map(({ code }) => code)));
  for (const { code, response, after, since: from } of pending) {
    if (answered.has(code)) continue;
    const nearest = readable(page, requests.slice(0, after).at(-1));
    if (nearest === undefined) {
      const before = codes.slice(0, codes.indexOf(code)).findLast((each) => kindOf(each) === 'response');
      const unread = unreadBetween(comments, before, code, 'response');
      if (unread) reportUnread(page, code, 'request', unread);
      else reportNoRequest(page, code);
      continue;
    }
    reportBorrowed(page, code, nearest);
    const twins = requests
      .slice(from, after - 1)
      .filter((request) => request.annotated && request.request && request.responses.length === 0);
    for (const request of [...twins, nearest]) request.responses.push({ code, response });
  }
  return finish(page, requests, comments);
}

/** The request and response of a pair as a fixture holds them. */
export function promise({ code, request }: Pair, template: string | undefined): PromisedRequest {
  const annotation = code.comment?.annotation;
  const { at, method, url, readAs, headers, body } = request;
  return {
    block: code.block,
    at,
    method,
    url,
    ...(readAs === undefined ? {} : { readAs }),
    ...(template === undefined ? {} : { template }),
    headers,
    body,
    ...(annotation?.type === undefined ? {} : { type: annotation.type }),
    ...(annotation?.typeAka === undefined ? {} : { typeAka: annotation.typeAka.replace(/^#/, '') }),
    ...(annotation?.sampleKeys === undefined ? {} : { sampleKeys: annotation.sampleKeys }),
    ...(annotation?.matchers === undefined ? {} : { matchers: annotation.matchers }),
  };
}

/** A response of a pair as a fixture holds it. */
export function promisedResponse(code: CodeBlock, { at, status, headers, body }: ResponseText): PromisedResponse {
  const annotation: Partial<Annotation> = code.comment?.annotation ?? {};
  const {
    type,
    typeAka,
    isCollection,
    collectionProperty,
    isEmpty,
    truncated,
    expectError,
    optionalProperties,
    nullableProperties,
    matchers,
  } = annotation;
  return {
    block: code.block,
    at,
    status,
    headers,
    body,
    ...(type === undefined ? {} : { type }),
    ...(typeAka === undefined ? {} : { typeAka: typeAka.replace(/^#/, '') }),
    ...(isCollection === undefined ? {} : { isCollection }),
    ...(collectionProperty === undefined ? {} : { collectionProperty }),
    ...(isEmpty === undefined ? {} : { isEmpty }),
    ...(truncated === undefined ? {} : { truncated }),
    ...(expectError === undefined ? {} : { expectError }),
    ...(optionalProperties === undefined ? {} : { optionalProperties }),
    ...(nullableProperties === undefined ? {} : { nullableProperties }),
    ...(matchers === undefined ? {} : { matchers }),
  };
}

/** A line of a block as a place: its text without the blanks around it. */
export function linePlace(
  page: PageText,
  { node, block, text }: CodeBlock,
  at: number,
  column?: number,
  length?: number,
): Place {
  // An empty block has no line of its own: its fence stands for it.
  if (text.trim() === '') return placeOf(page, { start: node.position!.start, end: node.position!.start });
  const line = text.split('\n')[at] ?? '';
  const from = column ?? line.length - line.trimStart().length;
  const start = pointInBlock(block, at, from);
  return {
    file: block.file ?? page.file,
    position: { start, end: { line: start.line, column: start.column + (length ?? Math.max(1, line.trim().length)) } },
  };
}

function kindOf(code: CodeBlock): 'request' | 'response' | 'other-request' | undefined {
  const kind = code.comment?.annotation?.blockType;
  if (kind === 'request' || kind === 'response') return kind;
  if (kind === 'unknown' && code.language === 'http')
    return looksLikeResponse(code.text) ? 'response' : looksLikeRequest(code.text) ? 'request' : undefined;
  if (kind === undefined || kind === 'ignored') return looksLikeRequest(code.text) ? 'other-request' : undefined;
  return undefined;
}

function candidate(page: PageText, code: CodeBlock, annotated: boolean): Candidate {
  const request = annotated ? readBlock(page, code, readRequest) : undefined;
  return {
    code,
    annotated,
    text: code.text,
    ...(request === undefined ? {} : { request }),
    names: [...(code.comment?.annotation?.names ?? [])],
    responses: [],
  };
}

/** Reads a block that is not annotated as a request only when a response needs it; several request lines are no one request. */
function readable(page: PageText, nearest: Candidate | undefined): Candidate | undefined {
  if (nearest === undefined || nearest.request) return nearest;
  if (nearest.annotated || nearest.text.trim().split('\n').filter(looksLikeRequest).length !== 1) return undefined;
  const request = readBlock(page, nearest.code, readRequest);
  if (request) nearest.request = request;
  return request && nearest;
}

/** The request of a name: the nearest before the response, else the first after it. */
function named(requests: readonly Candidate[], name: string, after: number): Candidate | undefined {
  const fits = (request: Candidate) =>
    request.annotated && request.request !== undefined && request.names.includes(name);
  return requests.slice(0, after).findLast(fits) ?? requests.slice(after).find(fits);
}

function readBlock<T extends RequestText | ResponseText>(
  page: PageText,
  code: CodeBlock,
  read: (text: string) => T | Unreadable,
): T | undefined {
  const result = read(code.text);
  const facts = isUnreadable(result) ? [result.error] : result.facts;
  for (const { ruleId, reason, at, column, length, note, lacksBlankLine } of facts) {
    const place = linePlace(page, code, at, column, Math.max(1, length));
    page.report({
      ruleId,
      reason,
      place,
      subject: `${code.comment?.annotation?.names[0] ?? ''} ${reason}`,
      ...(note === undefined ? {} : { note }),
      ...(lacksBlankLine ? blankLineBefore(page, code, at, place) : {}),
    });
  }
  if (!isUnreadable(result)) return result;
  if (code.comment) code.comment.fate = 'reported';
  return undefined;
}

/** A line of nothing but the marks of the quotes that the code stands in. */
function blankLineBefore(
  page: PageText,
  { node, block }: CodeBlock,
  at: number,
  { file, position }: Place,
): Pick<Fact, 'fix'> {
  const { column } = pointInBlock(block, at, 0);
  // The text of the fence begins one line below its own first line.
  const marks = page.lines[node.position!.start.line + at]?.slice(0, column - 1) ?? '';
  if (!/^[ \t>]*$/.test(marks)) return {};
  const start = { line: position.start.line, column: 1 };
  return {
    fix: {
      title: 'Put a blank line before the body',
      edits: [editOf({ file, position: { start, end: start } }, '', `${marks.trimEnd()}\n`)],
    },
  };
}

function reportNoRequest(page: PageText, code: CodeBlock): void {
  code.comment!.fate = 'reported';
  page.report({
    ruleId: 'pairing/no-request',
    reason: 'Missing request, expected one before this response',
    place: placeOf(page, code.comment!.position),
    subject: code.comment!.annotation!.names[0] ?? code.text.split('\n', 1)[0]!,
    note: 'Put a request block before it, or name the request it answers.',
  });
}

function reportBorrowed(page: PageText, code: CodeBlock, nearest: Candidate): void {
  const name = code.comment!.annotation!.names[0];
  if (nearest.annotated && name === undefined) return;
  const line = nearest.code.block.line + nearest.request!.at;
  page.report({
    ruleId: 'pairing/borrowed-request',
    reason: nearest.annotated
      ? `Unexpected name \`${name}\`, which no request has; read as the answer to the request of line ${line}`
      : `Missing annotated request, read as the answer to the request of line ${line}`,
    place: placeOf(page, code.comment!.annotation!.places.name ?? code.comment!.position),
    subject: name ?? code.text.split('\n', 1)[0]!,
    note: nearest.annotated
      ? 'Give request and response the same name.'
      : 'Annotate the request with `"blockType": "request"`.',
  });
  if (!nearest.annotated && nearest.names.length === 0 && name !== undefined) nearest.names.push(name);
}

/**
 * An annotation between two blocks that was told of already, since it or its block cannot be read, and that may have been of another kind
 * than the block that looks for its partner.
 */
function unreadBetween(
  comments: readonly Comment[],
  from: CodeBlock | undefined,
  to: CodeBlock | undefined,
  kind: 'request' | 'response',
): Comment | undefined {
  const start = from?.node.position!.end.offset ?? 0;
  const end = to?.node.position!.start.offset ?? Infinity;
  const others = BLOCK_TYPES.filter((type) => type !== (kind === 'request' ? 'response' : 'request'));
  return comments.find(
    (comment) =>
      comment.fate === 'reported' &&
      (!comment.isCode || comment.isSwallowed) &&
      !others.some((type) => type.toLowerCase() === comment.word) &&
      comment.end <= end &&
      (comment.start >= start || (comment.isSwallowed && comment.start >= (from?.node.position!.start.offset ?? 0))),
  );
}

/** The fault is told elsewhere; this says what came of it. */
function reportUnread(page: PageText, code: CodeBlock, partner: 'request' | 'response', unread: Comment): void {
  const { annotation, position } = code.comment!;
  code.comment!.fate = 'reported';
  const { line } = placeOf(page, unread.position).position.start;
  page.report({
    ruleId: 'pairing/unread',
    reason: `Missing ${partner}, expected the one of line ${line}, which cannot be read`,
    place: placeOf(page, annotation!.places.name ?? position),
    subject: annotation!.names[0] ?? code.text.split('\n', 1)[0]!,
    note: `Mend the ${partner}; until then nothing is promised here.`,
  });
}

function finish(page: PageText, requests: readonly Candidate[], comments: readonly Comment[]): Pair[] {
  const pairs: Pair[] = [];
  for (const [index, { code, annotated, request, names, responses }] of requests.entries()) {
    if (request && responses.length > 0) {
      if (code.comment) code.comment.fate = 'compiled';
      for (const response of responses) response.code.comment!.fate = 'compiled';
      responses.sort((a, b) => a.code.node.position!.start.offset! - b.code.node.position!.start.offset!);
      pairs.push({ code, request, names, responses });
    } else if (annotated && request) {
      code.comment!.fate = 'reported';
      const next = requests.slice(index + 1).find((each) => each.annotated)?.code;
      const unread = unreadBetween(comments, code, next, 'request');
      if (unread) {
        reportUnread(page, code, 'response', unread);
        continue;
      }
      page.report({
        ruleId: 'pairing/no-response',
        reason: 'Missing response, expected one after this request',
        place: placeOf(page, code.comment!.annotation!.places.name ?? code.comment!.position),
        subject: names[0] ?? request.url,
        note: 'Add a response block after it, or give the response the name of this request.',
      });
    }
  }
  return pairs;
}
