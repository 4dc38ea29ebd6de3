/** A whole number, its thousands set apart: `12,000`. By hand, since the first `toLocaleString` of a process takes 10 ms or more. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A count with its noun: `1 error`, `2,000 errors`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}
