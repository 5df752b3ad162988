import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askGo, differences } from '../helpers/go-regexp.ts';
import { questions } from '../helpers/regex-patterns.ts';

test('3,000 random patterns mean to us what they mean to Go', () => {
  const asked = [...questions(20_251).take(3_000)];
  assert.deepEqual(differences(asked, askGo(asked)).slice(0, 5), []);
});
