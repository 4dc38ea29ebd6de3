import type { KeySource } from '../../model/config.ts';
import { requestLine, type PagedExchange } from '../../model/fixture.ts';
import { planOf, type Plan, type PlannedRequest } from '../../replay/plan.ts';
import type { Link, Origin } from '../../replay/flow/index.ts';
import type { PlannedScenario } from '../../replay/scenario/plan.ts';
import { azureOAuth, grantOf, sourcesOf } from '../account-sources.ts';
import { accountsOf, claimsIn, faultsOf, type NamedAccount } from '../accounts.ts';
import { forTerminal, type Job } from '../job.ts';
import { lastFailed } from '../last-failed.ts';
import { keysOf } from '../left.ts';
import { chooseScenarios, type Chosen } from '../scenarios.ts';
import type { Environment } from '../settings.ts';
import { shareOf } from '../shard.ts';
import { readPromises } from '../stored.ts';
import { chooseTarget, targetName } from '../target.ts';

/** `docwright plan`: what a replay would send, in its order, and where each value comes from; sends nothing. */
export async function planCommand(job: Job): Promise<number> {
  const { settings, streams, environment, version } = job;
  const { exchanges: read, all, resources, around } = await readPromises(job);
  const chosen = await chooseScenarios(job, all, read, around);
  const { exchanges: asked, scenarios } = lastFailed(job, shareOf(job, chosen, { all, resources }));
  const choice = chooseTarget(settings);
  const base = choice.url === undefined ? undefined : withoutUser(choice.url);
  const target = {
    name: base ?? targetName(choice),
    live: base !== undefined,
    ...(base === undefined ? {} : { base }),
  };
  const { values, writes } = choice;
  const accounts = accountsOf(choice, settings.account);
  const faults = await faultsOf(accounts, environment);
  const claims = claimsIn(
    accounts.map((account) => {
      const fault = faults.get(account.owner);
      return fault === undefined || !account.claims ? account : { ...account, claims: { ...account.claims, fault } };
    }),
  );
  const options = {
    values,
    writes,
    environment,
    links: settings.links,
    all,
    keyOf: keysOf(resources),
    ...(claims === undefined ? {} : { accounts: claims }),
  };
  const covered = new Set(target.live ? scenarios.flatMap(({ covers }) => covers) : []);
  const exchanges = asked.filter(({ id }) => !covered.has(id));
  const plan = planOf(exchanges, target, options);
  const plays =
    target.live && scenarios.length > 0
      ? (await import('../../replay/scenario/plan.ts')).planScenarios(scenarios, exchanges, target, options)
      : [];
  const carried = accounts.flatMap((account) => carriedBy(account, environment));
  if (settings.json) {
    const document = { schemaVersion: 1, tool: { name: 'docwright', version }, target: target.name, writes, carried };
    streams.stdout.write(
      `${JSON.stringify(job.redactor.known({ ...document, ...asJson(plan), ...(plays.length === 0 ? {} : { scenarios: plays.map(scenarioJson) }) }), null, 2)}\n`,
    );
  } else
    for (const line of [
      ...asText(plan, target.name, carried),
      ...plays.flatMap((each) => [...scenarioText(each)]),
      ...leftOut(chosen, target.live),
    ])
      streams.stdout.write(`${forTerminal(job.redactor.known(line))}\n`);
  for (const { file, line, column, reason } of chosen.findings)
    streams.stderr.write(`docwright: ${forTerminal(job.redactor.text(`${file}:${line}:${column}  ${reason}`))}\n`);
  const steps = plays.flatMap((each) => each.steps);
  const isBlocked = [...plan.requests, ...steps].some(({ request }) => request === undefined);
  return settings.forbidBlocked && isBlocked ? 1 : 0;
}

function asJson({ requests, links, dropped }: Plan): object {
  return {
    requests: requests.map(({ exchange, request, account, missing, origins, after }) => {
      const { id, title, file } = exchange;
      const { method, url } = request ?? exchange.request;
      return {
        id,
        title,
        file,
        line: requestLine(exchange).position.start.line,
        sent: request !== undefined,
        ...(account === undefined ? {} : { account }),
        method,
        url,
        headers: (request?.headers ?? []).map(([name, value]) => ({ name, value })),
        values: origins,
        missing,
        after: after.map((other) => other.id),
      };
    }),
    links: links.map(edge),
    dropped: dropped.map(edge),
  };
}

function scenarioJson({ scenario, steps }: PlannedScenario): object {
  return {
    id: scenario.id,
    name: scenario.name,
    tags: scenario.tags,
    steps: steps.map(({ exchange, step, request, missing, origins, isCleanup }) => {
      const { method, url } = request ?? exchange.request;
      return {
        id: exchange.id,
        file: step.place.file,
        line: step.place.position.start.line,
        sent: request !== undefined,
        cleanup: isCleanup,
        method,
        url,
        headers: (request?.headers ?? []).map(([name, value]) => ({ name, value })),
        values: origins,
        captures: step.capture.map(({ name }) => name),
        missing,
      };
    }),
  };
}

function* scenarioText({ scenario, steps }: PlannedScenario): Generator<string> {
  yield `Scenario ${scenario.name}, ${scenario.place.file}:${scenario.place.position.start.line}, its steps in this order:`;
  for (const { step, exchange, request, missing, origins, isCleanup } of steps) {
    const { method, url } = request ?? exchange.request;
    yield `  ${isCleanup ? 'at its end: ' : ''}${request ? '' : 'not sent: '}${method} ${url}`;
    yield `    ${step.label}, ${step.place.file}:${step.place.position.start.line}`;
    for (const [name, value] of request?.headers ?? []) yield `    ${name}: ${value}`;
    for (const origin of origins) yield `    ${originText(origin)}`;
    for (const { name, of, at } of step.capture)
      yield `    {${name}} is captured: ${of === 'header' ? `header ${at}` : at || of}`;
    for (const each of missing) yield `    missing ${each}`;
  }
  yield '';
}

/** What is not played, and why. */
function* leftOut({ scenarios, disabled }: Chosen, isLive: boolean): Generator<string> {
  if (disabled > 0) yield `Not enabled: ${disabled} ${disabled === 1 ? 'scenario' : 'scenarios'}`;
  if (!isLive && scenarios.length > 0) yield `Not against the mock: ${scenarios.map(({ name }) => name).join(', ')}`;
}

function edge({ from, to, literal, pointer, isWhole, intoWrite }: Link): object {
  return {
    from: from.id,
    to: to.id,
    literal,
    pointer,
    ...(isWhole ? { wholeUrl: true } : {}),
    ...(intoWrite === undefined ? {} : { intoWrite }),
  };
}

function* asText({ requests, links, dropped }: Plan, target: string, carried: readonly string[]): Generator<string> {
  const sent = requests.filter(({ request }) => request !== undefined).length;
  yield `${sent} of ${requests.length} requests would be sent to ${target}, in this order:`;
  for (const line of carried) yield `  ${line}`;
  yield '';
  for (const planned of requests) yield* requestText(planned);
  const refused = links.filter(({ intoWrite }) => intoWrite === 'refused');
  const used = links.filter(({ intoWrite }) => intoWrite !== 'refused');
  yield* edgesText('Links: what a live answer shows takes the place of the documented literal', used);
  yield* edgesText(
    'Not into writes: read from the target, not created by the run (links.intoWrites allows an edge)',
    refused,
  );
  yield* edgesText('Dropped: each would close a circle', dropped);
}

function* requestText({ exchange, request, account, missing, origins, after }: PlannedRequest): Generator<string> {
  const { file, position } = requestLine(exchange);
  const { method, url } = request ?? exchange.request;
  yield `${request ? '' : 'not sent: '}${method} ${url}`;
  yield `  ${nameOf(exchange)}, ${file}:${position.start.line}`;
  if (account !== undefined) yield `  as account \`${account}\``;
  for (const [name, value] of request?.headers ?? []) yield `  ${name}: ${value}`;
  for (const origin of origins) yield `  ${originText(origin)}`;
  for (const each of missing) yield `  missing ${each}`;
  if (after.length > 0) yield `  after ${after.map(nameOf).join(', ')}`;
  yield '';
}

function originText({ for: name, kind, from }: Origin): string {
  if (kind === 'literal') return `\`${name}\` as documented`;
  return `\`${name}\` from ${kind}${from === undefined ? '' : ` ${from}`}`;
}

function* edgesText(title: string, links: readonly Link[]): Generator<string> {
  if (links.length === 0) return;
  yield `${title}:`;
  for (const { from, to, literal, pointer } of links)
    yield `  ${nameOf(from)} ${pointer} -> ${nameOf(to)} \`${literal}\``;
  yield '';
}

function nameOf({ name, id }: PagedExchange): string {
  return name ?? id;
}

/** What the config of a target adds to every request, or to those of one account; of secrets the source alone. */
function carriedBy(account: NamedAccount, environment: Environment): string[] {
  const { auth, headers = {}, claims } = account;
  const to = claims === undefined ? 'with every one' : `as account \`${claims.name}\``;
  const own = Object.entries(headers).map(([name, source]) => `${to}: ${name} ${sourceText(source)}`);
  if (auth === undefined) return own;
  if ('apiKey' in auth) return [...own, `${to}: ${auth.apiKey.header ?? 'X-API-Key'} ${sourceText(auth.apiKey.value)}`];
  const parts = sourcesOf({ auth }, environment).map(({ what, source }) => `${what} ${sourceText(source)}`);
  if ('bearer' in auth) return [...own, `${to}: Authorization: Bearer ${sourceText(auth.bearer)}`];
  if ('basic' in auth) return [...own, `${to}: Authorization: Basic, ${parts.join(', ')}`];
  const oauth = 'oauth' in auth ? auth.oauth : azureOAuth(auth.azure, environment, '');
  const from = oauth.issuer ?? new URL(oauth.tokenEndpoint!).origin;
  return [...own, `${to}: Authorization: Bearer (${GRANTS[grantOf(oauth)]} from ${from}), ${parts.join(', ')}`];
}

const GRANTS = {
  clientCredentials: 'client credentials',
  refreshToken: 'refresh token',
  deviceCode: 'device code',
  password: 'password',
};

function sourceText(source: KeySource): string {
  if (typeof source === 'string') return '(from the config)';
  if ('file' in source) return `(from ${source.file})`;
  return 'env' in source ? `(from environment ${source.env})` : '(from a command, not run now)';
}

function withoutUser(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname.replace(/\/+$/, '');
}
