import type { Reporter } from '../model/report.ts';
import { tamePieces } from './tame.ts';

/** `report.json`: the report exactly, two blanks of indentation, LF, a final line end. */
export const json: Reporter = {
  name: 'json',
  file: 'report.json',
  inPieces: true,
  *render(report) {
    yield* tamePieces(report);
    yield '\n';
  },
};
