import type { Spend } from '../operators.ts';
import { BadPattern } from '../regex/classes.ts';
import { Regex } from '../regex/regex.ts';
import { failure, type Value } from '../values.ts';
import type { Functions } from './function.ts';

/** `matches`, `find` and `findAll`. Mirrors cel-go common/stdlib and apiserver pkg/cel/library/regex.go. */
export const regexMethods: Functions = {
  matches: ([text, pattern], spend) => run(text, pattern, spend, (find) => find(0) !== null),
  find: ([text, pattern], spend) => run(text, pattern, spend, (find, piece) => piece(find(0))),
  findAll: ([text, pattern, limit = -1n], spend) =>
    typeof limit === 'bigint' ? run(text, pattern, spend, (find, piece) => all(find, limit).map(piece)) : undefined,
};

type Found = ReturnType<Regex['find']>;
type Find = (from: number) => Found;

function run(
  text: Value | undefined,
  pattern: Value | undefined,
  spend: Spend,
  use: (find: Find, piece: (match: Found) => string) => Value,
): Value | undefined {
  if (typeof pattern !== 'string') return undefined;
  if (typeof text !== 'string') return failure('no such overload');
  const regex = compiled(pattern);
  if (regex instanceof BadPattern) return failure(`error parsing regexp: ${regex.message}: \`${pattern}\``);
  const characters = [...text];
  const codes = characters.map((each) => each.codePointAt(0) ?? 0);
  const find = (from: number) => regex.find(codes, from, (steps) => spend(steps / 10));
  return use(find, (match) => (match ? characters.slice(match.start, match.end).join('') : ''));
}

/** Every match that does not overlap; an empty one right behind another does not count, as in Go. */
function all(find: Find, limit: bigint): Found[] {
  const matches: Found[] = [];
  let end = -1;
  for (let from = 0; limit < 0n || matches.length < limit; ) {
    const match = find(from);
    if (!match) break;
    if (match.end > match.start || match.start !== end) matches.push(match);
    end = match.end;
    from = match.end > match.start ? match.end : match.end + 1;
  }
  return matches;
}

/** Patterns are mostly literals: each is compiled once. */
function compiled(pattern: string): Regex | BadPattern {
  const known = KNOWN.get(pattern);
  if (known) return known;
  const made = compile(pattern);
  if (KNOWN.size > 1000) KNOWN.clear();
  KNOWN.set(pattern, made);
  return made;
}

function compile(pattern: string): Regex | BadPattern {
  try {
    return new Regex(pattern);
  } catch (error) {
    if (error instanceof BadPattern) return error;
    throw error;
  }
}

const KNOWN = new Map<string, Regex | BadPattern>();
