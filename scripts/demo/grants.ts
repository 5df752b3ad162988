import { account, allow, allowUrls, group, user } from '../../test/helpers/cluster.ts';
import type { Story } from './story.ts';

/** Who was granted what, in the order in which it happened. */
export function tellGrants(story: Story): void {
  atTheStart(story);
  quickFixes(story);
  teams(story);
  operators(story);
  triedAndForgotten(story);
  ofThePods(story);
}

function atTheStart(story: Story): void {
  story
    .on('2023-06-05', 'kubectl-client-side-apply')
    .clusterBinding('platform-admins', 'ClusterRole/cluster-admin', group('platform'))
    .binding('shop', 'team-shop', 'ClusterRole/edit', group('team-shop'))
    .binding('payments', 'team-payments', 'ClusterRole/edit', group('team-payments'));
}

/** Written in a hurry, by hand, and still there. */
function quickFixes(story: Story): void {
  story
    .on('2023-07-18', 'kubectl-create')
    .clusterRole('intranet', [
      allow('*', 'pods services configmaps secrets'),
      allow('*', 'deployments', { groups: ['apps'] }),
    ])
    .clusterBinding('intranet', 'ClusterRole/intranet', account('legacy', 'default'));
  story
    .on('2023-09-12', 'kubectl-create')
    .role('shop', 'smoke-test', allow('get list', 'pods'), allow('create', 'pods/portforward'))
    .binding('shop', 'smoke-test', 'Role/smoke-test', account('ci', 'default'));
  story.on('2024-02-29', 'kubectl-create').clusterBinding('jane-migration', 'ClusterRole/cluster-admin', user('jane'));
  story
    .on('2024-11-06', 'kubectl-create')
    .role(
      'dev',
      'playground',
      allow('get list create delete', 'pods'),
      allow('create', 'pods/exec pods/portforward'),
      allow('get', 'pods/log'),
    )
    .binding('dev', 'playground', 'Role/playground', group('system:authenticated'));
}

function teams(story: Story): void {
  story
    .on('2024-03-11', 'kubectl-client-side-apply', '2025-01-20')
    .clusterRole('pod-debugger', [
      allow('get list', 'pods'),
      allow('get', 'pods/log'),
      allow('create', 'pods/exec pods/portforward'),
    ])
    .binding('dev', 'priya-debug', 'ClusterRole/pod-debugger', user('priya'))
    .binding('shop', 'dev-previews', 'ClusterRole/pod-debugger', group('system:serviceaccounts:dev'));
  story
    .on('2024-05-27', 'kubectl-client-side-apply')
    .clusterRole('support-tunnel', [allow('get list', 'pods services'), allow('create', '*/portforward')])
    .clusterBinding('support-tunnel', 'ClusterRole/support-tunnel', group('support'));
  story
    .on('2025-02-03', 'kubectl-create')
    .binding('payments', 'auditor', 'ClusterRole/view', user('ines'))
    // Meant for the group of that name.
    .binding('shop', 'team-shop-view', 'ClusterRole/view', user('team-shop'));
}

/** Software that looks after the cluster. */
function operators(story: Story): void {
  story
    .on('2023-06-07', 'helm', '2025-08-14')
    .clusterRole('prometheus', [
      allow('get list watch', 'nodes services endpoints pods'),
      allow('get', 'nodes/metrics nodes/proxy'),
      allowUrls('get', '/metrics'),
    ])
    .clusterBinding('prometheus', 'ClusterRole/prometheus', account('monitoring', 'prometheus'))
    // Neither is namespaced, so that this grants nothing.
    .role('monitoring', 'node-exporter', allow('get', 'nodes nodes/proxy nodes/stats'))
    .binding('monitoring', 'node-exporter', 'Role/node-exporter', account('monitoring', 'node-exporter'));
  story
    .on('2024-01-15', 'helm')
    .clusterRole('backup-operator', [
      allow('get list watch', 'namespaces nodes pods persistentvolumeclaims persistentvolumes'),
      allow('create', 'nodes/proxy'),
    ])
    .clusterBinding('backup-operator', 'ClusterRole/backup-operator', account('backup', 'operator'));
  story
    .on('2023-10-02', 'helm')
    .clusterBinding('ci-deployer', 'ClusterRole/cluster-admin', account('ci', 'deployer'))
    .role('ci', 'builder', allow('create get list watch delete', 'pods'), allow('get', 'pods/log'))
    .binding('ci', 'builder', 'Role/builder', account('ci', 'builder'));
  story
    .on('2024-08-19', 'helm')
    .clusterRole('namespace-labeler', [allow('get list watch patch', 'namespaces')])
    .clusterBinding('namespace-labeler', 'ClusterRole/namespace-labeler', account('ci', 'labeler'));
  story
    .on('2023-11-21', 'helm')
    .clusterRole('provisioner', [
      allow('get list create', 'namespaces'),
      allow('get list create update', 'rolebindings', { groups: [RBAC] }),
      allow('bind escalate', 'clusterroles roles', { groups: [RBAC] }),
    ])
    .clusterBinding('provisioner', 'ClusterRole/provisioner', account('legacy', 'provisioner'));
  story
    .on('2024-06-10', 'helm')
    .clusterRole('login-proxy', [allow('impersonate', 'users groups')])
    .clusterBinding('login-proxy', 'ClusterRole/login-proxy', account('ingress', 'login-proxy'))
    .clusterRole('edge-proxy', [
      allow('get list watch', 'services secrets'),
      allow('get list watch', 'endpointslices', { groups: ['discovery.k8s.io'] }),
      allow('get list watch', 'ingresses', { groups: ['networking.k8s.io'] }),
    ])
    .clusterBinding('edge-proxy', 'ClusterRole/edge-proxy', account('ingress', 'edge-proxy'));
  story
    .on('2025-03-04', 'helm')
    .clusterRole('public-metrics', [allowUrls('get', '/metrics')])
    .clusterBinding(
      'public-metrics',
      'ClusterRole/public-metrics',
      group('system:authenticated'),
      group('system:unauthenticated'),
    );
  story
    .on('2025-06-23', 'helm')
    .role('shop', 'preview-login', allow('create', 'serviceaccounts/token', { names: ['web'] }))
    .binding('shop', 'preview-login', 'Role/preview-login', account('dev', 'preview'));
}

/** Each of them fails to grant what its author had in mind, or does more than that. */
function triedAndForgotten(story: Story): void {
  // Enough for a shell until 1.34.
  story
    .on('2024-04-08', 'kubectl-create')
    .role('shop', 'exec-readonly', allow('get list', 'pods'), allow('get', 'pods/attach pods/exec pods/portforward'))
    .binding('shop', 'exec-readonly', 'Role/exec-readonly', user('omar'));
  story
    .on('2024-09-30', 'kubectl-create', '2024-10-01')
    .role('shop', 'pod-admin', allow('get list watch create delete', 'pods pods/*'))
    .binding('shop', 'pod-admin', 'Role/pod-admin', user('lena'));
  story
    .on('2025-05-12', 'kubectl-create')
    .role('shop', 'web-0-debug', allow('create', 'pods/exec pods/portforward', { names: ['web-0'] }))
    .binding('shop', 'web-0-debug', 'Role/web-0-debug', user('nadia'))
    .role('shop', 'web-1-debug', allow('create', 'pods/exec pods/portforward', { names: ['web-1'] }))
    .binding('shop', 'web-1-debug', 'Role/web-1-debug', user('tomas'));
  // Its role was deleted in 2025.
  story
    .on('2024-12-02', 'kubectl-create')
    .binding('shop', 'release-bot', 'Role/release-bot', account('ci', 'release-bot'));
  story
    .on('2025-09-15', 'kubectl-client-side-apply')
    .role('shop', 'restart-web', allow('get delete create', 'pods', { names: ['web-0', 'web-1'] }))
    .binding('shop', 'restart-web', 'Role/restart-web', account('shop', 'restarter'));
}

/** What the company's own programs ask of the API. */
function ofThePods(story: Story): void {
  story
    .on('2023-06-21', 'helm', '2026-03-02')
    .role('shop', 'web', allow('get list watch', 'configmaps'), allow('get', 'secrets', { names: ['web-db'] }))
    .binding('shop', 'web', 'Role/web', account('shop', 'web'))
    .role(
      'shop',
      'cart',
      allow('get list watch create update patch', 'configmaps'),
      allow('create', 'pods/portforward'),
    )
    .binding('shop', 'cart', 'Role/cart', account('shop', 'cart'))
    .role(
      'shop',
      'checkout',
      allow('get list', 'secrets'),
      allow('get list create delete', 'jobs', { groups: ['batch'] }),
    )
    .binding('shop', 'checkout', 'Role/checkout', account('shop', 'checkout'))
    .role('payments', 'ledger', allow('get update', 'leases', { groups: ['coordination.k8s.io'] }))
    .binding('payments', 'ledger', 'Role/ledger', account('payments', 'ledger'));
}

const RBAC = 'rbac.authorization.k8s.io';
