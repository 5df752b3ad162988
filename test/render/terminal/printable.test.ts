import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { UNSAFE } from '../../../src/answer/unsafe.ts';
import { painter } from '../../../src/render/terminal/paint.ts';
import { cell, join, Printable, sentence, visible } from '../../../src/render/terminal/printable.ts';

const shown: [string, string, string][] = [
  ['jane', 'jane', 'plain text stands as it is'],
  ['\u001b[31m', '\\u001b[31m', 'an escape sequence'],
  ['\u009b31m', '\\u009b31m', 'the C1 form of it'],
  ['a\nb\r\t\0\u007f', 'a\\u000ab\\u000d\\u0009\\u0000\\u007f', 'line breaks and other controls'],
  ['a\u202eb\u2066c', 'a\\u202eb\\u2066c', 'bidi override and isolate'],
  ['a\u200b\u200d\ufeff\u00ad', 'a\\u200b\\u200d\\ufeff\\u00ad', 'zero widths'],
  ['a\u2028b\u2029c', 'a\\u2028b\\u2029c', 'line and paragraph separator'],
  ['a\ufe0f\u{e0101}', 'a\\ufe0f\\u{e0101}', 'variation selectors'],
  ['\u{e0041}', '\\u{e0041}', 'a tag'],
  ['\u115f\u3164\u2800', '\\u115f\\u3164\\u2800', 'fillers that look empty'],
  ['a\u00a0b\u3000c', 'a\\u00a0b\\u3000c', 'spaces that are no spaces'],
  ['\ud800x\udc00', '\\ud800x\\udc00', 'lone surrogates'],
  ['\ue000\u{10fffe}', '\\ue000\\u{10fffe}', 'private and unassigned'],
  ['\u0338ane', '\\u0338ane', 'a mark that would strike out what stands before it'],
  ['jose\u0301', 'jose\u0301', 'a mark on its own letter'],
  ['Jürgen 山田 Ольга', 'Jürgen 山田 Ольга', 'names of people'],
  ['CORP\\jane', 'CORP\\jane', 'a backslash'],
  ['a\\u202eb', 'a\\u005cu202eb', 'what only looks like an escape'],
];
for (const [text, expected, why] of shown)
  test(`shows ${expected}: ${why}`, () => assert.equal(visible(text), expected));

test('two different strings never print alike', () => {
  const tricky = fc.string({
    unit: fc.constantFrom(
      '\\',
      'u',
      '{',
      '}',
      '0',
      '5',
      'c',
      '2',
      'e',
      '\u202e',
      '\u005c',
      '\ud800',
      '\u{e0001}',
      '\u0338',
    ),
  });
  fc.assert(
    fc.property(tricky, tricky, (a, b) => a === b || visible(a) !== visible(b)),
    { numRuns: 2000 },
  );
});

test('a template escapes what is put in, and takes printables as they are', () => {
  const name = sentence`<${'\u001b'}>`;
  assert.equal(sentence`${name} of ${'a\nb'} ${3}`.text, '<\\u001b> of a\\u000ab 3');
});

test('a value of a table has no spaces and is never empty', () => {
  assert.equal(cell('jane doe\u00a0x').text, 'jane\\u0020doe\\u00a0x');
  assert.equal(cell('').text, '<none>');
});

const widths: [string, number, string][] = [
  ['jane', 4, 'one column a letter'],
  ['山田', 4, 'two columns an ideograph'],
  ['jose\u0301', 4, 'none for a combining mark'],
  ['ｶﾅ', 2, 'halfwidth kana'],
  ['ＡＢ', 4, 'fullwidth letters'],
  ['🙂', 2, 'an emoji'],
  ['\u202e', 6, 'an escape is as wide as it is written'],
];
for (const [text, width, why] of widths)
  test(`${visible(text)} takes ${width}: ${why}`, () => assert.equal(Printable.of(text).width, width));

test('style codes take no columns', () => {
  const red = painter(true)('yes', Printable.of('yes'));
  assert.deepEqual([red.text, red.width], ['\u001b[31myes\u001b[39m', 3]);
  assert.equal(join([red.padEnd(5), red], ',').width, 9);
});

test('verbatim text is ASCII or escaped', () => {
  assert.equal(Printable.verbatim("$'\\u202e'").text, "$'\\u202e'");
  assert.equal(Printable.verbatim('\u202e').text, '\\u202e');
});

test('what is unsafe covers every control and format character', () => {
  for (let code = 0; code <= 0x10ffff; code += 1) {
    const character = String.fromCodePoint(code);
    if (/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(character))
      assert.notEqual(character.search(UNSAFE), -1, code.toString(16));
  }
});
