import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../src/answer/user-error.ts';
import { parseTimeout } from '../../src/cli/parse/timeout.ts';

const timeouts: [text: string, milliseconds: number][] = [
  ['0', 0],
  ['0s', 0],
  ['7', 7000],
  ['+7', 7000],
  ['1s', 1000],
  ['1m30s', 90_000],
  ['1.5h', 5_400_000],
  ['.5s', 500],
  ['250ms', 250],
  ['1ns', 1],
  ['3us', 1],
  ['3µs', 1],
  ['-5s', 0],
  ['999h', 0],
];
for (const [text, milliseconds] of timeouts)
  test(`${text} is ${milliseconds} ms`, () => assert.equal(parseTimeout(text), milliseconds));

for (const text of ['', 's', '5x', '1s ', ' 1s', '1.5', '1d', '1s2', '--1s', '-5', 'NaN', '1e3'])
  test(`${JSON.stringify(text)} is no timeout`, () => assert.throws(() => parseTimeout(text), UserError));
