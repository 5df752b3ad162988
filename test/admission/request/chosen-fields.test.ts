import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isChosen, isWritten } from '../../../src/admission/request/chosen-fields.ts';

const paths: readonly [path: string, chosen: boolean, written: boolean][] = [
  ['spec.containers[*].image', true, true],
  ['spec.containers[0].image', true, true],
  ['object.spec.containers[*].image', true, true],
  ['spec.template.spec.containers[*].image', true, true],
  ['spec.jobTemplate.spec.template.spec.containers[*].image', true, true],
  ['spec.template.metadata.labels', true, true],
  ['metadata.labels', true, true],
  ['metadata.labels.team', true, true],
  ['metadata.name', true, true],
  ['metadata.annotations.reviewed', true, true],
  ['metadata.annotations.container.apparmor.security.beta.kubernetes.io/app', false, true],
  ['metadata.namespace', false, false],
  ['spec.serviceAccountName', true, true],
  ['spec.nodeName', true, true],
  ['spec.tolerations', true, true],
  ['spec.containers[*].resources.limits', true, true],
  ['spec.containers[*].livenessProbe', true, true],
  ['spec.containers[*].livenessProbe.httpGet.host', false, true],
  ['spec.hostNetwork', false, true],
  ['spec.hostPID', false, true],
  ['spec.hostUsers', false, true],
  ['spec.securityContext.runAsUser', false, true],
  ['spec.volumes', false, true],
  ['spec.volumes[*].hostPath.path', false, true],
  ['spec.containers[*].securityContext.privileged', false, true],
  ['spec.initContainers[*].securityContext.privileged', false, true],
  ['spec.template.spec.containers[*].securityContext.privileged', false, true],
  ['spec.containers[*].ports[*].hostPort', false, true],
  ['spec.containers[*].ports[*].containerPort', true, true],
  ['spec.containers[*].volumeMounts[*].mountPath', false, true],
  ['spec.containers', false, true],
  ['spec', false, false],
  ['metadata', false, false],
  ['kind', false, false],
  ['', false, false],
];
for (const [path, chosen, written] of paths)
  test(`${path || 'nothing'} is ${chosen ? 'chosen' : 'not chosen'}${written ? '' : ', nor written'}`, () =>
    assert.deepEqual([isChosen(path), isWritten(path)], [chosen, written]));
