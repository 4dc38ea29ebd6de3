import type { JSX } from 'preact';
import { visible } from '../../visible.ts';
import type { PageLine, PageLines } from '../wire.ts';
import { Copy } from './copy.tsx';
import type { Data, FindingRow } from './data.ts';
import { Prose, SeverityMark, Text, WebLink } from './words.tsx';

/** Lines of pages with the findings drawn on them; findings near each other share their lines. */
export function PageSource({
  data,
  found,
}: {
  readonly data: Data;
  readonly found: readonly { readonly row: FindingRow; readonly lines: PageLines | undefined }[];
}): JSX.Element {
  const files = [...new Set(found.map(({ row }) => row.finding.file))];
  return (
    <>
      {files.map((file) => {
        const here = found.filter(({ row }) => row.finding.file === file);
        const first = here.reduce((least, { row }) => Math.min(least, row.finding.line), Infinity);
        const lines = merged(here.flatMap(({ lines }) => lines ?? []));
        return (
          <figure key={file} class="source">
            <figcaption>
              <span class="place">
                <Text of={`${file}:${first}`} />
              </span>
              <PlaceLinks data={data} file={file} line={first} />
            </figcaption>
            {lines.length === 0 && <p class="calm">The page could not be read when the report was written.</p>}
            <div class="code" role="group" aria-label="Lines of the page">
              {lines.map((line, at) => (
                <div key={line.number}>
                  {at > 0 && lines[at - 1]!.number + 1 < line.number && <div class="skip-lines">⋯</div>}
                  <Line line={line} isMarked={here.some(({ row }) => covers(row, line.number))} />
                  {here
                    .filter(({ row }) => row.finding.line === line.number)
                    .map(({ row }) => (
                      <div key={row.number} class={`told ${row.finding.severity}`}>
                        <SeverityMark of={row.finding.severity} /> <Prose text={row.finding.reason} />
                      </div>
                    ))}
                </div>
              ))}
            </div>
          </figure>
        );
      })}
    </>
  );
}

/** Ways to a file: in an editor where its folder is known, on the web where its repository is. */
export function PlaceLinks({
  data,
  file,
  line,
  column = 1,
}: {
  readonly data: Data;
  readonly file: string;
  readonly line: number;
  readonly column?: number;
}): JSX.Element {
  const { root, repository } = data.head;
  const path = file.split('/').map(encoded).join('/');
  const folder = root?.replaceAll('\\', '/').replace(/^\/?/, '/').split('/').map(encoded).join('/');
  const isInside = !/^([a-z]:|\/|\\)/i.test(file);
  return (
    <span class="links">
      {folder !== undefined && isInside && (
        <a href={`vscode://file${folder.replace(/^\/([a-z])%3A/i, '/$1:')}/${path}:${line}:${column}`}>
          Open in editor
        </a>
      )}
      {repository !== undefined && isInside && (
        <WebLink url={`${repository.replace(/\/$/, '')}/${path}?plain=1#L${line}`}>On the web</WebLink>
      )}
      <Copy text={`${file}:${line}`} label="Copy place" />
    </span>
  );
}

/** Percent-encoded; half a character has no such form. */
function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));
}

function covers({ finding }: FindingRow, line: number): boolean {
  return line >= finding.line && line <= finding.endLine;
}

/** Parts of a line, those that findings are about marked. */
function Line({ line, isMarked }: { readonly line: Marked; readonly isMarked: boolean }): JSX.Element {
  const { number, text, marks } = line;
  let at = 0;
  const parts = marks.map(([start, end]) => {
    const part = (
      <>
        {visible(text.slice(at, start))}
        <mark>{visible(text.slice(start, end)) || ' '}</mark>
      </>
    );
    at = end;
    return part;
  });
  return (
    <div class={isMarked ? 'line marked' : 'line'}>
      <span class="number">{number}</span>
      <code>
        {parts}
        {visible(text.slice(at)) || (marks.length > 0 ? '' : ' ')}
      </code>
    </div>
  );
}

interface Marked {
  readonly number: number;
  readonly text: string;
  /** Apart from each other, in order. */
  readonly marks: readonly (readonly [start: number, end: number])[];
}

/** Each line once, in order, with the marks of all findings about it. */
function merged(lines: readonly PageLine[]): readonly Marked[] {
  const byNumber = new Map<number, { number: number; text: string; marks: (readonly [number, number])[] }>();
  for (const { number, text, mark } of lines) {
    let known = byNumber.get(number);
    // A long line is cut around the columns of each finding: the first that marks it is shown.
    if (known === undefined || (known.marks.length === 0 && mark))
      byNumber.set(number, (known = { number, text, marks: [] }));
    if (mark && known.text === text) known.marks.push(mark);
  }
  return [...byNumber.values()]
    .sort((a, b) => a.number - b.number)
    .map((line) => ({ ...line, marks: apart(line.marks) }));
}

function apart(marks: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const result: [number, number][] = [];
  for (const [start, end] of marks.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else result.push([start, end]);
  }
  return result;
}
