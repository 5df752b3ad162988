import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { render } from '../helpers/rendered.ts';
import { RAW_SOCKETS_STORIES } from './raw-sockets-stories.ts';
import { SPAWN_STORIES } from './spawn-stories.ts';
import { STORIES } from './stories.ts';

/**
 * Screens as people see them. `UPDATE_GOLDEN=1 npm test` writes them anew, to be read before they are committed; never
 * in CI.
 */
const isUpdating = process.env.UPDATE_GOLDEN === '1' && !process.env.CI;

for (const { file, verdict, answers, options } of [...STORIES, ...SPAWN_STORIES, ...RAW_SOCKETS_STORIES]) {
  test(`screen ${file}: ${[...new Set(verdict)].join(', ')}`, () => {
    assert.deepEqual(
      answers.map((each) => each.verdict),
      verdict,
    );
    const path = new URL(`../golden/${file}.txt`, import.meta.url);
    const text = render(answers, options);
    if (isUpdating) writeFileSync(path, text);
    assert.equal(text, readFileSync(path, 'utf8'));
  });
}
