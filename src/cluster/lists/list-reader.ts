import { isRaw, type Raw } from '../../world/raw.ts';
import { LARGEST_BODY, tooLarge } from '../transport/bad-body.ts';
import { parseJson } from '../transport/interpret.ts';

/**
 * Reads a list while it arrives. Where it is as API servers write theirs, with `items` last, each of them is handed on
 * as soon as it is there, so that a page never stands in memory as a whole. Anything else is left to be read at once,
 * and may be only so large: else BadBody is thrown.
 *
 * The time that it takes is linear in the text: what has arrived and is much is looked at again once it has doubled,
 * and not with every piece.
 */
export class ListReader {
  readonly #onHead: (head: Raw) => void;
  readonly #onItem: (item: unknown) => void;
  /** The list without its items. */
  #head: Raw | null = null;
  /** What has been looked at and was not handed on, and what has come since. */
  #text = '';
  #fresh: string[] = [];
  #freshLength = 0;
  #isWhole = false;
  #failures = 0;
  #wasted = 0;

  constructor(onHead: (head: Raw) => void, onItem: (item: unknown) => void) {
    this.#onHead = onHead;
    this.#onItem = onItem;
  }

  push(piece: string): void {
    this.#fresh.push(piece);
    this.#freshLength += piece.length;
    if (this.#text.length + this.#freshLength > LARGEST_BODY) throw tooLarge();
    const isTooSoon = this.#text.length > LITTLE && this.#freshLength < this.#text.length;
    if (this.#isWhole || isTooSoon) return;
    this.#join();
    if (!this.#head) this.#begin();
    if (this.#head && !this.#isWhole) this.#cut();
  }

  /**
   * After the last piece: the list without its items, which have been handed on; else the text that was none, or is
   * broken.
   */
  end(): Raw | string {
    this.#join();
    if (!this.#head && !this.#isWhole) this.#begin();
    if (!this.#head) return this.#text;
    // The last items, and perhaps fields that nobody knows.
    const { items, ...others } = asRaw(parseJson(`{${START}${this.#text}`));
    if (!Array.isArray(items) || Object.keys(others).some((field) => HEAD.includes(field))) return this.#text;
    items.forEach(this.#onItem);
    return this.#head;
  }

  #join(): void {
    this.#text += this.#fresh.join('');
    this.#fresh = [];
    this.#freshLength = 0;
  }

  #begin(): void {
    const start = this.#text.indexOf(START);
    this.#isWhole = start < 0 ? this.#text.length > LONGEST_HEAD : start > LONGEST_HEAD;
    if (start < 0 || this.#isWhole) return;
    const head = parseJson(`${this.#text.slice(0, start)}${START}${END}`);
    // Items that come before what says of which list they are may have it behind them.
    this.#isWhole = !isRaw(head) || !HEAD.every((field) => field in head);
    if (this.#isWhole || !isRaw(head)) return;
    this.#head = head;
    this.#text = this.#text.slice(start + START.length);
    this.#onHead(head);
  }

  /** All up to the last gap at once, unless that one is in the middle of an item. */
  #cut(): void {
    const last = this.#text.lastIndexOf(GAP);
    if (last < 0) return;
    const items = parseItems(this.#text.slice(0, last + 1));
    if (items) {
      items.forEach(this.#onItem);
      this.#text = this.#text.slice(last + 2);
    } else {
      this.#cutOneByOne();
    }
  }

  /**
   * At every place that looks like the gap between two objects. One inside of an object may look like it: what is cut
   * there is not JSON, and the next gap is tried. Where all that was cut is JSON, it is the items.
   */
  #cutOneByOne(): void {
    let from = 0;
    for (let gap = this.#text.indexOf(GAP); gap >= 0 && !this.#isWhole; gap = this.#text.indexOf(GAP, gap + 1)) {
      const text = this.#text.slice(from, gap + 1);
      const item = parseJson(text);
      if (item !== undefined) {
        this.#onItem(item);
        from = gap + 2;
        continue;
      }
      this.#failures += 1;
      this.#wasted += text.length;
      this.#isWhole = this.#failures > MAX_FAILURES || this.#wasted > MOST_WASTED;
    }
    this.#text = this.#text.slice(from);
  }
}

const asRaw = (value: unknown): Raw => (isRaw(value) ? value : {});

/** Items without the brackets around them; null where the text is not JSON. */
function parseItems(text: string): unknown[] | null {
  const items = parseJson(`[${text}]`);
  return Array.isArray(items) ? items : null;
}

const START = '"items":[';
const GAP = '},{"metadata":{';
const END = ']}';
/** What a list says of itself. */
const HEAD = ['kind', 'apiVersion', 'metadata'];
/** In letters: what costs nothing to look at again. */
const LITTLE = 2 ** 16;
const LONGEST_HEAD = 2 ** 20;
/** Attempts in vain, and the letters that they took: then it is cheaper to wait for the end. */
const MAX_FAILURES = 1000;
const MOST_WASTED = 2 ** 24;
