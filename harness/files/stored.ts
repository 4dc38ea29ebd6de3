import path from 'node:path';
import { finding, type Finding } from '../model/finding.ts';
import type { Fixture, PagedExchange } from '../model/fixture.ts';
import { readJson } from '../model/json.ts';
import { pointAt } from '../model/place.ts';
import type { Resource } from '../model/resource.ts';
import { validator, type SchemaFault } from '../model/schemas.ts';
import { storedResource } from '../model/stored-resource.ts';
import { inBatches } from './batches.ts';
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
}

const FILES_AT_ONCE = 32;

/** Reads every fixture below a folder; other files, report.json among them, are passed over. A folder that is not there holds none. */
export async function readFixtures(folder: string, cwd: string): Promise<StoredFixtures> {
  const paths = await jsonFilesBelow(folder);
  const judge = paths.length === 0 ? () => [] : await validator('fixture');
  const files = await inBatches(paths, FILES_AT_ONCE, async (relative) => {
    const absolute = path.join(folder, relative);
    return readOne(textOf(absolute), fileName(absolute, cwd), judge);
  });
  const exchanges = new Map<string, PagedExchange>();
  const findings: Finding[] = [];
  const resources: Resource[] = [];
  for (const { file, text, fixture, resource, finding: broken } of files) {
    if (resource) resources.push(resource);
    if (broken) findings.push(broken);
    for (const [at, exchange] of (fixture?.exchanges ?? []).entries()) {
      const first = exchanges.get(exchange.id);
      if (first === undefined) exchanges.set(exchange.id, { ...exchange, file: fixture!.page });
      else findings.push(twice(file, text, at, exchange.id));
    }
  }
  return { exchanges: [...exchanges.values()], resources, findings };
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
