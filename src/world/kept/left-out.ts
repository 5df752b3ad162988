/**
 * Stands in a snapshot for a value that is present but not kept. A value of a cluster with this spelling counts as left
 * out too.
 */
export const LEFT_OUT = '\u0000left out of the snapshot';

/** Whether a value is left out, or is a list with an element that is. */
export const isLeftOut = (value: unknown): boolean =>
  value === LEFT_OUT || (Array.isArray(value) && value.includes(LEFT_OUT));

/** Whether any part of a value is left out, at any depth. */
export function holdsLeftOut(value: unknown): boolean {
  if (value === LEFT_OUT) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(holdsLeftOut);
}

/**
 * The value without the parts that are left out, and without parts that are then empty: for commands, which are to be
 * run.
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

/** The reason why something that rests on such a value is not known. */
export const WHY_LEFT_OUT = 'a snapshot keeps no values of environment variables, arguments, annotations and the like';
