import path from 'node:path';
import { fileName } from '../files/names.ts';
import { kindOf, readText } from '../files/read.ts';
import { readJson } from '../model/json.ts';
import { pointAt } from '../model/place.ts';
import { REPORT_VERSION, type Report } from '../model/report.ts';
import { rules } from '../model/rules.ts';
import { validator } from '../model/schemas.ts';
import { UsageError } from '../model/usage.ts';

/** A report as it lies there. */
export interface StoredReport {
  /** For people: as it was named. */
  readonly name: string;
  /** Absolute. */
  readonly file: string;
  readonly report: Report;
}

/** Reads a `report.json`, or that of a folder. One that is missing, broken, of another tool or of a newer version is a UsageError with its place. */
export function readReport(word: string, cwd: string): StoredReport {
  const named = path.resolve(cwd, word);
  const file = kindOf(named) === 'folder' ? path.join(named, 'report.json') : named;
  const name = fileName(file, cwd);
  if (kindOf(file) !== 'file')
    throw new NoReportError(
      file === named ? `No report \`${name}\`` : `No report in \`${word}\`: there is no \`${name}\``,
    );
  const text = textOf(file, name);
  const fault = (pointer: string, reason: string): UsageError =>
    new UsageError(`${name}:${placeOf(text, pointer)}: ${reason}`);
  const value = parsed(text, name);
  const { schemaVersion, tool } = (value ?? {}) as { schemaVersion?: unknown; tool?: { name?: unknown } | null };
  if (tool?.name !== 'docwright' || typeof schemaVersion !== 'number')
    throw fault('', 'No report of docwright, expected the report.json of a run');
  if (schemaVersion > REPORT_VERSION)
    throw fault(
      '/schemaVersion',
      `Of a newer docwright: schemaVersion ${schemaVersion}, this one reads ${REPORT_VERSION}`,
    );
  const faults = validator('report')(value).slice(0, MOST_TOLD);
  if (faults.length > 0) {
    const lines = faults.map(({ pointer, reason }) => fault(pointer, `\`${pointer || '/'}\` ${reason}`).message);
    throw new UsageError(lines.join('\n'));
  }
  const report = value as Report;
  const strange = report.findings.findIndex(({ ruleId }) => !Object.hasOwn(rules, ruleId));
  if (strange >= 0)
    throw fault(
      `/findings/${strange}/ruleId`,
      `Unknown rule \`${report.findings[strange]!.ruleId}\`, of another version`,
    );
  return { name, file, report };
}

const MOST_TOLD = 5;

/** There is no report where one was named. */
export class NoReportError extends UsageError {}

function textOf(file: string, name: string): string {
  try {
    return readText(file);
  } catch (cause) {
    throw new UsageError(`Cannot read the report \`${name}\`: ${(cause as Error).message}`, { cause });
  }
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const { error, leniencies } = readJson(text, { elisions: false });
    const { line, column } = pointAt(text, error?.offset ?? leniencies[0]?.start ?? 0);
    throw new UsageError(`${name}:${line}:${column}: ${error?.message ?? 'Not strict JSON'}`, { cause });
  }
}

function placeOf(text: string, pointer: string): string {
  const span = readJson(text, { elisions: false }).locate(pointer);
  const { line, column } = pointAt(text, span === undefined ? 0 : (span.key ?? span.value).start);
  return `${line}:${column}`;
}
