import { expect, test } from '@playwright/test';
import { examine } from '../examine.ts';
import type { RuleId } from '../model/rules.ts';
import { compilePages } from './docs.ts';
import { plantedPages } from './planted.ts';

/** A page with one fault, and where it is to be found. */
interface Fault {
  readonly what: string;
  readonly file: string;
  readonly text: string;
  readonly at: string;
}

const PAGES = plantedPages();
const TYPED = ['get-note.md', 'list-notes.md', 'list-authors.md', 'create-note.md'];
const API = Object.keys(PAGES).filter((file) => !file.startsWith('resources/'));
const RESOURCES = Object.keys(PAGES).filter((file) => file.startsWith('resources/'));

/** How the same page may be written otherwise: `shift` says how far the characters of a line move. */
const VARIANTS: Readonly<Record<string, { write: (text: string) => string; shift: number }>> = {
  plain: { write: (text) => text, shift: 0 },
  'CR LF': { write: (text) => text.replaceAll('\n', '\r\n'), shift: 0 },
  quoted: { write: (text) => blocks(text, () => '> '), shift: 2 },
  'in a list': { write: (text) => blocks(text, (line) => (line === 0 ? '- ' : '  ')), shift: 2 },
  'in a numbered list': { write: (text) => blocks(text, (line) => (line === 0 ? '1. ' : '   ')), shift: 3 },
};

for (const [variant, { write }] of Object.entries(VARIANTS))
  test(`${variant}: nothing is wrong with the pages as they are`, async () => {
    const pages = Object.entries(PAGES).map(([file, text]) => [file, write(text)] as const);
    const { findings, exchanges } = await found(Object.fromEntries(pages));
    expect(findings).toEqual([]);
    expect(exchanges).toBe(API.length);
  });

const FAULTS: Readonly<Partial<Record<RuleId, () => Generator<Fault>>>> = {
  *'property/type'() {
    for (const file of TYPED)
      for (const [line, [text, name, value]] of linesOf(file, /^ *"([a-zA-Z]+)": ("[^"]*"|[\d.]+|true)(?=,?$)/)) {
        if (!inResponse(file, line) || /^(code|message|requestId)$/.test(name!)) continue;
        for (const other of ['7', '"word"', 'true', '{}', '[]'])
          if (typeof JSON.parse(other) !== typeof JSON.parse(value!))
            yield onLine(file, line, text, text.replace(/"([a-zA-Z]+": ).*/, `‸"$1${other}`));
      }
    for (const file of TYPED.slice(0, 2)) {
      yield edit(file, '"size": 120', '‸"size": 1.5');
      yield edit(file, '"tags": [', '‸"tags": "beans",\n"tag": [', /\n"tag": \[[^]*?\],/);
      yield edit(file, '"author": {', '‸"author": "Mira",\n"by": {', /\n"by": \{[^]*?\}\n *\},/);
      yield edit(file, '"beans",', '‸7,');
      yield edit(file, '"water"\n', '‸[]\n');
    }
  },
  *'property/undocumented'() {
    for (const file of TYPED)
      for (const [line] of linesOf(file, /^ *("[a-z]+": )?\{$/)) {
        const isBody = inResponse(file, line);
        const next = PAGES[file]!.split('\n')[line]!;
        // What stands around the items of a collection is of no type that says what may be there.
        if (!isBody || /"(value|authors|error|code|requestId|@odata.context)"/.test(next)) continue;
        const indent = ' '.repeat(next.length - next.trimStart().length);
        yield insert(file, line, `${indent}‸"zzz": 1,`);
      }
    for (const file of TYPED.filter((file) => file !== 'list-authors.md'))
      for (const [line, [text]] of linesOf(file, /"(?!@|value|error|code|message|innerError|requestId)[a-zA-Z]+": /g))
        if (inResponse(file, line)) yield onLine(file, line, text, `‸"x${text.slice(1)}`);
  },
  *'property/format'() {
    for (const file of TYPED)
      for (const [name, values] of Object.entries(BAD))
        for (const [line, [text]] of linesOf(file, new RegExp(`"${name}": "[^"]*"`)))
          for (const bad of values) yield onLine(file, line, text, `‸"${name}": ${JSON.stringify(bad)}`);
  },
  *'property/enum'() {
    for (const file of TYPED.filter((file) => file !== 'list-authors.md'))
      for (const [line, [text]] of linesOf(file, /"state": "[^"]*"/))
        for (const bad of ['lost', 'OPEN', '', 'open ', 'open, lost'])
          if (inResponse(file, line)) yield onLine(file, line, text, `‸"state": "${bad}"`);
  },
  *'property/foreign-type'() {
    for (const file of TYPED.slice(0, 2))
      for (const type of ['#garden.note', '#garden.address', '#garden.person'])
        yield edit(file, '"@odata.type": "#garden.fileAttachment"', `‸"@odata.type": "${type}"`);
  },
  *'property/missing'() {
    const whole = PAGES['get-note.md']!.replace(', "truncated": true', '');
    for (const [text] of whole.matchAll(/^  "(?!error|author|tags|attachments)[a-zA-Z]+": .*\n/gm))
      yield fault(
        'get-note.md',
        `without ${text}`,
        whole.replace(text, '').replace(/\n\{\n(?=  "(id|title)")/, '\n‸{\n'),
      );
    const file = 'list-authors.md';
    for (const [line, [text]] of linesOf(file, /^ *"(displayName|mail)": .*$/)) {
      const lines = PAGES[file]!.split('\n');
      const start = lines.lastIndexOf('    {', line - 1);
      lines[start] = '    ‸{';
      lines.splice(line - 1, 1);
      yield fault(file, `without ${text}`, lines.join('\n'));
    }
  },
  *'json/unreadable'() {
    for (const file of API)
      for (const [line] of linesOf(file, /^ *"[a-zA-Z]+": ("[^"]*"|[\d.]+|true),?$/)) {
        const text = PAGES[file]!.split('\n')[line - 1]!;
        if (!inFence(file, line)) continue;
        yield onLine(file, line, text, text.replace(/": (?=.)/, '": ‸]'));
        yield onLine(file, line, text, text.replace(/": .*?(?=,?$)/, '": ‸wrong word'));
      }
  },
  *'annotation/block-type'() {
    for (const file of Object.keys(PAGES))
      for (const [line, [text]] of linesOf(file, /"blockType": "[a-z]+"/g))
        if (isAlone(file, line)) yield onLine(file, line, text, text.replace(/"([a-z])([a-z]+)"$/, '‸"$2$1"'));
  },
  *'annotation/unreadable'() {
    for (const file of Object.keys(PAGES))
      for (const [line, [text]] of linesOf(file, /"blockType": "[a-z]+"/g))
        if (isAlone(file, line)) yield onLine(file, line, text, `${text} ‸~`);
  },
  *'annotation/unbound'() {
    const words = '\n\nSome words.\n';
    for (const file of API)
      yield edit(
        file,
        '\n## Response\n',
        `\n‸<!-- { "blockType": "request", "name": "more" } -->${words}\n## Response\n`,
      );
    for (const file of ['resources/address.md', 'resources/linkattachment.md'])
      for (const [line, [text]] of linesOf(file, /<!-- .*/))
        yield onLine(file, line, text, `‸${text}${words}\n## Another heading`);
  },
  *'type/unresolved'() {
    for (const file of [...TYPED, 'resources/linkattachment.md'])
      for (const [line, [text]] of linesOf(
        file,
        /"(@odata.type|baseType)": "(Collection\()?garden\.(note|person|attachment)/,
      ))
        if (!inFence(file, line) && !text.includes('link'))
          yield onLine(file, line, text, text.replace(/: ("(?:Collection\()?)garden\.\w+/, ': ‸$1garden.unheardOf'));
  },
  *'link/dead'() {
    for (const file of Object.keys(PAGES))
      for (const [line, [text]] of linesOf(file, /\[[^\]]*\]\([^)]*\.md\)/g))
        yield onLine(file, line, text, text.replace(/\((.*)\.md/, '(‸$1-gone.md'));
  },
  *'link/anchor'() {
    for (const file of Object.keys(PAGES))
      for (const [line, [text]] of linesOf(file, /\[[^\]]*\]\([^)]*\.md\)/g))
        yield onLine(file, line, text, text.replace(/\((.*)\.md/, '(‸$1.md#no-such-heading'));
  },
  *'http/content-length'() {
    for (const file of API)
      for (const [line] of linesOf(file, /^Content-Type: /)) {
        // What is cut in the docs is longer on the wire, so nothing is said of it.
        if (
          PAGES[file]!.split('\n')
            .slice(line - 6, line)
            .join()
            .includes('truncated')
        )
          continue;
        for (const length of [1, 9999]) yield insert(file, line, `‸Content-Length: ${length}`);
      }
  },
  *'http/unreadable'() {
    for (const file of API)
      for (const [line, [text]] of linesOf(file, /^HTTP\/1.1 \d+ .*/))
        if (isAlone(file, line - 3)) yield onLine(file, line, text, `‸${text.replace(/ \d+/, ' abc')}`);
    for (const bad of ['HTTP/1.1', 'HTTP/1.1 20', 'HTTP/1.1 2000 OK', '<html>'])
      yield edit('get-note.md', 'HTTP/1.1 404 Not Found', `‸${bad}`);
  },
  *'pairing/duplicate-name'() {
    for (const file of API.filter((file) => file > 'create-note.md'))
      for (const [line, [text]] of linesOf(file, /"name": "\w+"/))
        if (!inFence(file, line)) yield onLine(file, line, text, '"name": ‸"create_note"');
  },
  *'resource/duplicate'() {
    for (const file of RESOURCES.filter((file) => file > 'resources/address.md').slice(0, 2)) yield copied(file);
    for (const file of RESOURCES.filter((file) => file > 'resources/fileattachment.md')) yield copied(file);
  },
  *'page/front-matter'() {
    for (const file of API) yield edit(file, 'title: "', 'title: "un"‸closed "');
  },
  *'include/missing'() {
    for (const file of Object.keys(PAGES).slice(0, 6))
      yield edit(file, '\n\n## ', '\n\n[!INCLUDE [words](‸gone.md)]\n\n## ');
  },
};

/** No date-times of a day alone and no placeholders for URLs: docs may show those. */
const BAD: Readonly<Record<string, readonly string[]>> = {
  createdDateTime: ['July 8', '2026-03-01T09:30:00', '2026-02-30T09:30:00Z', '2026-03-01T25:30:00Z', ''],
  dueDate: ['2026-3-9', '2026-03-09T00:00:00Z', '2026-13-01', '9.3.2026', ''],
  workspaceId: ['3f2504e0', '3f2504e0-4f89-41d3-9a0c-0305e82c330g', '{3f2504e0-4f89-41d3-9a0c-0305e82c3301}'],
  remindAfter: ['1 day', 'P', 'PT', '26:00'],
  webUrl: ['../notes/n-7', '/notes/n-7', 'garden.example.com'],
  contentBytes: ['?', 'Y=m', 'a b'],
};

for (const [rule, plant] of Object.entries(FAULTS))
  test(`${rule}: each fault is found once, at its place, and nothing else`, async () => {
    const faults = [...plant()];
    console.log(`${rule}: ${faults.length} faults`);
    expect(faults.length).toBeGreaterThanOrEqual(5);
    for (const { what, file, text, at } of faults) {
      const { findings } = await found({ ...PAGES, [file]: text });
      expect.soft(findings, `${file}: ${what}`).toEqual([`${rule} ${file}:${at}`]);
    }
  });

for (const [variant, { write, shift }] of Object.entries(VARIANTS).slice(1))
  test(`${variant}: faults are found at their place`, async () => {
    for (const rule of ['property/type', 'property/undocumented', 'property/format', 'json/unreadable'] as const) {
      const faults = [...FAULTS[rule]!()].filter((_, index) => index % 7 === 0);
      for (const { what, file, text, at } of faults) {
        const [line = 0, column = 0] = at.split(':').map(Number);
        const { findings } = await found({ ...PAGES, [file]: write(text) });
        expect.soft(findings, `${file}: ${what}`).toEqual([`${rule} ${file}:${line}:${column + shift}`]);
      }
    }
  });

async function found(pages: Readonly<Record<string, string>>): Promise<{ findings: string[]; exchanges: number }> {
  const docset = await compilePages(pages);
  const findings = [...docset.findings, ...examine(docset)].filter(({ severity }) => severity !== 'note');
  return {
    findings: findings.map(({ ruleId, file, line, column }) => `${ruleId} ${file}:${line}:${column}`),
    exchanges: docset.exchanges.length,
  };
}

/** The page's resource, documented on a page of another directory that comes after it. */
function copied(file: string): Fault {
  const text = PAGES[file]!.replace('"@odata.type": "garden.', '"@odata.type": ‸"garden.');
  return fault(`zzz/${file}`, 'documented twice', text.replaceAll(/\]\((\w+\.md)\)/g, '](../../resources/$1)'));
}

/** Does nothing else depend on the annotation? Of a request without its one response, and of types that are gone, others tell too. */
function isAlone(file: string, line: number): boolean {
  const text = PAGES[file]!.split('\n')[line - 1]!;
  if (text.includes('"resource"')) return /(address|linkattachment)\.md$/.test(file);
  return text.includes('"ignored"') || (text.includes('"response"') && file === 'get-note.md');
}

/** A page whose mark says where the fault is. */
function fault(file: string, what: string, marked: string): Fault {
  const before = marked.slice(0, marked.indexOf('‸')).split('\n');
  return { what, file, text: marked.replace('‸', ''), at: `${before.length}:${before.at(-1)!.length + 1}` };
}

function edit(file: string, from: string, to: string, away?: RegExp): Fault {
  const text = PAGES[file]!.replace(from, () => to);
  return fault(file, `${from} -> ${to}`, away === undefined ? text : text.replace(away, ''));
}

function onLine(file: string, line: number, from: string, to: string): Fault {
  const lines = PAGES[file]!.split('\n');
  lines[line - 1] = lines[line - 1]!.replace(from, () => to);
  return fault(file, `${line}: ${to}`, lines.join('\n'));
}

/** Puts a line after another. */
function insert(file: string, line: number, text: string): Fault {
  const lines = PAGES[file]!.split('\n');
  lines.splice(line, 0, text);
  return fault(file, `${line}: ${text}`, lines.join('\n'));
}

function linesOf(file: string, pattern: RegExp): [line: number, match: RegExpMatchArray][] {
  const one = new RegExp(pattern.source, pattern.flags.replace('g', ''));
  return PAGES[file]!.split('\n').flatMap((text, index) => {
    const match = one.exec(text);
    return match === null ? [] : [[index + 1, match] as [number, RegExpMatchArray]];
  });
}

/** The first line of the fence that a line stands in. */
function fenceAt(file: string, line: number): string | undefined {
  const before = PAGES[file]!.split('\n').slice(0, line - 1);
  const fences = before.flatMap((text, index) => (text.startsWith('```') ? [index] : []));
  return fences.length % 2 === 0 ? undefined : (before[fences.at(-1)! + 1] ?? '');
}

function inFence(file: string, line: number): boolean {
  return fenceAt(file, line) !== undefined;
}

function inResponse(file: string, line: number): boolean {
  return fenceAt(file, line)?.startsWith('HTTP/') === true;
}

/** Annotations and their fences with something before each of their lines. */
function blocks(text: string, mark: (line: number) => string): string {
  let at = -1;
  let fences = 0;
  return text
    .split('\n')
    .map((line) => {
      if (/^<!-- \{ "blockType": "(request|response)"/.test(line)) at = fences = 0;
      if (at < 0) return line;
      const marked = mark(at++) + line;
      if (line.startsWith('```') && ++fences === 2) at = -1;
      return marked;
    })
    .join('\n');
}
