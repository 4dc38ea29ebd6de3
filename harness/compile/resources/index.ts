import { BLOCK_TYPES } from '../../model/annotation.ts';
import { pointInBlock } from '../../model/fixture.ts';
import { readJson, type JsonText, type Span } from '../../model/json.ts';
import { points, type Place, type Point } from '../../model/place.ts';
import type { Resource } from '../../model/resource.ts';
import { leniencyFact } from '../http/bodies.ts';
import type { Comment } from '../markdown/comments.ts';
import type { CodeBlock } from '../markdown/outline.ts';
import { fixOf } from '../mending.ts';
import { mergeTables, type BlockResource } from './property-tables.ts';
import { propertiesOf } from './resource-block.ts';
import { saidOf } from './said.ts';
import { placeOf, type PageText } from '../markdown/source.ts';
import type { KnownTable } from './tables.ts';

/**
 * The resources a page documents: each JSON block of its own, the tables of properties, relationships and enumerations merged in.
 * Type names stand as written; `resolveResources` finds what they mean when all pages are read.
 */
export function readResources(
  page: PageText,
  codes: readonly CodeBlock[],
  tables: readonly KnownTable[],
  namespace: string | undefined,
): Resource[] {
  const blocks = codes
    .filter((code) => code.comment?.annotation?.blockType === 'resource')
    .map((code) => readBlock(page, code, tables, namespace))
    .filter((resource) => resource !== undefined);
  if (blocks.length === 0) return [];
  const merged = mergeTables(blocks, tables, page.report);
  if (merged.length !== 1) return merged;
  const { saidBase, saidDerived, openType } = saidOf(page.text);
  const [resource] = merged as [Resource];
  return [
    {
      ...resource,
      // The annotation goes before the text.
      ...(saidBase === undefined || resource.baseType !== undefined ? {} : { saidBase }),
      ...(saidDerived === undefined ? {} : { saidDerived }),
      ...(openType === undefined || resource.openType !== undefined ? {} : { openType }),
    },
  ];
}

function readBlock(
  page: PageText,
  code: CodeBlock,
  tables: readonly KnownTable[],
  namespace: string | undefined,
): BlockResource | undefined {
  const { comment, block, text } = code;
  const annotation = comment!.annotation!;
  const unreadable = (reason: string, place: Place, note: string): BlockResource | undefined => {
    comment!.fate = 'reported';
    page.report({ ruleId: 'resource/unreadable', reason, place, subject: annotation.type ?? 'resource', note });
    return annotation.type === undefined
      ? undefined
      : { line: block.line, resource: unreadResource(page, annotation.type, named) };
  };
  const named = placeOf(page, annotation.places['@type'] ?? annotation.places['@odata.type'] ?? comment!.position);
  const above = placeOf(page, comment!.position);
  if (annotation.type === undefined) {
    const reason = 'Missing property `@odata.type`, expected the name of the resource';
    return unreadable(reason, above, 'Name the type in the annotation.');
  }
  if (text.trim() === '') {
    const reason = 'Unexpected empty block, expected a JSON object';
    return unreadable(reason, above, 'Write the resource as a JSON object.');
  }
  const place = placesIn(block.file ?? page.file, code);
  const json = readJson(text);
  if (json.error) {
    const span = { start: json.error.offset, end: json.error.offset + 1 };
    return unreadable(json.error.message, place(span), 'Mend the JSON of the resource.');
  }
  const { value } = json;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const reason = 'Unexpected value, expected a JSON object';
    return unreadable(reason, place({ start: 0, end: 1 }), 'Write the resource as a JSON object.');
  }
  comment!.fate = 'compiled';
  const said = Object.hasOwn(value, '@odata.type') ? (value as Record<string, unknown>)['@odata.type'] : undefined;
  if (typeof said === 'string' && isOtherType(said, annotation.type) && !describesType(tables))
    page.report({
      ruleId: 'resource/type',
      reason: `Unexpected \`@odata.type\` \`${said}\`, expected \`#${annotation.type}\` as the annotation names it`,
      place: place(json.locate('/@odata.type')!.key!),
      subject: `${annotation.type} @odata.type`,
      expected: `#${annotation.type}`,
      actual: said,
      note: 'Make the annotation and the block name the same type.',
    });
  reportLeniencies(page, annotation.type, json, text, place);
  const dot = annotation.type.lastIndexOf('.');
  const within = namespace ?? (dot > 0 ? annotation.type.slice(0, dot) : undefined);
  const { baseType, keyProperty, openType, abstract, nullableProperties } = annotation;
  return {
    line: block.line,
    resource: {
      name: annotation.type,
      page: page.file,
      ...(within === undefined ? {} : { namespace: within }),
      place: named,
      ...(baseType === undefined ? {} : { baseType: baseType.replace(/^#/, '') }),
      ...(keyProperty === undefined ? {} : { keyProperty }),
      ...(openType === undefined ? {} : { openType }),
      ...(abstract === undefined ? {} : { abstract }),
      ...(nullableProperties === undefined ? {} : { declaresNullable: true }),
      properties: propertiesOf(value as Record<string, unknown>, json, {
        place,
        optional: new Set(annotation.optionalProperties),
        nullable: new Set(nullableProperties),
        ...(within === undefined ? {} : { namespace: within }),
      }),
    },
  };
}

/** Is it a type name, and another one? A word such as `String` says that some name stands there. */
function isOtherType(said: string, type: string): boolean {
  const name = said.replace(/^#/, '').toLowerCase();
  return /^\w+(?:\.\w+)+$/.test(name) && name !== type.toLowerCase();
}

/** Does a table describe `@odata.type` as a property like others? Then the block shows an example of it. */
function describesType(tables: readonly KnownTable[]): boolean {
  return tables.some(({ rows }) => rows.some((row) => /^@?odata\.type$/.test(row('name')?.text ?? '')));
}

/** What is known of a resource that cannot be read: so much that a use of its name is no second fault. */
function unreadResource({ file }: PageText, name: string, place: Place): Resource {
  return { name, page: file, place, unread: true, properties: [] };
}

/** The resources of annotations that cannot be read, or have lost their block, by the names that their text shows. */
export function unreadResources(page: PageText, comments: readonly Comment[]): Resource[] {
  return comments.flatMap((comment): Resource[] => {
    const { word, fate, isCode, isSwallowed, start, end, position } = comment;
    if (fate !== 'reported' || (isCode && !isSwallowed) || word === undefined) return [];
    if (word !== 'resource' && BLOCK_TYPES.some((type) => type.toLowerCase() === word)) return [];
    const name = /@(?:odata\.)?type["']?\s*:\s*["']#?([\w.]+)["']/i.exec(page.text.slice(start, end))?.[1];
    return name === undefined ? [] : [unreadResource(page, name, placeOf(page, position))];
  });
}

function reportLeniencies(
  page: PageText,
  type: string,
  json: JsonText,
  text: string,
  place: (span: Span) => Place,
): void {
  for (const leniency of json.leniencies)
    page.report({
      ...leniencyFact(leniency),
      ...fixOf(leniency.mending, text, place),
      place: place(leniency),
      subject: `${leniency.what} ${type}`,
    });
}

/** Tells where stretches of a block's text stand; its lines are counted once, not once a stretch. */
function placesIn(file: string, { text, block }: CodeBlock): (span: Span) => Place {
  const find = points(text);
  const point = (offset: number): Point => {
    const { line, column } = find(offset);
    return pointInBlock(block, line - 1, column - 1);
  };
  return ({ start, end }) => ({ file, position: { start: point(start), end: point(end) } });
}
