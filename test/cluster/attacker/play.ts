import { DEFAULT_CONTROLLERS } from '../../helpers/control-plane.ts';
import { type AttackResult, attack } from './attacker.ts';
import type { AttackStage } from './stage.ts';
import type { AttackWorld } from './world.ts';

/** The controllers that an attack makes use of. */
export const ATTACK_CONTROLLERS = [...DEFAULT_CONTROLLERS, 'certificatesigningrequest-signing-controller'];

/** With CI=true every world is tried; else a sample. */
export const IS_WHOLE = process.env.CI === 'true';

/** Places a world, attacks it, and takes it away; without the actions of these names. Throws with the world in it. */
export async function play(
  stage: AttackStage,
  world: AttackWorld,
  without: readonly string[] = [],
): Promise<AttackResult> {
  try {
    await stage.place(world);
    return await attack(stage, world, without);
  } catch (error) {
    throw new Error(`${world.prefix}: ${JSON.stringify(world.objects)}`, { cause: error });
  } finally {
    await stage.clear();
  }
}
