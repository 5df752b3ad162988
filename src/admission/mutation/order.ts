import { expressionsOf } from '../policies/policy.ts';
import type { Invocation, Invoked } from './invoke.ts';
import { touches } from './paths.ts';
import { staticChanges } from './static-changes.ts';

/**
 * Whether the order of these calls makes no difference: none changes what another reads or changes. This is decided by
 * what each read of the object as it was sent, by what their mutations can change, and by the names in their
 * expressions, since a condition that was not reached may read more.
 */
export function isIndependent(found: readonly Invocation[], call: (invocation: Invocation) => Invoked): boolean {
  if (found.length < 2) return true;
  const all = found.map((each) => ({
    changes: staticChanges(each.policy.mutations),
    reads: call(each).reads,
    text: expressionsOf(each.policy)
      .map(({ source }) => source)
      .join('\n'),
  }));
  return all.every(({ changes }, index) =>
    all.every(
      (other, at) =>
        at === index ||
        (changes?.every(
          (path) =>
            !other.reads.some((read) => touches(path, read)) &&
            !(other.changes ?? [path]).some((each) => touches(path, each)) &&
            !mentions(other.text, path),
        ) ??
          false),
    ),
  );
}

/** Whether a text may refer to the value at a path: by the name of the last field, or by naming the whole object. */
const mentions = (text: string, path: string): boolean => {
  const names = path.replace(/\[\*\]/g, '').split('.');
  const last = names.at(-1) ?? '';
  return last === '' || text.includes(last) || /\bobject\b(?!\.)/.test(text) || /\bobject\.spec\b(?!\.)/.test(text);
};

/** Every order of the items; null where there are too many to try. */
export function ordersOf<T>(items: readonly T[]): readonly (readonly T[])[] | null {
  return items.length > MOST ? null : permutations(items);
}

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

const MOST = 4;
