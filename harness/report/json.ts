import type { Reporter } from '../model/report.ts';
import { tameJson } from './tame.ts';

/** `report.json`: the report exactly, two blanks of indentation, LF, a final line end. */
export const json: Reporter = {
  name: 'json',
  file: 'report.json',
  *render(report) {
    yield `${tameJson(report, 2)}\n`;
  },
};
