import { isForbiddenHost } from './addresses.ts';

/** What is missing before a URL may be contacted, as a blocked observation names it; nothing where it may be. */
export type HostGate = (url: URL) => string | undefined;

/**
 * Lets requests through to the origin of the target and to the hosts that its config names, and to nobody else, whoever gives the
 * URL: a page, a `Location`, a link to a next page. Throws where an entry of `hosts` is no host.
 */
export function hostGate(home: string, hosts: readonly string[] = []): HostGate {
  const allowed = new Set([home, ...hosts.flatMap(originsOf)]);
  return (url) => {
    // The target's own host is judged once, by whoever makes it one: this is asked for every request.
    if (url.origin === home) return undefined;
    if (isForbiddenHost(url.hostname)) return forbidden(url.hostname);
    if (allowed.has(url.origin)) return undefined;
    return /^https?:$/.test(url.protocol) ? `host ${url.host}` : `host of an http or https URL`;
  };
}

/** The origins that an entry of `hosts` allows: `https://host` that one, `host` and `host:port` with either scheme. */
export function originsOf(entry: string): readonly string[] {
  const [, scheme, host] = /^(?:(https?):\/\/)?([\w.-]+(?::\d+)?|\[[\da-f:.]+\](?::\d+)?)\/?$/i.exec(entry) ?? [];
  const urls = (scheme === undefined ? ['https', 'http'] : [scheme]).map((each) => `${each}://${host}`);
  if (host === undefined || !urls.every((url) => URL.canParse(url))) {
    throw new TypeError(`\`${entry}\` is no host, expected \`host\`, \`host:port\` or \`https://host\``);
  }
  if (urls.some((url) => isForbiddenHost(new URL(url).hostname))) throw new TypeError(`Missing ${forbidden(host)}`);
  return urls.map((url) => new URL(url).origin);
}

/** As a blocked observation names it. */
export function forbidden(host: string): string {
  return `permission for ${host}: link-local, metadata and unspecified addresses are never contacted`;
}

/** A request that was not sent, since its host or address may not be contacted or the account is refused; `missing` names that. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly code = 'ERR_REFUSED';
  readonly missing: string;

  constructor(missing: string, remedy = 'name further hosts under `hosts` of the target') {
    super(`Missing ${missing}; ${remedy}`);
    this.missing = missing;
  }
}
