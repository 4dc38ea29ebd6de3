import { finding, type Finding } from '../model/finding.ts';
import type { Target } from '../model/http.ts';
import type { Judgement } from '../model/journal.ts';
import type { Observation } from '../model/observation.ts';
import type { ExchangeResult } from '../model/report.ts';
import { answeredResult, result, round } from '../model/result.ts';
import { stepsOf, type Scenario } from '../model/scenario.ts';
import { playScenarios, type Played, type PlayOptions } from '../replay/scenario/index.ts';

/** How steps are judged, and who is told. */
export interface PlayAndJudge extends Omit<PlayOptions, 'played'> {
  /** What is documented of an exchange says this of its answer. */
  readonly judged: (observation: Observation) => Judgement;
  /** A finding as it will count. */
  readonly ruled: (finding: Finding) => Finding | undefined;
  /** Without secrets. */
  readonly clean: (judgement: Judgement) => Judgement;
  readonly record: (observation: Observation, judgement: Judgement) => void;
}

/** Plays scenarios and judges each step: what they are for by the docs and by the scenario, all else by the scenario. */
export async function playAndJudge(
  scenarios: readonly Scenario[],
  target: Target,
  options: PlayAndJudge,
): Promise<void> {
  const { record } = options;
  if (!target.live) {
    // A mock has no state that could be brought about: what is documented is asked for as it is.
    for (const { exchange } of scenarios.flatMap(stepsOf)) {
      if (scenarios.some(({ covers }) => covers.includes(exchange.id))) continue;
      record({ kind: 'skipped', exchange }, { result: result(exchange, 'skipped'), findings: [], unseen: 0 });
    }
    return;
  }
  const met = statesOf(scenarios);
  await playScenarios(scenarios, target, {
    ...options,
    played(played) {
      const judgement = judgementOf(played, options);
      const unseen = met(played, judgement);
      record(played.observation, { ...judgement, result: asStep(judgement.result, played), unseen });
    },
  });
}

/** Whose step it is, where it is not reported as the exchange itself. */
function asStep(result: ExchangeResult, { scenario, step }: Played): ExchangeResult {
  const { id, covers, place } = scenario;
  const { documented, isJudged } = step;
  if (covers.includes(result.id)) return result;
  return {
    ...result,
    scenario: {
      id,
      line: place.position.start.line,
      step: stepsOf(scenario).indexOf(step) + 1,
      ...(isJudged && documented ? { documented: documented.id } : {}),
    },
  };
}

function judgementOf(played: Played, options: PlayAndJudge): Judgement {
  const { scenario, step, observation, facts } = played;
  const { exchange } = step;
  const found = facts.map((fact) => finding(fact));
  if (observation.kind === 'answered' && !step.isJudged) {
    const { sent, actual, duration, origins } = observation;
    const isWrong = found.some((each) => isError(options.ruled(each)));
    const by =
      exchange.responses.find(({ status }) => status === actual.status)?.status ??
      (isWrong ? undefined : actual.status);
    return options.clean({
      result: answeredResult(exchange, isWrong ? 'differs' : 'conforms', by, actual.status, round(duration)),
      findings: found,
      unseen: 0,
      ...(found.length === 0 ? {} : { detail: { exchange, sent, actual, ...(origins ? { origins } : {}) } }),
    });
  }
  const base = options.judged(observation);
  if (observation.kind === 'blocked')
    // One step that fails keeps back all that come after it.
    return { ...base, findings: base.findings.map((each) => ({ ...each, group: scenario.id })) };
  if (observation.kind !== 'answered') return base;
  const { sent, actual, origins } = observation;
  const isAllowed = [...(step.expect.statuses ?? []), ...step.expect.allowed].includes(actual.status);
  const kept = base.findings.filter(({ ruleId }) => !(isAllowed && ruleId === 'status/undocumented'));
  const all = [...kept, ...found];
  const isWrong = all.some((each) => isError(options.ruled(each)));
  return options.clean({
    ...base,
    result: { ...base.result, outcome: isWrong ? 'differs' : 'conforms' },
    findings: all,
    ...(all.length === 0 ? {} : { detail: base.detail ?? { exchange, sent, actual, ...(origins ? { origins } : {}) } }),
  });
}

function isError(found: Finding | undefined): boolean {
  return found?.severity === 'error' && !found.suppressed;
}

/** Counts documented responses that nobody met: of what several scenarios are for, each shows another state. */
function statesOf(scenarios: readonly Scenario[]): (played: Played, judgement: Judgement) => number {
  const open = new Map<string, { left: number; unseen: number; wasAsked: boolean; readonly met: Set<number> }>();
  for (const { steps } of scenarios)
    for (const { documented, isJudged } of steps) {
      if (documented === undefined || !isJudged) continue;
      const known = open.get(documented.id) ?? {
        left: 0,
        unseen: documented.responses.length,
        wasAsked: false,
        met: new Set(),
      };
      known.left++;
      open.set(documented.id, known);
    }
  return ({ step: { documented, isJudged }, observation }, judgement) => {
    const state = isJudged && documented !== undefined ? open.get(documented.id) : undefined;
    if (state === undefined) return 0;
    const { responses } = documented!;
    state.wasAsked ||= !['blocked', 'skipped'].includes(observation.kind);
    if (observation.kind === 'answered') {
      state.unseen = Math.min(state.unseen, judgement.unseen);
      if (responses.some(({ status }) => status === observation.actual.status))
        state.met.add(observation.actual.status);
    }
    state.left--;
    if (state.left > 0 || !state.wasAsked) return 0;
    return Math.max(0, Math.min(state.unseen, responses.length - state.met.size));
  };
}
