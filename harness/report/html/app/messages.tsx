import type { JSX } from 'preact';
import { visible } from '../../visible.ts';
import { grouped } from '../../numbers.ts';
import type { ExchangeEntry, Lines } from '../wire.ts';
import { Copy } from './copy.tsx';
import { Code, Text } from './words.tsx';

/** What was sent, where its values came from, how to send it again, and what else is documented. */
export function Messages({
  entry: { request, isSent, curl, others, origins },
  isPrinted,
}: {
  readonly entry: ExchangeEntry;
  readonly isPrinted: boolean;
}): JSX.Element {
  return (
    <>
      <section aria-labelledby="sent">
        <h2 id="sent">{isSent ? 'Request sent' : 'Request, as documented'}</h2>
        <Message lines={request} />
        {origins && (
          <table class="origins">
            <caption>Where its values came from</caption>
            <thead>
              <tr>
                <th scope="col">In the docs</th>
                <th scope="col">Came from</th>
              </tr>
            </thead>
            <tbody>
              {origins.map((origin, index) => (
                <tr key={index}>
                  <th scope="row">
                    <Code of={origin.for} />
                  </th>
                  <td>
                    <Text of={`${KINDS[origin.kind]}${origin.from === undefined ? '' : ` ${origin.from}`}`} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <h3>{isSent ? 'Send it again' : 'Send it yourself'}</h3>
        <div class="copyable">
          <pre>
            <code>{visible(curl)}</code>
          </pre>
          <Copy text={curl} label="Copy curl" />
        </div>
      </section>
      {others.length > 0 && (
        <section aria-labelledby="others">
          <h2 id="others">Documented besides</h2>
          {others.map(({ line, lines }, index) => (
            <details key={index} open={isPrinted}>
              <summary>
                <Text of={lines.lines[0] ?? ''} /> <span class="soft">line {line}</span>
              </summary>
              <Message lines={lines} />
            </details>
          ))}
        </section>
      )}
    </>
  );
}

const KINDS = {
  config: 'the config',
  environment: 'the environment,',
  generated: 'generated,',
  capture: 'captured,',
  link: 'an answer,',
  literal: 'the docs',
} as const;

function Message({ lines: { lines, left } }: { readonly lines: Lines }): JSX.Element {
  return (
    <>
      <pre class="message">
        <code>{visible(lines.join('\n'))}</code>
      </pre>
      {left !== undefined && <p class="aside">{grouped(left)} more characters are left out of the report.</p>}
    </>
  );
}
