import type { Block } from './fixture.ts';
import type { Place } from './place.ts';

/** What a page says of itself, beyond its exchanges and resources. */
export interface Document {
  readonly frontMatter?: FrontMatter;
  readonly annotation?: PageAnnotation;
  /** Namespace of the types of the page, without the dot after it. */
  readonly namespace?: string;
  /** Headings, heads of tabs and the rules that close tabs, in page order. */
  readonly structure: readonly StructureItem[];
  readonly examples: readonly ExampleBlock[];
  /** Fences in `http` or `json` that no annotation speaks of. */
  readonly unannotated: readonly UnannotatedFence[];
  /** Files it includes, itself left out. */
  readonly includes: readonly string[];
}

/** The YAML at the head of a page. */
export interface FrontMatter {
  /** Where its opening `---` stands. */
  readonly place: Place;
  /** Its keys of the first level, each where it is written. */
  readonly fields: readonly FrontMatterField[];
}

export interface FrontMatterField {
  readonly name: string;
  /** A scalar as text, empty for `null`; of a list or a map the YAML as written. */
  readonly value: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

/** The comment of type `#page.annotation`; of several the last, with the suppressions of all. */
export interface PageAnnotation {
  readonly place: Place;
  readonly title?: string;
  readonly description?: string;
  readonly keywords?: string;
  readonly canonicalUrl?: string;
  readonly section?: string;
  readonly tocPath?: string;
  readonly tocIndex?: number;
  /** Anchors by path in the table of contents. */
  readonly tocBookmarks?: Readonly<Record<string, string>>;
  readonly headerAdditions?: readonly string[];
  readonly footerAdditions?: readonly string[];
  readonly namespace?: string;
  readonly suppressions: readonly Suppression[];
  /** Properties that the convention does not name. */
  readonly other?: Readonly<Record<string, unknown>>;
}

/** Text of a finding that is not to count. */
export interface Suppression {
  readonly text: string;
  readonly place: Place;
}

export type StructureItem =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string; readonly place: Place }
  /** `# [C#](#tab/csharp)` has the text `C#` and the id `csharp`. */
  | { readonly kind: 'tab'; readonly text: string; readonly id: string; readonly place: Place }
  /** `---` that closes the tabs before it. */
  | { readonly kind: 'rule'; readonly place: Place };

/** A block of type `example`: a value of a type, outside an exchange. */
export interface ExampleBlock {
  /** Without `#` and `Collection()`. */
  readonly type?: string;
  readonly isCollection: boolean;
  /** First word of the info string, in lower case. */
  readonly language: string;
  readonly text: string;
  /** Where the text stands: `block` with `file` filled in. */
  readonly block: Block & { readonly file: string };
  /** Where the annotation names the type, else the annotation. */
  readonly place: Place;
}

/** A fence that an annotation could speak of: a request, lines of a route, a response, or JSON. */
export interface UnannotatedFence {
  readonly kind: 'request' | 'route' | 'response' | 'json';
  /** Its first line of code. */
  readonly place: Place;
}

/** Value of a key of the front matter; empty where the page has none. */
export function frontMatterValue({ frontMatter }: Pick<Document, 'frontMatter'>, name: string): string {
  return frontMatter?.fields.find((field) => field.name === name)?.value.trim() ?? '';
}
