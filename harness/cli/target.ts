import type { NamedTarget, Values } from '../model/config.ts';
import { didYouMean, UsageError } from '../model/usage.ts';
import { isForbiddenHost } from '../replay/addresses.ts';
import { isLoopback } from '../replay/gate.ts';
import { forbidden, originsOf } from '../replay/hosts.ts';
import { isRecording, type Settings } from './settings.ts';

/** Where requests go and what may be sent there. */
export interface TargetChoice {
  /** Absent: our mock, or a recording. */
  readonly url?: string;
  /** The path of the recording, as people know it. */
  readonly recording?: string;
  readonly writes: boolean;
  readonly values: Values;
  /** Milliseconds. */
  readonly timeout: number;
  /** What the config says of the target that was named. */
  readonly named?: NamedTarget & { readonly name: string };
}

/** What people call it: a name of the config, a URL without user and password, a recording, or `mock`. */
export function targetName({ url, named, recording }: Pick<TargetChoice, 'url' | 'named' | 'recording'>): string {
  if (url === undefined) return recording ?? 'mock';
  const { origin, pathname } = new URL(url);
  const shown = origin + pathname.replace(/\/+$/, '');
  return named !== undefined && named.url === url ? named.name : shown;
}

type Asked = Pick<
  Settings,
  'target' | 'targetNamed' | 'baseUrl' | 'allowWrites' | 'timeout' | 'timeoutNamed' | 'values' | 'targets' | 'unusable'
>;

/** Chooses the target. Refuses, before anything is sent, a permission to write that nobody gave for this very service. */
export function chooseTarget(asked: Asked): TargetChoice {
  const { target, targets, baseUrl, timeout, values } = asked;
  if (baseUrl !== undefined) webUrl(baseUrl, '--base-url');
  const named = Object.hasOwn(targets, target) ? targets[target]! : undefined;
  if (named) {
    const url = baseUrl ?? named.url;
    webUrl(url, `target ${target}`);
    refuseElsewhere(target, named, url);
    return {
      url,
      named: { ...named, name: target },
      writes: namedMayWrite(asked, named, url),
      values: { ...values, ...named.values },
      timeout: asked.timeoutNamed ? timeout : (named.timeout ?? timeout),
    };
  }
  if (isRecording(target)) {
    if (baseUrl !== undefined) throw new UsageError('A recording has no URL: leave out --base-url, or the recording');
    return { recording: target, writes: true, values, timeout };
  }
  if (target === 'mock') {
    if (baseUrl === undefined) return { writes: true, values, timeout };
    if (asked.targetNamed) throw new UsageError('The mock has no URL: leave out --base-url, or --target mock');
  } else if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(target)) {
    const { unusable = {} } = asked;
    if (Object.hasOwn(unusable, target))
      throw new UsageError(`Account \`${target}\` cannot be a target; ${unusable[target]!}`);
    const near = didYouMean(target, ['mock', ...Object.keys(targets)]);
    throw new UsageError(
      `Unknown target \`${target}\`${near || ', expected mock, a URL, a name of the config, or a recording (FILE.har)'}`,
    );
  }
  const url = baseUrl ?? target;
  webUrl(target === 'mock' ? url : target, '--target');
  return { url, writes: bareMayWrite(asked, url), values, timeout };
}

function namedMayWrite(
  { target, allowWrites }: Asked,
  { readOnly, writes, url: own }: NamedTarget,
  url: string,
): boolean {
  if (readOnly) {
    if (allowWrites)
      throw new UsageError(`The config says that target \`${target}\` is readOnly; leave out --allow-writes`);
    return false;
  }
  if (isLoopback(url)) return true;
  if (!allowWrites) return false;
  if (!writes)
    throw new UsageError(`Target \`${target}\` does not say \`writes: true\` in the config; --allow-writes needs both`);
  // The permission was given for one service; --base-url may have led to another.
  if (new URL(url).origin !== new URL(own).origin) {
    throw new UsageError(
      `\`writes: true\` of target \`${target}\` is not meant for --base-url; name a target of its own`,
    );
  }
  return true;
}

function bareMayWrite({ allowWrites }: Asked, url: string): boolean {
  if (isLoopback(url)) return true;
  if (!allowWrites) return false;
  throw new UsageError(
    '--allow-writes needs a named target: write `targets: { NAME: { url, writes: true } }` in the config and say --target NAME',
  );
}

/** Credentials were given for one service, and hosts and pace with them; --base-url may have led to another. */
function refuseElsewhere(
  target: string,
  { url: own, auth, accounts, headers, start, hosts = [] }: NamedTarget,
  url: string,
): void {
  for (const host of hosts) hostOrFault(host, target);
  if (new URL(url).origin === new URL(own).origin) return;
  const key = auth ? 'auth' : accounts ? 'accounts' : headers ? 'headers' : start ? 'start' : undefined;
  if (key === undefined) return;
  throw new UsageError(`\`${key}\` of target \`${target}\` is not meant for --base-url; name a target of its own`);
}

function hostOrFault(host: string, target: string): void {
  try {
    originsOf(host);
  } catch (cause) {
    throw new UsageError(`\`hosts\` of target \`${target}\`: ${(cause as Error).message}`, { cause });
  }
}

/** Never quotes the URL: it may hold a password. */
function webUrl(url: string, where: string): void {
  const protocol = URL.canParse(url) ? new URL(url).protocol : undefined;
  if (protocol === 'http:' || protocol === 'https:') {
    const { hostname } = new URL(url);
    if (isForbiddenHost(hostname))
      throw new UsageError(`The URL of ${where} is refused: missing ${forbidden(hostname)}`);
    return;
  }
  throw new UsageError(`The URL of ${where} does not start with http:// or https://, or is none`);
}
