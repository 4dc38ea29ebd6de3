import { readOutlines } from '../model/outline.ts';
import { API, PAGES, TYPED, edit, fault, insert, linesOf, onLine, type Fault, type Faults } from './planted-edit.ts';

const OUTLINE = readOutlines({
  apiPageType: [
    {
      title: '*',
      headers: [
        { title: 'Permissions', required: true },
        { title: 'HTTP request', required: true },
        { title: 'Request headers' },
        { title: 'Request body' },
        { title: 'Response', required: true },
        { title: 'Examples', required: true },
      ],
    },
  ],
}).outlines;

/** Pages with one response. */
const SINGLE = API.filter((file) => file !== 'get-note.md');
/** Pages with a body in the first response. */
const BODIED = API.filter((file) => file !== 'delete-note.md');
/** Pages with a request that has no body. */
const READING = BODIED.filter((file) => file !== 'create-note.md');

/** Faults of pages as a whole: files, front matter, headings, fences, sections and the pairing of blocks. */
export const PAGE_FAULTS: Faults = {
  *'page/unreadable'() {
    // On a page of its own: the annotations of a page that is refused are told of one by one.
    for (const count of [120, 150, 200, 500, 2000])
      yield fault('deep.md', `${count} quotes`, `‸${'> '.repeat(count)}words\n`);
  },
  *'page/encoding'() {
    for (const file of API)
      yield { what: 'UTF-16', file, text: Buffer.from(`\ufeff${PAGES[file]!}`, 'utf-16le'), at: '1:1' };
  },
  *'page/collision'() {
    for (const file of API) {
      const other = file.replace('.md', '.MD');
      const named = PAGES[file]!.replace(/"name": "/, '"name": "other_');
      yield { what: 'two names of one fixture', file: other, text: named, at: '1:1' };
    }
  },
  *'page/front-matter-missing'() {
    for (const file of API)
      for (const key of ['title', 'description'])
        yield {
          ...fault(file, `no ${key}`, `‸${PAGES[file]!.replace(new RegExp(`^${key}: .*\\n`, 'm'), '')}`),
          options: { requiredFrontMatter: ['title', 'description'] },
        };
  },
  *'page/front-matter-empty'() {
    for (const file of API)
      for (const key of ['title', 'description'])
        yield {
          ...fault(file, `empty ${key}`, PAGES[file]!.replace(new RegExp(`^${key}: .*$`, 'm'), `‸${key}: ""`)),
          options: { requiredFrontMatter: ['title', 'description'] },
        };
  },
  *'page/annotation'() {
    for (const file of API)
      yield edit(file, '\n# ', '\n<!-- { "type": "#page.annotation", "tocIndex": ‸"third" } -->\n\n# ');
  },
  *'page/tags'() {
    for (const file of API) yield edit(file, '\n## Permissions', '\n‸[TAGS=beta]\n\n## Permissions');
  },
  *'page/permissions'() {
    for (const file of API) {
      yield typed(
        file,
        /## Permissions\n[^]*?(?=## HTTP)/,
        '## Permissions\n\nAsk the gardener.\n\n',
        '‸## Permissions',
      );
      yield typed(file, /## Permissions\n[^]*?(?=## HTTP)/, '', '# ‸');
    }
  },
  *'page/conflict'() {
    for (const file of Object.keys(PAGES))
      yield edit(file, '\n\n## ', '\n\n‸<<<<<<< HEAD\nOne.\n=======\n\nTwo.\n\n>>>>>>> other\n\n## ');
  },
  *'page/markup'() {
    for (const file of API) {
      yield edit(file, '\n## Request body', '\n‸##Request body');
      yield edit(file, '| Name | Description |\n|:---|:---|', '‸| Name | Description |');
      yield edit(file, '| Name | Description |\n|:---|:---|', '‸| Name | Description |\n|:---|:---|:---|');
      yield edit(file, '\n\n## ', '\n\nSee ‸[a note] (resources/note.md).\n\n## ');
      yield edit(file, '\n\n## ', '\n\nSee ‸(a note)[resources/note.md].\n\n## ');
      yield edit(file, '\n\n## ', '\n\nSee ‸[a note](resources/note.md and so on.\n\n## ');
      yield edit(file, '<!-- { "blockType": "ignored" } -->', '‸<!- { "blockType": "ignored" } ->');
    }
    yield edit('resources/note.md', '\n| title |', '\n\n‸| title |');
    yield edit('resources/person.md', '\n| mail |', '\n\n‸| mail |');
  },
  *'include/cycle'() {
    for (const file of API)
      yield {
        ...fault(file, 'a file that includes itself', `Words.\n\n[!INCLUDE [words](‸words.md)]\n`),
        text: PAGES[file]!.replace('\n\n## ', '\n\n[!INCLUDE [words](words.md)]\n\n## '),
        in: 'words.md',
        beside: { 'words.md': 'Words.\n\n[!INCLUDE [words](words.md)]\n' },
      };
  },
  *'link/case'() {
    for (const file of Object.keys(PAGES))
      for (const [line, [text]] of linesOf(file, /\]\([a-z/]*\.md\)/))
        yield onLine(
          file,
          line,
          text,
          text.replace(/\(((?:resources\/)?)([a-z])/, (_, folder, letter) => `(‸${folder}${letter.toUpperCase()}`),
        );
  },
  *'link/undefined'() {
    for (const file of API) yield edit(file, '\n\n## ', '\n\nSee [a note][‸gone-note].\n\n## ');
  },
  *'structure/heading-missing'() {
    for (const file of API) {
      yield typed(file, /## Response\n[^]*?(?=## Examples)/, '', '# ‸', true);
      yield typed(file, '## HTTP request', '**HTTP request**', '# ‸', true);
    }
  },
  *'structure/heading-case'() {
    for (const file of API)
      for (const title of ['Response', 'Examples', 'Request body'])
        yield typed(file, `## ${title}\n`, `## ‸${title.toUpperCase()}\n`, undefined, true);
  },
  *'structure/heading-misspelt'() {
    for (const file of API)
      for (const title of ['Request body', 'Request headers'])
        yield typed(file, `## ${title}\n`, `## ‸${title.replace('e', '')}\n`, undefined, true);
  },
  *'structure/heading-unexpected'() {
    for (const file of API) yield typed(file, '## Examples', '## ‸Colours\n\nGreen.\n\n## Examples', undefined, true);
  },
  *'structure/heading-order'() {
    for (const file of API)
      yield typed(
        file,
        /(## Permissions\n[^]*?)(## HTTP request[^]*?)(?=## Request body)/,
        '$2$1',
        '## ‸Permissions',
        true,
      );
  },
  *'structure/tabs'() {
    for (const file of API)
      for (const tabs of [
        '# [HTTP](#tab/http)\n\nOne.\n\n# ‸[C#](#tab/csharp)\n\nTwo.\n',
        '# ‸[Java](#tab/java)\n\nOne.\n\n# [HTTP](#tab/http)\n\nTwo.\n\n---\n',
        '# ‸[HTTP](#tab/http)\n\nOne.\n\n---\n',
        '# [HTTP](#tab/http)\n\nOne.\n\n# ‸[HTTP](#tab/http)\n\nTwo.\n\n---\n',
      ])
        yield typed(file, '## Examples\n', `## Examples\n\n${tabs}`, undefined, true);
  },
  *'fence/unclosed'() {
    for (const file of Object.keys(PAGES)) {
      const text = PAGES[file]!;
      const at = text.lastIndexOf('```', text.length - 5);
      yield fault(file, 'the last fence', `${text.slice(0, at)}‸${text.slice(at).replace(/```\n$/, '')}`);
    }
  },
  *'fence/language'() {
    for (const file of API)
      for (const [line] of linesOf(file, /^<!-- \{ "blockType": "re(?:quest|sponse)"/))
        for (const word of ['', 'json', 'htpp']) yield onLine(file, line + 2, '```http', `‸\`\`\`${word}`);
  },
  *'annotation/in-open-fence'() {
    for (const file of API)
      for (const marks of ['', '``\n']) yield edit(file, /\n```\n(\n### Response\n\n)<!--/, `\n${marks}$1‸<!--`);
    yield edit('get-note.md', /\n```\n(\n### Response\n\n)(<!-- \{ "blockType": "response", "expectError")/, '\n$1‸$2');
  },
  *'pairing/no-response'() {
    for (const file of API) yield edit(file, /("name": )("\w+"[^]*?)### Response\n[^]*$/, '$1‸$2');
  },
  *'pairing/no-request'() {
    for (const file of SINGLE)
      for (const words of ['', '\nSome words.\n'])
        yield edit(
          file,
          /<!-- \{ "blockType": "ignored" \} -->\n\n```[^]*?```\n([^]*?)### Request\n[^]*?(\n### Response\n\n)/,
          `${words}$1$2‸`,
        );
  },
  *'pairing/same-request'() {
    yield sameAs('find-tags.md', 'list-notes.md');
    yield sameAs('find-tags.md', 'get-note.md');
    yield sameAs('find-tags.md', 'list-authors.md');
    yield sameAs('get-note.md', 'list-notes.md');
    yield sameAs('get-note.md', 'list-authors.md');
    yield sameAs('list-authors.md', 'list-notes.md');
  },
  *'request/url'() {
    for (const file of API) {
      yield onRequest(file, 'https:', 'htps:');
      yield onRequest(file, 'https:', 'ftp:');
      yield onRequest(file, 'garden.example', 'graden.example');
      yield onRequest(file, '.com/', '.com//');
      yield onRequest(file, /\.com\/(\w)/, '.com/$1 ');
    }
  },
  *'request/template'() {
    for (const file of API) {
      yield onRequest(file, /\.com\/\w+/, '.com/plants');
      yield onRequest(file, /(\.com\/\w+)/, '$1/extra/more');
      yield onRequest(file, /‸[A-Z]+/, '‸PUT');
      // The other way round: the example is right, and the section wrong.
      yield edit(file, /\n(GET|POST|DELETE) \/(\w+)([^]*?)\n(GET|POST|DELETE) https/, '\n$1 /plants$3\n‸$4 https');
    }
  },
  *'request/body'() {
    yield edit(
      'create-note.md',
      /In the request body, supply[^]*?\n([^]*?)\n\{/,
      'Do not supply a request body.\n$1\n‸{',
    );
    for (const file of [...READING, 'delete-note.md'])
      yield edit(
        file,
        /Do not supply a request body for this method.([^]*?\n)([A-Z]+ https)/,
        'In the request body, supply the number of the note.$1‸$2',
      );
  },
  *'response/body'() {
    for (const file of BODIED) {
      yield edit(
        file,
        / and (?:a |the )[^\n]*? in the response body\.([^]*?HTTP\/1\.1 20[^]*?\n\n)\{/,
        '. It does not return anything in the response body.$1‸{',
      );
      if (file !== 'find-tags.md') yield edit(file, /HTTP\/1\.1 20([^]*?)\n\n\{[^]*?\n\}\n```/, '‸HTTP/1.1 20$1\n```');
    }
    yield edit(
      'delete-note.md',
      /It does not return anything([^]*?)HTTP/,
      'It returns a [note](resources/note.md) object$1‸HTTP',
    );
  },
  *'response/status'() {
    for (const file of API)
      for (const other of ['202 Accepted', '206 Partial Content'])
        yield edit(file, /`20\d [\w ]+`([^]*?)HTTP\/1/, `\`${other}\`$1‸HTTP/1`);
  },
  *'response/type'() {
    for (const file of TYPED) {
      const [to, text] = file === 'list-authors.md' ? ['address', 'person'] : ['person', 'note'];
      const found =
        /(## Response\n\n.*?)\[\w+\]\(resources\/\w+\.md\)([^]*?## Examples[^]*?"response", "@odata.type": )/;
      yield edit(file, found, `$1[${to}](resources/${to}.md)$2‸`);
      const isMany = file.startsWith('list');
      yield edit(
        file,
        /(## Response\n\n.*?and a )(?:collection of )?\[\w+\]\(([\w/.]+)\) objects?([^]*?## Examples[^]*?"response", "@odata.type": )/,
        `$1${isMany ? '' : 'collection of '}[${text}]($2) object${isMany ? '' : 's'}$3‸`,
      );
    }
  },
  *'header/unlisted'() {
    for (const file of API)
      for (const header of ['Prefer: return=minimal', 'If-Match: "1"'])
        yield insert(file, requestLineOf(file), `‸${header}`);
  },
  *'header/not-shown'() {
    for (const file of API)
      yield edit(file, '| Authorization |', '| ‸If-Match | The version to change. Required. |\n| Authorization |');
  },
};

/** A page said to be one of an API. */
function typed(file: string, from: string | RegExp, to: string, mark?: string, outlined = false): Fault {
  const text = PAGES[file]!.replace('\n---\n', '\ndoc_type: apiPageType\n---\n');
  let marked = text.replace(from, to);
  if (mark !== undefined) marked = marked.replace(new RegExp(`^${mark.replace('‸', '')}`, 'm'), mark);
  return { ...fault(file, `${from} -> ${to}`, marked), ...(outlined ? { options: { outline: OUTLINE } } : {}) };
}

/** A page whose example makes the request of a later one. */
function sameAs(file: string, other: string): Fault {
  const [, template] = /\n(\w+ \/\S+)/.exec(PAGES[other]!)!;
  const [, request] = /\n(\w+ https\S+)/.exec(PAGES[other]!)!;
  const text = PAGES[file]!.replace(/\n\w+ \/\S+/, () => `\n${template}`).replace(
    /\n\w+ https\S+/,
    () => `\n${request}`,
  );
  return { what: `as ${other}`, file, text, at: `${requestLineOf(other)}:1`, in: other };
}

function requestLineOf(file: string): number {
  return linesOf(file, /^[A-Z]+ https/)[0]![0];
}

/** A page with another request line, where the fault stands. */
function onRequest(file: string, from: string | RegExp, to: string): Fault {
  const line = requestLineOf(file);
  const text = PAGES[file]!.split('\n')[line - 1]!;
  return onLine(file, line, text, `‸${text}`.replace(from, to));
}
