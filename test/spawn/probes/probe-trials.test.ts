import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Judge, podIn, refusalIn } from '../../../src/spawn/probes/probe-trials.ts';
import type { Trial } from '../../../src/spawn/probes/strongest.ts';
import { makerOf, POD_MAKERS } from '../../../src/spawn/writes/makers.ts';
import { child, type Raw } from '../../../src/world/raw.ts';
import { JANE } from '../../admission/objects.ts';
import { binding, PODS, policy } from '../../admission/policies/objects.ts';
import { cluster } from '../../helpers/cluster.ts';
import { enforce, put } from '../../questions/privileged-worlds.ts';

const [pods] = POD_MAKERS;
const CREATE = { maker: pods, operation: 'CREATE' } as const;
const judge = (...objects: Raw[]) =>
  new Judge(
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
  const judged = judge();
  for (const name of ['a', 'b', 'a']) {
    for (const trial of judged.trials(CREATE, name, JANE)) {
      assert.equal(child(podIn(trial, name), 'metadata').namespace, name);
      for (const refusal of trial.admission.evidence) assert.equal(refusalIn(refusal, name).by?.name, name);
    }
  }
  assert.equal(judged.trials(CREATE, 'a', JANE), judged.trials(CREATE, 'b', JANE));
  assert.notEqual(judged.trials(CREATE, 'a', JANE), judged.trials(CREATE, 'c', JANE));
});

test('namespaces of other classes are judged by themselves', () => {
  const judged = judge();
  assert.notDeepEqual(values(judged.trials(CREATE, 'a', JANE)), values(judged.trials(CREATE, 'c', JANE)));
});

test('users whom a policy tells apart are judged by themselves, by name and by group', () => {
  const bob = { name: 'bob', groups: ['dev'] };
  const named = judge(...says("request.userInfo.username == 'bob'"));
  assert.notDeepEqual(values(named.trials(CREATE, 'c', JANE)), values(named.trials(CREATE, 'c', bob)));
  const grouped = judge(...says("'ops' in request.userInfo.groups"));
  assert.notDeepEqual(
    values(grouped.trials(CREATE, 'c', bob)),
    values(grouped.trials(CREATE, 'c', { ...bob, groups: ['ops'] })),
  );
});

test('other kinds are judged by themselves', () => {
  const judged = judge(
    ...says('false', {
      matchConstraints: { resourceRules: [{ ...PODS, apiGroups: ['apps'], resources: ['deployments'] }] },
    }),
  );
  assert.equal(judged.trials(CREATE, 'c', JANE)[0]?.admission.value, 'yes');
  assert.equal(
    judged.trials({ ...CREATE, maker: makerOf('deployments') ?? assert.fail() }, 'c', JANE)[0]?.admission.value,
    'no',
  );
});

test('an update is one of the object alone: its controller creates', () => {
  const deployments = makerOf('deployments') ?? assert.fail();
  const onUpdate = judge(
    ...says('oldObject == null', {
      matchConstraints: { resourceRules: [{ ...PODS, apiGroups: ['apps'], operations: ['UPDATE'], resources: ['*'] }] },
    }),
  );
  assert.equal(onUpdate.trials({ maker: deployments, operation: 'CREATE' }, 'c', JANE)[0]?.admission.value, 'yes');
  assert.equal(onUpdate.trials({ maker: deployments, operation: 'UPDATE' }, 'c', JANE)[0]?.admission.value, 'no');
  const ofPods = judge(...says('false'));
  assert.equal(ofPods.trials({ maker: deployments, operation: 'UPDATE' }, 'c', JANE)[0]?.admission.value, 'no');
});
