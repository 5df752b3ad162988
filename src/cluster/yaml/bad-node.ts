/**
 * Text that is YAML, and not what Go's parser takes. `position`: where, in the text. Where the reason quotes the text,
 * which may be a secret, it says `%` for `quoted`, and `discreet` is without it.
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
