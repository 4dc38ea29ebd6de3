import type { Docset, Link } from '../model/docset.ts';
import { byPlace, distinct, finding, type Fact, type Finding } from '../model/finding.ts';
import type { PagedExchange } from '../model/fixture.ts';
import type { PageOutlines } from '../model/outline.ts';
import { bodies } from './bodies.ts';
import { contentLength } from './content-length.ts';
import { enumerations } from './enumerations.ts';
import { examples } from './examples.ts';
import { frontMatter } from './front-matter.ts';
import { headerNames } from './header-names.ts';
import { headers } from './headers.ts';
import type { LinesOf } from './lines.ts';
import { links, notJudged } from './links.ts';
import { matchers } from './matchers.ts';
import { messages } from './messages.ts';
import { namedProperties } from './named-properties.ts';
import { wholeOf, type Beside, type Part } from './part.ts';
import { permissions } from './permissions.ts';
import { promisedBodies } from './promised-bodies.ts';
import { responseSection } from './response-section.ts';
import { sameRequest } from './same-request.ts';
import { sources } from './sources.ts';
import { structure } from './structure.ts';
import { tabs } from './tabs.ts';
import { templates } from './templates.ts';
import { todos } from './todos.ts';
import { baseTypes, propertyTypes, types } from './types.ts';
import { unannotated } from './unannotated.ts';
import { urls } from './urls.ts';

export { requestTypes } from './request-section.ts';

/** What the docs are held to beyond what every docset is. */
export interface CheckOptions extends Beside {
  /** Headings of the pages, by page type; without it neither headings nor tabs are judged. */
  readonly outline?: PageOutlines;
  /** Keys that the front matter of every page has. */
  readonly requiredFrontMatter?: readonly string[];
  /** Is told of each exchange whose messages are judged. */
  readonly heard?: () => void;
  /** The lines of a file as they are written, without their ends; without it some findings come without their fix. */
  readonly lines?: LinesOf;
}

type Check = (part: Part, options: CheckOptions) => Iterable<Fact>;

/** What a page says of itself, given what it asks of others: one function a family of rules. */
const ofPages: readonly Check[] = [
  types,
  examples,
  templates,
  (part, { lines }) => contentLength(part, lines),
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
  links,
  todos,
  unannotated,
  (part, { requiredFrontMatter = [] }) => frontMatter(part, requiredFrontMatter),
  (part, { outline }) => (outline ? [...structure(part, outline), ...tabs(part)] : []),
];

/** What the docs say of types, all of them together: it stands as long as no page says anything else of types. */
const ofTypes: readonly Check[] = [baseTypes, propertyTypes, (part, { lines }) => sources(part, lines), enumerations];

/** Holds the docs to themselves; no network. */
export function check(docset: Docset, options: CheckOptions = {}): Finding[] {
  const whole = wholeOf(docset, options);
  const found = [...checkPages(whole, options), ...checkTypes(whole, options), ...togetherIn(whole)];
  return found.sort(byPlace);
}

/** Holds pages to themselves, and to what they ask of others. */
export function checkPages(part: Part, options: CheckOptions): Finding[] {
  return judged(ofPages, part, options);
}

/** What takes no look at any other page, nor at any type. */
export function checkAlone(exchanges: readonly PagedExchange[], lines: LinesOf | undefined): Finding[] {
  return Array.from(contentLength({ exchanges }, lines), (fact) => finding(fact));
}

/** All that can be mended, by the rules that know how, in a fraction of the time: no message is judged for it. */
export function checkMendable(
  docset: Pick<Docset, 'pages' | 'exchanges' | 'resources' | 'findings'>,
  options: CheckOptions,
): Finding[] {
  const whole = wholeOf(docset, options);
  const { lines } = options;
  const facts = [...links(whole), ...contentLength(whole, lines), ...sources(whole, lines)];
  return distinct(facts.filter(({ fix }) => fix !== undefined).map((fact) => finding(fact)));
}

/** Holds what all pages say of types to itself; `whole` are all pages. */
export function checkTypes(whole: Part, options: CheckOptions): Finding[] {
  return judged(ofTypes, whole, options);
}

/** The same for pages that were judged as one. */
export function togetherIn({ exchanges, leaving }: Part): Finding[] {
  return checkTogether(exchanges, leaving.length, leaving[0]?.link);
}

/** Holds pages to each other: `exchanges` are theirs, those at least that are asked for by several; `leaving` counts links that lead out of the docs. */
export function checkTogether(exchanges: Iterable<PagedExchange>, leaving: number, first: Link | undefined): Finding[] {
  const facts = [...sameRequest(exchanges), ...(first ? [notJudged(leaving, first)] : [])];
  return facts.map((fact) => finding(fact));
}

function judged(checks: readonly Check[], part: Part, options: CheckOptions): Finding[] {
  return checks.flatMap((each) => Array.from(each(part, options), (fact) => finding(fact)));
}
