import { API, PAGES, RESOURCES, edit, fault, inFence, linesOf, onLine, type Faults } from './planted-edit.ts';

const BODIED = API.filter((file) => file !== 'delete-note.md');

/** Faults of resources, of what annotations say, and of HTTP messages by themselves. */
export const RESOURCE_FAULTS: Faults = {
  *'resource/unreadable'() {
    for (const file of RESOURCES) {
      yield edit(file, /```json\n\{\n( +"\w+": .*?),?\n/, '```json\n{\n$1 ‸]\n');
      yield edit(file, /```json\n\{[^]*?\n\}\n```/, '```json\n‸[ "String" ]\n```');
    }
    yield edit(
      'resources/linkattachment.md',
      '<!-- { "blockType": "resource", "@odata.type": "garden.linkAttachment", "baseType": "garden.attachment" }',
      '‸<!-- { "blockType": "resource" }',
    );
  },
  *'resource/row'() {
    for (const file of RESOURCES)
      for (const [line, [text, name]] of linesOf(file, /^\| (\w+) \| [^|]*\| [^|]*\|$/)) {
        if (name === 'Property') continue;
        yield onLine(file, line, text, `${text}\n${text.replace('| ', '| ‸')}`);
        yield onLine(file, line, text, text.replace(/\| (\w+) \| [^|]*\|/, '| ‸$1 | |'));
      }
  },
  *'resource/base-cycle'() {
    for (const [file, name] of [
      ['person', 'person'],
      ['address', 'address'],
      ['note', 'note'],
      ['attachment', 'attachment'],
      ['linkattachment', 'linkAttachment'],
      ['fileattachment', 'fileAttachment'],
    ])
      yield edit(
        `resources/${file}.md`,
        /"@odata.type": ("garden\.\w+")(, "baseType": "garden.attachment")?(?=.*-->)/,
        `"@odata.type": ‸$1, "baseType": "garden.${name}"`,
      );
    yield edit(
      'resources/attachment.md',
      '"@odata.type": "garden.attachment"',
      '"@odata.type": ‸"garden.attachment", "baseType": "garden.linkAttachment"',
    );
  },
  *'resource/table-only'() {
    for (const file of RESOURCES)
      for (const [line, [text, name]] of linesOf(file, /^ {2}"(\w+)": .*$/)) {
        if (!inFence(file, line) || isOnly(file, line)) continue;
        const lines = PAGES[file]!.replace(`| ${name} |`, `| ‸${name} |`).split('\n');
        lines.splice(line - 1, 1);
        yield fault(file, `${text} taken out`, lines.join('\n').replace(/,(?=\n\}\n```)/, ''));
      }
  },
  *'resource/block-only'() {
    for (const file of RESOURCES)
      for (const [line, [text, name]] of linesOf(file, /^\| (\w+) \| .*\|$/)) {
        if (name === 'Property' || rowsOf(file) === 1 || name === 'archivedDateTime') continue;
        const lines = PAGES[file]!.split('\n');
        lines.splice(line - 1, 1);
        yield fault(file, `${text} taken out`, lines.join('\n').replace(`"${name}":`, `‸"${name}":`));
      }
  },
  *'resource/type'() {
    for (const file of RESOURCES)
      for (const [line, [text, name, type]] of linesOf(file, /^\| (\w+) \| (String|Int64|Boolean|Double|Binary) \|/)) {
        for (const other of ['Boolean', 'Int32', 'String collection'])
          if (other !== type && !(other === 'Int32' && /Int64|Double/.test(type!))) {
            const lines = PAGES[file]!.replace(`  "${name}":`, `  ‸"${name}":`).split('\n');
            lines[line - 1] = lines[line - 1]!.replace(text, `| ${name} | ${other} |`);
            yield fault(file, `${name} ${other}`, lines.join('\n'));
          }
      }
  },
  *'resource/enum'() {
    const file = 'resources/note.md';
    for (const member of ['open', 'done', 'dropped']) {
      yield edit(file, `\n| ${member} |`, `\n| ‸${member}x |`);
      yield edit(file, new RegExp(`(values are .*\`)(${member}\`)`), '$1‸x$2');
      yield edit(file, new RegExp(`"state": (".*)\\b${member}\\b`), `‸"state": $1x${member}`);
    }
    yield edit(file, '\n| dropped |', '\n| dropped |\n| ‸lost |');
    yield edit(file, '| open |\n| done |\n| dropped |', '| ‸open |\n| done |');
    yield edit(file, '"state": "open | done | dropped"', '‸"state": "open | done"');
    yield edit(file, '`open`, `done`, `dropped`', '`‸open`, `done`');
  },
  *'annotation/property'() {
    for (const file of Object.keys(PAGES))
      for (const [line, [text]] of linesOf(file, /^<!-- \{ "blockType": "(?:request|response|resource)".* \} -->/)) {
        yield onLine(file, line, text, text.replace(' } -->', ', "openType": ‸"maybe" } -->'));
        yield onLine(file, line, text, text.replace(' } -->', ', "scopes": ‸{} } -->'));
        yield onLine(file, line, text, text.replace(' } -->', ', "sampleKeys": ‸7 } -->'));
      }
  },
  *'annotation/unknown-property'() {
    for (const file of Object.keys(PAGES))
      for (const [line, [text]] of linesOf(file, /^<!-- \{ "blockType": "(?:request|response|resource)".* \} -->/))
        for (const name of ['truncatd', 'optionalPropertys', 'isColection', 'odata.type'])
          yield onLine(file, line, text, text.replace(' } -->', `, ‸"${name}": true } -->`));
  },
  *'annotation/no-such-property'() {
    for (const file of ['get-note.md', 'list-notes.md', 'list-authors.md', 'create-note.md'])
      for (const name of ['optionalProperties', 'nullableProperties'])
        yield edit(file, /("response", "@odata.type": "[^"]*")/, `$1, "${name}": ‸[ "colour" ]`);
    for (const file of RESOURCES.filter((each) => each !== 'resources/note.md'))
      yield edit(file, /("resource", "@odata.type": "[^"]*")/, '$1, "keyProperty": ‸"colour"');
    yield edit('find-tags.md', '[ "hint" ]', '‸[ "hints" ]');
    yield edit('resources/note.md', '"keyProperty": "id"', '"keyProperty": ‸"ID"');
  },
  *'annotation/body'() {
    yield edit('list-notes.md', '"Collection(garden.note)"', '‸"garden.note"');
    yield edit('get-note.md', '"@odata.type": "garden.note"', '"@odata.type": ‸"Collection(garden.note)"');
    yield edit(
      'create-note.md',
      '"response", "@odata.type": "garden.note"',
      '"response", "@odata.type": ‸"Collection(garden.note)"',
    );
    yield edit('list-authors.md', '"collectionProperty": "authors"', '"collectionProperty": ‸"writers"');
    for (const file of ['get-note.md', 'list-notes.md', 'list-authors.md', 'create-note.md'])
      yield edit(file, '"response", "@odata', '"response", "expectError": ‸true, "@odata');
    yield edit('list-notes.md', '"truncated": true', '"isEmpty": ‸true, "truncated": true');
  },
  *'annotation/sample-key'() {
    for (const file of API) yield edit(file, /("request", "name": "\w+")/, '$1, "sampleKeys": ‸[ "n-99" ]');
  },
  *'body/error-shape'() {
    const file = 'get-note.md';
    yield edit(file, '  "error": {\n    "code": "noSuchNote",\n', '  ‸"error": {\n');
    yield edit(file, '  "error": {\n    "code"', '  ‸"error": {\n    "kode"');
    yield edit(file, /  "error": (\{\n    "code": "noSuchNote"),\n    "message".*\n/, '  ‸"error": $1,\n');
    yield edit(file, '"code": "noSuchNote"', '‸"code": 7');
    yield edit(file, /"error": \{[^]*?\n {2}\}/, '‸"error": "no such note"');
    yield edit(file, /"error": \{[^]*?\n {2}\}/, '‸"error": []');
    yield edit(file, /\{\n {2}"error": (\{[^]*?\n {2}\})\n\}/, '‸$1');
  },
  *'property/nesting'() {
    // Only where a page shows a type as a whole is it known that a property is missing where it belongs.
    const whole = '"displayName": "Mira Lindqvist",\n      "mail": "mira@example.com"';
    for (const [from, to] of [
      [whole, `‸"who": { ${whole} }`],
      ['"mail": "mira@example.com"', '‸"mails": { "mail": "mira@example.com" }'],
      ['"mail": "ola@example.com"', '‸"mails": { "mail": "ola@example.com" }'],
      ['"displayName": "Mira Lindqvist"', '‸"names": { "displayName": "Mira Lindqvist" }'],
      ['"displayName": "Ola Berg"', '‸"names": { "displayName": "Ola Berg" }'],
    ] as const)
      yield edit('list-authors.md', from, to);
  },
  *'http/header-name'() {
    for (const file of BODIED)
      for (const name of ['Content-Tpye', 'Conten-Type'])
        yield edit(file, /(HTTP\/1\.1 20.*\n)Content-Type/, `$1‸${name}`);
    yield edit('create-note.md', 'Location:', '‸Locaton:');
    yield edit('create-note.md', '/notes\nContent-Type', '/notes\n‸Content-Typ');
  },
  *'http/forbidden-body'() {
    for (const file of BODIED.filter((each) => each !== 'create-note.md'))
      yield edit(file, /(\nGET https.*)\n/, '$1\nContent-Type: application/json\n\n‸{ "a": 1 }\n');
    yield edit(
      'delete-note.md',
      '204 No Content\n```',
      '204 No Content\nContent-Type: application/json\n\n‸{ "a": 1 }\n```',
    );
  },
  *'http/content-type'() {
    for (const file of BODIED)
      for (const type of ['json', 'aplication/json', 'application', 'application\\json'])
        yield edit(
          file,
          /(HTTP\/1\.1 20.*\n)Content-Type: application\/json/,
          (_, before) => `${before}‸Content-Type: ${type}`,
        );
  },
  *'http/body-type'() {
    for (const file of BODIED)
      for (const type of ['application/xml', 'text/html', 'image/png', 'application/jsn'])
        yield edit(file, /(HTTP\/1\.1 20.*\nContent-Type: )application\/json([^]*?)\n\n\{/, `$1${type}$2\n\n‸{`);
  },
  *'http/duplicate-header'() {
    for (const file of BODIED)
      yield edit(file, /(HTTP\/1\.1 20.*\nContent-Type: application\/json\n)/, '$1‸Content-Type: application/json\n');
  },
  *'http/framing'() {
    for (const file of BODIED)
      yield edit(file, /(HTTP\/1\.1 20.*\n)/, '$1Transfer-Encoding: chunked\n‸Content-Length: 41\n');
  },
  *'annotation/matcher'() {
    for (const file of BODIED)
      yield edit(file, /("blockType": "response")/, '$1, "matchers": { "/body/id": ‸"guidd" }');
  },
  *'json/duplicate'() {
    for (const file of Object.keys(PAGES))
      for (const [line, [text]] of linesOf(file, /^ *"[a-zA-Z]+": (?:"[^"]*"|[\d.]+|true),$/))
        if (inFence(file, line)) yield onLine(file, line, text, `${text}\n${text.replace('"', '‸"')}`);
  },
};

/** Is it the only property of a block? */
function isOnly(file: string, line: number): boolean {
  const lines = PAGES[file]!.split('\n');
  return lines[line - 2] === '{' && lines[line] === '}';
}

function rowsOf(file: string): number {
  return linesOf(file, /^\| \w+ \| .*\|$/).length - 1;
}
