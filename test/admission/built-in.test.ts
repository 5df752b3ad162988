import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namespaceLifecycle } from '../../src/admission/built-in/namespace-lifecycle.ts';
import { nodeRestriction } from '../../src/admission/built-in/node-restriction.ts';
import { quota } from '../../src/admission/built-in/quota/quota.ts';
import type { AdmissionRequest } from '../../src/admission/request/request.ts';
import { list } from '../../src/world/needs.ts';
import { formatQuantity, parseQuantity } from '../../src/world/quantity.ts';
import type { Raw } from '../../src/world/raw.ts';
import { cluster } from '../helpers/cluster.ts';
import { worldOf } from '../helpers/world-of.ts';
import { creating, HOSTILE, podOf, updating } from './objects.ts';

const QUANTITIES: [string, bigint | null][] = [
  ['1', 1_000_000_000n],
  ['100m', 100_000_000n],
  ['1.5Gi', 1_610_612_736_000_000_000n],
  ['1e3', 1_000_000_000_000n],
  ['1E', 1_000_000_000_000_000_000_000_000_000n],
  ['.5', 500_000_000n],
  ['-1', -1_000_000_000n],
  ['1n', 1n],
  ['0.1n', 1n],
  ['', null],
  ['.', 0n],
  ['Ki', 0n],
  ['n', 0n],
  ['x', null],
  ['1K', null],
  ['1 Gi', null],
  ['1e1000', null],
  ['0x10', null],
  // What ParseQuantity of apimachinery says of the corners in which a simpler parser differs.
  ['Ei', null],
  ['.Pi', null],
  ['0Ei', 0n],
  ['00.Ei', 0n],
  ['.0Ei', 0n],
  ['-', 0n],
  ['1.G', 1_000_000_000_000_000_000n],
  ['-1.1n', -2n],
  ['1m5', null],
  ['9Ei', 9_223_372_036_854_775_807_000_000_000n],
  ['-17Ei', -9_223_372_036_854_775_807_000_000_000n],
  ['1234567890123456789012', 1_234_567_890_123_456_789_012_000_000_000n],
];
for (const [text, value] of QUANTITIES)
  test(`quantity ${JSON.stringify(text)} is ${value}`, () => assert.equal(parseQuantity(text), value));

test('quantities are written as the API writes them', () => {
  for (const [text, isBinary] of [
    ['600Mi', true],
    ['1Gi', true],
    ['100m', false],
    ['2', false],
    ['0', true],
    ['3k', false],
  ] as const)
    assert.equal(formatQuantity(parseQuantity(text) ?? -1n, isBinary), text);
});

const NODE = { name: 'system:node:n1', groups: ['system:nodes'] };
const kindOf = (group: string, resource: string): Partial<AdmissionRequest> => ({
  resource: { group, version: 'v1', resource },
  user: NODE,
});

const NODES: [Partial<AdmissionRequest>, 'yes' | 'no' | 'depends', string][] = [
  [{ user: { name: 'jane', groups: ['system:nodes'] } }, 'yes', 'no name of a node'],
  [{ user: { name: 'system:node:n1', groups: [] } }, 'yes', 'not in the group of nodes'],
  [{ user: { name: null, groups: ['system:nodes'] } }, 'yes', 'nobody in particular'],
  [{ user: { name: 'system:node:', groups: ['system:nodes'] } }, 'no', 'a node without a name'],
  [{ user: NODE, operation: 'CONNECT', subresource: 'exec' }, 'yes', 'a connection is not looked at'],
  [{ user: NODE, operation: 'UPDATE' }, 'no', 'an update of a pod'],
  [{ user: NODE, subresource: 'binding' }, 'no', 'a binding'],
  [{ user: NODE, operation: 'UPDATE', subresource: 'ephemeralcontainers' }, 'no', 'an ephemeral container'],
  [{ user: NODE, operation: 'DELETE', name: 'mine' }, 'yes', 'its own pod goes'],
  [{ user: NODE, operation: 'DELETE', name: 'other' }, 'no', "another node's pod"],
  [{ user: NODE, operation: 'DELETE', name: 'unknown' }, 'depends', 'a pod that was not read'],
  [{ user: NODE, subresource: 'eviction', name: 'mine' }, 'yes', 'its own pod is evicted'],
  [kindOf('', 'nodes'), 'depends', 'rules on nodes are not modelled'],
  [kindOf('coordination.k8s.io', 'leases'), 'depends', 'nor those on leases'],
  [kindOf('', 'events'), 'yes', 'there are none on events'],
];
for (const [more, verdict, why] of NODES) {
  test(`NodeRestriction: ${verdict}, ${why}`, () => {
    const world = cluster().node('n1').pod('shop', 'mine', { node: 'n1' }).pod('shop', 'other', { node: 'n2' }).world();
    assert.equal(nodeRestriction().admits(creating(podOf(), more), world).value, verdict);
    assert.equal(nodeRestriction(() => false).admits(creating(podOf(), more), world).value, 'yes', 'where it is off');
  });
}

test('a node may change what became of its own pods, not their labels', () => {
  const mine = podOf({}, { nodeName: 'n1' });
  const status = { subresource: 'status', user: NODE };
  const world = worldOf([]);
  assert.equal(nodeRestriction().admits(updating(podOf({}, { nodeName: 'n2' }), mine, status), world).value, 'no');
  assert.equal(
    nodeRestriction().admits(updating(mine, podOf({}, { nodeName: 'n1' }, { labels: { a: 'b' } }), status), world)
      .value,
    'no',
  );
  assert.equal(nodeRestriction().admits(updating(mine, mine, status), world).leaning, 'yes');
});

const LIVES: [Partial<AdmissionRequest>, 'yes' | 'no', string][] = [
  [{ namespace: 'living' }, 'yes', 'it lives'],
  [{ namespace: 'dying' }, 'no', 'it is going'],
  [{ namespace: 'absent' }, 'no', 'it is not there'],
  [{ namespace: 'dying', operation: 'UPDATE' }, 'yes', 'an update'],
  [{ namespace: 'dying', operation: 'DELETE' }, 'yes', 'a deletion'],
  [{ namespace: 'dying', subresource: 'binding' }, 'no', 'a subresource that is created'],
  [
    {
      namespace: 'dying',
      resource: { group: 'authorization.k8s.io', version: 'v1', resource: 'localsubjectaccessreviews' },
    },
    'yes',
    'a review',
  ],
  [{ namespace: '' }, 'yes', 'an object of the cluster'],
  [
    {
      namespace: 'kube-system',
      name: 'kube-system',
      operation: 'DELETE',
      kind: { group: '', version: 'v1', kind: 'Namespace' },
    },
    'no',
    'one that stays',
  ],
];
for (const [more, verdict, why] of LIVES) {
  test(`a namespace says ${verdict}: ${why}`, () => {
    const world = cluster()
      .namespace('living')
      .with('namespaces', { namespace: null, name: 'dying', labels: {}, deleting: true })
      .world();
    assert.equal(namespaceLifecycle.admits(creating(podOf(), more), world).value, verdict);
  });
}

test('a namespace that was not read leans to living', () => {
  const verdict = namespaceLifecycle.admits(creating(podOf()), cluster().refuse(list('namespaces')).world());
  assert.deepEqual([verdict.value, verdict.leaning], ['depends', 'yes']);
});

const quotaOf = (spec: object, status: object = {}): Raw => ({
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'q', namespace: 'shop' },
  spec,
  status,
});

test('a quota that was not read leans to having room; one of another namespace does not matter', () => {
  const verdict = quota.admits(creating(podOf()), cluster().refuse(list('ResourceQuota.')).world());
  assert.deepEqual([verdict.value, verdict.leaning], ['depends', 'yes']);
  const elsewhere = { ...quotaOf({ hard: { pods: '0' } }), metadata: { name: 'q', namespace: 'ci' } };
  assert.equal(quota.admits(creating(podOf()), worldOf([elsewhere])).value, 'yes');
});

test('a quota that is used up leans to no, and says what it rests on', () => {
  const used = quota.admits(creating(podOf()), worldOf([quotaOf({}, { hard: { pods: '1' }, used: { pods: '1' } })]));
  assert.deepEqual([used.value, used.leaning, used.unknowns[0]?.kind], ['depends', 'no', 'invisible']);
  const asking = quota.admits(creating(podOf()), worldOf([quotaOf({ hard: { 'requests.cpu': '1' } })]));
  assert.ok(asking.evidence[0]?.rests.includes('spec.containers[*].resources'));
});

test('deployments have quotas too; an update has none', () => {
  const world = worldOf([quotaOf({ hard: { 'count/deployments.apps': '0' } })]);
  const deployment = { resource: { group: 'apps', version: 'v1', resource: 'deployments' } };
  assert.equal(quota.admits(creating({}, deployment), world).value, 'no');
  assert.equal(quota.admits(updating({}, {}, deployment), world).value, 'yes');
});

test('hostile objects never crash the built-in layers', () => {
  for (const value of HOSTILE) {
    for (const field of ['hard', 'scopes', 'scopeSelector'])
      quota.admits(creating(podOf()), worldOf([quotaOf({ [field]: value })]));
    const world = worldOf([quotaOf({ hard: { 'requests.cpu': '1' }, scopes: ['NotBestEffort'] })]);
    for (const field of [
      'containers',
      'initContainers',
      'resources',
      'overhead',
      'affinity',
      'volumes',
      'nodeName',
      'serviceAccountName',
    ]) {
      const pod = podOf({}, { nodeName: 'n1', [field]: value }, { annotations: { 'kubernetes.io/config.mirror': '' } });
      quota.admits(creating(pod), world);
      nodeRestriction().admits(creating(pod, { user: NODE }), world);
    }
    for (const field of ['annotations', 'ownerReferences', 'labels'])
      nodeRestriction().admits(creating(podOf({}, {}, { [field]: value }), { user: NODE }), world);
  }
});
