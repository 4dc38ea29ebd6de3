import { closest, distance } from 'fastest-levenshtein';
import { BLOCK_TYPES, type Annotation, type BlockType } from '../model/annotation.ts';
import { writtenAs, type JsonMending } from '../model/json-mending.ts';
import { leniencyReason, pointerToken, type JsonText, type Span } from '../model/json.ts';
import { readMatcher, readMatcherPointer, type Matcher, type Matchers } from '../model/matcher.ts';
import { quickJson } from '../model/quick-json.ts';
import type { RuleId } from '../model/rules.ts';

/** What stands in an annotation comment, places as offsets into the text between `<!--` and `-->`. */
export interface AnnotationText {
  /** Nothing where the text cannot be read as an annotation; `facts` say why. */
  readonly annotation?: Omit<Annotation, 'position' | 'places'>;
  /** Where the value of each property stands, by its canonical name. */
  readonly spans: Readonly<Record<string, Span>>;
  readonly facts: readonly AnnotationFact[];
}

export interface AnnotationFact {
  readonly ruleId: RuleId;
  readonly reason: string;
  readonly span: Span;
  readonly subject: string;
  readonly note?: string;
  /** How to mend it, as offsets like those of `span`. */
  readonly mending?: JsonMending;
}

/** Reads the text of an annotation comment. Property names and blockType in any case; later duplicates win. */
export function readAnnotation(text: string): AnnotationText {
  const json = quickJson(text, { elisions: false });
  const start = text.length - text.trimStart().length;
  const whole = { start, end: Math.max(start + 1, text.trimEnd().length) };
  if (json.error) return unreadable(json.error.message, { start: json.error.offset, end: json.error.offset + 1 });
  if (typeof json.value !== 'object' || json.value === null || Array.isArray(json.value))
    return unreadable('Unexpected value, expected a JSON object in curly braces', whole);

  const facts: AnnotationFact[] = json.leniencies.map((leniency) => ({
    ruleId: 'annotation/leniency',
    reason: leniencyReason(leniency),
    span: leniency,
    subject: leniency.what,
    note: 'Write strict JSON, so that every tool reads the annotation alike.',
    ...(leniency.mending === undefined ? {} : { mending: leniency.mending }),
  }));
  const spans: Record<string, Span> = {};
  const values = new Map<string, unknown>();
  for (const [name, value] of Object.entries(json.value)) {
    const canonical = NAMES.get(name.toLowerCase());
    const at = json.locate(`/${pointerToken(name)}`);
    const span = at?.value ?? whole;
    if (canonical === undefined) {
      facts.push(...unknownProperty(name, at?.key ?? span));
      continue;
    }
    const fault = faultOf(canonical, value);
    if (fault !== undefined) {
      facts.push({
        ruleId: 'annotation/property',
        reason: `Unexpected ${describe(value)} for \`${name}\`, expected ${fault}`,
        span,
        subject: name,
      });
      continue;
    }
    const isMatchers = canonical === 'matchers';
    values.set(canonical, isMatchers ? readMatchers(value, `/${pointerToken(name)}`, json, spans, facts) : value);
    spans[canonical] = span;
  }
  const blockType = readBlockType(values.get('blockType'), spans.blockType ?? whole, text, facts);
  if (blockType === undefined) return { spans, facts };
  if (values.has('matchers') && !MATCHED.has(blockType)) {
    values.delete('matchers');
    facts.push({
      ruleId: 'annotation/matcher',
      reason: `Unexpected \`matchers\` on a block \`${blockType}\`, expected on a request or a response`,
      span: spans.matchers!,
      subject: 'matchers',
      note: 'Write them in the annotation of the response.',
    });
  }
  return { annotation: { blockType, ...typed(values) }, spans, facts };
}

function unreadable(message: string, span: Span): AnnotationText {
  return {
    spans: {},
    facts: [
      {
        ruleId: 'annotation/unreadable',
        reason: message,
        span,
        subject: 'annotation',
        note: 'Mend the JSON between `<!--` and `-->`.',
      },
    ],
  };
}

/** Blocks whose answers can be matched. */
const MATCHED: ReadonlySet<BlockType> = new Set(['request', 'response', 'unknown']);

/** A page with more matchers than this in one annotation does not mean them. */
const MOST_MATCHERS = 500;

/** Reads matchers by pointer; one that cannot be read is told of where it stands, and left out. */
function readMatchers(
  value: unknown,
  at: string,
  json: JsonText,
  spans: Record<string, Span>,
  facts: AnnotationFact[],
): Matchers | undefined {
  const matchers: Record<string, Matcher> = {};
  const entries = Object.entries(value as object);
  for (const [index, [pointer, written]] of entries.entries()) {
    const where = `${at}/${pointerToken(pointer)}`;
    const found = json.locate(where)!;
    const tell = (reason: string, span: Span | undefined): void =>
      void facts.push({
        ruleId: 'annotation/matcher',
        reason,
        span: span ?? found.value,
        subject: `matchers ${pointer.slice(0, 200)}`,
        note: 'Mend the matcher; until then the value is judged as if it had none.',
      });
    if (index >= MOST_MATCHERS) {
      tell(`Unexpected ${entries.length} matchers, expected ${MOST_MATCHERS} at most`, found.key);
      break;
    }
    const tokens = readMatcherPointer(pointer);
    if (typeof tokens === 'string') {
      tell(tokens, found.key);
      continue;
    }
    const read = readMatcher(written);
    if ('fault' in read) {
      const word = read.fault.at === undefined ? undefined : json.locate(`${where}/${pointerToken(read.fault.at)}`);
      tell(read.fault.reason, word?.key);
      continue;
    }
    matchers[pointer] = read.matcher;
    spans[`matchers${pointer}`] = found.key!;
  }
  return Object.keys(matchers).length === 0 ? undefined : matchers;
}

type Kind = 'object' | 'string' | 'boolean' | 'strings' | 'words' | 'names' | 'any';

/** The properties of the convention and the kind of value each takes. */
const PROPERTIES: Readonly<Record<string, Kind>> = {
  blockType: 'any',
  name: 'names',
  '@odata.type': 'string',
  '@type': 'string',
  '@type.aka': 'string',
  isCollection: 'boolean',
  collectionProperty: 'string',
  isEmpty: 'boolean',
  truncated: 'boolean',
  expectError: 'boolean',
  optionalProperties: 'strings',
  nullableProperties: 'strings',
  keyProperty: 'string',
  baseType: 'string',
  openType: 'boolean',
  abstract: 'boolean',
  isMediaEntity: 'boolean',
  isComposable: 'boolean',
  idempotent: 'boolean',
  opaqueUrl: 'boolean',
  target: 'string',
  '@odata.annotations': 'any',
  sampleKeys: 'strings',
  scopes: 'words',
  apiVersions: 'words',
  tags: 'words',
  longRunningResponseType: 'string',
  requestUrls: 'strings',
  mergePermissions: 'boolean',
  matchers: 'object',
};
const NAMES: ReadonlyMap<string, string> = new Map(Object.keys(PROPERTIES).map((name) => [name.toLowerCase(), name]));

function faultOf(name: string, value: unknown): string | undefined {
  switch (PROPERTIES[name]) {
    case 'boolean':
      return asBoolean(value) === undefined ? '`true` or `false`' : undefined;
    case 'string':
      return value === null || typeof value !== 'object' ? undefined : 'a string';
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : 'an object';
    case 'words':
      return value === null || typeof value !== 'object' || isScalars(value) ? undefined : 'words parted by blanks';
    case 'strings':
      return value === null || isScalars(value) ? undefined : 'a list of strings';
    case 'names':
      return value === null || typeof value !== 'object' || isScalars(value)
        ? undefined
        : 'a string or a list of strings';
    default:
      return undefined;
  }
}

function isScalars(value: unknown): value is (string | number | boolean)[] {
  return Array.isArray(value) && value.every((item) => item !== null && typeof item !== 'object');
}

function asBoolean(value: unknown): boolean | undefined {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (word === true || word === 1 || word === 'true') return true;
  if (word === false || word === 0 || word === 'false') return false;
  return undefined;
}

function readBlockType(value: unknown, span: Span, text: string, facts: AnnotationFact[]): BlockType | undefined {
  if (value === undefined) return 'unknown';
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  const known = BLOCK_TYPES.find((type) => type.toLowerCase() === word);
  if (known !== undefined) return known;
  const near =
    word === ''
      ? undefined
      : closest(
          word,
          BLOCK_TYPES.map((type) => type.toLowerCase()),
        );
  const guess =
    near !== undefined && distance(word, near) <= 3
      ? BLOCK_TYPES.find((type) => type.toLowerCase() === near)
      : undefined;
  facts.push({
    ruleId: 'annotation/block-type',
    reason: `Unexpected blockType ${describe(value)}, expected one of ${BLOCK_TYPES.slice(0, -1)
      .map((type) => `\`${type}\``)
      .join(', ')}`,
    span,
    subject: 'blockType',
    note: guess === undefined ? 'Name the kind of block that follows.' : `Did you mean \`${guess}\`?`,
    ...meantBlockType(word, span, text),
  });
  return undefined;
}

/** Writes the one word that is near enough to leave no doubt; the quotes stay as they are. */
function meantBlockType(word: string, { start, end }: Span, text: string): Pick<AnnotationFact, 'mending'> {
  const near = BLOCK_TYPES.filter((type) => type !== 'unknown' && distance(word, type.toLowerCase()) <= 2);
  if (word.length < 5 || near.length !== 1 || text.slice(start + 1, end - 1).toLowerCase() !== word) return {};
  return { mending: writtenAs(near[0]!, start + 1, end - 1) };
}

function unknownProperty(name: string, span: Span): AnnotationFact[] {
  const near = closest(name.toLowerCase(), [...NAMES.keys()]);
  // Only a near miss is worth a word: pages carry properties of their own for other tools.
  if (name.length < 4 || distance(name.toLowerCase(), near) > (name.length < 7 ? 1 : 2)) return [];
  return [
    {
      ruleId: 'annotation/unknown-property',
      reason: `Unexpected property \`${name}\`, expected \`${NAMES.get(near)}\``,
      span,
      subject: name,
      note: `Did you mean \`${NAMES.get(near)}\`? Unknown properties are ignored.`,
    },
  ];
}

function typed(values: ReadonlyMap<string, unknown>): Omit<Annotation, 'position' | 'places' | 'blockType'> {
  const written = text(values.get('@type')) ?? text(values.get('@odata.type'));
  const { type, isCollection } = written === undefined || isNoType(written) ? {} : plainType(written);
  const properties: Record<string, unknown> = { names: list(values.get('name')) ?? [] };
  const set = (name: string, value: unknown): void => {
    if (value !== undefined) properties[name] = value;
  };
  set('type', type);
  set('typeAka', text(values.get('@type.aka')));
  set('isCollection', asBoolean(values.get('isCollection')) ?? (isCollection ? true : undefined));
  set('target', text(values.get('target'))?.trim().toLowerCase());
  set('odataAnnotations', values.get('@odata.annotations'));
  for (const [name, value] of values) if (!OWN_WAY.has(name)) set(name, CONVERT[PROPERTIES[name]!](value));
  // The one cast at the place where JSON enters: each property was converted by its kind just above.
  return properties as unknown as Omit<Annotation, 'position' | 'places' | 'blockType'>;
}

/** Properties that are not converted by their kind alone. */
const OWN_WAY: ReadonlySet<string> = new Set([
  'blockType',
  'name',
  'isCollection',
  'target',
  ...Object.keys(PROPERTIES).filter((name) => name.startsWith('@')),
]);

/** `microsoft.graph.None`: generated docs say so that a message has no type. */
function isNoType(written: string): boolean {
  return /^#?(?:[\w.]+\.)?none$/i.test(written.trim());
}

const CONVERT: Readonly<Record<Kind, (value: unknown) => unknown>> = {
  string: text,
  boolean: asBoolean,
  strings: list,
  names: list,
  words,
  object: (value) => value,
  any: (value) => value,
};

/** `#` and `Collection()` taken off a type name. */
export function plainType(written: string): { readonly type: string; readonly isCollection: boolean } {
  const bare = written.trim().replace(/^#/, '');
  const inner = /^collection\s*\((.*)\)$/is.exec(bare)?.[1];
  return { type: (inner ?? bare).trim().replace(/^#/, ''), isCollection: inner !== undefined };
}

function text(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : String(value);
}

function list(value: unknown): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  return (Array.isArray(value) ? value : [value]).map(String);
}

function words(value: unknown): string[] | undefined {
  return list(value)?.flatMap((item) => item.split(/[\s,]+/).filter(Boolean));
}

function describe(value: unknown): string {
  return `\`${JSON.stringify(value)?.slice(0, 60) ?? 'nothing'}\``;
}
