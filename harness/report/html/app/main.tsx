import { render, type JSX } from 'preact';
import { Coverage } from './coverage.tsx';
import { dataOf, type Data } from './data.ts';
import { Exchange } from './exchange.tsx';
import { Exchanges } from './exchanges.tsx';
import { FindingView } from './finding.tsx';
import { Findings } from './findings.tsx';
import { Frame, showHelp, VIEWS, type Neighbours } from './frame.tsx';
import type { ListControl } from './list.tsx';
import { Overview } from './overview.tsx';
import { hashOf, listOf, readRoute, type Filter } from './route.ts';
import { selectExchanges, selectFindings } from './select.ts';
import { applySettings, readSettings, type Settings } from './settings.ts';
import './style.css';
import { canUnpack, unpackHead } from './unpack.ts';
import type { ViewProps } from './view.ts';

void start();

async function start(): Promise<void> {
  applySettings(readSettings());
  if (!canUnpack())
    return unable(
      'This browser cannot unpack the report (it has no DecompressionStream), so this page shows the summary alone. A browser of 2023 or later shows all of it; all that was found is in report.json, too.',
    );
  try {
    run(dataOf(await unpackHead()));
  } catch (error) {
    unable(
      `The data of this report cannot be read (${String(error)}): the file may have been cut or changed. This page shows the summary alone.`,
    );
  }
}

/** The summary stays, and a sentence says why there is no more. */
function unable(reason: string): void {
  const notice = document.getElementById('unable');
  if (!notice) return;
  notice.textContent = reason;
  notice.hidden = false;
}

function run(data: Data): void {
  const root = document.getElementById('app')!;
  const control: ListControl = { at: -1, focus: () => {}, refresh: () => {} };
  const paper = matchMedia('print');
  const views = {
    overview: Overview,
    exchanges: Exchanges,
    findings: Findings,
    coverage: Coverage,
    exchange: Exchange,
    finding: FindingView,
  };
  /** Where each list was left, by its address. */
  const left = new Map<string, { readonly at: number; readonly scroll: number }>();
  let route = readRoute(location.hash);
  let settings = readSettings();
  let isPrinted = paper.matches;
  /** The address that is drawn. */
  let drawn = location.hash;
  let writing: ReturnType<typeof setTimeout> | undefined;

  root.replaceChildren();
  history.scrollRestoration = 'manual';
  draw();
  document.documentElement.dataset.ready = '';
  addEventListener('hashchange', () => location.hash !== drawn && arrive());
  addEventListener('keydown', onKey);
  addEventListener('beforeprint', () => print(true));
  addEventListener('afterprint', () => print(false));
  paper.addEventListener('change', ({ matches }) => print(matches));

  function draw(): void {
    const View = views[route.view];
    const props: ViewProps & { key: string } = { key: route.view, data, route, change, isPrinted, control };
    const body: JSX.Element = <View {...props} />;
    render(
      <Frame data={data} route={route} settings={settings} choose={choose} neighbours={neighbours()}>
        {body}
      </Frame>,
      root,
    );
    document.title = titleOf();
  }

  function titleOf(): string {
    const { tool, command } = data.head.report;
    const name = VIEWS.find(([view]) => view === route.view)?.[1] ?? route.id ?? '';
    return `${name.slice(0, 200)} · ${tool.name.slice(0, 100)} ${command}`;
  }

  function print(is: boolean): void {
    isPrinted = is;
    draw();
  }

  function choose(chosen: Settings): void {
    settings = chosen;
    applySettings(settings);
    draw();
  }

  function change(filter: Filter): void {
    route = { ...route, filter };
    control.at = -1;
    draw();
    // Browsers grow deaf to addresses that change with every key.
    clearTimeout(writing);
    writing = setTimeout(write, 250);
  }

  function write(): void {
    clearTimeout(writing);
    writing = undefined;
    if (location.hash !== hashOf(route)) history.replaceState(null, '', hashOf(route));
    drawn = location.hash;
  }

  /** A link was followed, or the reader went back. */
  function arrive(): void {
    clearTimeout(writing);
    drawn = location.hash;
    const before = route;
    if (before.view === 'exchanges' || before.view === 'findings')
      left.set(hashOf(before), { at: control.at, scroll: lastScroll });
    route = readRoute(location.hash);
    const isDetail = route.view === 'exchange' || route.view === 'finding';
    control.at = -1;
    draw();
    const known = left.get(hashOf(route));
    if (known && (before.view === 'exchange' || before.view === 'finding')) {
      window.scrollTo(0, known.scroll);
      control.refresh();
      if (known.at >= 0) requestAnimationFrame(() => control.focus(known.at));
      return;
    }
    if (before.view === route.view && !isDetail) return;
    window.scrollTo(0, 0);
    if (isDetail) root.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }

  function neighbours(): Neighbours {
    if (route.view !== 'exchange' && route.view !== 'finding') return {};
    const ids = listed();
    const at = ids.indexOf(route.id ?? '');
    if (at < 0) return {};
    const address = (id: string | undefined) => (id === undefined ? undefined : hashOf({ ...route, id }));
    return { before: address(ids[at - 1]), after: address(ids[at + 1]), at, of: ids.length };
  }

  function listed(): readonly string[] {
    if (route.view === 'exchange' && listOf(route) === 'exchanges')
      return selectExchanges(data, route.filter).rows.map(({ result }) => result.id);
    const rows = selectFindings(data, route.filter).rows;
    if (route.view === 'finding')
      return rows.filter(({ all }) => all.length === 1).map(({ face }) => String(face.number));
    return [...new Set(rows.flatMap(({ face }) => face.exchange?.id ?? []))];
  }

  function onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    const target = event.target as HTMLElement;
    const isTyping = /^(input|select|textarea)$/i.test(target.tagName);
    if (event.key === 'Escape') return escape(event, target, isTyping);
    if (isTyping) {
      if (event.key === 'ArrowDown' && target.id === 'filter') return step(event, 1);
      return;
    }
    if (event.key === 'ArrowDown' && target.dataset.row !== undefined) return step(event, 1);
    if (event.key === 'ArrowUp' && target.dataset.row !== undefined) return step(event, -1);
    if (!settings.keys) return;
    if (event.key === 'j') step(event, 1);
    else if (event.key === 'k') step(event, -1);
    else if (event.key === '/') toFilter(event);
    else if (event.key === '?') showHelp();
    else if (/^[1-4]$/.test(event.key)) go(hashOf({ view: VIEWS[Number(event.key) - 1]![0], filter: {} }));
  }

  function step(event: KeyboardEvent, by: 1 | -1): void {
    if (route.view === 'exchanges' || route.view === 'findings') {
      event.preventDefault();
      return control.focus(control.at + by);
    }
    const next = neighbours()[by === 1 ? 'after' : 'before'];
    if (next === undefined) return;
    event.preventDefault();
    go(next);
  }

  function toFilter(event: KeyboardEvent): void {
    event.preventDefault();
    const filter = document.getElementById('filter');
    if (filter) return filter.focus();
    const { from: _from, ...rest } = route.filter;
    go(hashOf({ view: listOf(route), filter: rest }));
    document.getElementById('filter')?.focus();
  }

  function escape(event: KeyboardEvent, target: HTMLElement, isTyping: boolean): void {
    if (route.view === 'exchange' || route.view === 'finding') {
      event.preventDefault();
      const { from: _from, ...filter } = route.filter;
      return go(hashOf({ view: listOf(route), filter }));
    }
    if (!isTyping) return;
    event.preventDefault();
    if (target.id === 'filter' && route.filter.q) return change({ ...route.filter, q: '' });
    target.blur();
    if (control.at >= 0) control.focus(control.at);
  }

  function go(hash: string): void {
    write();
    location.hash = hash;
    // The event comes later than the next key may.
    if (location.hash !== drawn) arrive();
  }
}

/** By the time a new address is told of, the browser may have scrolled already. */
let lastScroll = 0;
addEventListener('scroll', () => (lastScroll = window.scrollY), { passive: true });
