import type { Matchers, WrittenMatcher } from './matcher.ts';
import type { Levels, Override } from './severities.ts';

/** How near an answer is to be to the documented one: in shape and types, in every value too, or by its documented types alone. */
export const MATCHES = ['shape', 'exact', 'schema'] as const;

export type Match = (typeof MATCHES)[number];

/** What a config file may say; its JSON Schema is published as `docwright/schemas/config.schema.json`. Paths are relative to the file. */
export interface Config {
  /** Folders, pages or globs of the docs. */
  readonly docs?: string | readonly string[];
  readonly fixtures?: string;
  readonly reports?: string;
  /** `NAME`, `NAME=FILE` or `NAME=-`; several in one string are parted by commas. */
  readonly reporter?: string | readonly string[];
  readonly grep?: string;
  readonly workers?: number;
  /** `mock`, a URL, or a name of `targets`. */
  readonly target?: string;
  readonly baseUrl?: string;
  readonly allowWrites?: boolean;
  readonly forbidBlocked?: boolean;
  readonly match?: Match;
  readonly maxFailures?: number;
  /** How often what failed is asked again, where that changes nothing. */
  readonly retries?: number;
  /** A report of an earlier run, or its folder, that reports are held against. */
  readonly baseline?: string;
  /** Remember how each whole run came out, in `.docwright/history.jsonl`. */
  readonly history?: boolean;
  /** Milliseconds for all sending of a run. */
  readonly runTimeout?: number;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly maxWarnings?: number;
  readonly passWithNoTests?: boolean;
  /** Keep what was read of unchanged pages in `.docwright/cache`; so it is where nothing is said. */
  readonly cache?: boolean;
  /** Tags whose blocks (`[TAGS=a,b]` to `[END]`) are read; several in one string are parted by commas. */
  readonly tags?: string | readonly string[];
  /** Headings that pages of each kind (`doc_type`) are to have: an outline of API Doctor, or the file that holds one. */
  readonly outline?: string | Readonly<Record<string, unknown>>;
  /** How tables are known: table definitions of API Doctor, or the file that holds them. */
  readonly tables?: string | Readonly<Record<string, unknown>>;
  /** Keys that the front matter of every page is to have. */
  readonly requiredFrontMatter?: readonly string[];
  /** What fills the placeholders and sample keys of documented requests, by name. */
  readonly values?: Values;
  /** Do ids that documented answers show flow from the live answers into later requests? They do where nothing is said. */
  readonly links?: boolean | LinkOptions;
  readonly targets?: Readonly<Record<string, NamedTarget>>;
  /** Files of accounts as API Doctor has them: each enabled account is a target of its name. */
  readonly accounts?: string | readonly string[];
  /** Files of scenarios (paths and globs) beside those in the docs, and scenarios themselves: see docs/scenarios.md. */
  readonly scenarios?: string | readonly (string | Readonly<Record<string, unknown>>)[];
  /** How grave a breach of a rule is, by its id, `area/*` or `*`; of several that speak of a rule the last counts. `off`: it is not told. */
  readonly rules?: Levels;
  /** The same on some files alone, by globs of paths from this file or from a docs root; they beat `rules`, and later ones earlier ones. */
  readonly overrides?: readonly Override[];
  /** The file of findings that do not count; `docwright-suppressions.json` beside this file where nothing is said. */
  readonly suppressions?: string;
  /** What answers are to have, by exchange (id, name, or a glob of either; `*` for all) and by pointer. */
  readonly matchers?: Readonly<Record<string, Readonly<Record<string, WrittenMatcher>>>>;
}

/** What stands for names in documented requests: the value itself, or where it comes from. */
export type Values = Readonly<Record<string, string | ValueSource>>;

/** Where a value comes from. */
export type ValueSource =
  /** A variable of the environment; a secret, unless `secret` is false. */
  | { readonly env: string; readonly secret?: boolean }
  /** A value of a type (`Guid`, `DateTimeOffset`), or `unique`: a new name in every run. */
  | { readonly generate: string; readonly prefix?: string; readonly suffix?: string }
  /** What the live answer to an exchange (its name or id) shows at an RFC 6901 pointer into `{status, headers, body}`. */
  | { readonly from: string; readonly pointer: string; readonly intoWrites?: boolean };

/** Which of the links between documented exchanges are off, and which bring what was only read into writes. */
export interface LinkOptions {
  readonly off?: readonly EdgeName[];
  readonly intoWrites?: readonly EdgeName[];
}

/** A link by the exchanges (names or ids) that it leads from and to. */
export interface EdgeName {
  readonly from: string;
  readonly to: string;
}

/** The matchers of a config for the exchanges that an id, a name or a glob means. */
export interface ExchangeMatchers {
  readonly exchanges: string;
  readonly matchers: Matchers;
}

/** A service to replay against. */
export interface NamedTarget {
  /** Base URL, `http:` or `https:`. */
  readonly url: string;
  /** Never send what changes something, even on a loopback host. */
  readonly readOnly?: boolean;
  /** Together with `--allow-writes`, allows requests that change something. */
  readonly writes?: boolean;
  readonly values?: Values;
  /** Milliseconds. */
  readonly timeout?: number;
  /** Milliseconds for all sending of a run. */
  readonly runTimeout?: number;
  /** Is what the run created deleted at its end? It is where nothing is said. */
  readonly cleanup?: boolean;
  /** Sent with every request to the target's own origin, and to no other. */
  readonly headers?: Readonly<Record<string, SecretSource>>;
  /** Who asks; sent to the target's own origin only. */
  readonly auth?: AuthConfig;
  /** Several who may ask, by name, instead of `auth`: each exchange is sent by the one that is allowed it and least besides. */
  readonly accounts?: Readonly<Record<string, AccountConfig>>;
  /** Further hosts that may be contacted, without credentials: `host`, `host:port` or `https://host`. */
  readonly hosts?: readonly string[];
  /** At most so many requests in flight here: the smaller of this and `workers`. */
  readonly concurrency?: number;
  /** At most so many requests a second; `burst` of them (1 where nothing is said) at once after a pause. */
  readonly rate?: { readonly perSecond: number; readonly burst?: number };
  /** How many further pages of a collection (`nextLink`) are fetched and judged; none where nothing is said. */
  readonly pages?: number;
  /** Names that the service has for what the docs call otherwise. */
  readonly transformations?: Transformations;
  /** The service under test, where the run is to start it. */
  readonly start?: StartConfig;
}

/** Parts of property names, each with what stands for it, on the way to the service and back; and what stands before names of actions. */
export interface Transformations {
  readonly request?: {
    readonly properties?: Readonly<Record<string, string>>;
    readonly actions?: { readonly prefix?: string };
  };
  readonly response?: { readonly properties?: Readonly<Record<string, string>> };
}

/** A secret: itself, a variable of the environment, or a command that prints it. Told to nobody. */
export type SecretSource = string | { readonly env: string } | { readonly command: string };

/** The same of what may have several lines or lie in a file, which is read whenever it is needed. */
export type KeySource = SecretSource | { readonly file: string };

/** One of several who may ask a target, and for what. */
export interface AccountConfig {
  readonly auth?: AuthConfig;
  /** Sent with every request of this account; they beat those of the target. */
  readonly headers?: Readonly<Record<string, SecretSource>>;
  /** The scopes it has, all others it has not. Where nothing is said: those that OAuth asks for; else it is taken to have all. */
  readonly scopes?: readonly string[];
  /** Which row of a permissions table speaks of it; where nothing is said, OAuth with client credentials is an application, a refresh token or a device code delegated. */
  readonly kind?: AccountKind;
  /** Tags of exchanges that it may be used for; where nothing is said, all. */
  readonly tags?: readonly string[];
  /** API versions that it may be used for; where nothing is said, all. */
  readonly apiVersions?: readonly string[];
}

/** Does an account act for itself, or for a person who has signed in? */
export type AccountKind = 'application' | 'delegated';

/** How requests say who asks: by a bearer token (RFC 6750), an API key in a header, user and password (RFC 7617), or a token that OAuth 2.0 gives. */
export type AuthConfig =
  | { readonly bearer: SecretSource }
  /** `header` is `X-API-Key` where nothing is said. */
  | { readonly apiKey: { readonly header?: string; readonly value: SecretSource } }
  | { readonly basic: { readonly user: SecretSource; readonly password: SecretSource } }
  | { readonly oauth: OAuthConfig }
  | { readonly azure: AzureConfig };

/** The ways in which a token is asked for (RFC 6749, 4.4, 6 and 4.3; RFC 8628). `password` is for test tenants that have no other: RFC 9700 (2.4) forbids it. */
export type OAuthGrant = 'clientCredentials' | 'refreshToken' | 'deviceCode' | 'password';

/** An account of an authorization server (RFC 6749), which gives tokens that run out and are renewed. */
export interface OAuthConfig {
  /** Where nothing is said: `refreshToken` with a refresh token, `clientCredentials` with a secret, key or assertion, else `deviceCode`. */
  readonly grant?: OAuthGrant;
  /** Its URL; what it offers is read from its discovery document (OpenID Connect Discovery, RFC 8414). */
  readonly issuer?: string;
  /** Where tokens are given, without discovery. */
  readonly tokenEndpoint?: string;
  /** Where device codes are given, without discovery. */
  readonly deviceEndpoint?: string;
  readonly clientId: SecretSource;
  readonly clientSecret?: SecretSource;
  /** Does the secret go into the `Authorization` header or into the body (RFC 6749, 2.3.1)? `basic` where nothing is said, unless discovery offers `post` alone. */
  readonly clientAuth?: 'basic' | 'post';
  /** A private key in PEM, with its certificate or without, that signs who asks (RFC 7523). */
  readonly privateKey?: KeySource;
  /** Its `kid` at the server. */
  readonly keyId?: string;
  /** A JSON Web Token that somebody else has signed, and that says who asks (RFC 7523, 2.2). */
  readonly clientAssertion?: KeySource;
  readonly refreshToken?: SecretSource;
  /** Goes along with a refresh token, as some servers want it. */
  readonly redirectUri?: string;
  /** Who signs in, and with what; for the grant `password` alone. */
  readonly user?: SecretSource;
  readonly password?: SecretSource;
  /** What is asked for; several in one string are parted by blanks. */
  readonly scope?: string | readonly string[];
  /** For whom the token is to be (RFC 8707). */
  readonly resource?: string;
  /** The same, as some servers want it. */
  readonly audience?: string;
}

/** An account of Microsoft Entra, told by the usual variables: each that is not named here is looked up in the environment. */
export interface AzureConfig {
  /** AZURE_TENANT_ID */
  readonly tenantId?: string | { readonly env: string };
  /** AZURE_CLIENT_ID */
  readonly clientId?: SecretSource;
  /** AZURE_CLIENT_SECRET */
  readonly clientSecret?: SecretSource;
  /** AZURE_CLIENT_CERTIFICATE_PATH: a PEM file with key and certificate. */
  readonly certificate?: KeySource;
  /** AZURE_FEDERATED_TOKEN_FILE */
  readonly federatedToken?: KeySource;
  /** AZURE_AUTHORITY_HOST; `https://login.microsoftonline.com` where nothing is said. */
  readonly authority?: string;
  /** `/.default` of the target's origin where nothing is said. */
  readonly scope?: string | readonly string[];
  /** Sign in a person by a device code, although there is a secret or a certificate. */
  readonly deviceCode?: boolean;
}

/** A service that is started before a run and stopped after it. */
export interface StartConfig {
  /** Run by the shell of the system. */
  readonly command: string;
  /** Folder it runs in, relative to the config; the config's own where nothing is said. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** It is up when this URL answers, whatever it answers; the target's `url` where nothing is said. */
  readonly ready?: string;
  /** Milliseconds it may take to come up; 60,000 where nothing is said. */
  readonly timeout?: number;
  /** Take a service that answers already, instead of refusing to start beside it. */
  readonly reuse?: boolean;
}

/** Gives a config its types in an editor: `export default defineConfig({ … })`. */
export function defineConfig(config: Config): Config {
  return config;
}
