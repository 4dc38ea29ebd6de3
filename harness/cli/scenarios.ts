import path from 'node:path';
import type { ScenarioDocument } from '../compile/scenarios/document.ts';
import { fileName } from '../files/names.ts';
import { kindOf, readText } from '../files/read.ts';
import { filesNamed, mayHoldScenarios, readScenarioFiles, type NamedFile } from '../files/scenarios.ts';
import type { Finding } from '../model/finding.ts';
import type { PagedExchange } from '../model/fixture.ts';
import { readJson } from '../model/json.ts';
import { points } from '../model/place.ts';
import { byScenario, ownSteps, stepsOf, type Scenario, type ScenarioValue } from '../model/scenario.ts';
import { UsageError } from '../model/usage.ts';
import type { Account } from '../replay/accounts.ts';
import { needing } from './accounts.ts';
import type { Job } from './job.ts';

/** The scenarios that a run is to play, with the exchanges it asks for beside them, and what is wrong with others. */
export interface Chosen {
  readonly scenarios: readonly Scenario[];
  readonly exchanges: readonly PagedExchange[];
  readonly findings: readonly Finding[];
  /** How many are not enabled. */
  readonly disabled: number;
}

/** What is known of the docs beside their exchanges: their folders, and what lies in these beside pages. */
export interface Surroundings {
  readonly roots?: readonly string[];
  readonly files?: ReadonlySet<string>;
  /** How many blocks of the pages are `testParams`, and the pages. */
  readonly embedded?: () => Promise<readonly ScenarioDocument[]>;
}

/**
 * Reads the scenarios beside the docs, those of the config and those that are named, and takes those that words for pages, `--grep`
 * and `--tag` mean. Where there are none, nothing is loaded for them.
 */
export async function chooseScenarios(
  job: Job,
  all: readonly PagedExchange[],
  selected: readonly PagedExchange[],
  around: Surroundings,
): Promise<Chosen> {
  const { tag } = job.settings;
  const none = { scenarios: [], findings: [], disabled: 0 };
  const documents = [...((await around.embedded?.()) ?? []), ...ownDocument(job)];
  const sources = await sourcesOf(job, around);
  if (sources.length + documents.length === 0) return { ...none, exchanges: selected.filter(isTagged(tag)) };
  const { readScenarios } = await import('../compile/scenarios/index.ts');
  const { scenarios: read, findings, disabled } = await readScenarios(sources, all, { documents, tags: tag });
  refuseOwn(job, findings);
  const placed = read.map((scenario) => ({ id: scenario.id, line: scenario.place.position.start.line, scenario }));
  const scenarios = placed
    .sort(byScenario)
    .map(({ scenario }) => scenario)
    .filter(isMeant(job, selected));
  registerSecrets(job, scenarios);
  const goals = new Set(scenarios.flatMap(({ covers }) => covers));
  const chosen = new Set(selected.filter(isTagged(tag)));
  return {
    scenarios,
    findings,
    disabled,
    exchanges: goals.size === 0 ? [...chosen] : all.filter((each) => chosen.has(each) || goals.has(each.id)),
  };
}

/** Are there scenarios for certain, by the names of files or by what was said? */
export function hasScenarios({ settings }: Job, files: ReadonlySet<string> | undefined): boolean {
  const { files: named, own } = settings.scenarios;
  return named.length + own.length > 0 || (files !== undefined && [...files].some((each) => SURE.test(each)));
}

const SURE = /\.scenarios\.(?:ya?ml|json)$/i;

/** May words that mean no exchange mean a scenario? */
export function mayMeanScenarios(
  { settings, command }: Job,
  files?: ReadonlySet<string>,
  hasEmbedded = false,
): boolean {
  if (!['run', 'replay', 'plan'].includes(command)) return false;
  const { files: named, own } = settings.scenarios;
  return hasEmbedded || named.length + own.length > 0 || (files !== undefined && [...files].some(mayHoldScenarios));
}

/** The accounts that these exchanges need, and those that scenarios need or name. */
export function neededBy(
  exchanges: readonly PagedExchange[],
  scenarios: readonly Scenario[],
): (claims: readonly Account[]) => Iterable<string> {
  const steps = ownSteps(scenarios).map(({ exchange }) => exchange);
  const named = scenarios.flatMap(stepsOf).flatMap(({ account }) => account ?? []);
  return (claims) => [
    ...needing([...exchanges, ...steps])(claims),
    ...named.filter((name) => claims.some((claim) => claim.name === name)),
  ];
}

/** Has an exchange one of these tags? All have where none is asked for. */
function isTagged(tags: readonly string[]): (exchange: PagedExchange) => boolean {
  return ({ tags: own = [] }) => tags.length === 0 || own.some((tag) => tags.includes(tag));
}

function isMeant({ settings, pages }: Job, selected: readonly PagedExchange[]): (scenario: Scenario) => boolean {
  const { grep, onlyChanged } = settings;
  if (grep === undefined && pages.length === 0 && onlyChanged === undefined) return () => true;
  const ids = new Set(selected.map(({ id }) => id));
  return (scenario) => {
    const isNamed = pages.length === 0 && grep?.test(scenario.id) === true;
    return isNamed || stepsOf(scenario).some(({ isJudged, documented }) => isJudged && ids.has(documented!.id));
  };
}

/** What the config says is said by the caller. */
function refuseOwn({ settings, cwd }: Job, findings: readonly Finding[]): void {
  if (settings.config === undefined) return;
  const file = fileName(settings.config, cwd);
  const own = findings.filter((each) => each.file === file);
  if (own.length === 0) return;
  const json = /\.json$/i.test(file);
  throw new UsageError(
    own.map(({ line, column, reason }) => `${file}${json ? `:${line}:${column}` : ''}: ${reason}`).join('\n'),
  );
}

async function sourcesOf({ settings, cwd }: Job, { roots, files }: Surroundings) {
  const named: NamedFile[] = [];
  for (const { written, folder } of settings.scenarios.files) {
    const found = await filesNamed(written, folder);
    if (found.length === 0) throw new UsageError(`No scenario file \`${written}\``);
    named.push(...found);
  }
  // What lies beside the pages was seen when these were looked for.
  const mayHave = files === undefined || [...files].some(mayHoldScenarios);
  const folders =
    roots ?? settings.docs.map((root) => path.resolve(cwd, root)).filter((each) => kindOf(each) === 'folder');
  if (named.length === 0 && !mayHave) return [];
  return readScenarioFiles(mayHave ? folders : [], named, cwd);
}

/** What the config says itself, as a document; of a program nobody knows the lines. */
function ownDocument({ settings, cwd }: Job): ScenarioDocument[] {
  const { own } = settings.scenarios;
  const { config } = settings;
  if (own.length === 0 || config === undefined) return [];
  const file = fileName(config, cwd);
  const text = /\.json$/i.test(config) ? readText(config) : undefined;
  const json = text === undefined ? undefined : readJson(text, { elisions: false });
  const at = points(text ?? '');
  return [
    {
      file,
      value: { scenarios: own.map(({ value }) => value) },
      place(pointer) {
        const [, , index, ...rest] = pointer.split('/');
        const origin = own[Number(index)]?.index ?? 0;
        const span = json?.locate(['', 'scenarios', String(origin), ...rest].join('/')) ?? json?.locate('/scenarios');
        const start = at((span?.key ?? span?.value)?.start ?? 0);
        return { file, position: { start, end: start } };
      },
    },
  ];
}

/** Keeps values that scenarios take from the environment out of all that is written and said. */
export function registerSecrets({ redactor, environment }: Job, scenarios: readonly Scenario[]): void {
  const tell = (values: Readonly<Record<string, ScenarioValue>>): void => {
    for (const [name, source] of Object.entries(values)) {
      if (typeof source !== 'object' || !('env' in source) || source.secret === false) continue;
      const value = environment[source.env];
      if (value !== undefined && value !== '') redactor.register(name, value);
    }
  };
  for (const scenario of scenarios) {
    tell(scenario.values);
    for (const { values } of stepsOf(scenario)) tell(values);
  }
}
