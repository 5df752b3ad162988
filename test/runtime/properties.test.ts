import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CAPABILITIES } from '../../src/runtime/capabilities/names.ts';
import type { Settings } from '../../src/runtime/container.ts';
import { fixOf, notEnough } from '../../src/runtime/fix.ts';
import { powerOf } from '../../src/runtime/power.ts';
import type { Reach } from '../../src/runtime/situation.ts';
import { settings, surroundings } from './helpers.ts';

const RUNTIMES = [
  'containerd://1.7.27',
  'containerd://2.3.0',
  'cri-o://1.17.0',
  'cri-o://1.21.0',
  'cri-o://1.30.0',
  'docker://24.0.7',
];
const CURRENT = ['containerd://1.7.27', 'containerd://2.3.0', 'cri-o://1.30.0', 'docker://24.0.7'];
/** Spellings that the families take differently. */
const NAMES = ['ALL', 'all', 'NET_RAW', 'net_raw', 'CAP_NET_RAW', 'NET_ADMIN', 'CHOWN', 'SYS_ADMIN', 'CAP_CHOWN'];
const names = fc.array(fc.constantFrom(...NAMES), { maxLength: 4 });
const maybe = <T>(...values: T[]) => fc.constantFrom(undefined, ...values);
const context = fc.record({
  add: names,
  drop: names,
  privileged: fc.boolean(),
  allowPrivilegeEscalation: maybe(true, false),
  runAsUser: maybe(0, 1000),
  runAsNonRoot: maybe(true, false),
  uid: maybe(0, 1000),
});
type Context = typeof context extends fc.Arbitrary<infer T> ? T : never;

const settingsOf = ({ add, drop, uid, ...own }: Context): Settings =>
  settings({ ...own, capabilities: { add, drop } }, {}, uid);
const reach = (asked: Context, runtime: string): Reach =>
  powerOf('NET_RAW', settingsOf(asked), surroundings(runtime)).reach;
/** How much of an answer it is; what hangs on the image stands between. */
const STRENGTH: Readonly<Record<Reach, number>> = { no: 0, 'via-binary': 1, unknown: 2, yes: 3 };

test('an unprivileged container that drops ALL and adds nothing is never yes on a current runtime', () => {
  fc.assert(
    fc.property(context, fc.constantFrom(...CURRENT), fc.constantFrom('ALL', 'all', 'All'), (asked, runtime, all) => {
      assert.equal(
        reach(
          { ...asked, privileged: false, add: [], drop: [...asked.drop.filter((name) => !/^CAP_/.test(name)), all] },
          runtime,
        ),
        'no',
      );
    }),
  );
});

test('adding a capability that the runtime knows never makes an answer weaker', () => {
  fc.assert(
    fc.property(context, fc.constantFrom(...RUNTIMES), fc.constantFrom(...CAPABILITIES), (asked, runtime, name) => {
      const more = reach({ ...asked, add: [...asked.add, name] }, runtime);
      assert.ok(STRENGTH[more] >= STRENGTH[reach(asked, runtime)], `${more} after adding ${name}`);
    }),
  );
});

test('the order of names inside add and drop does not matter', () => {
  fc.assert(
    fc.property(context, fc.constantFrom(...RUNTIMES), (asked, runtime) => {
      assert.equal(
        reach({ ...asked, add: asked.add.toReversed(), drop: asked.drop.toReversed() }, runtime),
        reach(asked, runtime),
      );
    }),
  );
});

test('a container that cannot gain privileges gets no more than one that can', () => {
  fc.assert(
    fc.property(context, fc.constantFrom(...RUNTIMES), (asked, runtime) => {
      const bound = reach({ ...asked, allowPrivilegeEscalation: false }, runtime);
      assert.ok(STRENGTH[bound] <= STRENGTH[reach({ ...asked, allowPrivilegeEscalation: true }, runtime)]);
    }),
  );
});

test('what holds in one of several places is never a no', () => {
  fc.assert(
    fc.property(
      context,
      fc.uniqueArray(fc.constantFrom(...RUNTIMES), { minLength: 1, maxLength: 3 }),
      (asked, runtimes) => {
        const each = runtimes.map((runtime) => reach(asked, runtime));
        const all = powerOf('NET_RAW', settingsOf(asked), surroundings(runtimes)).reach;
        assert.equal(all, new Set(each).size === 1 ? each[0] : 'unknown');
      },
    ),
  );
});

test('a fix ends it, by the same rules, and nothing that is not enough does', () => {
  fc.assert(
    fc.property(context, fc.constantFrom(...RUNTIMES), (asked, runtime) => {
      const before = settingsOf(asked);
      const around = surroundings(runtime);
      if (powerOf('NET_RAW', before, around).reach === 'no') return;
      const fix = fixOf('NET_RAW', before, around);
      assert.ok(fix, 'every container has one');
      const after = { ...before, ...(fix.privileged === false ? { privileged: false } : {}), ...fix.capabilities };
      assert.equal(powerOf('NET_RAW', after, around).reach, 'no');
      assert.ok(
        notEnough('NET_RAW', before, around).every(
          ({ because }) => because.startsWith('still') || because.startsWith('it judges'),
        ),
      );
    }),
  );
});
