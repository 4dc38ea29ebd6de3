import type { Fact } from '../../model/finding.ts';
import type { PagedExchange } from '../../model/fixture.ts';
import { pointerToken } from '../../model/json.ts';
import type { JsonPathQuery } from '../../model/json-path.ts';
import type { Place } from '../../model/place.ts';
import type { Scenario, Step } from '../../model/scenario.ts';
import { didYouMean } from '../../model/usage.ts';
import { readStep, type StepMaker } from './step.ts';
import type { PlacedStep, ScenarioPart, WrittenScenario } from './written.ts';

/** How scenarios are linked. */
export interface LinkOptions {
  readonly query: JsonPathQuery;
  /** Only scenarios with one of these tags; all where there are none. */
  readonly tags: readonly string[];
  readonly tell: (fact: Fact) => void;
}

/** Finds the exchanges and steps that scenarios name, and gives every step its id. A scenario that names what is not there is left out and told of. */
export function linkScenarios(
  parts: readonly ScenarioPart[],
  exchanges: readonly PagedExchange[],
  { query, tags, tell }: LinkOptions,
): { readonly scenarios: readonly Scenario[]; readonly disabled: number } {
  const byName = new Map<string, PagedExchange>();
  for (const exchange of exchanges.toReversed()) if (exchange.name !== undefined) byName.set(exchange.name, exchange);
  for (const exchange of exchanges) byName.set(exchange.id, exchange);
  const reusable = reusableSteps(parts);
  const taken = new Set<string>();
  const covered = new Set<string>();
  const told = new Set<string>();
  const scenarios: Scenario[] = [];
  let disabled = 0;
  for (const part of parts) {
    for (const [at, written] of (part.written.scenarios ?? []).entries()) {
      if (written.enabled === false) {
        if (!('broken' in written)) disabled++;
        continue;
      }
      if (tags.length > 0 && !written.tags?.some((tag) => tags.includes(tag))) continue;
      const pointer = `/scenarios/${at}`;
      const linking: Linking = { byName, reusable, query, covered, tell, told, isBroken: false };
      const scenario = linked(part, written, pointer, linking, unique(`${part.file}#${plain(written.name)}`, taken));
      if (scenario === undefined) continue;
      for (const id of scenario.covers) covered.add(id);
      scenarios.push(scenario);
    }
  }
  return { scenarios, disabled };
}

interface Linking {
  readonly byName: ReadonlyMap<string, PagedExchange>;
  readonly reusable: ReadonlyMap<string, readonly PlacedStep[]>;
  readonly query: JsonPathQuery;
  /** Exchanges that an earlier scenario asks for in their own name: this one does so under an id of its own. */
  readonly covered: ReadonlySet<string>;
  readonly tell: (fact: Fact) => void;
  /** What was told already: steps that many use are wrong once. */
  readonly told: Set<string>;
  isBroken: boolean;
}

function linked(
  { file, place }: ScenarioPart,
  written: WrittenScenario,
  pointer: string,
  linking: Linking,
  id: string,
): Scenario | undefined {
  const placed = (key: 'steps' | 'cleanup'): PlacedStep[] =>
    (written[key] ?? []).map((step, at) => ({ step, place, pointer: `${pointer}/${key}/${at}` }));
  const steps = placed('steps').flatMap((step) => expanded(step, linking, []));
  const cleanup = placed('cleanup').flatMap((step) => expanded(step, linking, []));
  const goals = [written.for ?? []].flat().flatMap((name, at) => {
    const where = Array.isArray(written.for) ? `${pointer}/for/${at}` : `${pointer}/for`;
    const exchange = find(name, place(where), linking);
    return exchange === undefined ? [] : [{ name, exchange, where }];
  });
  const isFor = ({ step }: PlacedStep, goal: PagedExchange): boolean =>
    step.exchange !== undefined && linking.byName.get(step.exchange) === goal;
  // The last step that names what the scenario is for asks for it; where none does, that comes at the end.
  const goalOf = new Map<PlacedStep, PagedExchange>();
  for (const { name, exchange, where } of goals) {
    let last = steps.findLast((each) => isFor(each, exchange));
    if (last === undefined) steps.push((last = { step: { exchange: name }, place, pointer: where }));
    goalOf.set(last, exchange);
  }
  const maker: StepMaker = {
    id,
    file,
    title: written.name,
    names: namesIn(written, [...steps, ...cleanup]),
    scenario: written,
    query: linking.query,
    tell(fact) {
      linking.isBroken = true;
      linking.tell(fact);
    },
  };
  const count = { steps: 0 };
  const made = (each: PlacedStep, isCleanup: boolean): Step[] => {
    const { exchange: name } = each.step;
    const number = ++count.steps;
    const documented = name === undefined ? undefined : find(name, each.place(`${each.pointer}/exchange`), linking);
    if (name !== undefined && documented === undefined) return [];
    const goal = goalOf.get(each);
    const step = readStep(each, maker, {
      number,
      isCleanup,
      isJudged: goal !== undefined,
      isItself: goal !== undefined && !linking.covered.has(goal.id),
      ...(documented === undefined ? {} : { documented }),
    });
    return step === undefined ? [] : [step];
  };
  const [own, after] = [steps.flatMap((each) => made(each, false)), cleanup.flatMap((each) => made(each, true))];
  if (own.length === 0 && !linking.isBroken) {
    maker.tell({
      ruleId: 'scenario/unreadable',
      reason: 'Missing steps, expected `steps`, or an exchange that the scenario is `for`',
      place: place(`${pointer}/name`),
      subject: id,
    });
  }
  if (linking.isBroken) return undefined;
  return {
    id,
    name: written.name,
    place: place(`${pointer}/name`),
    tags: written.tags ?? [],
    covers: goals.map(({ exchange }) => exchange.id).filter((each) => !linking.covered.has(each)),
    ...(written.account === undefined ? {} : { account: written.account }),
    values: written.values ?? {},
    names: maker.names,
    ...(written.fill === undefined ? {} : { onlyPlaceholders: true }),
    steps: own,
    cleanup: after,
  };
}

/** A step, or those that it uses in its place; `way` are the names of those being used. */
function expanded(placed: PlacedStep, linking: Linking, way: readonly string[]): PlacedStep[] {
  const { step, place, pointer } = placed;
  const kinds = (['exchange', 'http', 'use'] as const).filter((kind) => step[kind] !== undefined);
  if (kinds.length !== 1) {
    const said =
      kinds.length === 0 ? 'Missing request' : `Unexpected ${kinds.map((kind) => `\`${kind}\``).join(' and ')}`;
    broken(
      linking,
      'scenario/unreadable',
      `${said}, expected one of \`exchange\`, \`http\` and \`use\``,
      place(pointer),
      pointer,
    );
    return [];
  }
  const { use: name } = step;
  if (name === undefined) return [placed];
  const where = place(`${pointer}/use`);
  if (way.includes(name)) {
    const circle = [...way.slice(way.indexOf(name)), name].map((each) => `\`${each}\``).join(' → ');
    broken(linking, 'scenario/cycle', `Unexpected circle of steps ${circle}, expected an end`, where, name);
    return [];
  }
  const used = linking.reusable.get(name);
  if (used === undefined) {
    const near = didYouMean(name, [...linking.reusable.keys()]);
    const reason = `Unexpected \`${name}\`, expected the name of steps that can be used${near}`;
    broken(linking, 'scenario/reference', reason, where, name);
    return [];
  }
  const inner = used.flatMap((each) => expanded(each, linking, [...way, name]));
  // What is said where steps are used goes to the first of them, what is captured there is of the last.
  return inner.map((each, at) => {
    const values = at === 0 ? { ...step.values, ...each.step.values } : each.step.values;
    const capture = at === inner.length - 1 ? { ...each.step.capture, ...step.capture } : each.step.capture;
    const more = { ...(values === undefined ? {} : { values }), ...(capture === undefined ? {} : { capture }) };
    const account = each.step.account ?? step.account;
    return { ...each, step: { ...each.step, ...more, ...(account === undefined ? {} : { account }) } };
  });
}

function find(name: string, place: Place, linking: Linking): PagedExchange | undefined {
  const exchange = linking.byName.get(name);
  if (exchange !== undefined) return exchange;
  // A name is most like another one; ids would crowd that out.
  const names = [...linking.byName.keys()].slice(0, MOST_NAMES);
  const reason = `Unexpected \`${name}\`, expected the name or id of a documented exchange${didYouMean(name, names)}`;
  broken(linking, 'scenario/reference', reason, place, name);
  return undefined;
}

const MOST_NAMES = 20_000;

function broken(
  linking: Linking,
  ruleId: 'scenario/reference' | 'scenario/cycle' | 'scenario/unreadable',
  reason: string,
  place: Place,
  subject: string,
): void {
  linking.isBroken = true;
  const { line, column } = place.position.start;
  // A step may name what its scenario is for: one word, one finding.
  const key = `${place.file}:${line}:${column} ${subject}`;
  if (linking.told.has(key)) return;
  linking.told.add(key);
  linking.tell({ ruleId, reason, place, subject, note: 'Until it is mended, the scenario is left out.' });
}

/** Reusable steps of all files by name; the first of a name counts. */
function reusableSteps(parts: readonly ScenarioPart[]): ReadonlyMap<string, readonly PlacedStep[]> {
  const steps = new Map<string, readonly PlacedStep[]>();
  for (const { written, place } of parts) {
    for (const [name, list] of Object.entries(written.steps ?? {})) {
      if (steps.has(name)) continue;
      const pointer = `/steps/${pointerToken(name)}`;
      steps.set(
        name,
        list.map((step, at) => ({ step, place, pointer: `${pointer}/${at}` })),
      );
    }
  }
  return steps;
}

function namesIn({ values = {} }: WrittenScenario, steps: readonly PlacedStep[]): ReadonlySet<string> {
  return new Set([
    ...Object.keys(values),
    ...steps.flatMap(({ step }) => [...Object.keys(step.values ?? {}), ...Object.keys(step.capture ?? {})]),
  ]);
}

/** A name as part of an id: what stands behind the last `#` is what a fingerprint knows. */
function plain(name: string): string {
  return name.replace(/\s+/g, ' ').replaceAll('#', '-').trim();
}

function unique(id: string, taken: Set<string>): string {
  let name = id;
  for (let n = 2; taken.has(name); n++) name = `${id} (${n})`;
  taken.add(name);
  return name;
}
