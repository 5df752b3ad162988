import { isRaw, type Raw } from '../../../src/world/raw.ts';

/**
 * The least of an object that is still as bad: fields and list entries are taken out one by one, as long as `isBad`
 * holds.
 */
export async function shrinkObject(object: Raw, isBad: (smaller: Raw) => Promise<boolean>): Promise<Raw> {
  for (let candidates = smaller(object), next = candidates.next(); !next.done; next = candidates.next()) {
    if (!isRaw(next.value) || !(await isBad(next.value))) continue;
    object = next.value;
    candidates = smaller(object);
  }
  return object;
}

/** Big pieces first. */
function* smaller(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    for (const index of value.keys()) yield value.toSpliced(index, 1);
    for (const [index, each] of value.entries()) for (const less of smaller(each)) yield value.with(index, less);
  } else if (isRaw(value)) {
    for (const key of Object.keys(value))
      yield Object.fromEntries(Object.entries(value).filter(([other]) => other !== key));
    for (const [key, each] of Object.entries(value)) for (const less of smaller(each)) yield { ...value, [key]: less };
  }
}
