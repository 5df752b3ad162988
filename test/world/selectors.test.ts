import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSelector, matchesSelector, parseSelector } from '../../src/world/selectors.ts';

const labels = { app: 'web', tier: 'front', 'k8s.io/name': 'x', empty: '' };

const cases: [string, boolean, string][] = [
  ['', true, 'nothing selects everything'],
  ['app=web', true, 'equal'],
  ['app==web', true, 'two equal signs are one'],
  ['app=db', false, 'another value'],
  ['app!=db', true, 'not equal'],
  ['absent!=db', true, 'an absent label is not equal'],
  ['app in (web,db)', true, 'one of a set'],
  ['app in (db)', false, 'none of a set'],
  ['app notin (db),tier=front', true, 'all terms have to hold'],
  ['app=web,tier=back', false, 'all terms have to hold'],
  ['app', true, 'exists'],
  ['!absent', true, 'does not exist'],
  ['!app', false, 'exists after all'],
  ['k8s.io/name=x', true, 'a key with a prefix'],
  ['empty=', true, 'an empty value'],
  ['app = web , tier in ( front )', true, 'blanks'],
  ['constructor', false, 'what every object inherits is no label'],
];
for (const [text, expected, why] of cases) {
  test(`${JSON.stringify(text)} ${expected ? 'selects' : 'leaves'}: ${why}`, () => {
    const selector = parseSelector(text);
    assert.equal(matchesSelector(selector, labels), expected);
    assert.equal(matchesSelector(parseSelector(formatSelector(selector)), labels), expected);
  });
}

for (const text of ['=web', 'app=web=x', 'app in web', 'a b', 'app=-x', ',']) {
  test(`${JSON.stringify(text)} is refused`, () =>
    assert.throws(() => parseSelector(text), /unable to parse requirement/));
}
