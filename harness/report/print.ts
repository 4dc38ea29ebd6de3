import { styleText } from 'node:util';
import type {
  Understood,
  UnderstoodExchange,
  UnderstoodFile,
  UnderstoodPlace,
  UnderstoodProperty,
  UnderstoodResource,
} from '../model/print.ts';
import { capped, harmless, oneLine } from './visible.ts';
import { clipEnd, clipStart, displayWidth } from './width.ts';
import { counted } from './numbers.ts';

/** How `printed` writes. */
export interface PrintStyle {
  /** One line for each thing, cut to `width`; else all that is known of it, and nothing cut. */
  readonly brief: boolean;
  readonly color: boolean;
  /** Columns. */
  readonly width: number;
}

/** What was understood, for people: a section for each part, aligned. */
export function* printed(what: Understood, style: PrintStyle): Iterable<string> {
  const { files, exchanges, resources } = what;
  const sections: (readonly [string, Iterable<string>])[] = [];
  if (files) sections.push([counted(files.length, 'page'), filesOf(files, style)]);
  if (exchanges) sections.push([counted(exchanges.length, 'exchange'), exchangesOf(exchanges, style)]);
  if (resources) sections.push([counted(resources.length, 'resource'), resourcesOf(resources, style)]);
  for (const [index, [title, lines]] of sections.entries()) {
    yield `${index === 0 ? '' : '\n'}${paint('bold', title, style)}\n`;
    for (const line of lines) yield `${harmless(line)}\n`;
  }
}

type Style = Parameters<typeof styleText>[0];

function paint(style: Style, content: string, { color }: PrintStyle): string {
  return color && content !== '' ? styleText(style, content, { validateStream: false }) : content;
}

function* filesOf(files: readonly UnderstoodFile[], style: PrintStyle): Iterable<string> {
  if (style.brief) {
    const rows = files.map(({ file, annotations, exchanges, resources, findings }) => {
      const reported = total(annotations, 'reported');
      const parts = [
        ...(exchanges > 0 ? [counted(exchanges, 'exchange')] : []),
        ...(resources > 0 ? [counted(resources, 'resource')] : []),
        ...(reported > 0 ? [`${reported} reported`] : []),
        ...(findings.error > 0 ? [counted(findings.error, 'error')] : []),
      ];
      return [file, parts.join(', ') || 'nothing annotated'] as const;
    });
    yield* columns(rows, style);
    return;
  }
  for (const { file, title, annotations, exchanges, resources, findings } of files) {
    yield `  ${paint('bold', text(file), style)}${title === undefined ? '' : `  ${text(title)}`}`;
    for (const [word, { found, compiled, ignored, reported }] of Object.entries(annotations)) {
      const fates = [
        ...(compiled > 0 ? [`${compiled} compiled`] : []),
        ...(ignored > 0 ? [`${ignored} ignored`] : []),
        ...(reported > 0 ? [`${reported} reported`] : []),
      ];
      yield `    ${String(found).padStart(4)} ${text(word).padEnd(18)} ${fates.join(', ')}`;
    }
    const parts = [counted(exchanges, 'exchange'), counted(resources, 'resource')];
    const { error, warning, note } = findings;
    if (error > 0) parts.push(paint('red', counted(error, 'error'), style));
    if (warning > 0) parts.push(paint('yellow', counted(warning, 'warning'), style));
    if (note > 0) parts.push(counted(note, 'note'));
    yield `         ${parts.join(', ')}`;
  }
}

function* exchangesOf(exchanges: readonly UnderstoodExchange[], style: PrintStyle): Iterable<string> {
  if (style.brief) {
    yield* exchangeRows(exchanges, style);
    return;
  }
  for (const { id, title, request, responses } of exchanges) {
    const places = widest([request, ...responses].map(shownPlace));
    const at = (place: UnderstoodPlace) => paint('dim', text(shownPlace(place)).padEnd(places), style);
    const below = ' '.repeat(places + 4);
    yield `  ${paint('bold', text(id), style)}  ${text(title)}`;
    yield `    ${at(request)}  ${paint('cyan', text(request.method), style)} ${text(request.url)}`;
    if (request.readAs !== undefined) yield `${below}  read as ${text(request.readAs)}`;
    if (request.template !== undefined) yield `${below}  of the form ${text(request.template)}`;
    if (request.body !== 'empty' || request.type !== undefined) yield `${below}  ${content(request)}`;
    for (const { pointer, expected } of request.matchers ?? []) yield `${below}  ${text(pointer)}: ${text(expected)}`;
    for (const response of responses) {
      yield `    ${at(response)}  ${paint('cyan', String(response.status), style)} ${content(response)}`;
      for (const { pointer, expected } of response.matchers ?? [])
        yield `${below}  ${text(pointer)}: ${text(expected)}`;
    }
  }
}

/** Method and path, statuses, id; of an id the end is kept, which names the exchange. */
function* exchangeRows(exchanges: readonly UnderstoodExchange[], { width }: PrintStyle): Iterable<string> {
  const rows = exchanges.map(({ id, request, responses }) => ({
    method: text(request.method),
    path: text(request.template ?? (request.readAs ?? request.url).replace(/^https?:\/\/[^/]+(?=\/)/i, '')),
    statuses: [...new Set(responses.map(({ status }) => status))].join(' '),
    id: text(id),
  }));
  const widths = (key: keyof (typeof rows)[number]): number => widest(rows.map((row) => row[key]));
  const verbs = Math.min(8, widths('method'));
  const codes = Math.min(11, widths('statuses'));
  // Two blanks before the line and between its columns, one behind the method.
  const room = Math.max(16, width - verbs - codes - 7);
  const ids = Math.min(widths('id'), Math.max(Math.floor(room / 2), room - widths('path')));
  const paths = Math.min(widths('path'), room - ids);
  for (const { method, path, statuses, id } of rows) {
    const left = `${padded(clipEnd(method, 8), verbs)} ${padded(clipEnd(path, paths), paths)}`;
    yield `  ${left}  ${padded(clipEnd(statuses, codes), codes)}  ${clipStart(id, ids)}`;
  }
}

function* resourcesOf(resources: readonly UnderstoodResource[], style: PrintStyle): Iterable<string> {
  if (style.brief) {
    const rows = resources.map(
      ({ name, baseType, properties }) =>
        [
          `${name}${baseType === undefined ? '' : ` : ${baseType}`}`,
          `${properties.length} ${properties.length === 1 ? 'property' : 'properties'}`,
        ] as const,
    );
    yield* columns(rows, style);
    return;
  }
  for (const resource of resources) {
    const { name, baseType, keyProperty, openType, abstract, properties } = resource;
    const traits = [
      ...(keyProperty === undefined ? [] : [`key ${keyProperty}`]),
      ...(openType ? ['open'] : []),
      ...(abstract ? ['abstract'] : []),
    ];
    const base = baseType === undefined ? '' : ` : ${text(baseType)}`;
    yield `  ${paint('bold', text(name), style)}${base}${traits.length === 0 ? '' : `  ${text(traits.join(', '))}`}`;
    yield `    ${paint('dim', text(shownPlace(resource)), style)}`;
    yield* propertiesOf(properties, 4, resource.file, style);
  }
}

function* propertiesOf(
  properties: readonly UnderstoodProperty[],
  indent: number,
  file: string,
  style: PrintStyle,
): Iterable<string> {
  const rows = properties.map((property) => ({
    property,
    name: text(property.name),
    kind: text(kindOf(property)),
    // The file is told above, unless it is another one.
    at: text(property.file === file ? `:${property.line}` : shownPlace(property)),
  }));
  const lines = widest(rows.map(({ at }) => at));
  const names = Math.min(36, widest(rows.map(({ name }) => name)));
  for (const { property, name, kind, at } of rows) {
    yield `${' '.repeat(indent)}${paint('dim', at.padEnd(lines), style)}  ${padded(name, names)}  ${kind}`;
    yield* propertiesOf(property.properties ?? [], indent + 2, file, style);
  }
}

function kindOf(property: UnderstoodProperty): string {
  const { type, isCollection, optional, nullable, navigation, values, properties } = property;
  const kind = type ?? (properties ? 'object' : 'any');
  return [
    isCollection ? `Collection(${kind})` : kind,
    ...(navigation ? ['relationship'] : []),
    ...(optional ? ['optional'] : []),
    ...(nullable ? ['nullable'] : []),
    ...(values === undefined ? [] : [values.join(' | ')]),
  ].join(', ');
}

/** Two columns within the width; of the first the end is kept, which tells files and types apart. */
function* columns(rows: readonly (readonly [string, string])[], { width }: PrintStyle): Iterable<string> {
  const safe = rows.map(([left, right]) => [text(left), text(right)] as const);
  const most = Math.min(widest(safe.map((row) => row[1])), Math.floor(width / 2));
  const left = Math.max(8, Math.min(widest(safe.map((row) => row[0])), width - most - 4));
  const rest = Math.max(8, width - left - 4);
  for (const row of safe) yield `  ${padded(clipStart(row[0], left), left)}  ${clipEnd(row[1], rest)}`;
}

function content({ body, type, isCollection }: { body: string; type?: string; isCollection?: boolean }): string {
  const kind = body === 'empty' ? 'no body' : body;
  return type === undefined ? kind : `${kind}, ${text(isCollection ? `Collection(${type})` : type)}`;
}

function total(annotations: UnderstoodFile['annotations'], fate: 'reported'): number {
  return Object.values(annotations).reduce((sum, tally) => sum + tally[fate], 0);
}

function shownPlace({ file, line }: UnderstoodPlace): string {
  return `${file}:${line}`;
}

function widest(texts: readonly string[]): number {
  return texts.reduce((most, each) => Math.max(most, displayWidth(text(each))), 0);
}

function padded(content: string, width: number): string {
  return content + ' '.repeat(Math.max(0, width - displayWidth(content)));
}

/** What comes from docs: nothing that acts, nothing endless. */
function text(from: string): string {
  return oneLine(capped(from, 1000));
}
