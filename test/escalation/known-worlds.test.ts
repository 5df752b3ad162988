import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differences } from '../cluster/attacker/compare.ts';
import { KNOWN_WORLDS, knownWorld, prefixed } from '../cluster/attacker/handwritten.ts';
import { accountKey, universe } from '../cluster/attacker/world.ts';
import { closureKeys } from '../helpers/closure.ts';
import { upstreamManifests } from '../helpers/upstream-manifests.ts';

const upstream = upstreamManifests();

// What these worlds give is what an attacker with real credentials gained on a real API server
// (test/cluster/attacker.test.ts): the closure says the same, and without any one of the rights too.
for (const known of KNOWN_WORLDS) {
  const lacking = known.gains.length === 0 ? [] : [...known.needs.keys()];
  const cases: [missing: number | null, gains: string[] | 'everything'][] = [
    [null, known.gains],
    ...lacking.map((missing): [number, string[] | 'everything'] => [missing, known.without?.[missing] ?? []]),
  ];
  for (const [missing, expected] of cases)
    test(`the closure: ${known.name}${missing === null ? '' : `, without need ${missing}`}`, async () => {
      const world = knownWorld(known, 'known', missing);
      const all = universe(world);
      const gained = expected === 'everything' ? all : new Set(expected.map((key) => prefixed(key, world.prefix)));
      gained.add(accountKey(world.start));
      const { yes, depends } = await closureKeys([...upstream, ...world.objects], world.start, '1.37');
      assert.deepEqual(differences(all, gained, yes, depends), { missed: [], claimed: [] });
    });
}
