/**
 * Thrown for text that is YAML but that Go's parser refuses. `position` is the offset in the text. Where the reason
 * quotes the text, which may be a secret, it has `%` in the place of `quoted`, and `discreet` is the reason without it.
 */
export class BadNode extends Error {
  readonly position: number;
  readonly discreet: string;

  constructor(position: number, reason: string, quoted?: string) {
    super(quoted === undefined ? reason : reason.replace('%', () => quoted));
    this.position = position;
    this.discreet = quoted === undefined ? reason : reason.replace('%', '…');
  }
}
