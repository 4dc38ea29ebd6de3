import type { Report, Reporter } from '../model/report.ts';
import { tameJson } from './tame.ts';

/** `events.ndjson`: an event a line, first `start`, last `end`; its JSON Schema is published as `docwright/schemas/event.schema.json`. */
export const ndjson: Reporter = {
  name: 'ndjson',
  file: 'events.ndjson',
  *render(report) {
    for (const event of events(report)) yield `${tameJson(event)}\n`;
  },
};

function* events(report: Report): Iterable<object> {
  const { schemaVersion, tool, command, target, summary, coverage, exchanges, findings } = report;
  yield { event: 'start', schemaVersion, tool, command, target };
  for (const exchange of exchanges) yield { event: 'exchange', exchange };
  for (const finding of findings) yield { event: 'finding', finding };
  yield { event: 'end', summary, coverage };
}
