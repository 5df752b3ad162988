import type { Named } from '../../world/objects.ts';
import type { Budget } from '../transport/budget.ts';

/**
 * The pages of one list, so far as they tell whether it ever ends. Each has to lead to one that has not been there, and
 * all but a few have to bring objects: a list is as long as it likes, but a server may not hand out pages for ever.
 */
export class Pages {
  readonly #tokens = new Set<string>();
  readonly #starts = new Set<string>();
  #count = 0;
  #objects = 0;
  readonly #budget: Budget;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Whether no page has led there. */
  isNews(token: string): boolean {
    return !this.#tokens.has(token);
  }

  /**
   * After a page: the token of the next one, empty where there is none, and what it brought. Why the list does not go
   * on; null where it may.
   */
  add(next: string, objects: readonly Named[]): string | null {
    const [first] = objects;
    const start = first && `${first.namespace}/${first.name}`;
    const isRepeated = start !== undefined && this.#starts.has(start);
    if (start !== undefined) this.#starts.add(start);
    const isKnown = !this.isNews(next);
    this.#tokens.add(next);
    this.#count += 1;
    this.#objects += objects.length;
    if (isKnown && next !== '') return 'pages that continue in a circle';
    if (isRepeated) return 'a page that has been there before';
    if (next === '') return null;
    const isSparse = objects.length < OBJECTS_A_PAGE;
    if (isSparse && !this.#budget.takePage()) return `${this.#count} pages with ${this.#objects} objects, and no end`;
    return this.#objects > MOST_OBJECTS ? `more than ${MOST_OBJECTS} objects` : null;
  }
}

/** What pages bring, unless what stands between us and a server takes objects out of them. */
const OBJECTS_A_PAGE = 10;
/** More than any etcd holds. */
const MOST_OBJECTS = 5_000_000;
