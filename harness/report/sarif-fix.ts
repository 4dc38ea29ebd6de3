import type { Edit, Fix } from '../model/fix.ts';
import type { ReportContext } from '../model/report.ts';
import { append } from './fold.ts';

/** A mending as SARIF has it (3.55): for each file what is taken out and put in, exactly. `locate` gives the place of a file. */
export function sarifFix(
  { title, edits }: Fix,
  locate: (file: string) => object,
  context: Pick<ReportContext, 'lineEnd'>,
): object {
  const files = new Map<string, Edit[]>();
  for (const edit of edits) append(files, edit.file, edit);
  return {
    description: { text: title },
    artifactChanges: [...files].map(([file, changes]) => ({
      artifactLocation: locate(file),
      replacements: changes.map((edit) => ({
        deletedRegion: {
          startLine: edit.line,
          startColumn: edit.column,
          endLine: edit.endLine,
          endColumn: edit.endColumn,
        },
        insertedContent: { text: written(edit, context) },
      })),
    })),
  };
}

/** What is put in, with the line ends of the page: who takes it over puts it in as it is. */
function written({ file, line, text }: Edit, { lineEnd }: Pick<ReportContext, 'lineEnd'>): string {
  return text.includes('\n') ? text.replaceAll('\n', lineEnd?.(file, line) ?? '\n') : text;
}
