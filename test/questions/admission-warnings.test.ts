import assert from 'node:assert/strict';
import { test } from 'node:test';
import { privileged } from '../../src/questions/privileged/privileged.ts';
import { user } from '../helpers/cluster.ts';
import { asked } from '../helpers/question.ts';
import { worldOf } from '../helpers/world-of.ts';

const constraint = {
  ...{
    apiVersion: 'constraints.gatekeeper.sh/v1beta1',
    kind: 'K8sPSPPrivilegedContainer',
    metadata: { name: 'no-privilege' },
    spec: {},
  },
};
const template = {
  apiVersion: 'templates.gatekeeper.sh/v1',
  kind: 'ConstraintTemplate',
  metadata: { name: 'k8spspprivilegedcontainer' },
  spec: { crd: { spec: { names: { kind: 'K8sPSPPrivilegedContainer' } } }, targets: [] },
};
const warningsIn = (objects: object[]): string[] =>
  asked(privileged, { subjects: [user('jane')], pods: null, namespace: null }, worldOf(objects)).warnings;

test('a constraint without its template looks like a guard, and is none: it is said', () => {
  assert.deepEqual(warningsIn([constraint]), [
    'constraint K8sPSPPrivilegedContainer/no-privilege has no ConstraintTemplate, and refuses nothing',
  ]);
  assert.deepEqual(warningsIn([constraint, template]), []);
});
