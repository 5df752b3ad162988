import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Settings } from '../../src/runtime/container.ts';
import type { Surroundings } from '../../src/runtime/environment.ts';
import { fixOf } from '../../src/runtime/fix.ts';
import { powerOf } from '../../src/runtime/power.ts';
import type { Reach } from '../../src/runtime/situation.ts';
import { settings, surroundings } from '../runtime/helpers.ts';
import { processOf } from './process-of.ts';
import { type Outcome, run, skipReason, whyNot } from './runc.ts';
import { generated, NAMED, type Spec } from './specs.ts';

/** The way from a pod's spec to the kernel by our own arithmetic, and the verdict beside what the kernel did. */
describe('a verdict and the kernel agree', { skip: skipReason, concurrency: 2 }, () => {
  const seen = { yes: 0, 'via-binary': 0, no: 0, 'not started': 0, fixed: 0 };

  for (const spec of [...NAMED, ...generated(90, 20261201)]) {
    // What the image's user decides is tried for both.
    for (const imageUser of [0, 1000]) {
      const { why, runtime, own, pod } = spec;
      const asked = settings(own, pod);
      if (asked.user.uid !== null && imageUser !== 0) continue;
      const where = surroundings(runtime);
      const made = processOf(asked, where.environments[0].runtime, imageUser);
      const words = `${why}: ${JSON.stringify({ runtime, own, pod })}, the image's user ${imageUser}`;
      const skip = skipReason !== false || (made !== null && whyNot(made.process, made.sandbox));
      test(words, { skip }, async () => {
        const raw = powerOf('NET_RAW', asked, where);
        const admin = powerOf('NET_ADMIN', asked, where);
        if (!made) return notStarted(spec, raw.reach, imageUser);
        const outcome = await run(made.process, made.sandbox);
        const there = reachOf(outcome);
        seen[there] += 1;
        assert.ok(
          allows(raw, made.process.noNewPrivileges, imageUser, there),
          `${raw.reach} (${raw.reason}), the kernel: ${there}`,
        );
        assert.equal(
          takes(outcome),
          takesBy(admin.reach, admin.row, imageUser),
          `NET_ADMIN: ${admin.reach} (${admin.reason})`,
        );
        if (raw.reach !== 'no') await fixed(asked, where, imageUser);
      });
    }
  }

  /** The change that is told ends it. */
  async function fixed(asked: Settings, where: Surroundings, imageUser: number): Promise<void> {
    const fix = fixOf('NET_RAW', asked, where);
    assert.ok(fix);
    const after = { ...asked, ...fix.capabilities, privileged: asked.privileged && fix.privileged !== false };
    const made = processOf(after, where.environments[0].runtime, imageUser);
    assert.ok(made);
    assert.equal(reachOf(await run(made.process, made.sandbox)), 'no', JSON.stringify(fix));
    seen.fixed += 1;
  }

  /** A runtime that refuses says so in its row; one that starts no root leaves that branch out. */
  function notStarted({ why }: Spec, reach: Reach, imageUser: number): void {
    seen['not started'] += 1;
    assert.ok(reach === 'no' || imageUser === 0, why);
  }

  after(() => {
    if (skipReason !== false) return;
    console.log(`verdicts beside the kernel: ${JSON.stringify(seen)}`);
    assert.ok(seen.yes >= 25 && seen['via-binary'] >= 10 && seen.no >= 25 && seen.fixed >= 40, JSON.stringify(seen));
  });
});

function reachOf({ plain, setuid, fileCapability }: Outcome): 'yes' | 'via-binary' | 'no' {
  if (plain) return 'yes';
  assert.equal(setuid, fileCapability);
  return setuid ? 'via-binary' : 'no';
}

/** What is left open says which way it goes for which user of the image. */
function allows(
  { reach, row }: { reach: Reach; row: number },
  noNewPrivileges: boolean,
  imageUser: number,
  there: string,
): boolean {
  if (reach !== 'unknown') return reach === there;
  assert.ok(row === 11 || row === 12);
  return there === (imageUser === 0 ? 'yes' : noNewPrivileges ? 'no' : 'via-binary');
}

/** By itself, by the setuid copy, or not. The other copy has NET_RAW alone. */
function takes({ details: { plain, setuid } }: Outcome): Reach {
  if ('takeAddress' in plain && plain.takeAddress === '') return 'yes';
  return 'takeAddress' in setuid && setuid.takeAddress === '' ? 'via-binary' : 'no';
}

function takesBy(reach: Reach, row: number, imageUser: number): Reach {
  if (reach !== 'unknown') return reach;
  return imageUser === 0 ? 'yes' : row === 11 ? 'no' : 'via-binary';
}
