import { pushAll } from '../../answer/many.ts';
import { Unparsable } from './ast.ts';

/**
 * The characters of a literal, each a code point, or a byte in a literal of bytes. Throws Unparsable for an escape that
 * CEL does not have.
 */
export function unescaped(content: string, isBytes: boolean): string[] {
  const characters: string[] = [];
  for (const [token, simple, hex2, hex4, hex8, octal] of content.matchAll(PIECE)) {
    if (!token.startsWith('\\')) pushAll(characters, token);
    else if (simple !== undefined) characters.push(SIMPLE.get(simple) ?? simple);
    else if (isBytes && (hex4 ?? hex8) !== undefined) throw new Unparsable(`${token} cannot be in bytes`);
    else {
      const code = Number.parseInt(hex2 ?? hex4 ?? hex8 ?? octal ?? '', octal === undefined ? 16 : 8);
      const isValid = code <= 0x10_ff_ff && (code < 0xd8_00 || code > 0xdf_ff);
      if (!isValid) throw new Unparsable(`invalid escape ${token}`);
      characters.push(isBytes ? `\\${code & 0xff}` : String.fromCodePoint(code));
    }
  }
  return characters;
}

/** The UTF-8 bytes of plain characters, and the bytes that escapes give. */
export function bytesOf(characters: readonly string[] | string): Uint8Array {
  const bytes: number[] = [];
  for (const each of characters) {
    if (each.length > 1 && each.startsWith('\\')) bytes.push(Number(each.slice(1)));
    else pushAll(bytes, ENCODER.encode(each));
  }
  return Uint8Array.from(bytes);
}

const PIECE =
  /\\(?:([abfnrtv\\?"'`])|[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-3][0-7]{2})|[\s\S])|[^\\]+|\\$/g;
const SIMPLE: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);
const ENCODER = new TextEncoder();
