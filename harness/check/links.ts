import { posix } from 'node:path';
import type { Docset, Link, Page } from '../model/docset.ts';
import type { Fact } from '../model/finding.ts';

/** Links inside the docs lead to a page, and to a heading of it, that is there. What leaves the docs is counted, not judged. */
export function* links({ pages }: Docset): Generator<Fact> {
  const byPage = new Map(pages.map((page) => [page.page.toLowerCase(), page]));
  const folders = new Set(pages.flatMap(({ page }) => page.split('/').slice(0, -1).slice(0, 1)));
  const leaving: Link[] = [];
  for (const page of pages)
    for (const link of page.links) {
      const verdict = judge(page, link, byPage, folders);
      if (verdict === 'leaves') leaving.push(link);
      else if (verdict) yield verdict;
    }
  const [first] = leaving;
  if (first)
    yield {
      ruleId: 'link/not-judged',
      reason: `Unexpected ${leaving.length === 1 ? 'link that leaves' : `links that leave`} the docs: ${leaving.length}, the first to \`${first.url}\`; not judged`,
      place: first.place,
      subject: 'leaving',
      note: 'Nothing to do; give the whole docset with `--docs` to have them judged.',
    };
}

function judge(
  page: Page,
  link: Link,
  byPage: ReadonlyMap<string, Page>,
  folders: ReadonlySet<string>,
): Fact | 'leaves' | undefined {
  const { url, place } = link;
  // Other schemes and hosts, and addresses without a scheme that are no path (`mailto:`, `//host`).
  if (/^[a-z][a-z0-9+.-]*:/i.test(url) || url.startsWith('//') || url.startsWith('~')) return undefined;
  const [path = '', anchor] = splitOnce(url, '#');
  if (path === '') return anchorFault(page, anchor, link, 'this page');
  const plain = decode(path.split('?', 1)[0]!);
  const isAbsolute = plain.startsWith('/');
  const target = isAbsolute ? posix.normalize(plain.slice(1)) : posix.join(posix.dirname(page.page), plain);
  if (target.startsWith('../') || target === '..') return 'leaves';
  if (isAbsolute && !(target.includes('/') && folders.has(target.split('/', 1)[0]!))) return 'leaves';
  // Only pages are known here; whether an image or a download is there, another tool says.
  const named = /\.md$/i.test(target)
    ? target
    : /\.[a-z0-9]+$/i.test(target)
      ? undefined
      : `${target.replace(/\/$/, '')}.md`;
  if (named === undefined) return undefined;
  const found = byPage.get(named.toLowerCase()) ?? byPage.get(`${target.replace(/\/$/, '')}/index.md`.toLowerCase());
  if (found) return anchorFault(found, anchor, link, `\`${path}\``);
  return {
    ruleId: 'link/dead',
    reason: `Missing page \`${named}\`, expected where \`${url}\` leads`,
    place,
    subject: url,
    group: `link/dead ${named}`,
    note: 'Mend the link, or write the page.',
  };
}

function anchorFault(page: Page, anchor: string | undefined, { url, place }: Link, where: string): Fact | undefined {
  if (anchor === undefined || anchor === '' || page.anchors.includes(decode(anchor))) return undefined;
  const inCase = page.anchors.find((each) => each.toLowerCase() === decode(anchor).toLowerCase());
  return {
    ruleId: 'link/anchor',
    reason: `Missing heading \`${anchor}\`, expected in ${where}`,
    place,
    subject: url,
    note: inCase === undefined ? 'Mend the link, or write the heading.' : `Did you mean \`#${inCase}\`?`,
  };
}

function splitOnce(text: string, mark: string): [string, string?] {
  const index = text.indexOf(mark);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
