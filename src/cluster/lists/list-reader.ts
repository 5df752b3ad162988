import { isRaw, type Raw } from '../../world/raw.ts';
import { LARGEST_BODY, tooLarge } from '../transport/bad-body.ts';
import { parseJson } from '../transport/interpret.ts';

/**
 * Reads a list while it arrives. Where it has the form in which API servers write it, with `items` last, each item is
 * handed on as soon as it is complete, so that a page is never in memory as a whole. A text of any other form is read
 * at the end, and BadBody is thrown where it is too large. The time is linear in the size of the text: a large text is
 * only examined again once it has doubled, not with every piece.
 */
export class ListReader {
  readonly #onHead: (head: Raw) => void;
  readonly #onItem: (item: unknown) => void;
  /** The list without its items. */
  #head: Raw | null = null;
  /** The text that was not handed on yet: what has been examined, and what has arrived since. */
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
   * The result after the last piece: the list without its items, which have been handed on, or else the text, where it
   * is no list or is broken.
   */
  end(): Raw | string {
    this.#join();
    if (!this.#head && !this.#isWhole) this.#begin();
    if (!this.#head) return this.#text;
    // The rest contains the last items, and perhaps unknown fields.
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
    // Where items come before the fields that say which list this is, those may follow them.
    this.#isWhole = !isRaw(head) || !HEAD.every((field) => field in head);
    if (this.#isWhole || !isRaw(head)) return;
    this.#head = head;
    this.#text = this.#text.slice(start + START.length);
    this.#onHead(head);
  }

  /** Cuts off everything up to the last gap at once, unless that gap is inside an item. */
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
   * Cuts at every place that looks like the gap between two objects. A place inside an object may look like one: the
   * text before it is then not JSON, and the next place is tried. Where everything that was cut is JSON, the parts are
   * the items.
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

/** The items of a text without the brackets around them; null where the text is not JSON. */
function parseItems(text: string): unknown[] | null {
  const items = parseJson(`[${text}]`);
  return Array.isArray(items) ? items : null;
}

const START = '"items":[';
const GAP = '},{"metadata":{';
const END = ']}';
/** The fields by which a list describes itself. */
const HEAD = ['kind', 'apiVersion', 'metadata'];
/** The number of characters that are cheap to examine again. */
const LITTLE = 2 ** 16;
const LONGEST_HEAD = 2 ** 20;
/**
 * The number of failed attempts, and of the characters that they examined, after which it is cheaper to wait for the
 * end.
 */
const MAX_FAILURES = 1000;
const MOST_WASTED = 2 ** 24;
