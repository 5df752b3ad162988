/** Thrown for a body that is too large or is not text. The message says which, without any of the content. */
export class BadBody extends Error {}

/**
 * The most memory that one answer may take where it cannot be split into objects while it arrives, in bytes or in
 * characters. No object of etcd is nearly as large.
 */
export const LARGEST_BODY = 64 * 2 ** 20;

export const tooLarge = (): BadBody =>
  new BadBody(`a body of more than ${LARGEST_BODY / 2 ** 20} MiB that is no list of objects`);

/**
 * The text that is encoded in UTF-8 at these bytes. Throws BadBody for other bytes, since a replaced character would
 * make another name.
 */
export function textIn(bytes: Buffer): string {
  const decoder = utf8Decoder();
  return decoder.push(bytes) + decoder.end();
}

/** The same for bytes that arrive in pieces. */
export function utf8Decoder(): { push(piece: Buffer): string; end(): string } {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const decode = (piece?: Buffer): string => {
    try {
      return decoder.decode(piece, { stream: piece !== undefined });
    } catch {
      throw new BadBody('a text that is no UTF-8');
    }
  };
  return { push: decode, end: () => decode() };
}
