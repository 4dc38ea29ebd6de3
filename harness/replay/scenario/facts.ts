import { expectedText, isExpectedStatus, readAnswer, unmet, type ReadAnswer } from '../../model/expectation.ts';
import type { Fact } from '../../model/finding.ts';
import type { ResponseMessage } from '../../model/http.ts';
import type { JsonPathQuery } from '../../model/json-path.ts';
import type { Capture, Expect, Expectation, Poll, Step } from '../../model/scenario.ts';
import type { Scope } from './scope.ts';

/** Is it to be asked again? */
export function goesOn(poll: Poll, actual: ResponseMessage, scope: Scope, query: JsonPathQuery): boolean {
  if (poll.while.includes(actual.status)) return true;
  if (poll.until === undefined) return false;
  return !isAsItShouldBe(poll.until, readAnswer(actual), scope, query);
}

function isAsItShouldBe(expect: Expect, answer: ReadAnswer, scope: Scope, query: JsonPathQuery): boolean {
  return (
    isExpectedStatus(expect, answer.actual.status) &&
    expect.all.every((each) => unmet(filled(each, scope), answer, query) === undefined)
  );
}

/** A status that the scenario does not ask for, on the line where it asks for another. */
export function statusFact(step: Step, status: number, isCleanup: boolean): Fact {
  const { statuses, allowed, statusPlace } = step.expect;
  const asked = [...(statuses ?? []), ...allowed].map((each) => `\`${each}\``);
  const expected = statuses === undefined ? ['a success', ...asked] : asked;
  return {
    ruleId: isCleanup ? 'scenario/clean-up' : 'scenario/expectation',
    reason: `Unexpected status code \`${status}\`, expected ${expected.join(' or ')}`,
    place: statusPlace,
    exchangeId: step.exchange.id,
    pointer: '/status',
    expected: expected.join(' or '),
    actual: String(status),
    ...(isCleanup ? { note: 'See whether what it was to clear up is still there.' } : {}),
  };
}

/** Everything that is expected and not there, each on its own line. */
export function expectationFacts(
  step: Step,
  answer: ReadAnswer,
  scope: Scope,
  query: JsonPathQuery,
  isCleanup: boolean,
): Fact[] {
  return step.expect.all.flatMap((each): Fact[] => {
    const wanted = filled(each, scope);
    const actual = unmet(wanted, answer, query);
    if (actual === undefined) return [];
    const expected = expectedText(wanted.value);
    const what = each.of === 'text' ? 'the body' : `\`${each.at}\``;
    return [
      {
        ruleId: isCleanup ? 'scenario/clean-up' : 'scenario/expectation',
        reason: `Unexpected ${/^(none|nothing)$/.test(actual) ? `absence of ${what}` : `\`${actual}\` of ${what}`}, expected \`${expected}\``,
        place: each.place,
        exchangeId: step.exchange.id,
        subject: `${each.of} ${each.at}`,
        expected,
        actual,
      },
    ];
  });
}

/** A capture that found nothing. */
export function captureFact({ exchange }: Step, { name, of, at, place }: Capture): Fact {
  const what = of === 'header' ? `header \`${at}\`` : `\`${at}\``;
  return {
    ruleId: 'scenario/capture',
    reason: `Missing ${what} in the answer, expected a value for \`{${name}}\``,
    place,
    exchangeId: exchange.id,
    subject: name,
    note: 'What needs it is not sent; the scenario ends here, but for what clears up.',
  };
}

/** What is still not as it should be when the time is up. */
export function pollFact({ exchange, poll }: Step, { status }: ResponseMessage): Fact {
  const { within, place } = poll!;
  return {
    ruleId: 'scenario/expectation',
    reason: `Unexpected answer with status code \`${status}\` after ${within} ms of asking, expected what it waits for`,
    place,
    exchangeId: exchange.id,
    subject: 'poll',
    actual: String(status),
  };
}

/** With names filled in; one that has no value is nobody's value. */
function filled(expectation: Expectation, scope: Scope): Expectation {
  const { of, at, value } = expectation;
  return {
    ...expectation,
    ...(of === 'json' || of === 'absent' ? { at: scope.path(at) } : {}),
    value: scope.fillJson(value, new Set()) ?? value,
  };
}
