import type { Named } from '../../world/objects.ts';
import type { Budget } from '../transport/budget.ts';

/**
 * The pages of one list, as far as they show whether it ever ends. Each has to lead to a page that has not been read,
 * and all but a few have to contain objects: a list may be of any length, but a server may not return pages without
 * end.
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

  /** Whether no earlier page has led there. */
  isNews(token: string): boolean {
    return !this.#tokens.has(token);
  }

  /**
   * Adds a page: the token of the next one (empty where there is none) and its objects. Returns why the list does not
   * continue; null where it may.
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

/** The number of objects in a page, unless a proxy in front of the server removes objects. */
const OBJECTS_A_PAGE = 10;
/** More objects than any etcd contains. */
const MOST_OBJECTS = 5_000_000;
