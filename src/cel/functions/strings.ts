import { trimMatching } from '../../answer/ends.ts';
import type { Spend } from '../operators.ts';
import { failure, listOf, type Value } from '../values.ts';
import { format, formatText } from './format.ts';
import { type CelFunction, type Functions, guarded, ofStrings } from './function.ts';

/** Methods of strings. Positions count code points. Mirrors cel-go common/stdlib and ext/strings.go, version 2. */
export const stringMethods: Functions = {
  contains: ofStrings(2, ([text = '', part = '']) => text.includes(part)),
  startsWith: ofStrings(2, ([text = '', part = '']) => text.startsWith(part)),
  endsWith: ofStrings(2, ([text = '', part = '']) => text.endsWith(part)),
  lowerAscii: ofStrings(1, ([text = '']) => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())),
  upperAscii: ofStrings(1, ([text = '']) => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase())),
  trim: ofStrings(1, ([text = '']) => trimMatching(text.replace(LEADING, ''), BLANK)),
  charAt: ([text, index]) =>
    typeof text === 'string' && typeof index === 'bigint' ? charAt([...text], Number(index)) : undefined,
  indexOf: ([text, part, from = 0n]) => indexOf(text, part, from),
  lastIndexOf: ([text, part, from]) => lastIndexOf(text, part, from),
  substring: ([text, start, end]) => substring(text, start, end),
  replace: ([text, old, by, limit = -1n], spend) => replace(text, old, by, limit, spend),
  split: ([text, separator, limit = -1n], spend) => split(text, separator, limit, spend),
  format: ([text, args], spend) => {
    const items = args === undefined ? undefined : listOf(args);
    return typeof text === 'string' && items ? format(text, items, spend) : undefined;
  },
};

export const stringFunctions: Functions = {
  /** Escapes a key for the path of a JSON Patch. Mirrors apiserver pkg/cel/library/jsonpatch.go. */
  'jsonpatch.escapeKey': ofStrings(1, ([key = '']) => key.replaceAll('~', '~0').replaceAll('/', '~1')),
  'strings.quote': ofStrings(
    1,
    ([text = '']) => `"${text.replace(/[\p{Cc}\\"]/gu, (each) => QUOTED.get(each) ?? each)}"`,
  ),
};

/** `['a', 'b'].join(',')`. */
export const join: CelFunction = ([list, separator = ''], spend) => {
  const items = list === undefined ? undefined : listOf(list);
  if (!items || typeof separator !== 'string') return undefined;
  const bad = items.find((each) => typeof each !== 'string');
  if (bad !== undefined) return guarded(() => failure(`join: invalid input: ${formatText(bad)}`));
  const texts = items.filter((each) => typeof each === 'string');
  spend(texts.reduce((sum, each) => sum + each.length + separator.length, 0) / 10);
  return texts.join(separator);
};

function charAt(text: readonly string[], index: number): Value {
  return index < 0 || index > text.length ? failure(`index out of range: ${index}`) : (text[index] ?? '');
}

function indexOf(text: Value | undefined, part: Value | undefined, from: Value): Value | undefined {
  if (typeof text !== 'string' || typeof part !== 'string' || typeof from !== 'bigint') return undefined;
  const offset = Number(from);
  if (offset < 0) return failure(`index out of range: ${offset}`);
  const characters = [...text];
  if (part === '') return BigInt(Math.min(offset, characters.length));
  const at = text.indexOf(part, characters.slice(0, offset).join('').length);
  return at < 0 || offset >= characters.length ? -1n : BigInt([...text.slice(0, at)].length);
}

function lastIndexOf(text: Value | undefined, part: Value | undefined, from: Value | undefined): Value | undefined {
  if (typeof text !== 'string' || typeof part !== 'string') return undefined;
  const characters = [...text];
  if (from === undefined && part === '') return BigInt(characters.length);
  if (from !== undefined && typeof from !== 'bigint') return undefined;
  const offset = from === undefined ? characters.length - 1 : Number(from);
  if (from === undefined && text.length < part.length) return -1n;
  if (offset < 0) return failure(`index out of range: ${offset}`);
  if (part === '') return BigInt(Math.min(offset, characters.length));
  if (offset >= characters.length) return -1n;
  const at = text.lastIndexOf(part, characters.slice(0, offset).join('').length);
  return at < 0 ? -1n : BigInt([...text.slice(0, at)].length);
}

function substring(text: Value | undefined, start: Value | undefined, end: Value | undefined): Value | undefined {
  if (typeof text !== 'string' || typeof start !== 'bigint') return undefined;
  const characters = [...text];
  const { length } = characters;
  if (end === undefined)
    return start < 0n || start > length
      ? failure(`index out of range: ${start}`)
      : characters.slice(Number(start)).join('');
  if (typeof end !== 'bigint') return undefined;
  if (start > end) return failure(`invalid substring range. start: ${start}, end: ${end}`);
  for (const each of [start, end]) if (each < 0n || each > length) return failure(`index out of range: ${each}`);
  return characters.slice(Number(start), Number(end)).join('');
}

function replace(
  text: Value | undefined,
  old: Value | undefined,
  by: Value | undefined,
  limit: Value,
  spend: Spend,
): Value | undefined {
  if (typeof text !== 'string' || typeof old !== 'string' || typeof by !== 'string' || typeof limit !== 'bigint')
    return undefined;
  const pieces = old === '' ? ['', ...text, ''] : text.split(old);
  spend((text.length + pieces.length * by.length) / 10);
  const times = limit < 0n ? pieces.length - 1 : Math.min(Number(limit), pieces.length - 1);
  const kept = pieces.slice(times).join(old);
  return [...pieces.slice(0, times), kept].join(by);
}

function split(text: Value | undefined, separator: Value | undefined, limit: Value, spend: Spend): Value | undefined {
  if (typeof text !== 'string' || typeof separator !== 'string' || typeof limit !== 'bigint') return undefined;
  const pieces = separator === '' ? [...text] : text.split(separator);
  spend(pieces.length);
  if (limit < 0n || pieces.length <= limit) return pieces;
  if (limit === 0n) return [];
  const kept = Number(limit) - 1;
  return [...pieces.slice(0, kept), pieces.slice(kept).join(separator)];
}

const QUOTED: ReadonlyMap<string, string> = new Map([
  ['\x07', '\\a'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
  ['\\', '\\\\'],
  ['"', '\\"'],
]);
/** White space as in Go's unicode.IsSpace, which unlike JavaScript's excludes the byte order mark. */
const LEADING = /^(?:(?!\ufeff)[\s\u0085])+/;
const BLANK = /(?!\ufeff)[\s\u0085]/;
