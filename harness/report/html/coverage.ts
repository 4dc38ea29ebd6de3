import type { Coverage } from '../../model/report.ts';
import { markup, type Html } from './escape.ts';
import { grouped, phrase } from './text.ts';

/** What became of the annotations, by blockType. */
export function coverageSection({ annotations }: Coverage): Html {
  const rows = Object.entries(annotations);
  const table = markup`<table>
      <thead>
        <tr>
          <th scope="col">blockType</th>
          <th scope="col">found</th>
          <th scope="col">compiled</th>
          <th scope="col">ignored</th>
          <th scope="col">reported</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([type, { found, compiled, ignored, reported }]) =>
            markup`<tr>
              <th scope="row"><code>${phrase(type)}</code></th>
              ${[found, compiled, ignored, reported].map(
                (count) => markup`<td class="${count === 0 ? 'none' : 'some'}">${grouped(count)}</td>`,
              )}
            </tr> `,
        )}
      </tbody>
    </table>
    <p class="aside">
      Every annotation found is compiled, of a kind that carries nothing to replay, or reported as a finding.
    </p>`;
  return markup`<section aria-labelledby="coverage">
    <h2 id="coverage">Annotations</h2>
    ${rows.length === 0 ? markup`<p class="calm">None.</p>` : table}
  </section>`;
}
