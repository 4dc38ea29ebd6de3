import type { Code, Table } from 'mdast';
import type { Position } from 'unist';

/** A block that holds no other blocks, as CommonMark has it, with what the outline of a page needs to know of it. */
export type Leaf =
  | { readonly type: 'code'; readonly position: Position; readonly node: Code }
  | { readonly type: 'html'; readonly position: Position; readonly value: string }
  | {
      readonly type: 'heading';
      readonly position: Position;
      readonly depth: number;
      readonly text: string;
      /** Is it the head of a tab: nothing but a link to `#tab/…`? */
      readonly tab: boolean;
    }
  /** Its text is read when it is asked for. */
  | { readonly type: 'paragraph'; readonly position: Position; text(): string }
  /** Its rows are read when they are asked for. */
  | { readonly type: 'table'; readonly position: Position; table(): Table }
  | { readonly type: 'definition' | 'thematicBreak' | 'yaml' | 'other'; readonly position: Position };
