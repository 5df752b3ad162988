import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strip } from '../../src/cluster/snapshot/strip.ts';

const SECRET = 'hunter2';
const container = {
  name: 'app',
  image: 'i',
  command: ['sh', SECRET],
  args: [SECRET],
  env: [
    { name: 'A', value: SECRET },
    { name: 'B', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } },
  ],
  envFrom: [{ secretRef: { name: 's' } }],
  livenessProbe: { exec: { command: [SECRET] }, httpGet: { path: '/', httpHeaders: [{ name: 'Authorization', value: SECRET }] } },
  lifecycle: { preStop: { exec: { command: [SECRET] } } },
};
const kept = {
  name: 'app',
  image: 'i',
  env: [{ name: 'A' }, { name: 'B', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
  envFrom: [{ secretRef: { name: 's' } }],
  livenessProbe: { exec: {}, httpGet: { path: '/', httpHeaders: [{ name: 'Authorization' }] } },
  lifecycle: { preStop: { exec: {} } },
};
const API_SERVER = {
  metadata: { namespace: 'kube-system', labels: { component: 'kube-apiserver' }, annotations: { 'kubernetes.io/config.mirror': 'h' } },
};
const template = (spec: unknown) => ({ spec: { jobTemplate: { spec: { template: { spec } } } } });

const cases: [what: string, kind: string, raw: Record<string, unknown>, left: Record<string, unknown>][] = [
  [
    'containers of a pod',
    'Pod',
    { spec: { containers: [container], initContainers: [container], ephemeralContainers: [container] } },
    { spec: { containers: [kept], initContainers: [kept], ephemeralContainers: [kept] } },
  ],
  ['containers of a template, however deep', 'CronJob', template({ containers: [container] }), template({ containers: [kept] })],
  [
    'what kubectl apply noted',
    'Role',
    { metadata: { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': SECRET, other: 'x' } } },
    { metadata: { annotations: { other: 'x' } } },
  ],
  [
    'what the writers wrote, not who and when',
    'Role',
    {
      metadata: {
        managedFields: [
          { manager: 'kubectl', operation: 'Update', time: 't', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: { 'f:x': {} } },
        ],
      },
    },
    { metadata: { managedFields: [{ manager: 'kubectl', operation: 'Update', time: 't' }] } },
  ],
  ['data of a Secret', 'Secret', { type: 't', data: { a: SECRET }, stringData: { a: SECRET } }, { type: 't' }],
  [
    'data of a ConfigMap',
    'ConfigMap',
    { metadata: { name: 'c' }, data: { a: SECRET }, binaryData: { a: SECRET } },
    { metadata: { name: 'c' } },
  ],
  [
    'not of aws-auth, which grants',
    'ConfigMap',
    { metadata: { name: 'aws-auth', namespace: 'kube-system' }, data: { a: 'b' } },
    { metadata: { name: 'aws-auth', namespace: 'kube-system' }, data: { a: 'b' } },
  ],
  [
    'nor another of that name',
    'ConfigMap',
    { metadata: { name: 'aws-auth', namespace: 'x' }, data: { a: 'b' } },
    { metadata: { name: 'aws-auth', namespace: 'x' } },
  ],
  [
    'what drivers of a PersistentVolume are told',
    'PersistentVolume',
    {
      spec: {
        csi: { driver: 'd', volumeAttributes: { password: SECRET } },
        flexVolume: { driver: 'f', options: { a: SECRET } },
        claimRef: { name: 'c' },
      },
    },
    { spec: { csi: { driver: 'd' }, flexVolume: { driver: 'f' }, claimRef: { name: 'c' } } },
  ],
  [
    'nothing else of a schema',
    'CustomResourceDefinition',
    { spec: { args: { type: 'array' }, env: { type: 'object' }, data: {} } },
    { spec: { args: { type: 'array' }, env: { type: 'object' }, data: {} } },
  ],
  [
    "not the command line of a kube-apiserver's static pod, but its other values",
    'Pod',
    { ...API_SERVER, spec: { containers: [container], initContainers: [container] } },
    { ...API_SERVER, spec: { containers: [{ ...kept, command: container.command, args: container.args }], initContainers: [kept] } },
  ],
  [
    'the command line of a pod that says it were one',
    'Pod',
    { metadata: { ...API_SERVER.metadata, annotations: {} }, spec: { containers: [container] } },
    { metadata: { ...API_SERVER.metadata, annotations: {} }, spec: { containers: [kept] } },
  ],
  [
    'fields of a wrong type stay wrong',
    'Pod',
    { spec: { containers: [{ env: ['x'], args: 'x' }] }, metadata: { managedFields: ['x'] } },
    { spec: { containers: [{ env: ['x'], args: 'x' }] }, metadata: { managedFields: ['x'] } },
  ],
];
for (const [what, kind, raw, left] of cases)
  test(`strips ${what}`, () => {
    const before = structuredClone(raw);
    assert.deepEqual(strip(kind, raw), left);
    assert.deepEqual(raw, before, 'the object itself stays as it is');
  });

test('a field called __proto__ is a field', () => {
  const raw = JSON.parse('{"spec":{"__proto__":{"a":1}}}');
  assert.equal(JSON.stringify(strip('Pod', raw)), '{"spec":{"__proto__":{"a":1}}}');
});

test('an object that is nested without end is cut', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`);
  assert.ok(JSON.stringify(strip('Pod', deep)).length < 10_000);
});
