import {
  pointInBlock,
  pointInText,
  type Exchange,
  type PromisedRequest,
  type PromisedResponse,
} from '../../model/fixture.ts';
import type { Fact } from '../../model/finding.ts';
import { leniencyReason, type Leniency, type Span } from '../../model/json.ts';
import type { Place } from '../../model/place.ts';
import { quickJson } from '../../model/quick-json.ts';
import { fixOf } from '../mending.ts';
import { readMultipart } from './multipart.ts';
import type { PageText } from '../markdown/source.ts';

/** Reports what is not strict JSON in the JSON bodies of exchanges; a body that two requests share is read once. */
export function readBodies(page: PageText, exchanges: readonly Exchange[]): void {
  const seen = new Set<PromisedResponse['block']>();
  for (const { id, request, responses } of exchanges)
    for (const message of [request, ...responses]) {
      if (seen.has(message.block)) continue;
      seen.add(message.block);
      readBody(page, id, message);
    }
}

function readBody(
  page: PageText,
  exchangeId: string,
  { block, body, ...message }: PromisedRequest | PromisedResponse,
): void {
  if (body.kind === 'multipart') {
    readParts(page, exchangeId, { block, headers: message.headers, body });
    return;
  }
  if (body.kind !== 'json') return;
  const part = 'status' in message ? `response ${message.status}` : 'request';
  const placeOf = (span: Span): Place => ({
    file: block.file ?? page.file,
    position: {
      start: pointInText(block, body.at, body.text, span.start),
      end: pointInText(block, body.at, body.text, span.end),
    },
  });
  const { error, leniencies } = quickJson(body.text);
  for (const leniency of leniencies)
    page.report({
      ...leniencyFact(leniency),
      ...fixOf(leniency.mending, body.text, placeOf),
      place: placeOf(leniency),
      subject: `${part} ${leniency.what}`,
      exchangeId,
    });
  if (error)
    page.report({
      ruleId: 'json/unreadable',
      reason: error.message,
      place: placeOf({ start: error.offset, end: Math.min(error.offset + 1, body.text.length) }),
      subject: part,
      exchangeId,
      note: 'Mend the JSON; until then the body is not judged.',
    });
}

/** What is said of JSON that is not strict: that a property stands there twice says two things, all else only one in another way. */
export function leniencyFact({ what, duplicate }: Leniency): Pick<Fact, 'ruleId' | 'reason' | 'note'> {
  return duplicate === undefined
    ? { ruleId: 'json/leniency', reason: leniencyReason({ what }), note: 'Write strict JSON.' }
    : {
        ruleId: 'json/duplicate',
        reason: `Unexpected second property \`${duplicate}\`, expected one`,
        note: 'Take one of them out; until then the last one counts.',
      };
}

/** Reports what keeps a multipart body from being read into its parts. */
function readParts(
  page: PageText,
  exchangeId: string,
  {
    block,
    headers,
    body,
  }: Pick<PromisedRequest, 'block' | 'headers'> & { readonly body: { at: number; text: string } },
): void {
  const header = headers.find(({ name }) => name.toLowerCase() === 'content-type');
  for (const { ruleId, reason, on, note } of readMultipart(body.text, header?.value ?? '').facts) {
    const at = on === 'header' ? (header?.at ?? body.at) : body.at + on;
    const length = on === 'header' ? 'Content-Type'.length : body.text.split('\n')[on]!.trimEnd().length;
    const [start, end] = [pointInBlock(block, at, 0), pointInBlock(block, at, Math.max(1, length))];
    page.report({
      ruleId,
      reason,
      place: { file: block.file ?? page.file, position: { start, end } },
      subject: reason,
      exchangeId,
      note,
    });
  }
}
