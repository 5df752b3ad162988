import { shellWord } from '../answer/shell-word.ts';
import { join, Printable, visible } from './escape.ts';

/**
 * One word of a POSIX shell that stands for exactly this string, whatever it holds. What a terminal must not see is spelled in
 * `$'…'`, which bash, zsh and POSIX 2024 understand. Lone surrogates cannot be spelled in any shell.
 */
export function quote(word: string): Printable {
  if (visible(word) === word) return Printable.of(shellWord(word));
  return Printable.verbatim(`$'${word.replace(/[\\']/g, '\\$&').replace(/[^ -~]/gu, ansiC)}'`);
}

/** `kubectl get rolebinding NAME -n NAMESPACE`. A name that would read as a flag is given as `KIND/NAME`. */
export function kubectlGet({ kind, namespace, name }: { kind: string; namespace: string | null; name: string }): Printable {
  const type = kind.toLowerCase();
  const object = name.startsWith('-') ? [`${type}/${name}`] : [type, name];
  return command(['kubectl', 'get', ...object, ...(namespace === null ? [] : ['-n', namespace])]);
}

export const command = (words: readonly string[]): Printable => join(words.map(quote), ' ');

function ansiC(character: string): string {
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 4 ? `\\U${hex.padStart(8, '0')}` : `\\u${hex.padStart(4, '0')}`;
}
