/** A binary heap: `pop` takes the value before all others. */
export class Heap<T> {
  readonly #values: T[] = [];
  readonly #isBefore: (a: T, b: T) => boolean;

  constructor(isBefore: (a: T, b: T) => boolean) {
    this.#isBefore = isBefore;
  }

  push(value: T): void {
    const values = this.#values;
    let index = values.length;
    values.push(value);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const parent = values[above] as T;
      if (!this.#isBefore(value, parent)) break;
      values[index] = parent;
      index = above;
    }
    values[index] = value;
  }

  pop(): T | undefined {
    const values = this.#values;
    const first = values[0];
    const last = values.pop();
    if (values.length === 0 || last === undefined) return first;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      if (below >= values.length) break;
      if (below + 1 < values.length && this.#isBefore(values[below + 1] as T, values[below] as T)) below += 1;
      const child = values[below] as T;
      if (!this.#isBefore(child, last)) break;
      values[index] = child;
      index = below;
    }
    values[index] = last;
    return first;
  }
}
