/**
 * What stands in a snapshot in place of a value that it does not keep: that there is one is known, what it is is not. A
 * value of a cluster that is spelled like this counts as left out too.
 */
export const LEFT_OUT = '\u0000left out of the snapshot';

/** Whether a value is left out, or is a list of which an element is. */
export const isLeftOut = (value: unknown): boolean =>
  value === LEFT_OUT || (Array.isArray(value) && value.includes(LEFT_OUT));

/** Whether anything in a value is left out, however deep. */
export function holdsLeftOut(value: unknown): boolean {
  if (value === LEFT_OUT) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(holdsLeftOut);
}

/**
 * The same value without what is left out, and without what has nothing in it then: for commands, which are to be run.
 */
export function withoutLeftOut(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((each) => !isGone(each)).map(withoutLeftOut);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => (isGone(each) ? [] : [[key, withoutLeftOut(each)]])),
  );
}

function isGone(value: unknown): boolean {
  if (value === LEFT_OUT) return true;
  if (typeof value !== 'object' || value === null) return false;
  const inner = Object.values(value);
  return inner.length > 0 && inner.every(isGone);
}

/** Why something is not known that rests on such a value. */
export const WHY_LEFT_OUT = 'a snapshot keeps no values of environment variables, arguments, annotations and the like';
