import type { Edit, Fix } from '../model/fix.ts';
import { append } from './fold.ts';

/** A mending as SARIF has it (3.55): for each file what is taken out and put in, exactly. `locate` gives the place of a file. */
export function sarifFix({ title, edits }: Fix, locate: (file: string) => object): object {
  const files = new Map<string, Edit[]>();
  for (const edit of edits) append(files, edit.file, edit);
  return {
    description: { text: title },
    artifactChanges: [...files].map(([file, changes]) => ({
      artifactLocation: locate(file),
      replacements: changes.map(({ line, column, endLine, endColumn, text }) => ({
        deletedRegion: { startLine: line, startColumn: column, endLine, endColumn },
        insertedContent: { text },
      })),
    })),
  };
}
