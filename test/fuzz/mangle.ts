import type { Random } from '../helpers/random.ts';
import { HOSTILE, hostileValue, TERMINAL } from './hostile.ts';

type Holder = Record<string, unknown>;
type Place = [holder: Holder, key: string];

/**
 * A copy of a document in which one to three things, or as many as `most`, have become something else, wherever they
 * are.
 */
export function mangleStructure(document: unknown, choose: Random, most = 3): unknown {
  const root: Holder = { it: structuredClone(document) };
  for (let count = 1 + choose.below(most); count > 0; count -= 1) {
    const places = placesIn(root);
    if (places.length === 0) break;
    const place = choose.pick(places);
    choose.pick(CHANGES)(place, choose, places);
  }
  return root.it ?? null;
}

type Change = (place: Place, choose: Random, places: readonly Place[]) => void;

/** Whatever the key is called; what a list has besides its items is in no document. */
const put = ([holder, key]: Place, value: unknown): void => {
  if (!Array.isArray(holder) || /^\d{1,4}$/.test(key))
    Object.defineProperty(holder, key, { value, enumerable: true, writable: true, configurable: true });
};
const replace: Change = (place, choose) => put(place, hostileValue(choose));

const CHANGES: readonly Change[] = [
  replace,
  replace,
  replace,
  // A word where a word belongs is what gets furthest.
  (place, choose) => put(place, choose.pick(HOSTILE)),
  (place) => put(place, null),
  ([holder, key]) => (Array.isArray(holder) ? holder.splice(Number(key), 1) : delete holder[key]),
  ([holder, key], choose) => put([holder, choose.pick(HOSTILE)], holder[key]),
  ([holder, key], choose) => {
    const value = holder[key];
    if (!Array.isArray(holder)) delete holder[key];
    put([holder, Array.isArray(holder) ? key : choose.pick(HOSTILE)], value);
  },
  ([holder, key]) => put([holder, key], [holder[key]]),
  ([holder, key], choose) => put([holder, key], { [choose.pick(['name', 'value', 'items', 'a'])]: holder[key] }),
  ([holder, key]) =>
    put(
      [holder, key],
      Array.isArray(holder[key])
        ? [...(holder[key] as unknown[]), ...(holder[key] as unknown[])]
        : [holder[key], holder[key]],
    ),
  // A name that is nearly as it was.
  ([holder, key], choose) => {
    const value = holder[key];
    if (typeof value === 'string') put([holder, key], spoiled(value, choose));
  },
  // Something from elsewhere in the same document.
  ([holder, key], choose, places) => {
    const [other, name] = choose.pick(places);
    put([holder, key], structuredClone(other[name]));
  },
];

/** With something before it, in it or behind it that no terminal should get. */
function spoiled(text: string, choose: Random): string {
  const at = choose.below(text.length + 1);
  return `${text.slice(0, at)}${choose.pick(TERMINAL)}${text.slice(at)}`;
}

/** A name as JSON has it, and what may stand in its place. */
export const spoiledName = (text: string, choose: Random): [old: string, by: string] => [
  JSON.stringify(text),
  JSON.stringify(spoiled(text, choose)),
];

/**
 * Documents in which something that one of them says is spoiled wherever it stands, so that a name is still the name of
 * the same.
 */
export function mangleNames(documents: readonly unknown[], odd: unknown, choose: Random): unknown[] {
  const texts = placesIn({ it: odd }).flatMap(([holder, key]) =>
    typeof holder[key] === 'string' && holder[key] !== '' ? [holder[key]] : [],
  );
  if (texts.length === 0) return [...documents];
  const text = choose.pick(texts);
  const [old, by] = spoiledName(text, choose);
  return documents.map((each) => JSON.parse(JSON.stringify(each).replaceAll(old, () => by)));
}

function placesIn(root: Holder): Place[] {
  const places: Place[] = [];
  const visit = (holder: Holder): void => {
    for (const key of Object.keys(holder)) {
      places.push([holder, key]);
      const value = holder[key];
      if (typeof value === 'object' && value !== null) visit(value as Holder);
    }
  };
  visit(root);
  return places;
}

/** Bytes of which some are others, are gone, are there twice, or have come from elsewhere. */
export function mangleText(text: string | Buffer, choose: Random): Buffer {
  let bytes: Buffer = Buffer.from(text as string);
  for (let count = 1 + choose.below(4); count > 0; count -= 1) bytes = choose.pick(EDITS)(bytes, choose);
  return bytes;
}

type Edit = (bytes: Buffer, choose: Random) => Buffer;

const splice = (bytes: Buffer, from: number, to: number, ...parts: readonly (string | Buffer)[]): Buffer =>
  Buffer.concat([bytes.subarray(0, from), ...parts.map((each) => Buffer.from(each as string)), bytes.subarray(to)]);

const EDITS: readonly Edit[] = [
  (bytes, choose) => {
    const at = choose.below(bytes.length + 1);
    return splice(bytes, at, at + 1, Buffer.from([choose.below(256)]));
  },
  (bytes, choose) => {
    const at = choose.below(bytes.length + 1);
    return splice(bytes, at, at, choose.pick([...HOSTILE, '\xff', ...'{}[]",:#&*!|>-\n\t']));
  },
  (bytes, choose) => {
    const at = choose.below(bytes.length + 1);
    return splice(bytes, at, at + 1 + choose.below(20));
  },
  (bytes, choose) => (choose.chance(0.3) ? bytes.subarray(0, choose.below(bytes.length + 1)) : bytes),
  (bytes, choose) => {
    const from = choose.below(bytes.length + 1);
    const part = bytes.subarray(from, from + 1 + choose.below(80));
    const at = choose.below(bytes.length + 1);
    return splice(bytes, at, at, part);
  },
  // Deeper than any stack.
  (bytes, choose) => {
    const at = choose.below(bytes.length + 1);
    return choose.chance(0.05)
      ? splice(bytes, at, at, choose.pick(['[', '{"a":', '- ', '(', '!']).repeat(12_000))
      : bytes;
  },
  // A line twice; a key twice.
  (bytes, choose) => {
    const from = bytes.lastIndexOf('\n', choose.below(bytes.length + 1)) + 1;
    const end = bytes.indexOf('\n', from);
    return splice(bytes, from, from, bytes.subarray(from, end < 0 ? bytes.length : end + 1));
  },
  (bytes, choose) => {
    const colon = bytes.indexOf('":', choose.below(bytes.length + 1));
    const from = colon < 0 ? -1 : bytes.lastIndexOf('"', colon - 1);
    return from < 0
      ? bytes
      : splice(bytes, from, from, bytes.subarray(from, colon + 2), choose.pick(['null,', '[],', '{},', '"x",', '7,']));
  },
  // A value is another one.
  (bytes, choose) => {
    const colon = bytes.indexOf('":', choose.below(bytes.length + 1));
    return colon < 0
      ? bytes
      : splice(
          bytes,
          colon + 2,
          colon + 3,
          choose.pick(['null', '-', '1e400', '"\\ud800"', '"\\u0000"', '[[', '}', '\\', '0x1']),
        );
  },
];
