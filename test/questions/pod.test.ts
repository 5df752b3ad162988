import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pod } from '../../src/questions/index.ts';
import { account, allow, cluster, group, user } from '../helpers/cluster.ts';
import { answer, objects } from '../helpers/question.ts';

const shop = () => cluster().namespace('shop').pod('shop', 'web-0', { node: 'n1', serviceAccount: 'web' }).node('n1');
const reasons = (builder: ReturnType<typeof shop>): string[] =>
  answer(pod, objects('shop', 'web-0'), builder.world())
    .findings.filter(({ id }) => id.startsWith('account-'))
    .map(({ reason }) => reason);

test('the card has every door, and who gets in by each', () => {
  const world = shop()
    .clusterRole('edit', [allow('create', 'pods/exec pods/attach'), allow('get', 'pods/log')])
    .binding('shop', 'b', 'ClusterRole/edit', user('jane'))
    .world();
  const card = answer(pod, objects('shop', 'web-0'), world);
  const doors = card.findings.filter(({ subject }) => subject.name === 'jane').map(({ id }) => id);
  assert.deepEqual(doors, ['pod-exec', 'pod-attach', 'pod-log-read']);
  assert.match(card.summary, /^1 subject can get into pod shop\/web-0; its account web holds no right of note$/);
  assert.deepEqual([card.pod?.node, card.pod?.serviceAccount, card.pod?.token.mounted], ['n1', 'web', false]);
});

test('where the token is mounted', () => {
  const containers = [{ name: 'app', kind: 'regular' as const, tokenPaths: ['/var/run/secrets/kubernetes.io/serviceaccount'] }];
  const world = cluster().pod('shop', 'web-0', { containers }).world();
  assert.deepEqual(answer(pod, objects('shop', 'web-0'), world).pod?.token, {
    mounted: true,
    containers: [{ container: 'app', path: '/var/run/secrets/kubernetes.io/serviceaccount' }],
  });
});

test('what its account may do, in plain words, strongest first, wherever it may', () => {
  const builder = shop()
    .clusterRole('ci', [allow('create', 'serviceaccounts/token'), allow('get list', 'secrets'), allow('get', 'configmaps')])
    .binding('ci', 'b', 'ClusterRole/ci', account('shop', 'web'))
    .role('shop', 'own', [allow('get', 'secrets', { names: ['tls'] })])
    .binding('shop', 'own', 'Role/own', group('system:serviceaccounts:shop'));
  assert.deepEqual(reasons(builder), [
    'request tokens of service accounts in namespace ci',
    'read Secrets in namespace ci',
    'read Secrets named tls in namespace shop',
    'get configmaps in namespace ci',
  ]);
});

test('everything says it all', () => {
  const builder = shop()
    .clusterRole('all', [allow('*', '*', { groups: ['*'] })])
    .clusterBinding('b', 'ClusterRole/all', account('shop', 'web'));
  assert.deepEqual(reasons(builder), ['do everything in the whole cluster']);
});

test('what a RoleBinding cannot grant is not listed', () => {
  const builder = shop()
    .clusterRole('r', [allow('get', 'nodes persistentvolumes'), allow('get', 'services')])
    .binding('shop', 'b', 'ClusterRole/r', account(null, 'web'));
  assert.deepEqual(reasons(builder), ['get services in namespace shop']);
});
