import type { Docset, Link, Page } from '../model/docset.ts';
import type { Fact } from '../model/finding.ts';
import { linkTargets, type LinkTarget } from './link-target.ts';

/**
 * Links inside the docs lead to a file, and to a heading of it, that is there, by the name it has; references are defined. What leaves
 * the docs is counted, not judged. `files` are the files of the docs that are no pages, where they are known.
 */
export function* links({ pages }: Docset, files?: ReadonlySet<string>): Generator<Fact> {
  const targets = linkTargets(pages, files);
  const leaving: Link[] = [];
  // A file that several pages include says the same each time.
  const seen = new Set<string>();
  const isNew = ({ file, position: { start } }: Link['place'], page: Page): boolean =>
    file === page.file || seen.size < seen.add(`${file}:${start.line}:${start.column}`).size;
  const anchors = new Map<Page, ReadonlySet<string>>();
  const has = (page: Page, anchor: string): boolean => {
    let known = anchors.get(page);
    if (known === undefined) anchors.set(page, (known = new Set(page.anchors)));
    return known.has(anchor);
  };
  for (const page of pages) {
    for (const link of page.links) {
      const { file } = link.place;
      // What an included file means by `#x` depends on who includes it.
      if (file !== page.file && link.url.startsWith('#')) continue;
      const target = targets(page, link.url, file);
      if (target.kind === 'leaves') leaving.push(link);
      const fact = factOf(target, link, has);
      if (fact && isNew(link.place, page)) yield fact;
    }
    for (const { id, place } of page.undefinedReferences)
      if (isNew(place, page))
        yield {
          ruleId: 'link/undefined',
          reason: `Missing definition of \`${id}\`, expected on this page`,
          place,
          subject: id,
          note: `Write \`[${id}]: …\` with the address, or mend the reference.`,
        };
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

function factOf(
  target: LinkTarget,
  { url, place }: Link,
  has: (page: Page, anchor: string) => boolean,
): Fact | undefined {
  switch (target.kind) {
    case 'missing': {
      const what = /\.md$/i.test(target.name) ? 'page' : 'file';
      return {
        ruleId: 'link/dead',
        reason: `Missing ${what} \`${target.name}\`, expected where \`${url}\` leads`,
        place,
        subject: url,
        group: `link/dead ${target.name}`,
        note: `Mend the link, or ${what === 'page' ? 'write the page' : 'add the file'}.`,
      };
    }
    case 'case':
      return {
        ruleId: 'link/case',
        reason: `Unexpected case of \`${target.written}\`, expected \`${target.name}\``,
        place,
        subject: url,
        group: `link/case ${target.written}`,
        expected: target.name,
        actual: target.written,
        note: 'Write the name as the file has it: not every host takes one for the other.',
      };
    case 'page': {
      const { page, anchor, path } = target;
      if (anchor === undefined || anchor === '' || has(page, anchor)) return undefined;
      const inCase = page.anchors.find((each) => each.toLowerCase() === anchor.toLowerCase());
      return {
        ruleId: 'link/anchor',
        reason: `Missing heading \`${anchor}\`, expected in ${path === '' ? 'this page' : `\`${path}\``}`,
        place,
        subject: url,
        note: inCase === undefined ? 'Mend the link, or write the heading.' : `Did you mean \`#${inCase}\`?`,
      };
    }
    default:
      return undefined;
  }
}
