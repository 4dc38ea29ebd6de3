import type { Docset } from '../model/docset.ts';

/** For docs without a single annotation: what looks like one, and the two comments to begin with. */
export function hintAtAnnotations(docset: Pick<Docset, 'coverage' | 'pages'>): string | undefined {
  const { coverage } = docset;
  // Asked for only where they matter: pages that lie in the cache are read when somebody looks at them.
  if (coverage.files === 0 || Object.values(coverage.annotations).some(({ found }) => found > 0)) return undefined;
  const { pages } = docset;
  const requests = pages.flatMap(({ lookalikes }) => lookalikes.requests);
  const responses = pages.flatMap(({ lookalikes }) => lookalikes.responses);
  const counts = `${requests.length} \`http\` and \`json\` ${fences(requests.length, 'looks like a request', 'look like requests')}, ${responses.length} ${responses.length === 1 ? 'like a response' : 'like responses'}`;
  const none = `No annotation in ${pages.length} ${pages.length === 1 ? 'page' : 'pages'}: ${counts}.`;
  const request = requests[0];
  if (request === undefined) return none;
  const { file, position } = request.place;
  const after = responses.find(({ place }) => place.file === file && place.position.start.line > position.start.line);
  const name = /([^/]*)\.md$/i.exec(file)?.[1]?.replace(/[^\w-]+/g, '-') || 'example';
  return [
    none,
    'A comment above a fence makes it a promise. To begin with the first:',
    `  ${file}:${position.start.line}  ${request.line}`,
    `    <!-- { "blockType": "request", "name": "${name}" } -->`,
    after ? `  ${file}:${after.place.position.start.line}  ${after.line}` : '  and above the response to it',
    '    <!-- { "blockType": "response" } -->',
    '`docwright init --annotate` writes them as a patch, wherever that is sure.',
  ].join('\n');
}

function fences(count: number, one: string, more: string): string {
  return count === 1 ? `fence ${one}` : `fences ${more}`;
}
