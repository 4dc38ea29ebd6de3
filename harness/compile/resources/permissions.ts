import type { Permissions } from '../../model/fixture.ts';
import type { PermissionRow } from '../../model/tables.ts';

/** What permissions tables ask for, by who asks; nothing where they say nothing of that. Of several tables each entry suffices. */
export function permissionsOf(rows: readonly PermissionRow[]): Permissions | undefined {
  const of = (kind: RegExp): readonly string[] | undefined => {
    const own = rows.filter(({ title }) => kind.test(title));
    const anyOf = own.flatMap((row) => row.anyOf);
    if (anyOf.length > 0) return [...new Set(anyOf)];
    return own.length > 0 && own.every(({ isUnsupported }) => isUnsupported) ? [] : undefined;
  };
  const [application, delegated] = [of(/^application\b/i), of(/^delegated\b/i)];
  if (application === undefined && delegated === undefined) return undefined;
  return {
    ...(application === undefined ? {} : { application }),
    ...(delegated === undefined ? {} : { delegated }),
  };
}

/** The scopes of cells of such a table, each of which suffices; several parted by blanks where they are needed together. */
export function readAlternatives(...cells: readonly string[]): string[] {
  return cells
    .flatMap((text) => text.split(/,|;|\bor\b/))
    .map((part) => {
      // The last of a list has an `and` before it; between two it asks for both.
      const together = part.split(/\band\b/).map((scope) => scope.trim().replace(/\.$/, ''));
      return together.filter((scope) => SCOPE.test(scope)).join(' ');
    })
    .filter((scopes) => scopes !== '');
}

const SCOPE = /^[\w-]+(\.[\w-]+)+$/;

/** Does a cell say that there is no such way? */
export function saysUnsupported(text: string): boolean {
  return /^not (?:supported|available|applicable)\b/i.test(text);
}
