import type { Docset } from '../model/docset.ts';
import { byPlace, finding, type Fact, type Finding } from '../model/finding.ts';
import type { PageOutlines } from '../model/outline.ts';
import { bodies } from './bodies.ts';
import { contentLength } from './content-length.ts';
import { enumerations } from './enumerations.ts';
import { examples } from './examples.ts';
import { frontMatter } from './front-matter.ts';
import { headerNames } from './header-names.ts';
import { headers } from './headers.ts';
import { links } from './links.ts';
import { matchers } from './matchers.ts';
import { messages } from './messages.ts';
import { namedProperties } from './named-properties.ts';
import { permissions } from './permissions.ts';
import { promisedBodies } from './promised-bodies.ts';
import { responseSection } from './response-section.ts';
import { sameRequest } from './same-request.ts';
import { sources } from './sources.ts';
import { structure } from './structure.ts';
import { tabs } from './tabs.ts';
import { templates } from './templates.ts';
import { todos } from './todos.ts';
import { types } from './types.ts';
import { unannotated } from './unannotated.ts';
import { urls } from './urls.ts';

export { requestTypes } from './request-section.ts';

/** What the docs are held to beyond what every docset is. */
export interface CheckOptions {
  /** Headings of the pages, by page type; without it neither headings nor tabs are judged. */
  readonly outline?: PageOutlines;
  /** Keys that the front matter of every page has. */
  readonly requiredFrontMatter?: readonly string[];
  /** Files of the docs that are no pages, as paths like those of pages; without it links to such files are not judged. */
  readonly files?: ReadonlySet<string>;
}

/** What the docs say of themselves without an answer at hand: one function a family of rules. */
const checks: readonly ((docset: Docset, options: CheckOptions) => Iterable<Fact>)[] = [
  types,
  examples,
  templates,
  sameRequest,
  contentLength,
  sources,
  enumerations,
  namedProperties,
  matchers,
  headers,
  headerNames,
  urls,
  responseSection,
  promisedBodies,
  messages,
  bodies,
  permissions,
  (docset, { files }) => links(docset, files),
  todos,
  unannotated,
  (docset, { requiredFrontMatter = [] }) => frontMatter(docset, requiredFrontMatter),
  (docset, { outline }) => (outline ? [...structure(docset, outline), ...tabs(docset)] : []),
];

/** Holds the docs to themselves; no network. */
export function check(docset: Docset, options: CheckOptions = {}): Finding[] {
  return checks
    .flatMap((each) => [...each(docset, options)])
    .map((fact) => finding(fact))
    .sort(byPlace);
}
