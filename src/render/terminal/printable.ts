import { UNSAFE } from '../../answer/unsafe.ts';
import { displayWidth } from './width.ts';
import { UNBREAKABLE, widthOf, wrapText } from './wrap.ts';

/**
 * The one door to the terminal. Names of users and groups, roles, labels and error messages are written by whoever can
 * write to the cluster, so they may hold escape sequences, line breaks or characters that reorder or hide their
 * neighbours. Everything that is printed is a `Printable`, and the functions here are the only way to make one: they
 * escape all that the program did not write itself.
 */
export class Printable {
  /** The text as it is written to the terminal, style codes included. */
  readonly text: string;
  /** Columns that it takes on the terminal. */
  readonly width: number;

  private constructor(text: string, width: number) {
    this.text = text;
    this.width = width;
  }

  /** Escapes a string of any origin; `space` stands for the spaces that it holds. */
  static of(text: string, space = ' '): Printable {
    if (PLAIN.test(text) && (space === ' ' || !text.includes(' '))) return new Printable(text, text.length);
    const shown = space === ' ' ? visible(text) : visible(text).replaceAll(' ', space);
    return new Printable(shown, displayWidth(shown));
  }

  /**
   * Text that is spelled for a shell already. A character that a terminal would obey or hide is escaped all the same.
   */
  static verbatim(text: string): Printable {
    return text.search(UNSAFE) === -1 && !LEADING_MARK.test(text)
      ? new Printable(text, displayWidth(text))
      : Printable.of(text);
  }

  /** Puts printables one after the other. */
  static concat(parts: readonly Printable[]): Printable {
    const [only, second] = parts;
    if (only && !second) return only;
    // Joined, the text is one piece: added up it would be a chain of all its parts, which is as much again.
    return new Printable(
      parts.map(({ text }) => text).join(''),
      parts.reduce((sum, { width }) => sum + width, 0),
    );
  }

  /** The text as it is printed in the end. */
  get shown(): string {
    return this.text.replaceAll(UNBREAKABLE, ' ');
  }

  /** The same, never to be broken at its spaces. */
  unbroken(): Printable {
    return new Printable(this.text.replaceAll(' ', UNBREAKABLE), this.width);
  }

  /**
   * Broken between words, so that no line is wider than that where it can be helped; lines after the first are indented
   * by `hang`.
   */
  wrapped(width: number, hang = 0): Printable[] {
    if (this.width <= width) return [this];
    return wrapText(this.text, width, hang).map((line) => new Printable(line, widthOf(line)));
  }

  padEnd(width: number): Printable {
    return width > this.width ? new Printable(this.text + ' '.repeat(width - this.width), width) : this;
  }

  /** The same with style codes around, which take no columns. `style` must only add such codes. */
  styled(style: (text: string) => string): Printable {
    return new Printable(style(this.text), this.width);
  }
}

/** A line of prose as a template: what the program wrote stands as it is, every interpolated string is escaped. */
export function sentence(own: TemplateStringsArray, ...values: (string | number | Printable)[]): Printable {
  const parts = own.flatMap((text, index) => {
    const value = values[index];
    return value === undefined
      ? [Printable.of(text)]
      : [Printable.of(text), value instanceof Printable ? value : Printable.of(String(value))];
  });
  return Printable.concat(parts);
}

/** A value of a table: without spaces, which would look like the gap between two columns. An empty one is `<none>`. */
export const cell = (value: string): Printable => Printable.of(value === '' ? '<none>' : value, '\\u0020');

export function join(parts: readonly Printable[], separator: string): Printable {
  const between = Printable.of(separator);
  return Printable.concat(parts.flatMap((part, index) => (index === 0 ? [part] : [between, part])));
}

/**
 * Makes visible what a terminal would obey or hide: `\u001b`, `\u202e`, `\u{e0001}`. Nothing is dropped and nothing is
 * ambiguous: a backslash that would read as the start of such an escape is itself escaped, so that two names never
 * print alike.
 */
export function visible(text: string): string {
  return PLAIN.test(text)
    ? text
    : text.replace(LOOKALIKE, '\\u005c').replace(UNSAFE, codePoint).replace(LEADING_MARK, codePoint);
}

const PLAIN = /^[ -[\]-~]*$/;
const LOOKALIKE = /\\(?=u(?:[\da-f]{4}|\{))/g;
/** A combining mark with nothing before it would change a character of ours. */
const LEADING_MARK = /^\p{M}/u;

function codePoint(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}
