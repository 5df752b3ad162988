import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withControlPlane } from '../helpers/real.ts';
import { KNOWN_WORLDS, type KnownWorld, knownWorld, prefixed } from './attacker/handwritten.ts';
import { ATTACK_CONTROLLERS, IS_WHOLE, play } from './attacker/play.ts';
import { attackStage } from './attacker/stage.ts';
import { accountKey, universe } from './attacker/world.ts';

// With CI=true known worlds are attacked without each need in turn; else without one of each.

await withControlPlane({ controllers: ATTACK_CONTROLLERS }, async (plane) => {
  const stage = await attackStage(plane);
  let worlds = 0;

  for (const [turn, known] of KNOWN_WORLDS.entries()) {
    test(`an attacker: ${known.name}`, async () => {
      await check(known, null, known.gains);
      if (known.gains.length === 0) return;
      const left = [...known.needs.keys()].filter((index) => IS_WHOLE || index === turn % known.needs.length);
      for (const index of left) await check(known, index, known.without?.[index] ?? []);
    });
  }

  async function check(known: KnownWorld, missing: number | null, expected: string[] | 'everything'): Promise<void> {
    worlds += 1;
    const world = knownWorld(known, `known-${worlds}`, missing);
    const { gains } = await play(stage, world);
    const wanted =
      expected === 'everything' ? universe(world) : new Set(expected.map((key) => prefixed(key, world.prefix)));
    wanted.add(accountKey(world.start));
    const about = missing === null ? 'with all that it needs' : `without need ${missing}`;
    assert.deepEqual([...gains.keys()].sort(), [...wanted].sort(), `${about}: ${JSON.stringify([...gains])}`);
  }
});
