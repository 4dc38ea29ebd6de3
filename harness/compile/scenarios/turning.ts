/** What is found while a file of API Doctor is turned. */
export interface Turning {
  /** By a pointer into what is made, where that stood. */
  from: Map<string, string>;
  readonly faults: TurningFault[];
  /** Of names that are made up. */
  count: number;
}

/** What cannot be turned, at a pointer into the file as it was. The scenario it is in is left out. */
export interface TurningFault {
  readonly pointer: string;
  readonly kind: 'expression' | 'unreadable';
  readonly reason: string;
  readonly note: string;
}

/** An object of a file that somebody else wrote. */
export type Foreign = Readonly<Record<string, unknown>>;

/** Tells what cannot be read. */
export function fault({ faults }: Turning, pointer: string, reason: string, note: string): undefined {
  faults.push({ pointer, kind: 'unreadable', reason, note });
  return undefined;
}

/** An object, and no list. */
export function isObject(value: unknown): value is Foreign {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A list, and an empty one in the place of anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
