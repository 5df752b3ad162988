import { Broken } from './broken.ts';

/**
 * The string that is encoded in UTF-8 at these bytes. Throws Broken for bytes that are not UTF-8. Namespaces, kinds,
 * subjects and managers repeat often, so that one string is kept for each of them; looking it up costs less than making
 * another.
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

/** The number of slots, which is a power of two. A string replaces the one that was in its slot. */
const SLOTS = 4096;
/** The kept strings, which contain only ASCII. */
const KNOWN: string[] = new Array<string>(SLOTS).fill('');
