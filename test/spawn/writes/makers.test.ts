import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultFields } from '../../../src/admission/request/defaults/pod.ts';
import { podOf } from '../../../src/spawn/probes/attempt.ts';
import { HARMLESS } from '../../../src/spawn/probes/probes.ts';
import { controllerUser, makerOf, manifestOf, POD_MAKERS, writesOf } from '../../../src/spawn/writes/makers.ts';
import { child } from '../../../src/world/raw.ts';
import { JANE } from '../../admission/objects.ts';

const pod = podOf(HARMLESS.specs[0] ?? {}, 'shop', { team: 'a' });

const chains: [resource: string, writes: string[]][] = [
  ['pods', ['pods by jane']],
  ['deployments', ['deployments by jane', 'replicasets by deployment-controller', 'pods by replicaset-controller']],
  ['replicasets', ['replicasets by jane', 'pods by replicaset-controller']],
  ['statefulsets', ['statefulsets by jane', 'pods by statefulset-controller']],
  ['daemonsets', ['daemonsets by jane', 'pods by daemon-set-controller']],
  ['replicationcontrollers', ['replicationcontrollers by jane', 'pods by replication-controller']],
  ['jobs', ['jobs by jane', 'pods by job-controller']],
  ['cronjobs', ['cronjobs by jane', 'jobs by cronjob-controller', 'pods by job-controller']],
];
for (const [resource, expected] of chains)
  test(`${resource}: every write that leads to a pod, with its author`, () => {
    const writes = writesOf(makerOf(resource) ?? assert.fail(), pod, 'shop', JANE);
    assert.deepEqual(
      writes.map(
        (each) => `${each.resource.resource} by ${each.user.name?.replace('system:serviceaccount:kube-system:', '')}`,
      ),
      expected,
    );
    for (const write of writes) {
      assert.deepEqual(
        [write.operation, write.namespace, write.oldObject, write.object?.kind],
        ['CREATE', 'shop', null, write.kind.kind],
      );
    }
  });

test('all makers have their chain here', () =>
  assert.deepEqual(
    POD_MAKERS.map(({ resource }) => resource).toSorted(),
    chains.map(([resource]) => resource).toSorted(),
  ));

test('nothing runs the template of a podtemplate', () => assert.equal(makerOf('podtemplates'), undefined));

test('a controller is an account of kube-system, in the groups of accounts', () =>
  assert.deepEqual(controllerUser('job-controller'), {
    name: 'system:serviceaccount:kube-system:job-controller',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
  }));

test('templates have the labels that are selected, and what the pod has', () => {
  for (const maker of POD_MAKERS.slice(1)) {
    const spec = child(manifestOf(maker, pod), 'spec');
    const template = child(maker.kind === 'CronJob' ? child(child(spec, 'jobTemplate'), 'spec') : spec, 'template');
    assert.deepEqual(child(child(template, 'metadata'), 'labels'), { app: 'whocan-escalate', team: 'a' }, maker.kind);
  }
});

test('jobs demand a restart policy that ends', () => {
  for (const kind of ['Job', 'CronJob']) {
    const maker = POD_MAKERS.find((each) => each.kind === kind) ?? assert.fail();
    assert.match(JSON.stringify(manifestOf(maker, pod)), /"restartPolicy":"Never"/);
  }
});

test('which kinds make pods of a changed template', () =>
  assert.deepEqual(
    POD_MAKERS.filter(({ rollsOut }) => rollsOut !== 'immutable').map(({ resource, rollsOut }) => [resource, rollsOut]),
    [
      ['deployments', 'yes'],
      ['statefulsets', 'yes'],
      ['daemonsets', 'yes'],
      ['replicasets', 'new pods only'],
      ['replicationcontrollers', 'new pods only'],
      ['cronjobs', 'yes'],
    ],
  ));

test('a pod of another name', () =>
  assert.equal(child(manifestOf(POD_MAKERS[0], defaultFields(pod), 'mine'), 'metadata').name, 'mine'));
