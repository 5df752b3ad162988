import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { BadPattern } from '../../src/regex/bad-pattern.ts';
import { Regex } from '../../src/regex/regex.ts';
import { type Answer, differences } from '../helpers/go-regexp.ts';
import type { Question } from '../helpers/regex-patterns.ts';

const find = (pattern: string, text: string): string | null => new Regex(pattern).find(text)?.text ?? null;

const CASES: readonly [string, string, string | null, string][] = [
  ['a|ab', 'ab', 'a', 'the first alternative wins, not the longest'],
  ['a*?', 'aaa', '', 'lazy'],
  ['x{2,3}', 'xxxx', 'xxx', 'as many as may be'],
  ['x{2,3}?', 'xxxx', 'xx', 'as few'],
  ['(?i)ABC', 'xabc', 'abc', 'either case'],
  ['(?i)k', '\u212A', '\u212A', 'the Kelvin sign is a k'],
  ['(?i)ſ', 'S', 'S', 'a long s is an s'],
  ['(?i)ς', 'Σ', 'Σ', 'a final sigma is a sigma'],
  ['(?i)µ', 'Μ', 'Μ', 'the micro sign is a mu'],
  ['(?i)ß', 'ẞ', 'ẞ', 'the capital of ß is one letter'],
  ['(?i)ß', 'SS', null, 'and not two'],
  ['(?i)İ', 'i', null, 'a dotted capital I folds to nothing'],
  ['(?i)ı', 'I', null, 'nor does a small i without a dot'],
  ['(?i)ǆ', 'ǅ', 'ǅ', 'a title case is a third case'],
  ['(?i)𐐀', '𐐨', '𐐨', 'cases beyond the basic plane'],
  ['(?i)[a-z]', 'K', 'K', 'a range folds'],
  ['(?i)[^k]', '\u212A', null, 'a negated class too'],
  ['(?i)\\p{Lu}', 'é', 'é', 'and a class of Unicode'],
  ['a(?i)b(?-i)c', 'aBc', 'aBc', 'from where it is said'],
  ['(?:a(?i))b', 'aB', null, 'to the end of its group'],
  ['(|a)*', 'aa', '', 'the empty alternative comes first'],
  ['(|a)+', 'aa', '', 'as often as one likes'],
  ['(a|)*', 'aa', 'aa', 'unless it comes last'],
  ['(|a)*b', 'aab', 'aab', 'but what follows decides'],
  ['(a*)*', 'b', '', 'loops over nothing end'],
  ['[[:alpha:]]+', '12ab3', 'ab', 'POSIX classes'],
  ['[^[:alpha:]]+', 'ab12', '12', 'negated'],
  ['[[:]+', 'a[:]', '[:', 'a bracket and a colon are no class'],
  ['\\pL+', 'éa1', 'éa', 'Unicode classes'],
  ['\\p{Greek}+', 'aβγ', 'βγ', 'and scripts'],
  ['\\p{Uppercase_Letter}+', 'aBC', 'BC', 'the long name of a category'],
  ['\\P{ decimal-number}+', '1ab', 'ab', 'names without regard to case, blanks and dashes'],
  ['\\Q\\p{lu}\\E', '\\p{lu}', '\\p{lu}', 'no name where it is quoted'],
  ['\\\\p{Lu}', '\\pppp{Lu}', null, 'nor behind an escaped backslash'],
  ['(?P<n>a)(?P<n>b)', 'ab', 'ab', 'groups may have one name'],
  ['\\d', '٣', null, 'digits are ASCII'],
  ['\\s', '\v', null, 'a vertical tab is no blank to Go'],
  ['.', '\n', null, 'a dot is no line break'],
  ['(?s).', '\n', '\n', 'unless said'],
  ['^b$', 'a\nb', null, 'the whole text'],
  ['a$', 'a\n', null, 'without a line break at its end'],
  ['(?m)^b$', 'a\nb', 'b', 'or each line'],
  ['\\bfoo\\b', 'a foo', 'foo', 'word boundaries'],
  ['\\bé', ' é', null, 'which are ASCII'],
  ['\\Qa.b\\E+', 'a.bb', 'a.bb', 'quoted'],
  ['(?P<n>a)(?<m>b)', 'ab', 'ab', 'named groups'],
  ['[]a]+', ']a', ']a', 'a bracket that comes first is one'],
  ['[a-]+', '-a', '-a', 'a dash at the end too'],
  ['a{,2}', 'a{,2}', 'a{,2}', 'no repetition'],
  ['\\x{1F600}', '😀', '😀', 'beyond the basic plane'],
  ['(?U)a+', 'aaa', 'a', 'lazy throughout'],
];
for (const [pattern, text, wanted, why] of CASES) {
  test(`/${pattern}/ finds ${JSON.stringify(wanted)} in ${JSON.stringify(text)}: ${why}`, () =>
    assert.equal(find(pattern, text), wanted));
}

for (const pattern of [
  ...[
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
    '\\Z',
    '\\C',
  ],
  ...[
    '((a{100}){100}){100}',
    '(a{1000}){2}',
    '(a{500}){0,3}',
    '('.repeat(1001),
    '\\p{Old_Italic}',
    '\\p{Script=Greek}',
    '(?x)a',
    '(?P<a-b>c)',
  ],
  ...['[[:foo:]]', '[a-\\d]', '(?i-)', 'a{2,1}', '\\x{110000}', '[\\b]', 'x*+'],
]) {
  test(`Go compiles no /${pattern.slice(0, 20)}/`, () => assert.throws(() => new Regex(pattern), BadPattern));
}

test('an error is in words about the pattern as it was written', () =>
  assert.throws(() => new Regex('(?P<n>a)(?P<n>b'), {
    message: 'error parsing regexp: missing closing ): `(?P<n>a)(?P<n>b`',
  }));

const ALL: readonly [string, string, number, readonly string[], string][] = [
  ['a?', 'abba', -1, ['a', '', 'a'], 'no empty match right behind another'],
  ['', 'é😀', -1, ['', '', ''], 'an empty match at each character'],
  ['a', 'aaa', 2, ['a', 'a'], 'no more than asked for'],
  ['a', 'aaa', 0, [], 'none'],
  ['^a', 'aaa', -1, ['a'], 'the text begins once'],
];
for (const [pattern, text, limit, wanted, why] of ALL) {
  test(`/${pattern}/ finds all of ${JSON.stringify(wanted)}: ${why}`, () =>
    assert.deepEqual(
      new Regex(pattern).findAll(text, limit).map((match) => match.text),
      wanted,
    ));
}

const REPLACED: readonly [string, string, string, string, string][] = [
  ['(a)(b)?', 'ab-a', '<$2$1>', '<ba>-<a>', 'a group that took no part is nothing'],
  ['(?P<n>a)|(?P<n>b)', 'ab', '[${n}]', '[a][b]', 'of groups of one name the one that took part'],
  ['a', 'a', '$1x', '', 'the longest name counts'],
  ['a', 'a', '$0$$', 'a$', 'the whole match, and a dollar'],
  ['a', 'a', '${', '${', 'what is no reference stays'],
  ['a*', 'baac', '-', '-b-c-', 'no empty match right behind another'],
];
for (const [pattern, text, replacement, wanted, why] of REPLACED) {
  test(`/${pattern}/ by ${replacement} makes ${wanted} of ${text}: ${why}`, () =>
    assert.equal(new Regex(pattern).replaceAll(text, replacement), wanted));
}

test('Go says the same of each pattern of the sample', () => {
  const lines = readFileSync(join(import.meta.dirname, 'go-answers.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  const sample = lines.map((line) => JSON.parse(line) as { question: Question; answer: Answer });
  const compiling = sample.filter(({ answer }) => 'outcomes' in answer);
  const matching = compiling.filter(({ answer }) => 'outcomes' in answer && answer.outcomes.some(({ find }) => find));
  assert.ok(
    compiling.length > 200 && matching.length > 100 && compiling.length < sample.length,
    'a sample that proves something',
  );
  assert.deepEqual(
    differences(
      sample.map(({ question }) => question),
      sample.map(({ answer }) => answer),
    ),
    [],
  );
});

test('a pattern that takes others forever ends', () => {
  assert.equal(find('^(a+)+$', `${'a'.repeat(20_000)}b`), null);
  assert.equal(find('(x+x+)+y', 'x'.repeat(20_000)), null);
});
