/** Choices that a seed determines. */
export interface Random {
  chance(probability: number): boolean;
  /** A whole number from 0, smaller than `end`. */
  below(end: number): number;
  /** One of them, each as likely. Throws where there is none. */
  pick<T>(items: readonly T[]): T;
  /** Between `min` and `max` different ones, as far as there are so many. What is listed twice is twice as likely. */
  some<T>(items: readonly T[], min: number, max: number): T[];
}

/** The generator mulberry32: small, and good enough to choose test cases. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (end: number) => Math.floor(next() * end);
  return {
    chance: (probability) => next() < probability,
    below,
    pick(items) {
      if (items.length === 0) throw new Error('nothing to pick from');
      return items[below(items.length)] as (typeof items)[number];
    },
    some(items, min, max) {
      const chosen = new Set<(typeof items)[number]>();
      for (let count = min + below(max - min + 1); count > 0; count -= 1) {
        const rest = items.filter((item) => !chosen.has(item));
        if (rest.length > 0) chosen.add(this.pick(rest));
      }
      return [...chosen];
    },
  };
}
