import type { Matchers } from './matcher.ts';
import type { Position } from './place.ts';

/** The kinds of block an annotation can announce, as written in the convention's own case. */
export const BLOCK_TYPES = [
  'resource',
  'request',
  'response',
  'ignored',
  'example',
  'samples',
  'simulatedResponse',
  'testParams',
  'permissions',
  'unknown',
] as const;

export type BlockType = (typeof BLOCK_TYPES)[number];

/** An annotation comment, read: every property of the convention, typed, and where each stands. */
export interface Annotation {
  readonly blockType: BlockType;
  /** Each name of a `name` property, which may be a string or a list. */
  readonly names: readonly string[];
  /** Type without `#` and without a `Collection()` around it. */
  readonly type?: string;
  readonly typeAka?: string;
  readonly isCollection?: boolean;
  readonly collectionProperty?: string;
  readonly isEmpty?: boolean;
  readonly truncated?: boolean;
  readonly expectError?: boolean;
  readonly optionalProperties?: readonly string[];
  readonly nullableProperties?: readonly string[];
  readonly keyProperty?: string;
  readonly baseType?: string;
  readonly openType?: boolean;
  readonly abstract?: boolean;
  readonly isMediaEntity?: boolean;
  readonly isComposable?: boolean;
  readonly idempotent?: boolean;
  readonly opaqueUrl?: boolean;
  readonly target?: string;
  readonly sampleKeys?: readonly string[];
  readonly scopes?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly tags?: readonly string[];
  readonly longRunningResponseType?: string;
  readonly requestUrls?: readonly string[];
  readonly mergePermissions?: boolean;
  readonly odataAnnotations?: readonly unknown[];
  /** What answers are to have at the pointers. */
  readonly matchers?: Matchers;
  /** Where the comment stands. */
  readonly position: Position;
  /** Where the value of each written property stands, by its canonical name; the pointer of a matcher, by `matchers` and the pointer. */
  readonly places: Readonly<Record<string, Position>>;
}

/** How the annotations of one blockType fared: `found = compiled + ignored + reported` (each written comment once). */
export interface AnnotationTally {
  readonly found: number;
  readonly compiled: number;
  readonly ignored: number;
  readonly reported: number;
}
