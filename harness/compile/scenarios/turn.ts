import { fromApiDoctor } from './api-doctor.ts';
import { readDocument } from './document.ts';

export { accountTargets, hasAccounts } from './accounts.ts';
export { isApiDoctor } from './api-doctor.ts';

/** What cannot be turned, where it stands. */
export interface LeftThere {
  readonly line: number;
  readonly column: number;
  readonly reason: string;
}

/** A scenario file of API Doctor as YAML of ours, where anything of it can be turned, and what cannot. */
export async function turnedScenarios(
  file: string,
  text: string,
): Promise<{ readonly yaml?: string; readonly scenarios: number; readonly left: readonly LeftThere[] }> {
  const { stringify } = await import('yaml');
  const document = await readDocument(file, text);
  const { file: turned, faults } = fromApiDoctor(document.value);
  const left = faults.map(({ pointer, reason, note }) => {
    const { line, column } = document.place(pointer).position.start;
    return { line, column, reason: `${reason}. ${note}` };
  });
  const { scenarios = [], steps = {} } = turned;
  if (scenarios.length + Object.keys(steps).length === 0) return { scenarios: 0, left };
  const parts = { ...(Object.keys(steps).length === 0 ? {} : { steps }), scenarios };
  const yaml = `# Turned from ${file.replace(/[\r\n]+/g, ' ')}; docs/scenarios.md tells what all of this means.\n${stringify(parts, { lineWidth: 0, aliasDuplicateObjects: false })}`;
  return { yaml, scenarios: scenarios.length, left };
}

/** Places in a JSON text of what accounts cannot be turned. */
export async function placesIn(
  file: string,
  text: string,
  left: readonly { readonly pointer: string; readonly reason: string }[],
): Promise<readonly LeftThere[]> {
  const { place } = await readDocument(file, text);
  return left.map(({ pointer, reason }) => ({ ...place(pointer).position.start, reason }));
}
