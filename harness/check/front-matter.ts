import type { Page } from '../model/docset.ts';
import type { Fact } from '../model/finding.ts';
import type { Place } from '../model/place.ts';
import type { Part } from './part.ts';

/** The front matter of each page has the keys that are asked for. A file without front matter that others include is no page of its own. */
export function* frontMatter({ pages, around }: Part, required: readonly string[]): Generator<Fact> {
  if (required.length === 0) return;
  for (const page of pages) {
    if (page.frontMatter === undefined && around.included.has(page.file)) continue;
    for (const name of required) {
      const field = page.frontMatter?.fields.find((each) => each.name === name);
      if (field === undefined)
        yield {
          ruleId: 'page/front-matter-missing',
          reason: `Missing \`${name}\`, expected in the front matter`,
          place: page.frontMatter?.place ?? head(page),
          subject: name,
          group: `page/front-matter-missing ${name}`,
          note: `Write \`${name}: …\` between two lines \`---\` at the head of the page.`,
        };
      else if (field.value.trim() === '')
        yield {
          ruleId: 'page/front-matter-empty',
          reason: `Missing value of \`${name}\`, expected in the front matter`,
          place: {
            file: page.file,
            position: {
              start: { line: field.line, column: field.column },
              end: { line: field.line, column: field.column + name.length },
            },
          },
          subject: name,
          group: `page/front-matter-empty ${name}`,
          note: 'Write the value.',
        };
    }
  }
}

function head({ file }: Page): Place {
  const start = { line: 1, column: 1 };
  return { file, position: { start, end: start } };
}
