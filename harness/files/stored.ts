import path from 'node:path';
import { finding, type Finding } from '../model/finding.ts';
import type {
  Exchange,
  Fixture,
  PagedExchange,
  PromisedBody,
  PromisedHeader,
  PromisedRequest,
  PromisedResponse,
} from '../model/fixture.ts';
import { hashOf } from '../model/hash.ts';
import { readJson } from '../model/json.ts';
import { pointAt } from '../model/place.ts';
import type { Resource } from '../model/resource.ts';
import { validator, type SchemaFault } from '../model/schemas.ts';
import { storedResource } from '../model/stored-resource.ts';
import { fileName } from './names.ts';
import { asFixture, jsonFilesBelow, parsed, soundsLikeFixture, textOf } from './ours.ts';

/** What a folder of fixtures holds. */
export interface StoredFixtures {
  /** In the order of the paths of their files, then as in the file. */
  readonly exchanges: readonly PagedExchange[];
  /** The types that the schemas beside them were written for. */
  readonly resources: readonly Resource[];
  /** Fixtures that cannot be used. */
  readonly findings: readonly Finding[];
  /** What changes with any of the files. */
  readonly stamp: string;
}

/**
 * Reads every fixture below a folder; other files, report.json among them, are passed over. A folder that is not there holds none.
 * `begin` hears how many files there are.
 */
export async function readFixtures(
  folder: string,
  cwd: string,
  begin?: (files: number) => void,
): Promise<StoredFixtures> {
  const paths = jsonFilesBelow(folder);
  begin?.(paths.length);
  const judge = paths.length === 0 ? () => [] : validator('fixture');
  const exchanges = new Map<string, PagedExchange>();
  const findings: Finding[] = [];
  const resources: Resource[] = [];
  const stamps: string[] = [];
  const share = sharing();
  // One after the other, and no text is kept: those of large docs would fill the memory.
  for (const relative of paths) {
    const absolute = path.join(folder, relative);
    const {
      file,
      text,
      fixture,
      resource,
      finding: broken,
    } = readOne(textOf(absolute), fileName(absolute, cwd), judge);
    stamps.push(`${relative}\n${hashOf(text)}`);
    if (resource) resources.push(resource);
    if (broken) findings.push(broken);
    for (const [at, exchange] of (fixture?.exchanges ?? []).entries()) {
      const first = exchanges.get(exchange.id);
      if (first === undefined) exchanges.set(exchange.id, share(exchange, fixture!.page));
      else findings.push(twice(file, text, at, exchange.id));
    }
  }
  return { exchanges: [...exchanges.values()], resources, findings, stamp: hashOf(stamps.join('\n')) };
}

/** Keeps once what many exchanges have in common: titles, headers, that there is no body. */
function sharing(): (exchange: Exchange, file: string) => PagedExchange {
  const titles = new Map<string, string>();
  const lists = new Map<string, readonly PromisedHeader[]>();
  const empty: PromisedBody = { kind: 'empty' };
  const known = <Value>(values: Map<string, Value>, key: string, value: Value): Value => {
    const first = values.get(key);
    if (first === undefined) values.set(key, value);
    return first ?? value;
  };
  const lean = <Message extends PromisedRequest | PromisedResponse>(message: Message): Message => {
    const { headers, body } = message;
    return {
      ...message,
      headers: known(lists, JSON.stringify(headers), headers),
      body: body.kind === 'empty' ? empty : body,
    };
  };
  return (exchange, file) => ({
    ...exchange,
    title: known(titles, exchange.title, exchange.title),
    request: lean(exchange.request),
    responses: exchange.responses.map(lean),
    file,
  });
}

interface One {
  readonly file: string;
  readonly text: string;
  readonly fixture?: Fixture;
  readonly resource?: Resource;
  readonly finding?: Finding;
}

function readOne(content: string | undefined, file: string, judge: (value: unknown) => readonly SchemaFault[]): One {
  const text = content ?? '';
  if (content === undefined)
    return { file, text, finding: unreadable(file, text, 0, 'Unreadable file, expected a fixture') };
  const value = parsed(text);
  if (value === undefined) {
    if (!soundsLikeFixture(text)) return { file, text };
    const { error, leniencies } = readJson(text, { elisions: false });
    const offset = error?.offset ?? leniencies[0]?.start ?? 0;
    return {
      file,
      text,
      finding: unreadable(file, text, offset, `Unreadable fixture: ${error?.message ?? 'not JSON'}`),
    };
  }
  const fixture = asFixture(value);
  if (!fixture) {
    const resource = storedResource(value);
    return { file, text, ...(resource === undefined ? {} : { resource }) };
  }
  const fault = judge(value).toSorted((a, b) => b.pointer.length - a.pointer.length)[0];
  if (!fault) return { file, text, fixture };
  const reason = `Unreadable fixture: \`${fault.pointer || '/'}\` ${fault.unknown ? 'is not a known key' : fault.reason}`;
  return { file, text, finding: unreadable(file, text, offsetOf(text, fault.pointer), reason) };
}

function twice(file: string, text: string, at: number, id: string): Finding {
  const reason = `Unexpected second exchange with the id \`${id}\`, expected every id once`;
  return unreadable(file, text, offsetOf(text, `/exchanges/${at}/id`), reason);
}

function unreadable(file: string, text: string, offset: number, reason: string): Finding {
  const start = pointAt(text, offset);
  const place = { file, position: { start, end: start } };
  return finding({ ruleId: 'fixture/unreadable', reason, place, note: 'Write it anew with `docwright compile`.' });
}

function offsetOf(text: string, pointer: string): number {
  const span = readJson(text, { elisions: false }).locate(pointer);
  return (span?.key ?? span?.value)?.start ?? 0;
}
