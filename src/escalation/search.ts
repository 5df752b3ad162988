import { type Cost, isCheaper, type Reached } from './derivation.ts';

/** What is known of the ways to a goal, and how long somebody looks for one. */
export interface Known {
  /** What it costs to get to the goal from a position: nothing for the goal, undefined where no way is known. */
  costFrom: (key: string) => Cost | undefined;
  /** The search gives up after so many positions were offered and techniques asked without finding a way. */
  budget: number;
  /** Once a way is found, so many more are looked at for a shorter one. */
  patience: number;
  /** The steps from any other position to the goal, at least. */
  least?: number;
  /** Whether all that follows from a position alone was looked at before. */
  isDone?: (key: string) => boolean;
}

/** The search for a way to a goal in a closure, by positions from which a way to it is known already. */
export class Search {
  #best: Found | null = null;
  #left: number;
  /** Whether every position that can be reached for certain was looked at. */
  #isCertainDone = false;
  readonly #known: Known;

  constructor(known: Known) {
    this.#known = known;
    this.#left = known.budget;
  }

  /** The shortest way that was found. One that depends on something counts once there is none that is certain. */
  get found(): Found | null {
    return this.#best && (!this.#best.total.isOpen || this.#isCertainDone) ? this.#best : null;
  }

  /** Whether it has looked long enough. */
  get isOver(): boolean {
    return this.#left <= 0;
  }

  /** Notes that somebody was asked what it can do by a technique, which takes so much longer than most. */
  tick(effort: number): void {
    this.#left -= effort;
  }

  /** Whether a technique is not asked any more: a way is known, and this takes longer than is left for a shorter one. */
  isTooLong(effort: number): boolean {
    return this.found !== null && effort > this.#left;
  }

  /**
   * Whether an identity need not be asked what it can do: some way is known, and so are the ways of this identity alone,
   * which `note` counted when it was offered. Together with others it might take fewer steps, which is not looked for.
   */
  isTold(key: string): boolean {
    return this.found !== null && this.#known.isDone?.(key) === true;
  }

  note(offered: Reached & { key: string }): void {
    this.#left -= 1;
    const rest = this.#known.costFrom(offered.key);
    if (!rest) return;
    const { cost } = offered;
    const total = { isOpen: cost.isOpen || rest.isOpen, steps: cost.steps + rest.steps };
    if (this.#best !== null && !isCheaper(total, this.#best.total)) return;
    if (!total.isOpen && (this.#best === null || this.#best.total.isOpen)) this.#left = this.#known.patience;
    this.#best = { ...offered, total };
  }

  /** Notes the cost of what is looked at next, the certain before what depends on something. Null: nothing is left. */
  lookAt(cost: Cost | null): void {
    if (this.#isCertainDone || (cost !== null && !cost.isOpen)) return;
    this.#isCertainDone = true;
    if (this.#best) this.#left = Math.min(this.#left, this.#known.patience);
  }

  /**
   * Whether what follows from a position is no cheaper than what was found; `isLast`: by a step that ends at the goal.
   */
  isBeyond({ isOpen, steps }: Cost, isLast: boolean): boolean {
    const least = isLast ? 0 : (this.#known.least ?? 0);
    return this.#best !== null && !isCheaper({ isOpen, steps: steps + 1 + least }, this.#best.total);
  }
}

/** The position by which a way was found, with what all of it costs. */
export type Found = Reached & { key: string; total: Cost };
