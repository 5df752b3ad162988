/** Columns that text without control characters takes on a terminal. */
export function displayWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  return Array.from(text).reduce(
    (columns, character) => columns + (MARK.test(character) ? 0 : WIDE.test(character) ? 2 : 1),
    0,
  );
}

const MARK = /\p{M}/u;
/** The characters that take two columns, approximately: regular expressions do not know Unicode's East_Asian_Width. */
const WIDE =
  /[[\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Bopomofo}\p{Emoji_Presentation}\u3001-\u303e\uff01-\uff60\uffe0-\uffe6]--[\uff61-\uffdc]]/v;
