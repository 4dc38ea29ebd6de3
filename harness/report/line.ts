import type { Reporter } from '../model/report.ts';
import { foldByFile, unsuppressed, type Fold } from './fold.ts';
import { capped, harmless, oneLine } from './visible.ts';
import { counted } from './numbers.ts';
import { placeOf } from './words.ts';

/** A finding a line, `file:line:column: severity rule message`: for grep, and for an editor's list of errors. A group is told once. */
export const line: Reporter = {
  name: 'line',
  *render(report) {
    for (const folds of foldByFile(unsuppressed(report.findings)).values()) {
      for (const fold of folds) yield `${harmless(words(fold))}\n`;
    }
  },
};

function words({ face, all }: Fold): string {
  const others = all.filter((finding) => finding !== face);
  const also = others.slice(0, 3).map(placeOf);
  const more = others.length > 3 ? ` and ${counted(others.length - 3, 'more place')}` : '';
  const parts = [
    `${placeOf(face)}:`,
    face.severity,
    face.ruleId,
    face.reason,
    ...(also.length > 0 ? [`(also ${also.join(', ')}${more})`] : []),
  ];
  return parts.map((part) => oneLine(capped(part, 1000))).join(' ');
}
