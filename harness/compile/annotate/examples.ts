import type { Lookalike } from '../../model/docset.ts';
import {
  isUnreadable,
  looksLikeRequest,
  looksLikeResponse,
  readRequest,
  readResponse,
  type RequestText,
  type ResponseText,
  type Unreadable,
} from '../http/text.ts';
import type { CodeBlock, Heading } from '../markdown/outline.ts';
import { placeOf, type PageText } from '../markdown/source.ts';

/** A request and its responses as a page shows them, of which some fences wait for an annotation. */
export interface Example {
  /** Absent where the request is annotated. */
  readonly request?: CodeBlock;
  readonly responses: readonly CodeBlock[];
  readonly requestLine: number;
  readonly method: string;
  readonly headings: readonly Heading[];
  /** The name of a request that is annotated. */
  readonly name?: string;
}

/** A fence that looks like HTTP and that nobody but its author can annotate. */
export interface Unsure extends Lookalike {
  readonly reason: string;
}

/** What is known of a page beside its blocks. */
export interface Known {
  /** Lines of the blocks, from the first of their code, that are part of an exchange already. */
  readonly paired: ReadonlySet<number>;
  /** Why no comment can be put above a fence, where none can. */
  hindrance(code: CodeBlock): string | undefined;
}

/**
 * The examples of a page that can be annotated without a doubt: a request that can be read, and what follows it before the next
 * request is one or more responses that can be read. Every other fence that looks like HTTP is listed with the reason.
 */
export function findExamples(
  page: PageText,
  codes: readonly CodeBlock[],
  known: Known,
): { readonly examples: readonly Example[]; readonly unsure: readonly Unsure[] } {
  const examples: Example[] = [];
  const unsure: Unsure[] = [];
  const doubt = (code: CodeBlock, reason: string): void =>
    void unsure.push({ place: linePlaceOf(page, code), line: firstLine(code.text), reason });
  for (const group of groupsOf(codes, known)) {
    const { request, isAnnotated, responses } = group;
    if (request === undefined || group.isTaken) {
      for (const code of responses) doubt(code, orphanReason(request));
      continue;
    }
    const problem = isAnnotated ? undefined : (known.hindrance(request) ?? requestProblem(request.text));
    const missing = responses.length === 0 ? missingReason(group) : undefined;
    const problems = responses.map(
      (code) => known.hindrance(code) ?? responseProblem(code.text) ?? headingProblem(request, code),
    );
    if ((problem ?? missing) !== undefined || problems.some((each) => each !== undefined)) {
      const line = request.block.line;
      if (!isAnnotated) doubt(request, problem ?? missing ?? 'a response to it is not sure');
      responses.forEach((code, at) =>
        doubt(code, problems[at] ?? `the pairing with the request of line ${line} is not`),
      );
      continue;
    }
    const read = readRequest(request.text);
    if (isUnreadable(read)) continue;
    const name = request.comment?.annotation?.names[0];
    examples.push({
      ...(isAnnotated ? {} : { request }),
      responses,
      requestLine: request.block.line,
      method: read.method,
      headings: request.headings,
      ...(name === undefined ? {} : { name }),
    });
  }
  return { examples, unsure };
}

/** A request block and the bare response blocks before the next one. */
interface Group {
  readonly request?: CodeBlock;
  readonly isAnnotated: boolean;
  /** Is the request part of an exchange already, or told to be ignored? */
  readonly isTaken: boolean;
  readonly responses: CodeBlock[];
  /** The first block after the request that is neither. */
  other?: CodeBlock;
}

function groupsOf(codes: readonly CodeBlock[], { paired }: Known): Group[] {
  let open: Group = { isAnnotated: false, isTaken: true, responses: [] };
  const groups = [open];
  const begin = (group: Omit<Group, 'responses'>): void => void groups.push((open = { ...group, responses: [] }));
  for (const code of codes) {
    const kind = code.comment === undefined ? undefined : (code.comment.annotation?.blockType ?? 'unknown');
    const isPart = code.block.file === undefined && paired.has(code.block.line);
    const isRequest = looksLikeRequest(code.text);
    if (kind === 'request') begin({ request: code, isAnnotated: true, isTaken: isPart });
    else if (isRequest && (kind === undefined || kind === 'ignored'))
      begin({ request: code, isAnnotated: false, isTaken: isPart || kind === 'ignored' });
    // What follows an annotated response is for its author to say.
    else if (kind === 'response')
      begin({ ...(open.request ? { request: open.request } : {}), isAnnotated: true, isTaken: true });
    else if (kind === undefined && looksLikeResponse(code.text)) open.responses.push(code);
    else if (open.responses.length === 0) open.other ??= code;
  }
  return groups;
}

function orphanReason(request: CodeBlock | undefined): string {
  return request === undefined
    ? 'no request stands before it'
    : `the request of line ${request.block.line} is ignored or answered already`;
}

function missingReason({ other }: Group): string {
  const language = other?.language ?? '';
  return other === undefined
    ? 'no response follows before the next request'
    : `no response follows before the next request, only ${language === '' ? 'a fence' : `a \`${language}\` fence`} without a status line`;
}

function requestProblem(text: string): string | undefined {
  const read = readRequest(text);
  const isParts = !isUnreadable(read) && read.body.kind === 'multipart';
  const lines = isParts ? [] : text.trim().split('\n');
  if (lines.filter(looksLikeRequest).length > 1) return 'it holds several requests';
  if (lines.some(looksLikeResponse)) return 'it holds a request and a response';
  return unreadableReason(read);
}

function responseProblem(text: string): string | undefined {
  const read = readResponse(text);
  const isParts = !isUnreadable(read) && read.body.kind === 'multipart';
  if (!isParts && text.trim().split('\n').filter(looksLikeResponse).length > 1) return 'it holds several responses';
  return unreadableReason(read);
}

function unreadableReason(read: RequestText | ResponseText | Unreadable): string | undefined {
  if (isUnreadable(read)) return read.error.reason;
  return read.facts.find(({ ruleId }) => ruleId === 'http/unreadable')?.reason;
}

const ANSWERS = /respon|answer|repl(y|ies)|result|return|output|success|error|fail|\b[1-5]\d\d\b/i;
const EXAMPLES = /example|sample/i;

/** A response under a heading of its own belongs to the request above it only if that heading speaks of an answer. */
function headingProblem(request: CodeBlock, response: CodeBlock): string | undefined {
  const differs = response.headings.findIndex((heading, at) => heading !== request.headings[at]);
  const heading = differs < 0 ? undefined : response.headings[differs]!;
  if (heading === undefined || ANSWERS.test(heading.text)) return undefined;
  if (EXAMPLES.test(heading.text) && !request.headings.some(({ text }) => EXAMPLES.test(text))) return undefined;
  return `it stands under another heading than the request of line ${request.block.line}: \`${clip(heading.text)}\``;
}

function linePlaceOf(page: PageText, code: CodeBlock): Lookalike['place'] {
  const { start } = code.node.position!;
  return placeOf(page, { start, end: start });
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0]!;
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
