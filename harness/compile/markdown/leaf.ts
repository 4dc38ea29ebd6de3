import type { Code, Nodes, Table } from 'mdast';
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
      content(): Nodes;
    }
  /** Its text is read when it is asked for, and so is its content: nothing where it holds neither link nor image nor HTML. */
  | { readonly type: 'paragraph'; readonly position: Position; text(): string; content(): Nodes | undefined }
  /** Its rows are read when they are asked for; `content` is nothing where they hold neither link nor image nor HTML. */
  | { readonly type: 'table'; readonly position: Position; table(): Table; content(): Nodes | undefined }
  | { readonly type: 'definition' | 'other'; readonly position: Position; content(): Nodes }
  | { readonly type: 'thematicBreak' | 'yaml'; readonly position: Position };
