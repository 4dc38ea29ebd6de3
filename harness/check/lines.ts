/** Gives the lines of a file of the docs as they are written, without their ends; nothing where it cannot be read. */
export type LinesOf = (file: string) => readonly string[] | undefined;
