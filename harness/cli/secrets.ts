import type { KeySource, NamedTarget, Values } from '../model/config.ts';
import { createRedactor, type Redactor } from '../model/redact.ts';
import { isSecretHeader } from '../model/redact/patterns.ts';
import { secretsIn, sourcesOf, type Asking } from './account-sources.ts';
import { say, type Job } from './job.ts';
import type { Environment, Settings } from './settings.ts';

/** Registers every secret that the config and the URLs name, so that nothing that is said later tells it. No command is run. */
export function registerSecrets(redactor: Redactor, settings: Settings, environment: Environment): void {
  const { target, targets, baseUrl, values } = settings;
  const named = Object.hasOwn(targets, target) ? targets[target] : undefined;
  const tell = (name: string, value: string | undefined): void => {
    if (value !== undefined && value !== '') redactor.register(name, value);
  };
  for (const url of [baseUrl, named?.url, target]) tellUrl(url, tell);
  tellValues(values, environment, tell);
  if (named) tellTarget(named, environment, tell);
}

/**
 * What is said of an error, which may have come before anything was registered: without secrets, and without the values of
 * variables whose names say that they are some.
 */
export function errorText(text: string, redactor: Redactor, environment: Environment): string {
  const careful = createRedactor();
  for (const [name, value = ''] of Object.entries(environment)) {
    if (SECRET_VARIABLE.test(name) && value.length >= 8) careful.register(name, value);
  }
  return careful.text(redactor.text(text));
}

const SECRET_VARIABLE =
  /(^|_)(TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY|CREDENTIALS?)$/i;

/** Says which secrets are so short that words may be taken for them. */
export function warnOfShort(job: Job): void {
  for (const name of job.redactor.short) {
    say(job, `The secret \`${name}\` is shorter than 8 characters: words that hold it are redacted, too`);
  }
}

type Tell = (name: string, value: string | undefined) => void;

function tellTarget(target: NamedTarget, environment: Environment, tell: Tell): void {
  tellValues(target.values ?? {}, environment, tell);
  for (const account of [target, ...Object.values(target.accounts ?? {})]) tellAccount(account, environment, tell);
}

function tellAccount(account: Asking, environment: Environment, tell: Tell): void {
  const known = (source: KeySource): string | undefined =>
    typeof source === 'string' ? source : 'env' in source ? environment[source.env] : undefined;
  for (const named of sourcesOf(account, environment)) {
    const value = known(named.source);
    const header = /^header (.+)/.exec(named.what)?.[1];
    // What stands in the config as a plain header is no more secret than the config, unless its name says so.
    if (!named.isSecret && !(header !== undefined && isSecretHeader(header))) continue;
    for (const secret of secretsIn(value ?? '', named))
      tell(named.what, header === undefined ? secret : secret.replace(/^\w+ (?=\S{8,}$)/, ''));
  }
  const { auth } = account;
  if (auth === undefined || !('basic' in auth)) return;
  const credentials = [known(auth.basic.user), known(auth.basic.password)];
  if (credentials.every((part) => part !== undefined))
    tell('basic credentials', Buffer.from(credentials.join(':')).toString('base64'));
}

function tellValues(values: Values, environment: Environment, tell: Tell): void {
  for (const [name, source] of Object.entries(values)) {
    if (typeof source === 'object' && 'env' in source && source.secret !== false) tell(name, environment[source.env]);
  }
}

function tellUrl(url: string | undefined, tell: Tell): void {
  if (url === undefined || !URL.canParse(url)) return;
  const { password } = new URL(url);
  tell('password', password);
  try {
    tell('password', decodeURIComponent(password));
  } catch {
    // Not encoded, then: it is known as it is.
  }
}
