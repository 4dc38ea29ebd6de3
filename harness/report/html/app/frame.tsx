import type { ComponentChildren, JSX } from 'preact';
import { grouped } from '../../numbers.ts';
import type { Data } from './data.ts';
import { Help } from './help.tsx';
import { hashOf, listOf, type Route, type View } from './route.ts';
import type { Settings } from './settings.ts';
import { Text } from './words.tsx';

/** What stands around every view: name, views, theme and keys. */
export function Frame({
  data,
  route,
  settings,
  choose,
  neighbours,
  children,
}: {
  readonly data: Data;
  readonly route: Route;
  readonly settings: Settings;
  readonly choose: (settings: Settings) => void;
  readonly neighbours: Neighbours;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { tool } = data.head.report;
  const isDetail = route.view === 'exchange' || route.view === 'finding';
  const here: View = isDetail ? listOf(route) : route.view;
  const next = { auto: 'light', light: 'dark', dark: 'auto' } as const;
  return (
    <>
      <a class="skip" href="#main" onClick={toMain}>
        Skip to the content
      </a>
      <header class="top">
        <nav aria-label="Views">
          <ul>
            {VIEWS.map(([view, name, count]) => (
              <li key={view}>
                <a href={hashOf({ view, filter: {} })} aria-current={here === view ? 'page' : undefined}>
                  {name}
                  {count && <b> {grouped(count(data))}</b>}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div class="tools">
          <button
            type="button"
            class="quiet-button"
            onClick={() => choose({ ...settings, theme: next[settings.theme] })}
          >
            Theme: {settings.theme}
          </button>
          <button type="button" class="quiet-button" aria-haspopup="dialog" aria-label="Keys" onClick={showHelp}>
            ?
          </button>
        </div>
      </header>
      <main id="main" tabIndex={-1} class={`view ${route.view}`}>
        {isDetail && <Steps route={route} neighbours={neighbours} />}
        {children}
      </main>
      <footer>
        <p>
          <Text of={`${tool.name} ${tool.version}`} />
          {Object.entries(data.head.written).map(([name, file]) => (
            <span key={name}>
              {' · '}
              <Text of={file} />
            </span>
          ))}
        </p>
      </footer>
      <Help areOn={settings.keys} turn={(keys) => choose({ ...settings, keys })} />
    </>
  );
}

/** The addresses before and after a detail in the list it was opened from, and which of how many it is there. */
export interface Neighbours {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  readonly at?: number;
  readonly of?: number;
}

/** Opens the dialog with the keys. */
export function showHelp(): void {
  (document.getElementById('help') as HTMLDialogElement | null)?.showModal();
}

/** The views of the bar, in order. */
export const VIEWS: readonly (readonly [view: View, name: string, count?: (data: Data) => number])[] = [
  ['overview', 'Overview'],
  ['exchanges', 'Exchanges', (data) => data.exchanges.length],
  ['findings', 'Findings', (data) => data.findings.length],
  ['coverage', 'Coverage'],
];

function Steps({
  route,
  neighbours: { before, after, at, of },
}: {
  readonly route: Route;
  readonly neighbours: Neighbours;
}): JSX.Element {
  const list = listOf(route);
  const { from: _from, ...filter } = route.filter;
  return (
    <nav class="steps" aria-label="In the list">
      <a href={hashOf({ view: list, filter })}>← {list === 'exchanges' ? 'Exchanges' : 'Findings'}</a>
      <span>
        {at !== undefined && of !== undefined && (
          <span class="soft">
            {grouped(at + 1)} of {grouped(of)}
          </span>
        )}
        {before === undefined ? <span class="soft">Previous</span> : <a href={before}>Previous</a>}
        {after === undefined ? <span class="soft">Next</span> : <a href={after}>Next</a>}
      </span>
    </nav>
  );
}

/** The fragment is the view's: to jump is to focus. */
function toMain(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}
