import { UNSAFE } from '../answer/unsafe.ts';

/**
 * The one door to the terminal. Names of users and groups, roles, labels and error messages are written by whoever can write to the
 * cluster, so they may hold escape sequences, line breaks or characters that reorder or hide their neighbours. Everything that is
 * printed is a `Printable`, and the functions here are the only way to make one: they escape all that the program did not write itself.
 */
export class Printable {
  /** As written to the terminal, style codes included. */
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

  /** Text that is spelled for a shell already. A character that a terminal would obey or hide is escaped all the same. */
  static verbatim(text: string): Printable {
    return text.search(UNSAFE) === -1 && !LEADING_MARK.test(text) ? new Printable(text, displayWidth(text)) : Printable.of(text);
  }

  /** Puts printables one after the other. */
  static concat(parts: readonly Printable[]): Printable {
    let text = '';
    let width = 0;
    for (const part of parts) {
      text += part.text;
      width += part.width;
    }
    return new Printable(text, width);
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
 * Makes visible what a terminal would obey or hide: `\u001b`, `\u202e`, `\u{e0001}`. Nothing is dropped and nothing is ambiguous:
 * a backslash that would read as the start of such an escape is itself escaped, so that two names never print alike.
 */
export function visible(text: string): string {
  return PLAIN.test(text) ? text : text.replace(LOOKALIKE, '\\u005c').replace(UNSAFE, codePoint).replace(LEADING_MARK, codePoint);
}

const PLAIN = /^[ -[\]-~]*$/;
const LOOKALIKE = /\\(?=u(?:[\da-f]{4}|\{))/g;
/** A combining mark with nothing before it would change a character of ours. */
const LEADING_MARK = /^\p{M}/u;

function codePoint(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`;
}

function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  return Array.from(text).reduce((columns, character) => columns + (MARK.test(character) ? 0 : WIDE.test(character) ? 2 : 1), 0);
}

const MARK = /\p{M}/u;
/** Those that take two columns, near enough: Unicode's East_Asian_Width is not among what regular expressions know. */
const WIDE =
  /[[\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Bopomofo}\p{Emoji_Presentation}\u3001-\u303e\uff01-\uff60\uffe0-\uffe6]--[\uff61-\uffdc]]/v;
