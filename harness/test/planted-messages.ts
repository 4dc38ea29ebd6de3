import type { Fault, Faults } from './planted-edit.ts';
import {
  API,
  PAGES,
  RESOURCES,
  TYPED,
  edit,
  fault,
  inFence,
  inResponse,
  insert,
  linesOf,
  onLine,
} from './planted-edit.ts';

/** Faults of messages, annotations and links. */
export const MESSAGE_FAULTS: Faults = {
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
  *'http/reason'() {
    for (const file of API)
      for (const [line, [text, status]] of linesOf(file, /^HTTP\/1\.1 (\d+) .*/))
        for (const other of ['Created', 'Not Found', 'Accepted', 'Multi-Status'])
          if (!text.endsWith(other)) yield onLine(file, line, text, `‸HTTP/1.1 ${status} ${other}`);
    yield edit('get-note.md', 'HTTP/1.1 404 Not Found', '‸HTTP/1.1 404 Not Fuond');
    for (const file of API)
      for (const [line, [text, status]] of linesOf(file, /`(\d+) [A-Z][A-Za-z ]*`/))
        yield onLine(file, line, text, `\`‸${status} ${status === '202' ? 'Created' : 'Accepted'}\``);
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
        yield onLine(file, line, text, text.replace(/"([a-z])([a-z]+)"$/, '‸"$2$1"'));
  },
  *'annotation/unreadable'() {
    for (const file of Object.keys(PAGES))
      for (const [line, [text]] of linesOf(file, /"blockType": "[a-z]+"/g))
        yield onLine(file, line, text, `${text} ‸~`);
  },
  *'annotation/unbound'() {
    const words = '\n\nSome words.\n';
    for (const file of API)
      yield edit(
        file,
        '\n## Response\n',
        `\n‸<!-- { "blockType": "request", "name": "more" } -->${words}\n## Response\n`,
      );
    for (const file of RESOURCES)
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
        for (const length of [1, 9999, -1, '1,000']) yield insert(file, line, `‸Content-Length: ${length}`);
      }
  },
  *'http/unreadable'() {
    for (const file of API)
      for (const [line, [text]] of linesOf(file, /^HTTP\/1.1 \d+ .*/))
        yield onLine(file, line, text, `‸${text.replace(/ \d+/, ' abc')}`);
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

/** The page's resource, documented on a page of another directory that comes after it. */
function copied(file: string): Fault {
  const text = PAGES[file]!.replace('"@odata.type": "garden.', '"@odata.type": ‸"garden.');
  return fault(`zzz/${file}`, 'documented twice', text.replaceAll(/\]\((\w+\.md)\)/g, '](../../resources/$1)'));
}
