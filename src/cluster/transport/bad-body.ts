/**
 * A body that cannot be read for what it is: too large, or no text. The message says which, without any of its content.
 */
export class BadBody extends Error {}

/**
 * What one answer may take in memory, where it cannot be cut into objects while it arrives: no object of etcd comes
 * near it. In bytes, or in letters.
 */
export const LARGEST_BODY = 64 * 2 ** 20;

export const tooLarge = (): BadBody =>
  new BadBody(`a body of more than ${LARGEST_BODY / 2 ** 20} MiB that is no list of objects`);

/**
 * The text that is written in UTF-8 at these bytes. Throws BadBody where there is none: a letter that is replaced makes
 * another name.
 */
export function textIn(bytes: Buffer): string {
  const decoder = utf8Decoder();
  return decoder.push(bytes) + decoder.end();
}

/** The same for bytes that come piece by piece. */
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
