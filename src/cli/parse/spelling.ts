import { pushAll } from '../../answer/many.ts';
import { type UserError, usageError } from '../../answer/user-error.ts';
import type { Flag } from './flags.ts';

/** A command line taken apart: `flags` are spelled `--name=value`, `words` is all else. */
export interface Spelled {
  flags: string[];
  words: string[];
}

/**
 * Reads a command line by the rules of kubectl's flags: `-n shop`, `-nshop`, `-n=shop`, `-Aojson`, `--`. A flag that
 * needs a value takes the next argument whatever that looks like; a boolean takes none but `--flag=false`. Throws a
 * usage error in kubectl's words. Mirrors github.com/spf13/pflag flag.go parseArgs; unlike there, a `-v` without a
 * number is level 1.
 */
export function spellOut(argv: readonly string[], known: readonly Flag[]): Spelled {
  const byName = new Map(known.map((flag) => [flag.name, flag]));
  const byShort = new Map(known.flatMap((flag) => (flag.short ? [[flag.short, flag]] : [])));
  const spelled: Spelled = { flags: [], words: [] };
  const rest = [...argv];

  function take(flag: Flag, attached: string | undefined, spelling: string): void {
    const value = attached ?? (standsAlone(flag, rest[0]) ? bare(flag) : rest.shift());
    if (value === undefined) throw usageError(`error: flag needs an argument: ${spelling}`);
    spelled.flags.push(`--${flag.name}=${normalized(flag, value)}`);
  }

  function takeLong(text: string): void {
    const [, name = '', value] = /^--([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
    if (name === '' || name.startsWith('-')) throw usageError(`error: bad flag syntax: ${text}`);
    const flag = byName.get(name);
    if (!flag) throw usageError(`error: unknown flag: --${name}`);
    take(flag, value, `--${name}`);
  }

  function takeShort(letters: string): void {
    const [letter = ''] = letters;
    const tail = letters.slice(letter.length);
    const flag = byShort.get(letter);
    if (!flag) throw usageError(`error: unknown shorthand flag: '${letter}' in -${letters}`);
    if (tail !== '' && standsAlone(flag, tail) && !/^=./s.test(tail)) {
      take(flag, bare(flag), '');
      takeShort(tail);
    } else {
      take(flag, tail === '' ? undefined : tail.replace(/^=(?=.)/s, ''), `'${letter}' in -${letters}`);
    }
  }

  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '--') pushAll(spelled.words, rest.splice(0));
    else if (word.startsWith('--')) takeLong(word);
    else if (word.length > 1 && word.startsWith('-')) takeShort(word.slice(1));
    else spelled.words.push(word);
  }
  return spelled;
}

/** `invalid argument "x" for "-v, --v" flag: …`, as pflag says it. */
export const invalidValue = (flag: string, value: string, why: string): UserError =>
  usageError(`error: invalid argument "${value}" for "${flag}" flag: ${why}`);

/** Whether the flag leaves what follows it alone. */
const standsAlone = ({ type }: Flag, following = ''): boolean =>
  type === 'boolean' || (type === 'level' && !/^\d+$/.test(following));

const bare = ({ type }: Flag): string => (type === 'level' ? '1' : 'true');

function normalized(flag: Flag, value: string): string {
  const invalid = (parser: string) =>
    invalidValue(
      `${flag.short ? `-${flag.short}, ` : ''}--${flag.name}`,
      value,
      `${parser}: parsing "${value}": invalid syntax`,
    );
  if (flag.type === 'boolean' && !BOOLEANS.has(value)) throw invalid('strconv.ParseBool');
  if (flag.type === 'level' && !/^-?\d+$/.test(value)) throw invalid('strconv.ParseInt');
  return flag.type === 'boolean' ? String(BOOLEANS.get(value)) : value;
}

/** Go's strconv.ParseBool. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, false] as const),
]);
