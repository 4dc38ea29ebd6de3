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
  /** What fills the placeholders of documented requests, by name. */
  readonly values?: Readonly<Record<string, string>>;
  readonly targets?: Readonly<Record<string, NamedTarget>>;
}

/** A service to replay against. */
export interface NamedTarget {
  /** Base URL, `http:` or `https:`. */
  readonly url: string;
  /** Never send what changes something, even on a loopback host. */
  readonly readOnly?: boolean;
  /** Together with `--allow-writes`, allows requests that change something. */
  readonly writes?: boolean;
  readonly values?: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly timeout?: number;
}

/** Gives a config its types in an editor: `export default defineConfig({ … })`. */
export function defineConfig(config: Config): Config {
  return config;
}
