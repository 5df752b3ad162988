import { isRaw, type Raw } from '../world/reduce/raw.ts';
import { parseJson } from './interpret.ts';

/**
 * Reads a list while it arrives. Where it is as API servers write theirs, with `items` last, each of them is handed on as soon as it is there,
 * so that a page never stands in memory as a whole. Anything else is left to be read at once.
 */
export class ListReader {
  readonly #onHead: (head: Raw) => void;
  readonly #onItem: (item: unknown) => void;
  /** The list without its items. */
  #head: Raw | null = null;
  /** What has arrived and was not handed on. */
  #text = '';
  #isWhole = false;
  #failures = 0;

  constructor(onHead: (head: Raw) => void, onItem: (item: unknown) => void) {
    this.#onHead = onHead;
    this.#onItem = onItem;
  }

  push(piece: string): void {
    this.#text += piece;
    if (!this.#head && !this.#isWhole) this.#begin();
    if (this.#head && !this.#isWhole) this.#cut();
  }

  /** After the last piece: the list without its items, which have been handed on; else the text that was none, or is broken. */
  end(): Raw | string {
    const rest = this.#text.trimEnd();
    const items = this.#head && rest.endsWith(END) ? parseItems(rest.slice(0, -END.length)) : null;
    if (!this.#head || !items) return this.#text;
    items.forEach(this.#onItem);
    return this.#head;
  }

  #begin(): void {
    const start = this.#text.indexOf(START);
    if (start < 0) return;
    const head = parseJson(`${this.#text.slice(0, start)}${START}${END}`);
    // Items that come before the metadata may have something behind them.
    this.#isWhole = !isRaw(head) || !isRaw(head.metadata);
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
   * At every place that looks like the gap between two objects. One inside of an object may look like it: what is cut there is not JSON, and the
   * next gap is tried. Where all that was cut is JSON, it is the items.
   */
  #cutOneByOne(): void {
    let from = 0;
    for (let gap = this.#text.indexOf(GAP); gap >= 0 && !this.#isWhole; gap = this.#text.indexOf(GAP, gap + 1)) {
      const item = parseJson(this.#text.slice(from, gap + 1));
      this.#isWhole = item === undefined && ++this.#failures > MAX_FAILURES;
      if (item === undefined) continue;
      this.#onItem(item);
      from = gap + 2;
    }
    this.#text = this.#text.slice(from);
  }
}

/** Items without the brackets around them; null where the text is not JSON. */
function parseItems(text: string): unknown[] | null {
  const items = parseJson(`[${text}]`);
  return Array.isArray(items) ? items : null;
}

const START = '"items":[';
const GAP = '},{"metadata":{';
const END = ']}';
/** Then it is cheaper to wait for the end. */
const MAX_FAILURES = 1000;
