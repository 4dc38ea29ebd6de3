import { fewOrIndexed } from './once.ts';
import type { Disable } from './disable.ts';
import type { Document } from './document.ts';
import type { Finding } from './finding.ts';
import type { Fixture, PagedExchange } from './fixture.ts';
import type { Place } from './place.ts';
import type { Coverage, ExchangeResult } from './report.ts';
import type { Resource, ResourceSchema } from './resource.ts';
import type { PageTables } from './tables.ts';

/** A file to compile, as the file system gave it. */
export interface Source {
  /** Relative to the working directory, forward slashes. */
  readonly file: string;
  /** Path under its docs root, with the root's name before it where there are several roots: `insights/create-shared.md`. */
  readonly page: string;
  /** Its bytes, or why they could not be read. */
  readonly content: Uint8Array | Error;
  /** The hash of its bytes, where that is known without reading them. */
  readonly hash?: string;
}

/** The same source as an object of its own; its content is read, where it would be when somebody asks. */
export function copyOf({ file, page, content }: Source): Source {
  return { file, page, content };
}

/** Sources by their files. */
export interface SourceIndex {
  get(file: string): Source | undefined;
  /** The place of a source among the others, from 0. */
  placeOf(file: string): number | undefined;
}

/** Finds sources by their files; the same for each list of them. */
export function sourceIndex(sources: readonly Source[]): SourceIndex {
  let index = indexes.get(sources);
  if (index === undefined) indexes.set(sources, (index = indexOf(sources)));
  return index;
}

function indexOf(sources: readonly Source[]): SourceIndex {
  const placeOf = fewOrIndexed(
    (file: string) => {
      const place = sources.findLastIndex((source) => source.file === file);
      return place < 0 ? undefined : place;
    },
    () => new Map(sources.map(({ file }, place) => [file, place])),
  );
  return {
    placeOf,
    get(file) {
      const place = placeOf(file);
      return place === undefined ? undefined : sources[place];
    },
  };
}

const indexes = new WeakMap<readonly Source[], SourceIndex>();

/** What the docs promise: the outcome of a compile. */
export interface Docset {
  /** By the path of the file in `fixtures/`: `insights/create-shared.json`. */
  readonly fixtures: ReadonlyMap<string, Fixture>;
  /** Every exchange, in path order, then page order. */
  readonly exchanges: readonly PagedExchange[];
  /** What is reported of them, in their order, where nobody asks for any. */
  readonly skipped: readonly ExchangeResult[];
  readonly resources: readonly Resource[];
  /** Each resource as JSON Schema, by the path of its file in `fixtures/`: `schemas/microsoft.graph.user.schema.json`. */
  readonly schemas: ReadonlyMap<string, ResourceSchema>;
  /** Every file that fixtures and schemas ask for, by its path; without it they are looked at themselves. */
  readonly files?: ReadonlyMap<string, FixtureFile>;
  /** Facts met while reading: recoveries, unreadable blocks, pairing, missing includes. */
  readonly findings: readonly Finding[];
  /** Those of them that no page has by itself. */
  readonly together?: readonly Finding[];
  /** What comments of the pages disable, in path order; nothing of docs that were put together by hand. */
  readonly disables?: readonly Disable[];
  readonly coverage: Coverage;
  /** The annotations of `coverage` by the file they are written in, and there by `blockType`. */
  readonly annotations: ReadonlyMap<string, Coverage['annotations']>;
  readonly pages: readonly Page[];
  /** The pages one by one, in their order, each made when it is looked at. */
  readonly readings?: readonly DocsetPage[];
  /** The types one by one; not told of docs of which nothing is kept. */
  readonly types?: DocsetTypes;
}

/** A page as it lies in a docset. */
export interface DocsetPage extends Pick<Page, 'file' | 'page'> {
  /** What changes with anything that is said on it; not told of a page that nobody keeps. */
  readonly stamp?: string;
  readonly document: Page;
  readonly exchanges: readonly PagedExchange[];
  readonly given: Given;
}

/** What a page gives to what all pages are joined to. */
export interface Given {
  readonly isPromising: boolean;
  /** What was met while it was read. */
  readonly findings: readonly Finding[];
  /** The words of its annotations, and what became of each. */
  readonly fates: readonly { readonly word: string; readonly fate: string }[];
  readonly names: readonly { readonly name: string; readonly place: Place }[];
  readonly disables: readonly Disable[];
  /** Every file that it asked for, and the hash of what that said; nothing where there was none, or where nobody keeps the page. */
  readonly includes?: Includes;
  /** Not told of a page that nobody keeps. */
  readonly stamps?: Stamps;
}

/** What changes with the exchanges of a page, and with its resources and enumerations; empty where there is none. */
export interface Stamps {
  readonly exchanges: string;
  readonly types: string;
  /** What changes with the latter, but not with where anything stands. */
  readonly shape: string;
}

/** Files that were asked for, and the hash of what each said; nothing where there was none. */
export type Includes = readonly (readonly [file: string, hash: string | null])[];

/** The documented types of a docset, each made when it is looked at. */
export interface DocsetTypes {
  /** What changes with anything that any page says of types, and where. */
  readonly key: string;
  /** Name and page (`file`) of each, in their order. */
  readonly documented: readonly (readonly [name: string, page: string])[];
  /** Each type, with all that pages say of it, by `nameKey`. */
  readonly stamps: ReadonlyMap<string, TypeStamp>;
  /** Names of the types that others derive from, in lower case. */
  readonly bases: ReadonlySet<string>;
  /** A type by name. Its places are to be asked for elsewhere. */
  find(name: string): Resource | undefined;
}

/** What changes with all that is said of a type, but not with where that is; and the `nameKey` of its base type. */
export interface TypeStamp {
  readonly stamp: string;
  readonly base?: string;
}

/** A file in `fixtures/`, as far as it is known without being made. */
export interface FixtureFile {
  /** The page that asks for it, by `file`. */
  readonly page: string;
  /** What changes with its content, where that is known. */
  readonly stamp?: string;
}

/** What `check` needs to know of a page beyond its exchanges. */
export interface Page extends Document {
  readonly file: string;
  /** Path under its docs root, as in `Source`. */
  readonly page: string;
  readonly title?: string;
  readonly links: readonly Link[];
  /** Ids of the headings and other anchors of the page. */
  readonly anchors: readonly string[];
  /** Forms of request that the page's HTTP request section documents. */
  readonly templates: readonly Template[];
  /** Exchanges whose request fits none of the templates that speak of it. */
  readonly misfits: readonly { readonly exchangeId: string; readonly documented: readonly Template[] }[];
  /** Types that the page's annotations name. */
  readonly types: readonly TypeUse[];
  /** Texts that say TODO, outside code. */
  readonly todos: readonly Todo[];
  /** Headers, parameters, permissions and errors that its tables document, where they were asked for, and enumerations. */
  readonly tables: PageTables;
  /** Annotations of requests, responses and resources: what they say of properties, and where each word stands. */
  readonly annotated: readonly AnnotatedBlock[];
  /** What its prose says of permissions, request bodies and responses. */
  readonly sections: readonly Section[];
  /** References `[text][id]` that no definition answers. */
  readonly undefinedReferences: readonly Reference[];
  /** Fences without annotation that look like HTTP. */
  readonly lookalikes: { readonly requests: readonly Lookalike[]; readonly responses: readonly Lookalike[] };
}

/** An annotation and the block it is bound to. */
export interface AnnotatedBlock {
  readonly kind: 'request' | 'response' | 'resource';
  /** The first line of its code, as in the `block` of a message. */
  readonly code: { readonly file: string; readonly line: number };
  readonly type?: string;
  readonly keyProperty?: string;
  readonly optionalProperties?: readonly string[];
  readonly nullableProperties?: readonly string[];
  /** Where the comment stands. */
  readonly place: Place;
  /** Where the value of each written property stands, by its canonical name. */
  readonly places: Readonly<Record<string, Place>>;
}

/** What the prose of a section says, examples left out; `place` is that of its heading. */
export type Section =
  /** Does it name a permission, or say that there is none? */
  | { readonly kind: 'permissions'; readonly place: Place; readonly isSaid: boolean }
  | {
      readonly kind: 'response' | 'request body';
      readonly place: Place;
      /** Does it say that what it tells depends on the request? */
      readonly varies: boolean;
      /** Does it say that there is a body, or that there is none? Absent where it says neither, or both. */
      readonly hasBody?: boolean;
      readonly statuses: readonly StatusUse[];
      readonly links: readonly SectionLink[];
    };

/** A status that prose names: `201 Created`. */
export interface StatusUse {
  readonly status: number;
  readonly place: Place;
}

/** A link in the prose of a section; `place` is that of its text. */
export interface SectionLink {
  readonly text: string;
  readonly url: string;
  /** Does the prose ask for a representation of what it leads to? */
  readonly isBody: boolean;
  /** Does the prose speak of a collection of it (`true`), or of one (`false`)? */
  readonly isMany?: boolean;
  readonly place: Place;
}

/** The `id` of a reference such as `[text][id]`. */
export interface Reference {
  readonly id: string;
  readonly place: Place;
}

export interface Link {
  readonly url: string;
  readonly place: Place;
}

/** `POST /users/{id | userPrincipalName}/events`, as an HTTP request section documents it. */
export interface Template {
  readonly method: string;
  readonly path: string;
  readonly place: Place;
}

/** A type named by an annotation, without `#` and `Collection()`. */
export interface TypeUse {
  readonly type: string;
  /** Another name, which counts where nobody documents the first. */
  readonly aka?: string;
  readonly as: 'request' | 'response' | 'baseType';
  readonly place: Place;
  /** What the body itself says it is (`@odata.type` at its root or first item), where it says so. */
  readonly bodyType?: string;
  readonly exchangeId?: string;
}

/** A text that says something is yet to be written. */
export interface Todo {
  readonly text: string;
  readonly place: Place;
}

/** A fence that looks like a request or a response, and its first line. */
export interface Lookalike {
  readonly place: Place;
  readonly line: string;
}
