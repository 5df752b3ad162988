import type { Raw } from '../../../src/world/raw.ts';
import { policyOf } from '../../admission/engines/kyverno/policies.ts';
import { policy, binding as policyBinding } from '../../admission/policies/objects.ts';
import { allow, user } from '../../helpers/cluster.ts';
import { binding, role } from '../../helpers/story.ts';

/** As a server has it. */
export const stored = (raw: object, index = 0): Raw => ({
  ...raw,
  metadata: { uid: `uid-${index}`, ...((raw as { metadata?: object }).metadata ?? {}) },
});

/**
 * The little that every question has somebody and something to find in: in namespace dev pod web on node n1, which jane
 * may do a few things with.
 */
export const BASE: readonly Raw[] = [
  {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'dev', labels: { 'kubernetes.io/metadata.name': 'dev', env: 'prod' } },
  },
  {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n1' },
    status: { nodeInfo: { containerRuntimeVersion: 'containerd://2.2.0', operatingSystem: 'linux' } },
  },
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web', namespace: 'dev' } },
  {
    ...{
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'dev', labels: { app: 'web' } },
      status: { phase: 'Running' },
    },
    spec: { nodeName: 'n1', serviceAccountName: 'web', containers: [{ name: 'app', image: 'app' }] },
  },
  role('dev', 'r', [
    allow('create patch', 'pods'),
    allow('create', 'pods/exec pods/portforward'),
    allow('patch', 'pods/ephemeralcontainers'),
  ]),
  binding('dev', 'r', 'Role/r', [user('jane')]),
].map(stored);

/** What a server has besides: a little of everything that is asked of servers alone, or that is listed page by page. */
export const MORE: readonly Raw[] = [
  role(null, 'wide', [allow('*', '*', { groups: ['*'] }), { ...allow('get', ''), nonResourceURLs: ['/metrics'] }]),
  binding(null, 'wide', 'ClusterRole/wide', [user('wide')]),
  binding('dev', 'lent', 'ClusterRole/wide', [user('lent')]),
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'dev' },
    spec: { ports: [{ port: 80 }], selector: { app: 'web' } },
  },
  policy('p', { validations: [{ expression: 'true' }] }),
  policyBinding('p', 'p'),
  policyOf('k', { pattern: { spec: { '=(hostPID)': false } } }),
];
