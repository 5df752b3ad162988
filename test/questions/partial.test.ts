import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stopCoverage } from 'node:v8';
import { random } from '../helpers/random.ts';
import { describeCase, MATTERS, type Origin, someFaults, whole, wrongIn } from './partial/property.ts';
import { SCENES } from './partial/worlds.ts';

// The tables cover these lines; to count how often worlds without end run them takes time.
stopCoverage();

/** `npm run partial` tries any number. */
const [WHOLES, TRIES] = [40, 8];
const ORIGINS: readonly Origin[] = ['server', 'file'];

test('nothing is said of a part of a cluster that the whole contradicts', async (t) => {
  const choose = random(11);
  let tried = 0;
  const wrong: string[] = [];
  for (let index = 0; index < WHOLES; index += 1) {
    const [scene, matter, from] = [choose.pick(SCENES), choose.pick(MATTERS), choose.pick(ORIGINS)];
    const all = await whole(scene, matter, from);
    for (let more = 0; all && more < TRIES; more += 1) {
      const each = { scene, matter, from, faults: someFaults(all.kinds, choose) };
      const said = await wrongIn(each, all);
      tried += said === null ? 0 : 1;
      wrong.push(...(said ?? []).map((what) => `${describeCase(each)}: ${what}`));
    }
  }
  t.diagnostic(`${tried} partial answers`);
  assert.deepEqual(wrong, []);
});
