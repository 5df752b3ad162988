import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadPattern } from '../../../src/admission/cel/regex/classes.ts';
import { Regex } from '../../../src/admission/cel/regex/regex.ts';

function find(pattern: string, text: string): string | null {
  const characters = [...text];
  const match = new Regex(pattern).find(
    characters.map((each) => each.codePointAt(0) ?? 0),
    0,
    () => {},
  );
  return match && characters.slice(match.start, match.end).join('');
}

const CASES: readonly [string, string, string | null, string][] = [
  ['a|ab', 'ab', 'a', 'the first alternative wins, not the longest'],
  ['a*?', 'aaa', '', 'lazy'],
  ['x{2,3}', 'xxxx', 'xxx', 'as many as may be'],
  ['x{2,3}?', 'xxxx', 'xx', 'as few'],
  ['(?i)ABC', 'xabc', 'abc', 'either case'],
  ['a(?i)b(?-i)c', 'aBc', 'aBc', 'from where it is said'],
  ['(?:a(?i))b', 'aB', null, 'to the end of its group'],
  ['[[:alpha:]]+', '12ab3', 'ab', 'POSIX classes'],
  ['[^[:alpha:]]+', 'ab12', '12', 'negated'],
  ['\\pL+', 'éa1', 'éa', 'Unicode classes'],
  ['\\p{Greek}+', 'aβγ', 'βγ', 'and scripts'],
  ['\\d', '٣', null, 'digits are ASCII'],
  ['\\s', '\v', null, 'a vertical tab is no blank to Go'],
  ['.', '\n', null, 'a dot is no line break'],
  ['(?s).', '\n', '\n', 'unless said'],
  ['^b$', 'a\nb', null, 'the whole text'],
  ['(?m)^b$', 'a\nb', 'b', 'or each line'],
  ['\\bfoo\\b', 'a foo', 'foo', 'word boundaries'],
  ['\\Qa.b\\E+', 'a.bb', 'a.bb', 'quoted'],
  ['(?P<n>a)(?<m>b)', 'ab', 'ab', 'named groups'],
  ['[]a]+', ']a', ']a', 'a bracket that comes first is one'],
  ['[a-]+', '-a', '-a', 'a dash at the end too'],
  ['a{,2}', 'a{,2}', 'a{,2}', 'no repetition'],
  ['(a*)*', 'b', '', 'loops over nothing end'],
  ['\\x{1F600}', '😀', '😀', 'beyond the basic plane'],
];
for (const [pattern, text, wanted, why] of CASES) {
  test(`/${pattern}/ finds ${JSON.stringify(wanted)} in ${JSON.stringify(text)}: ${why}`, () => assert.equal(find(pattern, text), wanted));
}

for (const pattern of [
  '(',
  ')',
  '[a',
  'a**',
  '*a',
  '(?=a)',
  '(?!a)',
  '(a)\\1',
  '\\8',
  'a{1001}',
  '(?<a',
  '[z-a]',
  '\\p{Nope}',
  '(?P=x)',
  '\\',
  '((a{100}){100}){100}',
  '('.repeat(1000),
]) {
  test(`Go compiles no /${pattern.slice(0, 20)}/`, () => assert.throws(() => new Regex(pattern), BadPattern));
}

test('a pattern that takes others forever takes steps in proportion to the text', () => {
  const steps = (length: number) => {
    let sum = 0;
    new Regex('^(a+)+$').find([...Array.from({ length }, () => 97), 98], 0, (count) => {
      sum += count;
    });
    return sum;
  };
  assert.ok(steps(4000) < 3 * steps(2000));
});
