import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { README, renderedReadme } from '../scripts/readme.ts';

test('README shows what the program says (node scripts/readme.ts writes it)', async () => {
  const text = readFileSync(README, 'utf8');
  assert.equal(text, await renderedReadme(text));
});
