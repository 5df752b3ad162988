import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { escapesOf } from '../../src/runtime/escapes/escapes-of.ts';
import { place, pod, told } from '../runtime/escapes/pods.ts';
import { skipReason, WITHHELD } from './runc.ts';

/** A container's process, as far as it decides whose processes it looks into. */
interface Someone {
  user: number;
  capabilities: readonly string[];
}

const root = (...capabilities: string[]): Someone => ({ user: 0, capabilities });
const another = (...capabilities: string[]): Someone => ({ user: 1000, capabilities });

const cases: readonly [why: string, looks: Someone, at: Someone, told: 'yes' | 'no'][] = [
  ['the same user with the same capabilities', root('NET_RAW'), root('NET_RAW'), 'yes'],
  ['the same user with more', root('NET_RAW', 'CHOWN'), root('NET_RAW'), 'yes'],
  ['the same user with fewer: root is not root', root('NET_RAW'), root('NET_RAW', 'CHOWN'), 'no'],
  ['the same user with others', root('NET_RAW'), root('CHOWN'), 'no'],
  ['root looks into no other user', root('NET_RAW'), another(), 'no'],
  ['unless by SYS_PTRACE', root('SYS_PTRACE'), another(), 'yes'],
  ['and then into whatever has more', root('SYS_PTRACE'), root('NET_RAW', 'CHOWN'), 'yes'],
  ['another user into its own', another(), another(), 'yes'],
  ['another user whatever the containers may have', another(), another('NET_RAW'), 'yes'],
  ['another user into root', another(), root(), 'no'],
];

describe('whose processes a container looks into', { skip: skipReason }, () => {
  for (const [why, looks, at, expected] of cases) {
    const lacking = [...looks.capabilities, ...at.capabilities].filter((name) => WITHHELD.includes(name));
    const skip = lacking.length > 0 && `this process itself has no ${lacking.join(', ')}`;
    test(`${why}: ${expected}`, { skip }, async () => {
      const there = start(at);
      try {
        await isSleeping(there);
        const { status } = spawnSync('setpriv', [...as(looks), 'ls', `/proc/${there.pid}/root/`], { timeout: 10_000 });
        assert.equal(status === 0 ? 'yes' : 'no', expected, 'the kernel');
      } finally {
        there.kill();
      }
      const containers = [looks, at].map(({ user, capabilities }, index) => ({
        name: `c${index}`,
        securityContext: { runAsUser: user, capabilities: { drop: ['ALL'], add: capabilities } },
      }));
      const found = escapesOf(pod({}, { shareProcessNamespace: true, containers }), place()).filter(
        ({ container }) => container === 'c0',
      );
      assert.equal(told(found, 'share-process-namespace'), `the pod ${expected}`);
    });
  }
});

const start = (someone: Someone): ChildProcess =>
  spawn('setpriv', [...as(someone), 'sleep', '60'], { stdio: 'ignore' });

function as({ user, capabilities }: Someone): string[] {
  const bounding = ['-all', ...capabilities.map((name) => `+${name.toLowerCase()}`)].join(',');
  return [`--reuid=${user}`, `--regid=${user}`, '--clear-groups', `--bounding-set=${bounding}`, '--inh-caps=-all'];
}

/** Until it is what it is to be: setpriv itself still has everything. */
async function isSleeping({ pid }: ChildProcess): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) {
    if (readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n') return;
    await setTimeout(20);
  }
  throw new Error('it does not come to sleep');
}
