/** What a rule is: how grave a breach is by default, and what it promises in one sentence. */
export interface Rule {
  readonly severity: 'error' | 'warning' | 'note';
  readonly summary: string;
  /** Can `--fix` mend a breach, all of them or some? */
  readonly fixable?: true;
}

/** Every rule of docwright, by id (`area/name`). Finders name one; this table alone says what that means. */
export const rules = {
  'page/unreadable': { severity: 'error', summary: 'Every page can be read.' },
  'page/encoding': { severity: 'error', summary: 'Pages are UTF-8.' },
  'page/collision': { severity: 'warning', summary: 'No two pages give the same fixture.' },
  'page/front-matter': { severity: 'error', summary: 'Front matter is YAML, stands first and is closed.' },
  'page/front-matter-missing': { severity: 'error', summary: 'Front matter has the keys the config asks for.' },
  'page/front-matter-empty': {
    severity: 'warning',
    summary: 'Keys of the front matter the config asks for say something.',
  },
  'page/conflict': { severity: 'error', summary: 'No page holds the marks of a merge.' },
  'page/markup': { severity: 'warning', summary: 'What is written as a heading, link, table or comment is one.' },
  'page/annotation': {
    severity: 'warning',
    summary: 'A page has one page annotation, a JSON object with values of their type.',
  },
  'page/tags': { severity: 'warning', summary: 'Every `[TAGS=…]` has its `[END]`.' },
  'page/left-out': { severity: 'note', summary: 'Blocks are read whatever tags they have.' },
  'page/todo': { severity: 'note', summary: 'No text says TODO.' },
  'page/permissions': { severity: 'warning', summary: 'A page of an API says which permissions it needs.' },
  'include/missing': { severity: 'warning', summary: 'Every included file is there.' },
  'include/cycle': { severity: 'warning', summary: 'No file includes itself.' },
  'link/dead': { severity: 'warning', summary: 'Links inside the docs lead to a file that is there.', fixable: true },
  'link/anchor': { severity: 'warning', summary: 'Links to a heading lead to one that is there.', fixable: true },
  'link/case': { severity: 'warning', summary: 'A link writes the name of a file in its own case.', fixable: true },
  'link/undefined': { severity: 'warning', summary: 'Every reference of a link is defined.' },
  'link/not-judged': { severity: 'note', summary: 'Links that leave the docs are counted, not judged.' },
  'structure/heading-missing': { severity: 'error', summary: 'A page has the headings its outline requires.' },
  'structure/heading-case': { severity: 'error', summary: 'A heading is written in the case of its outline.' },
  'structure/heading-misspelt': { severity: 'error', summary: 'A heading is spelled as in its outline.' },
  'structure/heading-unexpected': { severity: 'warning', summary: 'A page has no headings but those of its outline.' },
  'structure/heading-order': { severity: 'warning', summary: 'Headings stand in the order of their outline.' },
  'structure/tabs': {
    severity: 'error',
    summary: 'Tabs of examples begin with HTTP, are the same everywhere and are closed.',
  },
  'fence/unclosed': { severity: 'warning', summary: 'Every code fence is closed.' },

  'fence/language': { severity: 'warning', summary: 'A fence of a request or response says `http`.' },
  'fence/unannotated': { severity: 'note', summary: 'An annotation speaks of every fence that shows HTTP.' },

  'disable/unused': { severity: 'note', summary: 'What a comment disables is found where it is disabled.' },
  'disable/unknown-rule': { severity: 'warning', summary: 'A comment disables rules that there are.' },
  'disable/malformed': { severity: 'warning', summary: 'A comment that disables rules is written as one.' },

  'annotation/unreadable': { severity: 'error', summary: 'An annotation is a JSON object.' },
  'annotation/leniency': { severity: 'note', summary: 'Annotations are strict JSON.', fixable: true },
  'annotation/property': { severity: 'error', summary: 'Annotation properties have values of their type.' },
  'annotation/matcher': { severity: 'error', summary: 'Matchers of an annotation can be read.' },
  'annotation/unknown-property': { severity: 'warning', summary: 'Annotation properties are spelled right.' },
  'annotation/block-type': { severity: 'error', summary: 'A blockType is a known one.', fixable: true },
  'annotation/unbound': { severity: 'error', summary: 'A code block follows every annotation.' },
  'annotation/in-code': { severity: 'note', summary: 'Annotations stand outside code blocks.' },
  'annotation/in-open-fence': { severity: 'warning', summary: 'No annotation is swallowed by an unclosed fence.' },
  'annotation/no-such-property': { severity: 'warning', summary: 'Properties that an annotation names are there.' },
  'annotation/body': { severity: 'warning', summary: 'An annotation says of a body what the body shows.' },
  'annotation/sample-key': { severity: 'warning', summary: 'Sample keys are used in their request.' },

  'pairing/no-response': { severity: 'warning', summary: 'Every request block has a response.' },
  'pairing/no-request': { severity: 'warning', summary: 'Every response block has a request.' },
  'pairing/unread': { severity: 'note', summary: 'The partner of a request or response can be read.' },
  'pairing/borrowed-request': { severity: 'note', summary: 'A response answers an annotated request.' },
  'pairing/duplicate-name': { severity: 'warning', summary: 'A name is used once.' },
  'pairing/same-request': { severity: 'warning', summary: 'One request promises one answer.' },

  'http/unreadable': { severity: 'error', summary: 'HTTP blocks can be read.' },
  'http/recovered': { severity: 'note', summary: 'HTTP blocks are written as HTTP is sent.', fixable: true },
  'http/reason': { severity: 'warning', summary: 'A reason phrase is that of its status.' },
  'http/header-name': { severity: 'warning', summary: 'Headers of HTTP are spelled right.' },
  'http/content-length': {
    severity: 'warning',
    summary: 'A documented Content-Length is that of the body.',
    fixable: true,
  },
  'http/framing': { severity: 'warning', summary: 'A message says in one way how long it is.' },
  'http/forbidden-body': { severity: 'warning', summary: 'There is no body where HTTP has none.' },
  'http/content-type': { severity: 'warning', summary: 'A Content-Type is a media type.' },
  'http/body-type': { severity: 'warning', summary: 'A body is of its media type.' },
  'http/no-media-type': { severity: 'note', summary: 'A body has a media type.' },
  'http/duplicate-header': { severity: 'warning', summary: 'Headers with one value stand once.' },
  'json/unreadable': { severity: 'error', summary: 'JSON bodies parse.' },
  'json/duplicate': { severity: 'warning', summary: 'A JSON object has each property once.' },
  'json/leniency': { severity: 'note', summary: 'JSON bodies are strict JSON.', fixable: true },

  'resource/unreadable': { severity: 'error', summary: 'A resource block is a JSON object with a type.' },
  'resource/row': { severity: 'warning', summary: 'Every row of a property table names a property.' },
  'resource/duplicate': { severity: 'warning', summary: 'A type is documented once.' },
  'resource/base-cycle': { severity: 'warning', summary: 'No type is derived from itself.' },
  'resource/table-only': { severity: 'warning', summary: 'The JSON block of a resource shows what its table lists.' },
  'resource/block-only': {
    severity: 'warning',
    summary: 'The table of a resource lists what its JSON block shows.',
    fixable: true,
  },
  'resource/type': { severity: 'warning', summary: 'Block and table of a resource say the same types.' },
  'resource/enum': { severity: 'warning', summary: 'All lists of the members of an enumeration are the same.' },
  'type/unresolved': { severity: 'warning', summary: 'Every type is documented.' },
  'type/spelling': { severity: 'note', summary: 'A type is spelled the same everywhere.' },
  'request/url': { severity: 'warning', summary: 'The URL of a request is whole, and on a host that the docs call.' },
  'request/template': { severity: 'warning', summary: 'Example requests are of a documented form.' },
  'request/body': {
    severity: 'warning',
    summary: 'An example has a body where its Request body section asks for one.',
  },
  'response/body': {
    severity: 'warning',
    summary: 'An example has a body where its annotation or Response section says so.',
  },
  'response/status': { severity: 'warning', summary: 'An example has a status that its Response section names.' },
  'response/type': { severity: 'warning', summary: 'An example is of the type that its Response section names.' },
  'header/unlisted': { severity: 'warning', summary: 'Headers of an example stand in the table of headers.' },
  'header/not-shown': { severity: 'warning', summary: 'An example shows the headers that the table requires.' },

  'status/undocumented': { severity: 'error', summary: 'An answer has a documented status.' },
  'header/missing': { severity: 'error', summary: 'An answer has the documented headers.' },
  'header/value': {
    severity: 'error',
    summary: 'A header has a value that its matcher takes, and the form of the documented one.',
  },
  'header/media-type': { severity: 'error', summary: 'An answer has the documented media type.' },
  'body/missing': { severity: 'error', summary: 'An answer has a body where one is documented.' },
  'body/undocumented': { severity: 'warning', summary: 'An answer has no body where none is documented.' },
  'body/unreadable': { severity: 'error', summary: 'The body of an answer parses as its media type.' },
  'body/error-shape': {
    severity: 'error',
    summary: 'An error is told as `{"error": {"code", "message"}}`, and only where one is promised.',
  },
  'collection/shape': { severity: 'error', summary: 'A collection holds its items in the documented array.' },
  'collection/not-empty': { severity: 'warning', summary: 'A collection said to be empty has no items.' },
  'property/missing': { severity: 'error', summary: 'An answer has the documented properties.' },
  'property/undocumented': { severity: 'warning', summary: 'An answer has no property but documented ones.' },
  'property/nesting': { severity: 'error', summary: 'Properties stand in the documented object.' },
  'property/type': { severity: 'error', summary: 'A property has the documented JSON type.' },
  'property/null': { severity: 'note', summary: 'An example shows null only where the docs say it may be null.' },
  'property/format': { severity: 'error', summary: 'A string has the format of its documented type.' },
  'property/value': {
    severity: 'error',
    summary: 'A value is one that its matcher takes, and with `match: exact` the documented one.',
  },
  'property/enum': { severity: 'error', summary: 'A value is one of the documented ones.' },
  'property/foreign-type': {
    severity: 'error',
    summary: 'An object is of the documented type or one derived from it.',
  },

  'suppression/stale': { severity: 'warning', summary: 'What is suppressed is still found.' },
  'config/matcher': { severity: 'warning', summary: 'Matchers of the config speak of what the docs promise.' },

  'scenario/unreadable': { severity: 'error', summary: 'Scenarios can be read.' },
  'scenario/reference': { severity: 'error', summary: 'A scenario names exchanges and steps that are there.' },
  'scenario/cycle': { severity: 'error', summary: 'No steps use themselves.' },
  'scenario/expression': { severity: 'error', summary: 'Values of a scenario are data, not programs.' },
  'scenario/expectation': { severity: 'error', summary: 'An answer has what the scenario expects.' },
  'scenario/capture': { severity: 'error', summary: 'A capture finds something.' },
  'scenario/clean-up': { severity: 'error', summary: 'What a scenario clears up is gone.' },

  'replay/unanswered': { severity: 'error', summary: 'Every request sent is answered.' },
  'replay/operation': { severity: 'error', summary: 'What a `202` says has begun comes to a good end.' },
  'replay/flaky': { severity: 'note', summary: 'The first answer keeps the promise.' },
  'replay/blocked': { severity: 'warning', summary: 'Every exchange can be sent.' },
  'replay/not-recorded': { severity: 'warning', summary: 'A recording holds the answer to every exchange.' },
  'replay/left-behind': { severity: 'note', summary: 'Nothing that a run created is left.' },
  'replay/stale': { severity: 'warning', summary: 'Fixtures are those of the docs.' },
  'fixture/stale': { severity: 'error', summary: 'Committed fixtures say what the docs say.' },
  'fixture/moved': { severity: 'note', summary: 'Committed fixtures name the lines of the docs.' },
  'fixture/unreadable': { severity: 'error', summary: 'Fixtures can be read.' },
} as const satisfies Record<string, Rule>;

/** The id of a rule. */
export type RuleId = keyof typeof rules;

/** Where the page of a rule lies in the package: `docs/rules/<area>/<name>.md`. A path, since the project has no address on the web. */
export function ruleUrl(id: RuleId): string {
  return `docs/rules/${id}.md`;
}
