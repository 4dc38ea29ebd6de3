import { pointerToken } from '../../model/json.ts';
import { captureOf, expectationsOf } from './answers.ts';
import { parametersOf } from './parameters.ts';
import { fault, isObject, listOf, type Turning, type TurningFault } from './turning.ts';
import type { WrittenFile, WrittenScenario, WrittenStep } from './written.ts';

/** A file of API Doctor, turned into ours. */
export interface Turned {
  readonly file: WrittenFile;
  /** By a pointer into what it was turned to, where that stood. */
  readonly from: ReadonlyMap<string, string>;
  readonly faults: readonly TurningFault[];
}

/** Is this a scenario file of API Doctor? */
export function isApiDoctor(value: unknown): boolean {
  if (!isObject(value)) return false;
  if (Object.hasOwn(value, 'canned-requests')) return true;
  return listOf(value.scenarios).some(
    (each) => isObject(each) && ['method', 'test-setup', 'request-parameters'].some((key) => Object.hasOwn(each, key)),
  );
}

/** Turns scenarios and canned requests of API Doctor into ours, whatever else the file holds. */
export function fromApiDoctor(value: unknown): Turned {
  const turning: Turning = { from: new Map(), faults: [], count: 0 };
  if (!isObject(value)) return { file: {}, from: turning.from, faults: [] };
  const steps: Record<string, WrittenStep[]> = {};
  listOf(value['canned-requests']).forEach((canned, at) => {
    const there = `/canned-requests/${at}`;
    if (!isObject(canned) || typeof canned.name !== 'string')
      return fault(turning, there, 'Missing `name` of a canned request', 'Give it a name; nobody can use it without.');
    const here = `/steps/${pointerToken(canned.name)}`;
    turning.from.set(here, there);
    const step = stepOf(turning, canned, there, `${here}/0`);
    if (step !== undefined) steps[canned.name] = [step];
  });
  const scenarios = listOf(value.scenarios).flatMap((each, at) => {
    const turned = scenarioOf(turning, each, `/scenarios/${at}`);
    return turned === undefined ? [] : [turned];
  });
  // Those that could not be turned are out; places count the others.
  const kept: WrittenScenario[] = [];
  for (const { scenario, there, places } of scenarios) {
    const here = `/scenarios/${kept.length}`;
    for (const [pointer, was] of places) turning.from.set(here + pointer, was);
    turning.from.set(here, there);
    kept.push(scenario);
  }
  return { file: { scenarios: kept, steps }, from: turning.from, faults: turning.faults };
}

function scenarioOf(
  turning: Turning,
  scenario: unknown,
  there: string,
):
  | { readonly scenario: WrittenScenario; readonly there: string; readonly places: ReadonlyMap<string, string> }
  | undefined {
  if (!isObject(scenario) || typeof scenario.method !== 'string') {
    fault(turning, there, 'Missing `method` of a scenario', 'Name the documented request it is for.');
    return undefined;
  }
  const { method } = scenario;
  const faults = turning.faults.length;
  const outer = turning.from;
  const places = new Map<string, string>([
    ['/name', `${there}/name`],
    ['/for', `${there}/method`],
  ]);
  turning.from = places;
  const setup = listOf(scenario['test-setup']);
  const steps = setup.map((item, at) => stepOf(turning, item, `${there}/test-setup/${at}`, `/steps/${at}`));
  const main = stepOf(turning, scenario, there, `/steps/${setup.length}`, true);
  turning.from = outer;
  // Whatever of it cannot be read: what is left is another scenario.
  if (turning.faults.length > faults || main === undefined) return undefined;
  const words = (key: string): object => {
    const said = listOf(scenario[key]).filter((word) => typeof word === 'string');
    return said.length === 0 ? {} : { [key]: said };
  };
  return {
    there,
    places,
    scenario: {
      name: typeof scenario.name === 'string' && scenario.name !== '' ? scenario.name : method,
      for: method,
      ...(scenario.enabled === true ? {} : { enabled: false }),
      // `{token}` is what a URL has in braces, and not the parameter of a query that is called so.
      fill: 'placeholders',
      ...words('tags'),
      ...words('scopes'),
      ...words('apiVersions'),
      steps: [...steps.flatMap((step) => step ?? []), main],
    },
  };
}

/** One request: of a set-up, a canned one, or the one a scenario is for. */
function stepOf(turning: Turning, item: unknown, there: string, here: string, isMain = false): WrittenStep | undefined {
  turning.from.set(here, there);
  if (!isObject(item)) return fault(turning, there, 'Unexpected value, expected a request', 'Write an object.');
  const capture = captureOf(turning, item.capture, `${there}/capture`, `${here}/capture`);
  const { 'canned-request': canned, 'http-request': raw, method } = item;
  // Nobody can change a canned request but by what is captured of it.
  if (!isMain && typeof canned === 'string') {
    turning.from.set(`${here}/use`, `${there}/canned-request`);
    return { use: canned, ...capture };
  }
  const asked =
    !isMain && typeof raw === 'string' ? { http: raw.replaceAll('\r\n', '\n') } : { exchange: String(method) };
  if ('exchange' in asked && typeof method !== 'string')
    return fault(turning, there, 'Missing request, expected `canned-request`, `http-request` or `method`', 'Name one.');
  turning.from.set(`${here}/http`, `${there}/http-request`);
  turning.from.set(`${here}/exchange`, `${there}/method`);
  const statuses = listOf(item['allowed-status-codes']).filter((each) => typeof each === 'number');
  const again = listOf(item['status-codes-to-retry']).filter((each) => typeof each === 'number');
  const expect = {
    ...(statuses.length === 0 ? {} : isMain ? { allow: statuses } : { status: statuses }),
    ...(isMain ? expectationsOf(turning, item.expectations, `${there}/expectations`, `${here}/expect`) : {}),
  };
  turning.from.set(`${here}/expect`, `${there}/allowed-status-codes`);
  turning.from.set(`${here}/poll`, `${there}/status-codes-to-retry`);
  return {
    ...asked,
    ...parametersOf(turning, item['request-parameters'], `${there}/request-parameters`, here),
    ...(Object.keys(expect).length === 0 ? {} : { expect }),
    ...capture,
    ...(again.length === 0 ? {} : { poll: { while: again, within: LONGEST_POLL } }),
    ...(item['secondary-account'] === true ? { account: 'secondary' } : {}),
  };
}

/** Seven tries of API Doctor, each after up to thirty seconds, come to about this, in milliseconds. */
const LONGEST_POLL = 120_000;
