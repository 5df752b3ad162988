/*
 * What `push(...items)` and `Math.max(...values)` do, for however many: the arguments of a call lie on the stack, which
 * holds some 100,000 of them. A test forbids to spread what a cluster may have any number of.
 */

/** Adds all of `items` at the end. */
export function pushAll<T>(to: T[], items: Iterable<T>): void {
  for (const item of items) to.push(item);
}

/** The largest; `-Infinity` of none. */
export const maxOf = (values: Iterable<number>): number => fold(values, Number.NEGATIVE_INFINITY, Math.max);

/** The smallest; `Infinity` of none. */
export const minOf = (values: Iterable<number>): number => fold(values, Number.POSITIVE_INFINITY, Math.min);

function fold(values: Iterable<number>, start: number, choose: (a: number, b: number) => number): number {
  let found = start;
  for (const value of values) found = choose(found, value);
  return found;
}

/** One object with the fields of all, those of later ones last. */
export const mergeAll = <T>(objects: readonly Readonly<Record<string, T>>[]): Record<string, T> =>
  Object.fromEntries(objects.flatMap((each) => Object.entries(each)));
