/** Go would not compile it. */
export class BadPattern extends Error {}

export type Assertion = 'start' | 'end' | 'lineStart' | 'lineEnd' | 'boundary' | 'notBoundary';

/** Everything else. */
export const not = (test: (code: number) => boolean) => (code: number) => !test(code);

/** A set with the other case of its letters. */
export function fold(test: (code: number) => boolean): (code: number) => boolean {
  return (code) => {
    if (test(code)) return true;
    const character = String.fromCodePoint(code);
    return [character.toLowerCase(), character.toUpperCase()].some((each) => each.length <= 2 && test(each.codePointAt(0) ?? -1));
  };
}

/** `\p{L}`, `\p{Greek}`: as JavaScript knows them. */
export function unicodeClass(name: string): (code: number) => boolean {
  if (!/^[A-Za-z_]+$/.test(name)) throw new BadPattern('invalid character class range');
  if (name === 'Any') return () => true;
  for (const property of [name, `Script=${name}`]) {
    try {
      const pattern = new RegExp(`^\\p{${property}}$`, 'u');
      return (code) => pattern.test(String.fromCodePoint(code));
    } catch {}
  }
  throw new BadPattern(`invalid character class range: \`\\p{${name}}\``);
}

export const ASSERTIONS: ReadonlyMap<string, Assertion> = new Map([
  ['A', 'start'],
  ['z', 'end'],
  ['b', 'boundary'],
  ['B', 'notBoundary'],
]);
export const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['f', '\f'],
  ['t', '\t'],
  ['n', '\n'],
  ['r', '\r'],
  ['v', '\v'],
]);
const isDigit = (code: number) => code >= 48 && code <= 57;
export const PERL: ReadonlyMap<string, (code: number) => boolean> = new Map([
  ['d', isDigit],
  ['s', (code) => code === 32 || code === 9 || code === 10 || code === 12 || code === 13],
  ['w', (code) => isDigit(code) || code === 95 || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)],
]);
export const POSIX: ReadonlyMap<string, RegExp> = new Map([
  ['alnum', /[0-9A-Za-z]/],
  ['alpha', /[A-Za-z]/],
  ['ascii', /[\s\S]/],
  ['blank', /[\t ]/],
  ['cntrl', /[^\x20-\x7e]/],
  ['digit', /[0-9]/],
  ['graph', /[!-~]/],
  ['lower', /[a-z]/],
  ['print', /[ -~]/],
  ['punct', /[!-/:-@[-`{-~]/],
  ['space', /[\t\n\v\f\r ]/],
  ['upper', /[A-Z]/],
  ['word', /\w/],
  ['xdigit', /[0-9A-Fa-f]/],
]);
