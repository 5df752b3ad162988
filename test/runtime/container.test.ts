import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containersOf } from '../../src/runtime/container.ts';
import type { Raw } from '../../src/world/raw.ts';
import { reducePod } from '../../src/world/reduce/pod.ts';
import { settings } from './helpers.ts';
import { ended, RUNNING, STATES, statePod } from './state-cases.ts';

for (const each of STATES)
  test(`${each.state}: ${each.why}`, () =>
    assert.deepEqual(
      containersOf(reducePod(statePod(each))).map(({ state }) => state),
      [each.state],
    ));

test('a status belongs to the container of its own list', () => {
  const pod = reducePod({
    metadata: { name: 'p' },
    spec: { initContainers: [{ name: 'c' }], containers: [{ name: 'c' }] },
    status: {
      phase: 'Running',
      initContainerStatuses: [{ name: 'c', state: ended(0) }],
      containerStatuses: [{ name: 'c', state: RUNNING }],
    },
  });
  assert.deepEqual(
    containersOf(pod).map(({ facts, state }) => [facts.kind, state]),
    [
      ['init', 'finished'],
      ['regular', 'running'],
    ],
  );
});

test('an ordinary init container, a sidecar, a regular and an ephemeral one are told apart', () => {
  const pod = reducePod({
    metadata: { name: 'p' },
    spec: {
      initContainers: [{ name: 'a' }, { name: 'b', restartPolicy: 'Always' }],
      containers: [{ name: 'c' }],
      ephemeralContainers: [{ name: 'd' }],
    },
  });
  assert.deepEqual(
    pod.containers.map(({ kind }) => kind),
    ['init', 'sidecar', 'regular', 'ephemeral'],
  );
});

const users: [own: Raw, pod: Raw, uid: number | undefined, expected: object, why: string][] = [
  [{}, {}, undefined, { uid: null, nonRoot: false }, 'the image says it'],
  [{ runAsUser: 0 }, { runAsUser: 1000 }, undefined, { uid: 0, nonRoot: false }, 'the container wins over the pod'],
  [{}, { runAsUser: 1000 }, undefined, { uid: 1000, nonRoot: true }, 'the pod, where the container is silent'],
  [{}, {}, 0, { uid: 0, nonRoot: false }, 'the status, where neither speaks'],
  [{}, {}, 65534, { uid: 65534, nonRoot: true }, 'the status of a user that is not root'],
  [{ runAsNonRoot: true }, {}, undefined, { uid: null, nonRoot: true }, 'runAsNonRoot: not known, and not root'],
  [
    { runAsNonRoot: false },
    { runAsNonRoot: true },
    undefined,
    { uid: null, nonRoot: false },
    'the container takes it back',
  ],
];
for (const [own, pod, uid, expected, why] of users)
  test(`user ${JSON.stringify(expected)}: ${why}`, () =>
    assert.deepEqual(settings(own, { securityContext: pod }, uid).user, expected));

test('profiles of the container win over those of the pod, field by field', () => {
  const own = { seccompProfile: { type: 'Unconfined' } };
  const pod = {
    seccompProfile: { type: 'RuntimeDefault' },
    appArmorProfile: { type: 'Localhost', localhostProfile: 'x' },
  };
  const { seccomp, appArmor } = settings(own, { securityContext: pod });
  assert.deepEqual([seccomp?.type, appArmor?.type], ['Unconfined', 'Localhost']);
});

for (const [annotation, profile] of [
  ['localhost/strict', { type: 'Localhost', localhostProfile: 'strict' }],
  ['localhost/', { type: 'Localhost', localhostProfile: '' }],
  ['localhost/a/b', { type: 'Localhost', localhostProfile: 'a/b' }],
  ['runtime/default', { type: 'RuntimeDefault', localhostProfile: null }],
  ['unconfined', { type: 'Unconfined', localhostProfile: null }],
  ['', null],
  ['localhost', null],
  ['Unconfined', null],
] as const)
  test(`AppArmor as it was asked for before there was a field: ${JSON.stringify(annotation)}`, () => {
    const annotations = { 'container.apparmor.security.beta.kubernetes.io/c': annotation };
    const pod = reducePod({
      metadata: { name: 'p', annotations },
      spec: { containers: [{ name: 'c' }, { name: 'd' }] },
    });
    assert.deepEqual(
      containersOf(pod).map((each) => each.settings.appArmor),
      [profile, null],
    );
  });
