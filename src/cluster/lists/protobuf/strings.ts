import { Broken } from './broken.ts';

/**
 * The string that is written in UTF-8 at these bytes. Throws Broken for what is no UTF-8. Namespaces, kinds, subjects
 * and managers come again and again: of those one string is kept, at less than it costs to make another.
 */
export function stringAt(bytes: Buffer, start: number, end: number): string {
  let hash = end - start;
  let all = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    hash = (Math.imul(hash, 31) + byte) | 0;
    all |= byte;
  }
  if (all >= 0x80) return otherThanAscii(bytes.subarray(start, end));
  const slot = (hash ^ (hash >>> 12)) & (SLOTS - 1);
  const known = KNOWN[slot] ?? '';
  if (isWrittenAt(known, bytes, start, end)) return known;
  const string = bytes.toString('latin1', start, end);
  KNOWN[slot] = string;
  return string;
}

function isWrittenAt(ascii: string, bytes: Buffer, start: number, end: number): boolean {
  if (ascii.length !== end - start) return false;
  for (let index = 0; index < ascii.length; index += 1)
    if (ascii.charCodeAt(index) !== bytes[start + index]) return false;
  return true;
}

function otherThanAscii(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Broken('a text that is no UTF-8');
  }
}

/** A power of two. What falls into the same slot takes the other's place. */
const SLOTS = 4096;
/** Nothing but ASCII. */
const KNOWN: string[] = new Array<string>(SLOTS).fill('');
