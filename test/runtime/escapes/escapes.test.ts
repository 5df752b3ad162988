import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GAINS } from '../../../src/runtime/escapes/escape.ts';
import { escapesOf } from '../../../src/runtime/escapes/escapes-of.ts';
import { ESCAPES } from '../../../src/runtime/escapes/index.ts';
import { as, mounting, place, told } from './pods.ts';
import { TRAPS } from './traps.ts';

for (const [subject, traps] of Object.entries(TRAPS))
  for (const [why, pod, id, expected, where] of traps)
    test(`${subject}: ${why}: ${id}${expected === '' ? ' is none' : `: ${expected}`}`, () => {
      assert.equal(told(escapesOf(pod, place(where)), id), expected);
    });

test('every escape is open in one trap at least, and in another not', () => {
  const all = Object.values(TRAPS).flat();
  for (const { id } of ESCAPES) {
    const mine = all.filter((trap) => trap[2] === id).map((trap) => trap[3]);
    assert.ok(
      mine.some((each) => /yes|depends/.test(each)),
      `${id} is never open`,
    );
    assert.ok(
      mine.some((each) => each === '' || !/ yes/.test(each)),
      `${id} is never closed`,
    );
  }
});

test('ids are unique, and spelled as the catalogue spells them', () => {
  const ids = ESCAPES.map(({ id }) => id);
  assert.deepEqual(ids, [...new Set(ids)]);
  for (const id of ids) assert.match(id, /^[a-z]+(-[a-z]+)*$/);
});

test('what depends says on what, and only that leans', () => {
  for (const [why, pod, , , where] of Object.values(TRAPS).flat())
    for (const { verdict, leaning, unknowns } of escapesOf(pod, place(where))) {
      assert.equal(verdict === 'depends', unknowns.length > 0, why);
      assert.ok(verdict === 'depends' || leaning === null, why);
    }
});

test('a reason is one line that names what is there', () => {
  for (const [why, pod, , , where] of Object.values(TRAPS).flat())
    for (const { reason } of escapesOf(pod, place(where))) assert.match(reason, /^[^\n.]+(?:\.[^\n ][^\n]*)*$/, why);
});

test('worst first, what is likely before what is not', () => {
  const pod = mounting('/etc', {}, { privileged: true, seccompProfile: null }, { hostPID: true, hostIPC: true });
  const gains = escapesOf(pod, place()).map(({ gain }) => gain);
  assert.deepEqual(
    gains,
    [...gains].sort((a, b) => GAINS.indexOf(a) - GAINS.indexOf(b)),
  );
  assert.deepEqual([...new Set(gains)], ['node root', 'node data', 'other pods']);
  const kata = escapesOf(as({ privileged: true }, { hostNetwork: true }), place({ handler: 'kata' }));
  assert.deepEqual([...new Set(kata.map(({ verdict, leaning }) => `${verdict}:${leaning}`))].at(-1), 'depends:no');
});

test('the same path twice is told once', () => {
  const twice = {
    ...mounting('/'),
    ...{
      volumes: [
        { name: 'v', source: 'hostPath', detail: '/', type: '', readOnly: false },
        { name: 'w', source: 'hostPath', detail: '//', type: '', readOnly: false },
      ],
    },
  };
  const [app] = twice.containers;
  assert.ok(app?.mounts[0]);
  const pod = {
    ...twice,
    containers: [{ ...app, mounts: [...app.mounts, { ...app.mounts[0], volume: 'w', path: '/w' }] }],
  };
  assert.equal(told(escapesOf(pod, place()), 'hostpath-root'), 'node root yes');
});

test('a reason names what bounds it', () => {
  const reason = (pod: Parameters<typeof escapesOf>[0], id: string, where = {}): string | undefined =>
    escapesOf(pod, place(where)).find((each) => each.id === id)?.reason;
  assert.equal(
    reason(as({ privileged: true }, { hostUsers: false }), 'priv-container'),
    "privileged: all capabilities and devices of the node; hostUsers: false: that counts in the pod's own user namespace alone",
  );
  assert.equal(
    reason(mounting('/var/lib/kubelet', { readOnly: true }, { runAsUser: 1000 }), 'hostpath-kubelet'),
    'hostPath /var/lib/kubelet (read-only): tokens, Secrets and other volumes of all pods of the node; user 1000: as file modes and its groups let it',
  );
  assert.equal(
    reason(as({ privileged: true }), 'priv-container', { handler: 'kata' }),
    'privileged: all capabilities and devices of the node; handler kata has a kernel of its own',
  );
});
