/** What an attack and a closure say otherwise. */
export interface Differences {
  /** The attack gained it; the closure says no. */
  missed: string[];
  /** The closure says yes; the attack did not gain it. */
  claimed: string[];
}

/**
 * Compares what an attack gained with what a closure says, in the universe of a world. What depends is never a
 * difference. Pure.
 */
export function differences(
  universe: ReadonlySet<string>,
  gained: ReadonlySet<string>,
  yes: ReadonlySet<string>,
  depends: ReadonlySet<string>,
): Differences {
  const open = (key: string) => universe.has(key) && !depends.has(key);
  return {
    missed: [...gained].filter((key) => open(key) && !yes.has(key)).sort(),
    claimed: [...yes].filter((key) => open(key) && !gained.has(key)).sort(),
  };
}
