import assert from 'node:assert/strict';
import { test } from 'node:test';
import { containersOf } from '../../src/runtime/container.ts';
import { reducePod } from '../../src/world/reduce/pod.ts';
import type { Raw } from '../../src/world/reduce/raw.ts';
import { settings } from './helpers.ts';

const RUNNING = { running: { startedAt: '2026-01-01T00:00:00Z' } };
const WAITING = { waiting: { reason: 'CrashLoopBackOff' } };
const ended = (exitCode: number) => ({ terminated: { exitCode } });

interface Case {
  state: 'running' | 'waiting' | 'finished';
  list?: 'containers' | 'initContainers' | 'ephemeralContainers';
  container?: Raw;
  spec?: Raw;
  metadata?: Raw;
  phase?: string;
  /** Of the container; absent: there is no status yet. */
  status?: Raw;
  why: string;
}

const cases: Case[] = [
  { state: 'running', status: RUNNING, why: 'it runs' },
  { state: 'waiting', why: 'a pod that was just made has no statuses' },
  { state: 'waiting', status: WAITING, why: 'it crashes, and starts again' },
  { state: 'waiting', status: {}, why: 'a status that says nothing is that of one that waits' },
  { state: 'waiting', status: ended(0), why: 'restartPolicy is Always where it is not said' },
  { state: 'waiting', status: ended(1), spec: { restartPolicy: 'OnFailure' }, why: 'it failed, and starts again' },
  { state: 'finished', status: ended(0), spec: { restartPolicy: 'OnFailure' }, why: 'it has done its work' },
  { state: 'finished', status: ended(1), spec: { restartPolicy: 'Never' }, why: 'it never starts again' },
  {
    state: 'waiting',
    status: ended(1),
    spec: { restartPolicy: 'Never' },
    container: { restartPolicy: 'Always' },
    why: 'a policy of its own',
  },
  {
    state: 'waiting',
    status: ended(42),
    container: { restartPolicy: 'Never', restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }] },
    why: 'rules that may restart it',
  },
  { state: 'finished', phase: 'Succeeded', status: ended(0), why: 'a pod that has ended' },
  { state: 'finished', phase: 'Failed', why: 'an evicted pod has no statuses' },
  { state: 'finished', phase: 'Failed', status: RUNNING, why: 'a status that was never updated' },
  { state: 'running', phase: 'Unknown', status: RUNNING, why: 'its node is lost, and it may go on' },
  {
    state: 'running',
    metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' },
    status: RUNNING,
    why: 'a pod that is being deleted still runs',
  },
  { state: 'finished', metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' }, status: ended(1), why: 'but starts nothing any more' },
  { state: 'finished', metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' }, why: 'nor what has not started' },
  { state: 'finished', list: 'initContainers', status: ended(0), why: 'an init container that has done its work' },
  { state: 'waiting', list: 'initContainers', status: ended(1), why: 'one that failed is tried again' },
  { state: 'running', list: 'initContainers', status: RUNNING, why: 'one that is at it' },
  { state: 'waiting', list: 'initContainers', container: { restartPolicy: 'Always' }, status: ended(0), why: 'a sidecar starts again' },
  { state: 'running', list: 'ephemeralContainers', status: RUNNING, why: 'an ephemeral container' },
  { state: 'finished', list: 'ephemeralContainers', status: ended(0), why: 'an ephemeral one never starts again' },
  { state: 'finished', list: 'ephemeralContainers', status: ended(1), why: 'even if it failed' },
  { state: 'waiting', list: 'ephemeralContainers', why: 'one that was just added' },
];
for (const { state, list = 'containers', container = {}, spec = {}, metadata = {}, phase = 'Running', status, why } of cases)
  test(`${state}: ${why}`, () => {
    const field = {
      containers: 'containerStatuses',
      initContainers: 'initContainerStatuses',
      ephemeralContainers: 'ephemeralContainerStatuses',
    }[list];
    const pod = reducePod({
      metadata: { name: 'p', ...metadata },
      spec: { [list]: [{ name: 'c', ...container }], ...spec },
      status: { phase, ...(status ? { [field]: [{ name: 'c', state: status }] } : {}) },
    });
    assert.deepEqual(
      containersOf(pod).map((each) => each.state),
      [state],
    );
  });

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
  [{ runAsNonRoot: false }, { runAsNonRoot: true }, undefined, { uid: null, nonRoot: false }, 'the container takes it back'],
];
for (const [own, pod, uid, expected, why] of users)
  test(`user ${JSON.stringify(expected)}: ${why}`, () => assert.deepEqual(settings(own, { securityContext: pod }, uid).user, expected));

test('profiles of the container win over those of the pod, field by field', () => {
  const own = { seccompProfile: { type: 'Unconfined' } };
  const pod = { seccompProfile: { type: 'RuntimeDefault' }, appArmorProfile: { type: 'Localhost', localhostProfile: 'x' } };
  const { seccomp, appArmor } = settings(own, { securityContext: pod });
  assert.deepEqual([seccomp?.type, appArmor?.type], ['Unconfined', 'Localhost']);
});

test('AppArmor as it was asked for before there was a field', () => {
  const annotations = { 'container.apparmor.security.beta.kubernetes.io/c': 'localhost/strict' };
  const pod = reducePod({ metadata: { name: 'p', annotations }, spec: { containers: [{ name: 'c' }, { name: 'd' }] } });
  assert.deepEqual(
    containersOf(pod).map((each) => each.settings.appArmor),
    [{ type: 'Localhost', localhostProfile: 'strict' }, null],
  );
});
