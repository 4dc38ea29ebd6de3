import { expect, test } from '@playwright/test';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { XMLValidator } from 'fast-xml-parser';
import type { Nodes, Root } from 'mdast';
import { readFileSync } from 'node:fs';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { visit } from 'unist-util-visit';
import { finding, type Finding } from '../model/finding.ts';
import type { Report, ReportContext } from '../model/report.ts';
import { schema } from '../model/schemas.ts';
import { gather, markdownWithin, reporters } from '../report/index.ts';
import { capped, oneLine } from '../report/visible.ts';
import { HOSTILE_TEXTS, hostileReport } from './hostile-texts.ts';
import { sampleContext, sampleReport } from './sample.ts';
import { workspace } from './workspace.ts';

test.describe('line', () => {
  test('is a finding a line, as grep and lists of errors take it; a group once', () => {
    const lines = render('line', sampleReport()).trimEnd().split('\n');
    expect(lines).toContain(
      'docs/api/insights/create-shared.md:29:30: error property/missing Missing property `weight`, expected a number',
    );
    expect(lines).toContain(
      'docs/api/insights/create-used.md:13:2: warning type/unresolved Unexpected type `usedInsight`, expected a documented one ' +
        '(also docs/api/insights/create-used.md:21:2, docs/api/insights/create-used.md:22:2)',
    );
    // 11 findings: two of them in a fold, one suppressed.
    expect(lines).toHaveLength(8);
    for (const line of lines) expect(line).toMatch(/^[^:]+:\d+:\d+: (error|warning|note) [a-z-]+\/[a-z-]+ \S/);
  });

  test('stays a line whatever it tells', () => {
    everyHostile((report) => {
      const text = render('line', report);
      expect(text.split('\n')).toHaveLength(3);
      expect(text.replaceAll('\n', '')).not.toMatch(ACTING);
      expect(text).not.toMatch(COMMANDS);
    });
  });
});

test.describe('github', () => {
  test('annotates the very place, gravest kinds first; a parser by the rules of the runner reads it back', () => {
    const commands = parseCommands(render('github', sampleReport()));
    expect(commands.map(({ command }) => command)).toEqual([
      ...Array<string>(4).fill('error'),
      ...Array<string>(5).fill('warning'),
      'notice',
    ]);
    expect(commands.find(({ message }) => message.startsWith('Missing property'))).toEqual({
      command: 'error',
      properties: {
        file: 'docs/api/insights/create-shared.md',
        line: '29',
        endLine: '29',
        col: '30',
        endColumn: '38',
        title: 'property/missing',
      },
      message:
        'Missing property `weight`, expected a number\n' +
        'Have the service send `weight`, or list it under `optionalProperties` in the annotation above the block.',
    });
  });

  test('counts paths from the root of the repository, and gives columns only within one line', () => {
    const report = sampleReport();
    const long = { ...report, findings: report.findings.map((one) => ({ ...one, endLine: one.line + 1 })) };
    const [first] = parseCommands(render('github', long, { base: 'sub/folder' }));
    expect(first!.properties.file).toMatch(/^sub\/folder\/docs\/api\//);
    expect(Object.keys(first!.properties)).toEqual(['file', 'line', 'endLine', 'title']);
  });

  test('shows ten of a kind, those on changed lines first, and says how many it leaves out', () => {
    const findings = Array.from({ length: 40 }, (_, index): Finding => {
      const severity = (['error', 'warning', 'note', 'error'] as const)[index % 4]!;
      return findingAt(`docs/${String(index).padStart(2, '0')}.md`, severity);
    });
    const changed = ({ file }: Finding) => Number(file.slice(5, 7)) >= 30;
    const commands = parseCommands(render('github', reportOf(findings), { changed }));
    const count = (kind: string) => commands.filter(({ command }) => command === kind).length;
    expect([count('error'), count('warning'), count('notice')]).toEqual([10, 10, 10]);
    expect(commands.slice(0, 5).every(({ properties }) => changed({ file: properties.file! } as Finding))).toBe(true);
    expect(commands.at(-1)).toEqual({
      command: 'notice',
      properties: { title: 'docwright' },
      message: '10 errors, 1 note left out here: GitHub shows 10 annotations of a kind and step',
    });
  });

  test('no text ends a property or begins a command', () => {
    everyHostile((report, text) => {
      const lines = render('github', report);
      const commands = parseCommands(lines);
      expect(commands.map(({ command }) => command)).toEqual(['error', 'warning']);
      for (const { properties, message } of commands) {
        expect(Object.keys(properties)).toEqual(['file', 'line', 'endLine', 'col', 'endColumn', 'title']);
        expect(properties.file).toBe(unmarked(oneLine(capped(text || ' ', 1000))));
        expect(message).toBe([text || ' ', text].map((part) => unmarked(oneLine(capped(part, 1000)))).join('\n'));
      }
      expect(lines.replaceAll('\n', '')).not.toMatch(ACTING);
      expect(lines).not.toMatch(/##(\[|vso\[|teamcity\[)/i);
    });
  });
});

test.describe('ndjson', () => {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
  ajv.addSchema(schema('report'));
  const validate = ajv.compile(schema('event'));

  test('tells all that report.json holds, an event a line, each by its published schema', () => {
    const events = parseLines(render('ndjson', sampleReport()));
    expect(events.map(({ event }) => event)).toEqual([
      'start',
      ...Array<string>(6).fill('exchange'),
      ...Array<string>(11).fill('finding'),
      'end',
    ]);
    const { exchanges, findings, summary, coverage, ...start } = sampleReport();
    expect(events[0]).toEqual({ event: 'start', ...start });
    expect(events.at(-1)).toEqual({ event: 'end', summary, coverage });
    expect(events.flatMap(({ exchange }) => exchange ?? [])).toEqual(exchanges);
    expect(events.flatMap((event) => event.finding ?? [])).toEqual(findings);
    for (const event of events) expect(validate(event), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ event: 'finding' })).toBe(false);
    expect(validate({ ...events[0], surprise: 1 })).toBe(false);
  });

  test('reads back whatever it tells', () => {
    everyHostile((report) => {
      const text = render('ndjson', report);
      for (const event of parseLines(text)) expect(validate(event), JSON.stringify(validate.errors)).toBe(true);
      expect(parseLines(text).flatMap((event) => event.finding ?? [])).toEqual(
        JSON.parse(JSON.stringify(report.findings)),
      );
      expect(text.replaceAll('\n', '')).not.toMatch(ACTING);
      expect(text).not.toMatch(COMMANDS);
    });
  });
});

test.describe('sarif', () => {
  const {
    $schema: _draft,
    id: _id,
    ...rest
  } = JSON.parse(readFileSync('harness/test/cases/sarif-2.1.0.schema.json', 'utf8')) as Record<string, unknown>;
  // The schema of OASIS, as the schema store keeps it, is of draft 4; of what has changed since, it uses only `id`.
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats.default(ajv);
  const validate = ajv.compile(rest);

  test('is SARIF 2.1.0 by its schema: a result a finding, on the very key', () => {
    const log = sarifOf(sampleReport(), { rulePage: (id) => `# ${id}`, exitCode: 1, base: 'sub' });
    const [run] = log.runs;
    expect(run.results).toHaveLength(11);
    expect(run.columnKind).toBe('utf16CodeUnits');
    expect(run.invocations).toEqual([{ executionSuccessful: true, exitCode: 1 }]);
    const weight = run.results.find(({ locations }) => regionOf(locations).startColumn === 30)!;
    expect(weight).toMatchObject({
      ruleId: 'property/missing',
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'sub/docs/api/insights/create-shared.md', uriBaseId: '%SRCROOT%' },
            region: { startLine: 29, startColumn: 30, endLine: 29, endColumn: 38 },
          },
        },
      ],
      partialFingerprints: { 'docwright/v1': expect.stringMatching(/^[0-9a-f]{16}$/) },
    });
    const rule = run.tool.driver.rules[weight.ruleIndex]!;
    expect(rule).toMatchObject({
      id: 'property/missing',
      help: { text: '# property/missing', markdown: '# property/missing' },
      helpUri: 'pkg:npm/docwright@0.1.0#docs/rules/property/missing.md',
      defaultConfiguration: { level: 'error' },
    });
    for (const { ruleId, ruleIndex } of run.results) expect(run.tool.driver.rules[ruleIndex]!.id).toBe(ruleId);
    expect(run.results.filter(({ suppressions }) => suppressions)).toHaveLength(1);
    expect(run.results.filter(({ baselineState }) => baselineState)).toEqual([]);
  });

  test('says how a finding stands to a baseline, and whether the run came to its end', () => {
    const report = sampleReport();
    const appeared = [report.findings[0]!.fingerprint];
    const baseline = { name: 'before', summary: report.summary, appeared, vanished: [] };
    const [run] = sarifOf(report, { baseline, exitCode: 130 }).runs;
    expect(run.results.map(({ baselineState }) => baselineState)).toEqual([
      'new',
      ...Array<string>(10).fill('unchanged'),
    ]);
    expect(run.invocations[0]!.executionSuccessful).toBe(false);
  });

  test('of the same fault on two pages only the one that was not there before is new', async () => {
    const space = workspace({ 'docs/b.md': '# B\n\nSee [it](gone.md).\n' });
    await space.cli(['check', '--reporter', 'json']);
    space.write('docs/a.md', '# A\n\nSee [it](gone.md).\n');
    await space.cli(['check', '--reporter', 'sarif', '--baseline', 'reports/report.json']);
    const [run] = (JSON.parse(space.read('reports/results.sarif')) as Log).runs;
    const states = run.results.map(({ baselineState, locations }) => [
      (locations as unknown as { physicalLocation: { artifactLocation: { uri: string } } }[])[0]!.physicalLocation
        .artifactLocation.uri,
      baselineState,
    ]);
    expect(states).toEqual([
      ['docs/a.md', 'new'],
      ['docs/b.md', 'unchanged'],
    ]);
    space.remove();
  });

  test('tells how a finding is mended, where that can be done by rote', () => {
    const place = { line: 3, column: 7, endLine: 3, endColumn: 8 };
    const fix = {
      title: 'Take the trailing comma out',
      edits: [
        { file: 'docs/a b.md', ...place, was: ',', text: '' },
        { file: 'docs/c.md', ...place, was: ',', text: '\u202e\n' },
      ],
    };
    const [run] = sarifOf(reportOf([{ ...findingAt('docs/a b.md', 'note'), fix }]), { base: 'sub' }).runs;
    const deletedRegion = { startLine: 3, startColumn: 7, endLine: 3, endColumn: 8 };
    const change = (uri: string, text: string) => ({
      artifactLocation: { uri, uriBaseId: '%SRCROOT%' },
      replacements: [{ deletedRegion, insertedContent: { text } }],
    });
    expect(run.results[0]!.fixes).toEqual([
      {
        description: { text: fix.title },
        artifactChanges: [change('sub/docs/a%20b.md', ''), change('sub/docs/c.md', '\u202e\n')],
      },
    ]);
  });

  test('writes a path as a relative reference, whatever it is called', () => {
    for (const [file, uri] of [
      ['docs/a b#c?d%e.md', 'docs/a%20b%23c%3Fd%25e.md'],
      ['http://x/y.md', 'http%3A//x/y.md'],
      ['docs/文档.md', 'docs/%E6%96%87%E6%A1%A3.md'],
      ['docs/\ud800.md', 'docs/%EF%BF%BD.md'],
    ]) {
      const [run] = sarifOf(reportOf([findingAt(file!, 'error')])).runs;
      expect(run.results[0]!.locations[0]!.physicalLocation.artifactLocation.uri).toBe(uri);
    }
  });

  test('stays valid whatever it tells, with neither link nor placeholder', () => {
    everyHostile((report) => {
      const text = render('sarif', report);
      for (const { message } of sarifOf(report).runs[0].results) {
        expect(message.text).not.toMatch(/\]\(|(?<!\{)\{\d+\}(?!\})/);
        expect(message.text).not.toMatch(ACTING);
      }
      expect(text.replaceAll('\n', '')).not.toMatch(ACTING);
      expect(text).not.toMatch(COMMANDS);
    });
  });

  test('leaves out what code scanning would refuse: suppressed findings and notes first, and says so', () => {
    const findings = Array.from({ length: 25_003 }, (_, index) => ({
      ...findingAt(`docs/${index}.md`, index < 3 ? 'note' : 'error'),
      suppressed: index === 9,
    }));
    const log = JSON.parse(render('sarif', reportOf(findings))) as Log;
    const [run] = log.runs;
    expect(run.results).toHaveLength(25_000);
    expect(run.results.every(({ level, suppressions }) => (level === 'error' ? !suppressions : true))).toBe(true);
    expect(run.results.filter(({ level }) => level === 'note')).toHaveLength(1);
    expect(run.invocations[0]!.toolExecutionNotifications![0]!.message.text).toContain('3 findings left out');
  });

  function sarifOf(report: Report, change: Partial<ReportContext> = {}): Log {
    const log = JSON.parse(render('sarif', report, change)) as Log;
    expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
    return log;
  }
});

test.describe('markdown', () => {
  test('tells outcomes, then errors, then warnings, a group once', () => {
    const text = render('markdown', sampleReport());
    expect(text).toContain(
      '- **6 exchanges**: 2 conforming, 1 differing, 1 unanswered, 1 blocked, 1 skipped; 1 flaky; 2 documented responses unseen\n' +
        '- **10 findings**: 4 errors, 5 warnings, 1 note not shown; 1 suppressed\n',
    );
    expect(text).toContain(
      '- `docs/api/insights/create-shared.md:29:30` `property/missing`  \n  ``Missing property `weight`, expected a number``\n',
    );
    expect(text.match(/usedInsight/g)).toHaveLength(1);
    expect(text).toContain('also `docs/api/insights/create-used.md:21:2`, `docs/api/insights/create-used.md:22:2`');
    expect(text.indexOf('### Errors')).toBeLessThan(text.indexOf('### Warnings'));
    expect(text).not.toContain('### Notes');
    expect(render('markdown', sampleReport(), { verbose: true })).toContain('### Notes');
  });

  test('holds nothing but what was meant: no HTML, no link, no mention, whatever it tells', () => {
    everyHostile((report, text) => {
      const written = render('markdown', report, { verbose: true });
      const seen: string[] = [];
      visit(unified().use(remarkParse).use(remarkGfm).parse(written) as Root, (node: Nodes) => {
        expect(['root', 'heading', 'paragraph', 'list', 'listItem', 'strong', 'text', 'inlineCode', 'break']).toContain(
          node.type,
        );
        if (node.type === 'text') expect(node.value).toMatch(/^[A-Za-z\d ,:;.\n]*$/);
        if (node.type === 'inlineCode') seen.push(node.value);
      });
      expect(seen).toContain('property/type');
      const whole = unmarked(oneLine(capped(text, 600)).trim()) || '␠';
      if (!/^`+$/.test(whole)) expect(seen).toContain(whole.replace(/^ | $/g, (blank) => blank));
      expect(written.replaceAll('\n', '')).not.toMatch(ACTING);
      expect(written).not.toMatch(COMMANDS);
    });
  });

  test('has room for a comment, and counts what has none; the gravest stays', () => {
    const findings = Array.from({ length: 20_000 }, (_, index) =>
      findingAt(`docs/${index}.md`, index < 19_990 ? 'warning' : 'error'),
    );
    const text = render('markdown', reportOf(findings));
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_000);
    expect(text.match(/^- `docs\/1999\d\.md/gm)).toHaveLength(10);
    const shown = text.match(/^- `docs/gm)!.length;
    expect(text).toContain(`\n${(20_000 - shown).toLocaleString('en')} findings more have no room here.\n`);
    const commands = findings.map((one) => ({ ...one, reason: '##[error]'.repeat(50) }));
    expect(render('markdown', reportOf(commands)).length).toBeGreaterThan(60_000);
    for (const bytes of [0, 100, 300, 1000, 1024 * 1024]) {
      expect(Buffer.byteLength(markdownWithin(reportOf(findings), { verbose: false }, bytes))).toBeLessThanOrEqual(
        bytes,
      );
    }
  });
});

test.describe('codequality', () => {
  test('has the fields GitLab asks for, and a fingerprint of its own for each', () => {
    const twins = [1, 2, 3].map((line) => ({ ...findingAt('docs/a.md', 'warning'), line, endLine: line }));
    for (const report of [sampleReport(), reportOf(twins), ...HOSTILE_TEXTS.map(hostileReport)]) {
      const text = render('codequality', report, { base: 'sub' });
      const issues = JSON.parse(text) as readonly Issue[];
      expect(issues).toHaveLength(report.findings.filter(({ suppressed }) => !suppressed).length);
      expect(new Set(issues.map(({ fingerprint }) => fingerprint)).size).toBe(issues.length);
      for (const { type, description, check_name, fingerprint, severity, location } of issues) {
        expect(type).toBe('issue');
        expect(description).not.toMatch(ACTING);
        expect(check_name).toMatch(/^[a-z-]+\/[a-z-]+$/);
        expect(fingerprint).toMatch(/^[0-9a-f]{16}(-\d+)?$/);
        expect(['info', 'minor', 'major', 'critical', 'blocker']).toContain(severity);
        expect(location.path).not.toMatch(/^\.?\//);
        expect(location.lines.begin).toBeGreaterThan(0);
        expect(location.lines.end).toBeGreaterThanOrEqual(location.lines.begin);
      }
      expect(text.replaceAll('\n', '')).not.toMatch(ACTING);
    }
    const [first] = JSON.parse(render('codequality', sampleReport(), { base: 'sub' })) as readonly Issue[];
    expect(first!.location.path).toMatch(/^sub\/docs\/api\//);
  });
});

test.describe('junit', () => {
  test('is legal XML 1.0 whatever it tells', () => {
    everyHostile((report) => {
      const xml = render('junit', report);
      expect(XMLValidator.validate(xml)).toBe(true);
      // Whatever section 2.2 of XML 1.0 does not list as a character.
      expect(xml).not.toMatch(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
      expect(xml).not.toMatch(COMMANDS);
    });
  });

  test('tells nothing of what is suppressed', () => {
    const report = sampleReport();
    const all = gather({
      ...report,
      findings: report.findings.map((one) => ({ ...one, suppressed: true })),
      unseen: 0,
    });
    for (const name of ['list', 'line', 'junit', 'github', 'markdown', 'codequality']) {
      const text = render(name, all, { verbose: true });
      for (const { reason } of report.findings) expect(text, name).not.toContain(reason.split(',')[0]);
    }
    expect(render('list', all)).toContain('11 suppressed');
  });
});

interface Log {
  readonly runs: readonly [
    {
      readonly columnKind: string;
      readonly invocations: readonly {
        readonly executionSuccessful: boolean;
        readonly toolExecutionNotifications?: readonly { readonly message: { readonly text: string } }[];
      }[];
      readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly level: string;
        readonly message: { readonly text: string };
        readonly locations: Locations;
        readonly suppressions?: readonly unknown[];
        readonly fixes?: readonly unknown[];
        readonly baselineState?: string;
      }[];
    },
  ];
}

type Locations = readonly {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string };
    readonly region: { readonly startColumn: number };
  };
}[];

interface Issue {
  readonly type: string;
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: string;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number; readonly end: number } };
}

interface Command {
  readonly command: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

function regionOf(locations: Locations) {
  return locations[0]!.physicalLocation.region;
}

/**
 * Reads a log as GitHub's runner does: a line that begins, after blanks, with `::`, is a command up to the next `::`; its properties
 * are parted by commas; of values `%0D`, `%0A`, `%3A` and `%2C` are undone, and `%25` last.
 */
function parseCommands(log: string): readonly Command[] {
  return log.split(/\r\n|\r|\n/).flatMap((line): Command[] => {
    const text = line.trimStart();
    const end = text.startsWith('::') ? text.indexOf('::', 2) : -1;
    if (end < 0) {
      expect(line).toBe('');
      return [];
    }
    const [, command, rest = ''] = /^(\S+)(?: (.*))?$/s.exec(text.slice(2, end))!;
    const properties = rest.split(',').map((part) => {
      const equals = part.indexOf('=');
      return [part.slice(0, equals).trim(), undo(part.slice(equals + 1), true)];
    });
    return [
      { command: command!, properties: Object.fromEntries(properties), message: undo(text.slice(end + 2), false) },
    ];
  });
}

function undo(text: string, property: boolean): string {
  const data = text.replaceAll('%0D', '\r').replaceAll('%0A', '\n');
  return (property ? data.replaceAll('%3A', ':').replaceAll('%2C', ',') : data).replaceAll('%25', '%');
}

function parseLines(text: string) {
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string; exchange?: unknown; finding?: unknown });
}

/** What stands for the beginnings of commands that are obeyed anywhere in a line. */
function unmarked(text: string): string {
  return text.replace(/##(?=\[|vso\[|teamcity\[)/gi, '# #');
}

function everyHostile(check: (report: Report, text: string) => void): void {
  for (const text of HOSTILE_TEXTS) check(hostileReport(text), text);
  fc.assert(
    fc.property(mixed, (text) => check(hostileReport(text), text)),
    { numRuns: 60 },
  );
}

const mixed = fc
  .array(
    fc.oneof(
      fc.constantFrom(...HOSTILE_TEXTS.filter((text) => text.length < 100)),
      fc.constantFrom(
        '`',
        '|',
        '\n',
        '\r',
        '::',
        '##[',
        '%',
        '%0A',
        ',',
        ':',
        '=',
        ']]>',
        '<',
        '\\',
        '[',
        ']',
        '(',
        '@',
        ' ',
      ),
      fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

const ACTING =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u061c\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/;
const COMMANDS = /^\s*::|##\[|##vso\[|##teamcity\[/im;

function findingAt(file: string, severity: Finding['severity']): Finding {
  const place = { file, position: { start: { line: 1, column: 2 }, end: { line: 1, column: 4 } } };
  return finding({ ruleId: 'property/type', reason: `Unexpected number in \`${file}\``, place }, severity);
}

function reportOf(findings: readonly Finding[]): Report {
  const { tool, coverage } = sampleReport();
  return gather({ command: 'check', target: 'none', tool, coverage, exchanges: [], findings, unseen: 0 });
}

function render(name: string, report: Report, change: Partial<ReportContext> = {}): string {
  return [...reporters[name]!.render(report, sampleContext(change))].join('');
}
