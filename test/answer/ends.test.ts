import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc, { property, string, stringMatching } from 'fast-check';
import { before, replaceBrackets, trimLetters, trimMatching } from '../../src/answer/ends.ts';

/** What the regular expressions say that these stand for, of texts that are short enough for them. */
const letters = stringMatching(/^[ab/*.[\]{}?#\s]{0,12}$/);

test('each is what a regular expression would say', () => {
  fc.assert(
    property(letters, (text) => {
      assert.equal(trimLetters(text, '/'), text.replace(/\/+$/, ''));
      assert.equal(trimLetters(text, 'a*'), text.replace(/[a*]+$/, ''));
      assert.equal(trimMatching(text, /[\s[\]]/), text.replace(/[\s[\]]+$/, ''));
      assert.equal(before(text, '.'), text.replace(/\.[\s\S]*$/, ''));
      assert.equal(before(text, /[?#]/), text.replace(/[?#][\s\S]*$/, ''));
      assert.equal(replaceBrackets(text, '[*]'), text.replace(/\[[^\]]*\]/g, '[*]'));
    }),
    { numRuns: 2000 },
  );
});

test('whatever the text', () => {
  fc.assert(
    property(
      string(),
      (text) => text.startsWith(trimMatching(text, /./s)) && before(text, '\u0000').length <= text.length,
    ),
  );
});

test('a million letters', () => {
  const many = '/'.repeat(1e6);
  assert.deepEqual([trimLetters(`${many}x`, '/').length, trimLetters(many, '/')], [1e6 + 1, '']);
  assert.equal(replaceBrackets('['.repeat(1e6), '').length, 1e6);
});
