import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { oneLine } from '../../visible.ts';
import { OUTCOMES, SEVERITIES, type Data } from './data.ts';
import type { Filter, FilterKey } from './route.ts';

/** The ways to narrow and order a list. */
export function Filters({
  list,
  data,
  filter,
  change,
}: {
  readonly list: 'exchanges' | 'findings';
  readonly data: Data;
  readonly filter: Filter;
  readonly change: (filter: Filter) => void;
}): JSX.Element {
  const choices = useMemo(() => choicesOf(data, list), [data, list]);
  // Where there is little room they would push the list out of sight.
  const [isOpen, setOpen] = useState(false);
  const set = (key: FilterKey, value: string): void => change({ ...filter, [key]: value });
  const active = Object.entries(filter).filter(([key, value]) => value && !['sort', 'group', 'from'].includes(key));
  const chosen = choices.filter(({ key }) => filter[key]).length;
  return (
    <form class="filters" role="search" aria-label={`Filter ${list}`} onSubmit={(event) => event.preventDefault()}>
      <div class="first">
        <label class="search">
          <span id="named-q">Filter</span>
          <input
            id="filter"
            aria-labelledby="named-q"
            type="search"
            autocomplete="off"
            spellcheck={false}
            value={filter.q ?? ''}
            aria-keyshortcuts="/"
            placeholder="Words to look for"
            onInput={(event) => set('q', event.currentTarget.value)}
          />
        </label>
        {active.length > 0 && (
          <button
            type="button"
            class="quiet-button"
            onClick={() => change({ sort: filter.sort, group: filter.group } as Filter)}
          >
            Clear filters
          </button>
        )}
        <button
          type="button"
          class="quiet-button narrow"
          aria-expanded={isOpen}
          aria-controls="choices"
          onClick={() => setOpen(!isOpen)}
        >
          More{chosen > 0 && ` (${chosen})`}
        </button>
      </div>
      <div id="choices" class={isOpen ? 'choices open' : 'choices'}>
        {[...choices, ...besides(filter)].map(({ key, name, any, options }) => (
          <label key={key}>
            <span id={`named-${key}`}>{name}</span>
            <select
              aria-labelledby={`named-${key}`}
              class={filter[key] ? 'chosen' : ''}
              value={filter[key] ?? ''}
              onChange={(event) => set(key, event.currentTarget.value)}
            >
              <option value="">{any}</option>
              {withChosen(options, filter[key]).map(([value, text]) => (
                <option key={value} value={value}>
                  {oneLine(text)}
                </option>
              ))}
            </select>
          </label>
        ))}
      </div>
    </form>
  );
}

interface Choice {
  readonly key: FilterKey;
  readonly name: string;
  readonly any: string;
  readonly options: readonly (readonly [value: string, text: string])[];
}

function choicesOf(data: Data, list: 'exchanges' | 'findings'): readonly Choice[] {
  const { exchanges, findings } = data;
  const same = (values: readonly string[]) => values.map((value) => [value, short(value)] as const);
  const distinct = (values: readonly (string | undefined)[]) =>
    same([...new Set(values)].filter((value) => value !== undefined).sort());
  const isFindings = list === 'findings';
  const hasBaseline = data.head.baseline !== undefined;
  const choices: readonly (Choice | false)[] = [
    {
      key: 'outcome',
      name: 'Outcome',
      any: 'any',
      options: [
        ...same(OUTCOMES.map(({ outcome }) => outcome)),
        ...(!isFindings && data.head.report.summary.flaky > 0 ? [['flaky', 'flaky'] as const] : []),
      ],
    },
    {
      key: 'severity',
      name: 'Severity',
      any: 'any',
      options: same([...SEVERITIES, ...(isFindings ? ['suppressed'] : [])]),
    },
    { key: 'rule', name: 'Rule', any: 'any', options: distinct(findings.map(({ finding }) => finding.ruleId)) },
    { key: 'area', name: 'Area', any: 'any', options: same(data.areas) },
    {
      key: 'method',
      name: 'Method',
      any: 'any',
      options: distinct(exchanges.map(({ result }) => result.request.method.toUpperCase())),
    },
    isFindings &&
      data.isLive && {
        key: 'about',
        name: 'Found in',
        any: 'both',
        options: [
          ['answer', 'answers'],
          ['docs', 'the docs'],
        ],
      },
    isFindings &&
      hasBaseline && {
        key: 'state',
        name: 'Since the baseline',
        any: 'all',
        options: [
          ['new', 'new'],
          ['known', 'known'],
        ],
      },
    { key: 'sort', name: 'Order', any: isFindings ? 'gravest first' : 'as documented', options: ORDERS[list] },
    { key: 'group', name: 'Group by', any: isFindings ? 'root cause' : 'nothing', options: GROUPS[list] },
  ];
  return choices.filter((choice) => choice !== false && choice.options.length > 0) as readonly Choice[];
}

/** What an address may name beyond what is offered, so that it is seen and can be taken out. */
function besides(filter: Filter): readonly Choice[] {
  const names = { page: 'Page', type: 'Resource type' } as const;
  return (['page', 'type'] as const)
    .filter((key) => filter[key])
    .map((key) => ({ key, name: names[key], any: 'any', options: [] }));
}

function withChosen(options: Choice['options'], chosen: string | undefined): Choice['options'] {
  return chosen === undefined || chosen === '' || options.some(([value]) => value === chosen)
    ? options
    : [...options, [chosen, short(chosen)]];
}

/** An option cannot wrap. */
function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

const ORDERS = {
  exchanges: [
    ['outcome', 'what differs first'],
    ['findings', 'most findings first'],
    ['slow', 'slowest first'],
    ['url', 'by URL'],
  ],
  findings: [
    ['place', 'by place'],
    ['places', 'most places first'],
    ['severity', 'by severity'],
    ['rule', 'by rule'],
  ],
} as const;

const GROUPS = {
  exchanges: [
    ['page', 'page'],
    ['area', 'area'],
    ['type', 'resource type'],
  ],
  findings: [
    ['page', 'page'],
    ['rule', 'rule'],
    ['type', 'resource type'],
    ['area', 'area'],
  ],
} as const;
