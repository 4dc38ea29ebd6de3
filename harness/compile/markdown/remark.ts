import type { Root } from 'mdast';
import remarkFrontmatter from 'remark-frontmatter';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified, type PluggableList, type Processor } from 'unified';
import { VFile } from 'vfile';
import { refuseHard } from './hard.ts';

/** remark, set up for pages: CommonMark, tables and front matter. A text that would take it for ever is refused by a HardText. */
export interface Remark {
  /** The tree of a page. */
  parse(text: string): Root;
  /** The tree of a stretch out of the middle of a page, where front matter has no place; `line` is its first, where that is told. */
  parseStretch(text: string, line?: number): Root;
  /** The tree of a page after the user's plugins; there where the user has any. */
  readonly run?: (text: string, file: string) => Promise<Root>;
}

/** Sets remark up, with the user's plugins where there are any. */
export function remark(plugins: PluggableList = []): Remark {
  const stretch = unified().use(remarkParse).use(remarkGfm).freeze();
  const page = unified().use(remarkParse).use(remarkGfm).use(remarkFrontmatter).freeze();
  const parsers = {
    parse(text: string): Root {
      refuseHard(text, 1);
      return page.parse(text);
    },
    parseStretch(text: string, line = 1): Root {
      refuseHard(text, line);
      return stretch.parse(text);
    },
  };
  if (plugins.length === 0) return parsers;
  // `use` narrows the type with each plugin; what comes out is a processor that parses to an mdast root.
  const own = page().use(plugins).freeze() as unknown as Processor;
  return {
    ...parsers,
    async run(text, file) {
      refuseHard(text, 1);
      const document = new VFile({ path: file, value: text });
      return (await own.run(own.parse(document), document)) as Root;
    },
  };
}
