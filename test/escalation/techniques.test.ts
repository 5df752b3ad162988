import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closureOf } from '../../src/escalation/closure.ts';
import { accountPosition, identityPosition, keyOfPosition, type Position } from '../../src/escalation/position.ts';
import { TECHNIQUES } from '../../src/escalation/techniques/index.ts';
import { rbacOf } from '../../src/rbac/rbac-of.ts';
import { scopeOf } from '../../src/spawn/scope.ts';
import type { Pod } from '../../src/world/objects.ts';
import { reducePod } from '../../src/world/reduce/pod.ts';
import type { World } from '../../src/world/world.ts';
import { account, allow, type ClusterBuilder, cluster, group, user } from '../helpers/cluster.ts';

const rbac = { groups: ['rbac.authorization.k8s.io'] };

/** A cluster of two nodes, one of which runs the control plane. */
const base = (facts = {}): ClusterBuilder =>
  cluster(facts)
    .namespace('shop')
    .namespace('ops')
    .account('shop', 'default')
    .account('ops', 'root')
    .node('n1')
    .node('cp', { labels: { 'node-role.kubernetes.io/control-plane': '' } })
    .clusterRole('everything', [allow('*', '*', { groups: ['*'] })])
    .clusterBinding('root', 'ClusterRole/everything', account('ops', 'root'));

function reachedFrom(world: World, start: Position): Map<string, 'yes' | 'depends'> {
  const scope = scopeOf(
    world,
    rbacOf(world),
    world.list('namespaces').map(({ name }) => name),
  );
  const { reached } = closureOf([start], TECHNIQUES, scope, { goals: [accountPosition('none', 'none')] });
  return new Map([...reached].map(([key, { cost }]) => [key, cost.isOpen ? 'depends' : 'yes']));
}

const jane = identityPosition(user('jane'));
const CLUSTER = keyOfPosition({ kind: 'cluster' });
const ROOT = keyOfPosition(accountPosition('ops', 'root'));
const AS_ROOT = keyOfPosition(accountPosition('ops', 'root', true));
const pod = (namespace: string, name: string): Position => ({ kind: 'pod', namespace, name });
const node = (name: string): Position => ({ kind: 'node', name });

/** A pod that runs on a node, with the token of an account mounted. */
const running = (more: object = {}): Pod =>
  reducePod(
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { namespace: 'ops', name: 'agent' },
      spec: {
        ...{ nodeName: 'n1', serviceAccountName: 'root' },
        containers: [
          {
            name: 'app',
            image: 'app',
            volumeMounts: [{ name: 'token', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
          },
        ],
        volumes: [{ name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }],
        ...more,
      },
      status: { phase: 'Running' },
    },
    true,
  );

type Row = [name: string, world: ClusterBuilder, start: Position, wanted: Record<string, 'yes' | 'depends' | 'no'>];
const grants = (
  builder: ClusterBuilder,
  ...rules: Parameters<ClusterBuilder['clusterRole']>[1][number][]
): ClusterBuilder => builder.clusterRole('jane', rules).clusterBinding('jane', 'ClusterRole/jane', user('jane'));
const inShop = (builder: ClusterBuilder, ...rules: Parameters<ClusterBuilder['role']>[2][number][]): ClusterBuilder =>
  builder.role('shop', 'jane', rules).binding('shop', 'jane', 'Role/jane', user('jane'));
const inOps = (builder: ClusterBuilder, ...rules: Parameters<ClusterBuilder['role']>[2][number][]): ClusterBuilder =>
  builder.role('ops', 'jane', rules).binding('ops', 'jane', 'Role/jane', user('jane'));

const RESTRICTED = { 'pod-security.kubernetes.io/enforce': 'restricted' };

/** The same, where no pod reaches a node. */
const strict = (): ClusterBuilder => base().namespace('shop', RESTRICTED).namespace('ops', RESTRICTED);

const rows: Row[] = [
  // Pods and nodes.
  [
    'exec gives the token that a pod mounts',
    inOps(base().with('pods', running()), allow('create', 'pods/exec')),
    jane,
    { [ROOT]: 'yes', [CLUSTER]: 'yes' },
  ],
  [
    'exec by get alone, until 1.34',
    inOps(base({ version: { major: 1, minor: 34 } }).with('pods', running()), allow('get', 'pods/exec')),
    jane,
    { [ROOT]: 'yes' },
  ],
  [
    'exec by get alone, since 1.35',
    inOps(base().with('pods', running()), allow('get', 'pods/exec')),
    jane,
    { [ROOT]: 'no' },
  ],
  [
    'port-forward gives no code',
    inOps(base().with('pods', running()), allow('create', 'pods/portforward')),
    jane,
    { [ROOT]: 'no' },
  ],
  [
    'a pod without a token gives no account',
    inOps(
      base().with('pods', running({ volumes: [], containers: [{ name: 'app', image: 'app' }] })),
      allow('create', 'pods/exec'),
    ),
    jane,
    { [ROOT]: 'no' },
  ],
  [
    'a privileged pod gives its node, and the node the accounts of its pods',
    inOps(
      base().with(
        'pods',
        running({
          containers: [{ name: 'app', image: 'app', securityContext: { privileged: true } }],
          volumes: [],
        }),
      ),
      allow('create', 'pods/exec'),
    ),
    jane,
    { [keyOfPosition(node('n1'))]: 'yes', [ROOT]: 'yes' },
  ],
  [
    'hostNetwork alone gives no node',
    inOps(
      base().with('pods', running({ hostNetwork: true, volumes: [], containers: [{ name: 'app', image: 'app' }] })),
      allow('create', 'pods/exec'),
    ),
    jane,
    { [keyOfPosition(node('n1'))]: 'no', [ROOT]: 'no' },
  ],
  [
    'create nodes/proxy enters every pod of the node',
    grants(base().with('pods', running()), allow('create', 'nodes/proxy')),
    jane,
    { [keyOfPosition(pod('ops', 'agent'))]: 'yes', [ROOT]: 'yes' },
  ],
  [
    'create nodes/proxy of another node',
    grants(base().with('pods', running()), allow('create', 'nodes/proxy', { names: ['cp'] })),
    jane,
    { [ROOT]: 'no' },
  ],
  [
    'get nodes/proxy needs a way to the kubelet',
    grants(base().with('pods', running()), allow('get', 'nodes/proxy')),
    jane,
    { [ROOT]: 'depends' },
  ],
  [
    'nodes/proxy in a RoleBinding is nothing',
    inOps(base().with('pods', running()), allow('create', 'nodes/proxy')),
    jane,
    { [ROOT]: 'no' },
  ],
  ['a node of the control plane is the cluster', base(), node('cp'), { [CLUSTER]: 'yes' }],
  ['another node is not', base(), node('n1'), { [CLUSTER]: 'no' }],
  [
    'root on a node takes the accounts of its pods, mounted or not',
    base().with('pods', running({ volumes: [], containers: [{ name: 'app', image: 'app' }] })),
    node('n1'),
    { [ROOT]: 'yes' },
  ],
  [
    'and none of the pods of another node',
    base().with('pods', running({ nodeName: 'cp' })),
    node('n1'),
    { [ROOT]: 'no' },
  ],
  // Creating pods.
  ['create pods runs as any account of the namespace', inOps(base(), allow('create', 'pods')), jane, { [ROOT]: 'yes' }],
  [
    'create pods elsewhere does not',
    inShop(base().namespace('shop', RESTRICTED), allow('create', 'pods')),
    jane,
    { [ROOT]: 'no' },
  ],
  [
    'a privileged pod gives every node',
    inShop(base(), allow('create', 'pods')),
    jane,
    { [keyOfPosition(node('n1'))]: 'yes', [CLUSTER]: 'yes' },
  ],
  [
    'Pod Security does not keep it from the accounts',
    inOps(base().namespace('ops', RESTRICTED), allow('create', 'pods')),
    jane,
    { [ROOT]: 'yes' },
  ],
  [
    'Pod Security keeps it from the nodes',
    inShop(base().namespace('shop', RESTRICTED), allow('create', 'pods')),
    jane,
    { [keyOfPosition(node('n1'))]: 'no', [CLUSTER]: 'no' },
  ],
  [
    'relabelling the namespace lifts it: a Role there is enough',
    inShop(base().namespace('shop', RESTRICTED), allow('create', 'pods'), allow('patch', 'namespaces')),
    jane,
    { [keyOfPosition(node('n1'))]: 'yes' },
  ],
  [
    'by its status too',
    inShop(base().namespace('shop', RESTRICTED), allow('create', 'pods'), allow('patch', 'namespaces/status')),
    jane,
    { [keyOfPosition(node('n1'))]: 'yes' },
  ],
  [
    'a right on the labels of another namespace does not',
    inOps(inShop(base().namespace('shop', RESTRICTED), allow('create', 'pods')), allow('patch', 'namespaces')),
    jane,
    { [keyOfPosition(node('n1'))]: 'no' },
  ],
  // Impersonation.
  ['an account', inOps(base(), allow('impersonate', 'serviceaccounts')), jane, { [AS_ROOT]: 'yes', [CLUSTER]: 'yes' }],
  ['groups alone are refused', grants(base(), allow('impersonate', 'groups')), jane, { [CLUSTER]: 'no' }],
  ['groups beside a user', grants(base(), allow('impersonate', 'groups users')), jane, { [CLUSTER]: 'yes' }],
  [
    'groups of some names beside a user',
    grants(base(), allow('impersonate', 'groups', { names: ['dev'] }), allow('impersonate', 'users', { names: ['x'] })),
    jane,
    { [CLUSTER]: 'no' },
  ],
  [
    'users in a RoleBinding',
    inOps(base().clusterBinding('more', 'ClusterRole/everything', user('admin')), allow('impersonate', 'users')),
    jane,
    { [CLUSTER]: 'no' },
  ],
  [
    'users in the cluster',
    grants(base().clusterBinding('more', 'ClusterRole/everything', user('admin')), allow('impersonate', 'users')),
    jane,
    { [CLUSTER]: 'yes' },
  ],
  ['users is no right to accounts', grants(base(), allow('impersonate', 'users')), jane, { [CLUSTER]: 'no' }],
  // Roles and bindings.
  [
    'writing bindings without bind',
    grants(base(), allow('create update patch', 'clusterrolebindings', rbac)),
    jane,
    { [CLUSTER]: 'no' },
  ],
  [
    'bind on the bindings is nothing',
    grants(base(), allow('create bind', 'clusterrolebindings', rbac)),
    jane,
    { [CLUSTER]: 'no' },
  ],
  [
    'bind in a Role, for ClusterRoles, is a right',
    inOps(base(), allow('create', 'rolebindings', rbac), allow('bind', 'clusterroles', rbac)),
    jane,
    { [ROOT]: 'yes' },
  ],
  ['escalate alone', grants(base(), allow('escalate', 'clusterroles', rbac)), jane, { [CLUSTER]: 'no' }],
  [
    'escalate of the role that one has',
    grants(base(), allow('escalate update', 'clusterroles', rbac)),
    jane,
    { [CLUSTER]: 'yes' },
  ],
  [
    'escalate of another role',
    grants(base(), allow('escalate update', 'clusterroles', { ...rbac, names: ['other'] })),
    jane,
    { [CLUSTER]: 'no' },
  ],
  // Secrets.
  [
    'list secrets is no takeover',
    grants(base(), allow('list', 'secrets')),
    jane,
    { [ROOT]: 'no', [keyOfPosition({ kind: 'secret', namespace: null, name: null })]: 'yes' },
  ],
  [
    'a token Secret that is there',
    grants(
      base().with('secrets', { namespace: 'ops', name: 'old', account: 'root' }),
      allow('get', 'secrets', { names: ['old'] }),
    ),
    jane,
    { [ROOT]: 'yes' },
  ],
  // Admission and the cloud.
  [
    'a mutating webhook waits for what others write',
    grants(strict(), allow('create', 'mutatingwebhookconfigurations', { groups: ['admissionregistration.k8s.io'] })),
    jane,
    { [CLUSTER]: 'depends' },
  ],
  [
    'one that exists is changed',
    grants(base(), allow('patch', 'mutatingwebhookconfigurations', { groups: ['admissionregistration.k8s.io'] })),
    jane,
    { [CLUSTER]: 'depends' },
  ],
  [
    'a validating one rewrites nothing',
    grants(base(), allow('*', 'validatingwebhookconfigurations', { groups: ['admissionregistration.k8s.io'] })),
    jane,
    { [CLUSTER]: 'no' },
  ],
  [
    'a MutatingAdmissionPolicy needs its binding',
    grants(base(), allow('create', 'mutatingadmissionpolicies', { groups: ['admissionregistration.k8s.io'] })),
    jane,
    { [CLUSTER]: 'no' },
  ],
  [
    'both, since 1.36',
    grants(
      strict(),
      allow('create', 'mutatingadmissionpolicies mutatingadmissionpolicybindings', {
        groups: ['admissionregistration.k8s.io'],
      }),
    ),
    jane,
    { [CLUSTER]: 'depends' },
  ],
  [
    'both, before',
    grants(
      base({ version: { major: 1, minor: 35 } }),
      allow('create', 'mutatingadmissionpolicies mutatingadmissionpolicybindings', {
        groups: ['admissionregistration.k8s.io'],
      }),
    ),
    jane,
    { [CLUSTER]: 'no' },
  ],
  [
    'aws-auth on EKS',
    grants(base({ gitVersion: 'v1.31.4-eks-aeac579' }), allow('patch', 'configmaps', { names: ['aws-auth'] })),
    jane,
    { [CLUSTER]: 'depends' },
  ],
  [
    'aws-auth anywhere else',
    grants(base(), allow('patch', 'configmaps', { names: ['aws-auth'] })),
    jane,
    { [CLUSTER]: 'no' },
  ],
  // Groups.
  [
    'a right of everybody',
    base()
      .role('ops', 'all', [allow('create', 'serviceaccounts/token')])
      .binding('ops', 'all', 'Role/all', group('system:authenticated')),
    jane,
    { [ROOT]: 'yes' },
  ],
];

for (const [name, builder, start, wanted] of rows)
  test(`what can be reached: ${name}`, () => {
    const reached = reachedFrom(builder.world(), start);
    for (const [key, expected] of Object.entries(wanted)) assert.equal(reached.get(key) ?? 'no', expected, key);
  });
