import { BadPattern } from '../../regex/bad-pattern.ts';
import { compiled, type Regex } from '../../regex/regex.ts';
import type { Spend } from '../operators.ts';
import { failure, type Value } from '../values.ts';
import type { Functions } from './function.ts';

/** `matches`, `find` and `findAll`. Mirrors cel-go common/stdlib and apiserver pkg/cel/library/regex.go. */
export const regexMethods: Functions = {
  matches: ([text, pattern], spend) => run(text, pattern, spend, (regex, subject) => regex.isIn(subject)),
  find: ([text, pattern], spend) => run(text, pattern, spend, (regex, subject) => regex.find(subject)?.text ?? ''),
  findAll: ([text, pattern, limit = -1n], spend) =>
    typeof limit === 'bigint'
      ? run(text, pattern, spend, (regex, subject) => regex.findAll(subject, Number(limit)).map((match) => match.text))
      : undefined,
};

function run(
  text: Value | undefined,
  pattern: Value | undefined,
  spend: Spend,
  use: (regex: Regex, text: string) => Value,
): Value | undefined {
  if (typeof pattern !== 'string') return undefined;
  if (typeof text !== 'string') return failure('no such overload');
  const regex = compiled(pattern);
  if (regex instanceof BadPattern) return failure(regex.message);
  spend(Math.ceil((1 + text.length) * 0.1) * Math.ceil(pattern.length * 0.25));
  return use(regex, text);
}
