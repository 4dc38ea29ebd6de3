import type { Link, Page } from '../model/docset.ts';
import type { Fact } from '../model/finding.ts';
import { inCase, toMoved, withAnchor } from './link-fix.ts';
import type { LinkTarget } from './link-target.ts';
import type { Around, Part } from './part.ts';

/**
 * Links inside the docs lead to a file, and to a heading of it, that is there, by the name it has; references are defined. What leaves
 * the docs is counted, not judged.
 */
export function* links({ pages, around, leaving }: Part): Generator<Fact> {
  // A file that several pages include says the same each time.
  const seen = new Set<string>();
  const isNew = ({ file, position: { start } }: Link['place'], page: Page): boolean =>
    file === page.file || seen.size < seen.add(`${file}:${start.line}:${start.column}`).size;
  for (const page of pages) {
    for (const link of page.links) {
      const { file } = link.place;
      // What an included file means by `#x` depends on who includes it.
      if (file !== page.file && link.url.startsWith('#')) continue;
      const target = around.targets(page, link.url, file);
      if (target.kind === 'leaves') leaving.push({ file: page.file, link });
      const fact = factOf(target, link, around);
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
}

/** Tells how many links lead out of the docs, at the first of them. */
export function notJudged(count: number, first: Link): Fact {
  return {
    ruleId: 'link/not-judged',
    reason: `Unexpected ${count === 1 ? 'link that leaves' : `links that leave`} the docs: ${count}, the first to \`${first.url}\`; not judged`,
    place: first.place,
    subject: 'leaving',
    note: 'Nothing to do; give the whole docset with `--docs` to have them judged.',
  };
}

type Gone = Extract<LinkTarget, { kind: 'missing' }>;

function whereNow(gone: Gone, link: Link, around: Around): Pick<Fact, 'fix'> {
  const now = around.moved(gone.name);
  if (now === undefined) return {};
  const file = around.fileAt(now);
  return toMoved(link, gone, now, (anchor) => file === undefined || around.anchors(file).has(anchor));
}

function factOf(target: LinkTarget, link: Link, around: Around): Fact | undefined {
  const { url, place } = link;
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
        ...whereNow(target, link, around),
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
        ...inCase(link, target),
      };
    case 'page': {
      const { page, anchor, path } = target;
      if (anchor === undefined || anchor === '') return undefined;
      const anchors = around.anchors(page.file);
      if (anchors.has(anchor)) return undefined;
      const cased = [...anchors].find((each) => each.toLowerCase() === anchor.toLowerCase());
      return {
        ruleId: 'link/anchor',
        reason: `Missing heading \`${anchor}\`, expected in ${path === '' ? 'this page' : `\`${path}\``}`,
        place,
        subject: url,
        note: cased === undefined ? 'Mend the link, or write the heading.' : `Did you mean \`#${cased}\`?`,
        ...withAnchor(link, anchors, anchor),
      };
    }
    default:
      return undefined;
  }
}
