import { UNSAFE } from './unsafe.ts';

/**
 * One word of a POSIX shell that stands for exactly this string, whatever it holds, and that a terminal shows as it is.
 * What a terminal would obey or hide is spelled in `$'…'`, which bash, zsh and POSIX 2024 understand. Lone surrogates
 * cannot be spelled in any shell.
 */
export function shellWord(word: string): string {
  if (PLAIN.test(word)) return word;
  if (word.search(HIDDEN) === -1) return singleQuoted(word);
  return `$'${word.replace(/[\\']/g, '\\$&').replace(/[^ -~]|!/gu, ansiC)}'`;
}

/** The text in the quotes that every shell reads alike, if a terminal shows it unchanged. */
export const singleQuoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Nothing in it means anything to a shell. A leading `=` does to zsh. */
const PLAIN = /^(?!=)[\w@%+=:,./-]+$/;

/** Also what would be taken for the spelling of something hidden, or would change the quote before it. */
const HIDDEN = new RegExp(`${UNSAFE.source}|^\\p{M}|\\\\u(?:[\\da-f]{4}|\\{)`, 'v');

function ansiC(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}
