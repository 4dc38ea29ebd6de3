import { finding, type Fact, type Finding } from '../../model/finding.ts';
import type { PagedExchange } from '../../model/fixture.ts';
import { jsonPaths } from '../../model/json-path.ts';
import { pointerToken } from '../../model/json.ts';
import type { Place } from '../../model/place.ts';
import type { Scenario, ScenarioSource } from '../../model/scenario.ts';
import { validator, type SchemaFault } from '../../model/schemas.ts';
import { didYouMean } from '../../model/usage.ts';
import { fromApiDoctor, isApiDoctor } from './api-doctor.ts';
import { readDocument, type ScenarioDocument } from './document.ts';
import { linkScenarios } from './link.ts';
import type { ScenarioPart, WrittenFile } from './written.ts';

export type { ScenarioPart, WrittenFile } from './written.ts';

/** The scenarios of a docset, and what is wrong with those that are none. */
export interface ReadScenarios {
  readonly scenarios: readonly Scenario[];
  readonly findings: readonly Finding[];
  /** How many were left out since they are not enabled. */
  readonly disabled: number;
}

/** What is read beside files, and what counts. */
export interface ReadOptions {
  /** What was read already: of a config, of a page. */
  readonly documents?: readonly ScenarioDocument[];
  /** Only scenarios with one of these tags. */
  readonly tags?: readonly string[];
}

/** Reads files of scenarios, ours and API Doctor's, and finds the exchanges that they name. What cannot be read becomes a finding; all else goes on. */
export async function readScenarios(
  sources: readonly ScenarioSource[],
  exchanges: readonly PagedExchange[],
  { documents = [], tags = [] }: ReadOptions = {},
): Promise<ReadScenarios> {
  const facts: Fact[] = [];
  const tell = (fact: Fact): void => void facts.push(fact);
  const parts = documents.flatMap((document) => partOf(document, tell) ?? []);
  for (const source of sources) {
    const part = await readPart(source, tell);
    if (part !== undefined) parts.push(part);
  }
  const query = await jsonPaths();
  const { scenarios, disabled } = linkScenarios(parts, exchanges, { query, tags, tell });
  return { scenarios, disabled, findings: facts.map((fact) => finding(fact)) };
}

/** Reads one file. Of a file that is partly wrong the rest counts. */
export async function readPart(
  { file, text }: ScenarioSource,
  tell: (fact: Fact) => void,
): Promise<ScenarioPart | undefined> {
  const start = { line: 1, column: 1 };
  if (typeof text !== 'string') {
    const place = { file, position: { start, end: start } };
    tell({ ruleId: 'scenario/unreadable', reason: `Cannot read the file: ${text.message}`, place, subject: file });
    return undefined;
  }
  return partOf(await readDocument(file, text), tell);
}

/** The scenarios of a value that was read, or that a config says itself. */
export function partOf(document: ScenarioDocument, tell: (fact: Fact) => void): ScenarioPart | undefined {
  const { file, value, error } = document;
  if (error !== undefined) {
    const reason = `Unexpected text, expected ${/\.ya?ml$/i.test(file) ? 'YAML' : 'JSON'}: ${error.message}`;
    tell({ ruleId: 'scenario/unreadable', reason, place: error.place, subject: 'syntax' });
    return undefined;
  }
  if (isApiDoctor(value)) {
    const { file: turned, from, faults } = fromApiDoctor(value);
    for (const { pointer, kind, reason, note } of faults)
      tell({ ruleId: `scenario/${kind}`, reason, place: document.place(pointer), subject: pointer, note });
    const place = (pointer: string): Place => document.place(originOf(pointer, from));
    return { file, written: checked(turned, place, tell), place };
  }
  return { file, written: checked(value ?? {}, document.place, tell), place: document.place };
}

/** Where the nearest part around a pointer was before it was turned. */
function originOf(pointer: string, from: ReadonlyMap<string, string>): string {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const was = from.get(at);
    if (was !== undefined) return was;
  }
  return '';
}

/** Without the scenarios and reusable steps that break the schema. */
function checked(value: unknown, place: (pointer: string) => Place, tell: (fact: Fact) => void): WrittenFile {
  const faults = validator('scenarios')(value);
  for (const fault of faults.slice(0, MOST_FAULTS))
    tell({
      ruleId: 'scenario/unreadable',
      reason: wordsOf(fault),
      place: place(fault.pointer),
      subject: fault.pointer,
      note: 'Mend it, or take it out; the other scenarios are played all the same.',
    });
  if (faults.length === 0) return value as WrittenFile;
  const isWhole = (pointer: string): boolean =>
    !faults.some((fault) => fault.pointer === pointer || fault.pointer.startsWith(`${pointer}/`));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const { scenarios, steps } = value as WrittenFile;
  return {
    // Pointers count from the file: what is out leaves a gap.
    scenarios: Array.isArray(scenarios)
      ? scenarios.map((each: NonNullable<WrittenFile['scenarios']>[number], at) =>
          isWhole(`/scenarios/${at}`) ? each : { name: '', enabled: false, broken: true },
        )
      : [],
    steps:
      typeof steps === 'object' && steps !== null && !Array.isArray(steps)
        ? Object.fromEntries(Object.entries(steps).filter(([name]) => isWhole(`/steps/${pointerToken(name)}`)))
        : {},
  };
}

/** More of one file say nothing new. */
const MOST_FAULTS = 20;

function wordsOf({ pointer, reason, unknown }: SchemaFault): string {
  if (unknown)
    return `Unexpected key \`${unknown.key}\`, expected one of ${unknown.known.map((key) => `\`${key}\``).join(', ')}${didYouMean(unknown.key, unknown.known)}`;
  const key = pointer.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');
  return `Unexpected value${key === '' ? '' : ` of \`${key}\``}: it ${reason}`;
}
