import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { getObject, safeText } from '../../../src/answer/command.ts';
import { shellWord } from '../../../src/answer/shell-word.ts';

const cases: [string, string][] = [
  ['web-0', 'web-0'],
  ['system:serviceaccount:ci:deployer', 'system:serviceaccount:ci:deployer'],
  ['', "''"],
  ['a b', "'a b'"],
  ["it's", "'it'\\''s'"],
  ['$(id)`id`;&|', "'$(id)`id`;&|'"],
  ['~root', "'~root'"],
  ['山田', "'山田'"],
  ['a\nb', "$'a\\u000ab'"],
  ["\u202e'\\", "$'\\u202e\\'\\\\'"],
  ['\u{e0041}', "$'\\U000e0041'"],
];
for (const [word, expected] of cases)
  test(`quotes ${JSON.stringify(word)}`, () => assert.equal(shellWord(word), expected));

test('a shell reads every word back exactly', () => {
  // No shell can hold NUL, and no encoding a lone surrogate.
  const words = fc
    .sample(fc.string({ unit: 'binary', maxLength: 8 }), 300)
    .map((word) => word.toWellFormed().replaceAll('\0', ''));
  const awkward = ['', "'", "\\'", '\\u0041', '$x', '!!', '*', '\u001b[2J', '\r\n', ...words];
  const script = `printf '%s\\0' ${awkward.map((word) => shellWord(word)).join(' ')}`;
  const output = execFileSync('bash', ['--norc', '-c', script], { encoding: 'utf8', env: { LC_ALL: 'C.UTF-8' } });
  assert.deepEqual(output.split('\0').slice(0, -1), awkward);
});

test('an object is a command to copy, also where its name would be a flag', () => {
  assert.equal(safeText(getObject('RoleBinding', 'x', 'shop')), 'kubectl get rolebinding x -n shop');
  assert.equal(safeText(getObject('ClusterRole', '--token=x', null)), 'kubectl get clusterrole/--token=x');
});
