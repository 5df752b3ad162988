import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProbeTrials, podIn, refusalIn } from '../../../src/spawn/probes/probe-trials.ts';
import type { Trial } from '../../../src/spawn/probes/strongest.ts';
import { makerOf, POD_MAKERS } from '../../../src/spawn/writes/makers.ts';
import { child, type Raw } from '../../../src/world/raw.ts';
import { JANE } from '../../admission/objects.ts';
import { binding, PODS, policy } from '../../admission/policies/objects.ts';
import { cluster } from '../../helpers/cluster.ts';
import { enforce, put } from '../../questions/privileged-worlds.ts';

const [pods] = POD_MAKERS;
const CREATE = { maker: pods, operation: 'CREATE' } as const;
const trialsIn = (...objects: Raw[]) =>
  new ProbeTrials(
    put(
      cluster().namespace('a', enforce('baseline')).namespace('b', enforce('baseline')).namespace('c'),
      ...objects,
    ).world(),
  );
const values = (trials: readonly Trial[]) => trials.map(({ admission }) => admission.value);
const says = (expression: string, more: Raw = {}): Raw[] => [
  policy('p', { validations: [{ expression }], ...more }),
  binding('p', 'p'),
];

test('what is judged for one namespace is told of another of its class as its own', () => {
  const probeTrials = trialsIn();
  for (const name of ['a', 'b', 'a']) {
    for (const trial of probeTrials.of(CREATE, name, JANE)) {
      assert.equal(child(podIn(trial, name), 'metadata').namespace, name);
      for (const refusal of trial.admission.evidence) assert.equal(refusalIn(refusal, name).by?.name, name);
    }
  }
  assert.equal(probeTrials.of(CREATE, 'a', JANE), probeTrials.of(CREATE, 'b', JANE));
  assert.notEqual(probeTrials.of(CREATE, 'a', JANE), probeTrials.of(CREATE, 'c', JANE));
});

test('namespaces of other classes are judged by themselves', () => {
  const probeTrials = trialsIn();
  assert.notDeepEqual(values(probeTrials.of(CREATE, 'a', JANE)), values(probeTrials.of(CREATE, 'c', JANE)));
});

test('users whom a policy tells apart are judged by themselves, by name and by group', () => {
  const bob = { name: 'bob', groups: ['dev'] };
  const named = trialsIn(...says("request.userInfo.username == 'bob'"));
  assert.notDeepEqual(values(named.of(CREATE, 'c', JANE)), values(named.of(CREATE, 'c', bob)));
  const grouped = trialsIn(...says("'ops' in request.userInfo.groups"));
  assert.notDeepEqual(
    values(grouped.of(CREATE, 'c', bob)),
    values(grouped.of(CREATE, 'c', { ...bob, groups: ['ops'] })),
  );
});

test('other kinds are judged by themselves', () => {
  const probeTrials = trialsIn(
    ...says('false', {
      matchConstraints: { resourceRules: [{ ...PODS, apiGroups: ['apps'], resources: ['deployments'] }] },
    }),
  );
  assert.equal(probeTrials.of(CREATE, 'c', JANE)[0]?.admission.value, 'yes');
  assert.equal(
    probeTrials.of({ ...CREATE, maker: makerOf('deployments') ?? assert.fail() }, 'c', JANE)[0]?.admission.value,
    'no',
  );
});

test('an update is one of the object alone: its controller creates', () => {
  const deployments = makerOf('deployments') ?? assert.fail();
  const onUpdate = trialsIn(
    ...says('oldObject == null', {
      matchConstraints: { resourceRules: [{ ...PODS, apiGroups: ['apps'], operations: ['UPDATE'], resources: ['*'] }] },
    }),
  );
  assert.equal(onUpdate.of({ maker: deployments, operation: 'CREATE' }, 'c', JANE)[0]?.admission.value, 'yes');
  assert.equal(onUpdate.of({ maker: deployments, operation: 'UPDATE' }, 'c', JANE)[0]?.admission.value, 'no');
  const ofPods = trialsIn(...says('false'));
  assert.equal(ofPods.of({ maker: deployments, operation: 'UPDATE' }, 'c', JANE)[0]?.admission.value, 'no');
});
