import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { closureKeys } from '../helpers/closure.ts';
import { withControlPlane } from '../helpers/real.ts';
import type { AttackResult } from './attacker/attacker.ts';
import { differences } from './attacker/compare.ts';
import { ATTACK_CONTROLLERS, IS_WHOLE, play } from './attacker/play.ts';
import { attackStage } from './attacker/stage.ts';
import { type AttackWorld, CLUSTER_ADMIN, universe } from './attacker/world.ts';
import { generateAttackWorld } from './attacker/worlds.ts';

const VERSION = '1.37';
/**
 * With CI=true 300 random worlds, else 10. More worlds, or others: `ATTACKS=200 ATTACK_SEED=1000`. With
 * `ATTACK_ABLATION=1` each is attacked again without each action that did anything, which shows what no other gains.
 */
const ATTACKS = Number(process.env.ATTACKS ?? (IS_WHOLE ? 300 : 10));
const FIRST_SEED = Number(process.env.ATTACK_SEED ?? 1);
const ABLATION = process.env.ATTACK_ABLATION === '1';

await withControlPlane({ controllers: ATTACK_CONTROLLERS }, async (plane) => {
  const stage = await attackStage(plane);

  test('random worlds: what an attacker gains, the closure says, and nothing else', async (t) => {
    const results: AttackResult[] = [];
    const different: string[] = [];
    const alone = new Map<string, number>();
    const began = performance.now();
    for (let seed = FIRST_SEED; seed < FIRST_SEED + ATTACKS; seed += 1) {
      const world = generateAttackWorld(seed);
      const result = await play(stage, world);
      results.push(result);
      const difference = await compare(world, result);
      if (difference !== null) different.push(difference);
      for (const [index, action] of [...(ABLATION ? result.useful : [])].entries()) {
        const { gains } = await play(stage, generateAttackWorld(seed, `${world.prefix}-${index}`), [action]);
        if (gains.size < result.gains.size) alone.set(action, (alone.get(action) ?? 0) + 1);
      }
    }
    report(t, results, alone, (performance.now() - began) / 60_000);
    assert.deepEqual(different, []);
    const successful = results.filter(({ gains }) => gains.size > 1).length;
    assert.ok(successful >= 0.3 * ATTACKS, `only ${successful} of ${ATTACKS} worlds give anything`);
  });

  /** What the attack and the closure say otherwise, in words; null where they agree. */
  async function compare(world: AttackWorld, { gains, isComplete }: AttackResult): Promise<string | null> {
    const { yes, depends } = await closureKeys([...stage.upstream, ...world.objects], world.start, VERSION);
    const found = differences(universe(world), new Set(gains.keys()), yes, depends);
    const missed = found.missed.map((key) => `${key} (${gains.get(key)})`);
    // An attack that was not tried to the end proves no claim wrong.
    const claimed = isComplete ? found.claimed : [];
    if (missed.length + claimed.length === 0) return null;
    return (
      `${world.prefix}: gained, and not in the closure: ${missed.join(', ') || 'nothing'}; in the closure, and not ` +
      `gained: ${claimed.join(', ') || 'nothing'}\n${JSON.stringify(world)}`
    );
  }
});

/** Prints how many worlds gave how much; and of each action, how often it was useful, the first, and the only one. */
function report(
  t: TestContext,
  results: readonly AttackResult[],
  alone: ReadonlyMap<string, number>,
  minutes: number,
): void {
  const gains = results.flatMap((each) => [...each.gains].slice(1));
  const count = (predicate: (result: AttackResult) => boolean) => results.filter(predicate).length;
  t.diagnostic(
    `${results.length} worlds (${Math.round(results.length / minutes)} a minute), ${gains.length} keys gained; ` +
      `${count((each) => each.gains.size > 1)} gave something, ${count((each) => each.gains.has(CLUSTER_ADMIN))} ` +
      `everything, ${count((each) => !each.isComplete)} not tried to the end`,
  );
  for (const action of new Set(results.flatMap(({ useful }) => [...useful]))) {
    const first = gains.filter(([, by]) => by === action).length;
    const only = ABLATION ? `, indispensable in ${alone.get(action) ?? 0}` : '';
    t.diagnostic(
      `useful in ${count(({ useful }) => useful.has(action))} worlds${only}, first to gain ${first}: ${action}`,
    );
  }
}
