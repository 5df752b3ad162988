/*
 * What some regular expressions would do, such as those that end in `+$`, in time that is linear in the text: they are
 * tried at every place at which they may begin, and read what follows each time.
 */

/** `text` without the `letters` at its end. */
export function trimLetters(text: string, letters: string): string {
  let end = text.length;
  while (end > 0 && letters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** `text` without what `letter` matches at its end, unit by unit. */
export function trimMatching(text: string, letter: RegExp): string {
  let end = text.length;
  while (end > 0 && letter.test(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** `text` up to the first `mark`. */
export const before = (text: string, mark: string | RegExp): string => text.split(mark, 1)[0] ?? '';

/** `path` with each of its brackets, and what stands in it, replaced. */
export function replaceBrackets(path: string, by: string): string {
  const parts = path.split(']');
  const rest = parts.pop() ?? '';
  return parts.map((part) => (part.includes('[') ? `${before(part, '[')}${by}` : `${part}]`)).join('') + rest;
}
