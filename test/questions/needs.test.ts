import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONNECT_KINDS } from '../../src/admission/connect.ts';
import { exec, who } from '../../src/questions/index.ts';
import { pod } from '../../src/questions/pod/pod.ts';
import type { Question } from '../../src/questions/question.ts';
import { describeNeed, list, type Need } from '../../src/world/needs.ts';
import { World } from '../../src/world/world.ts';
import { account, allow, cluster, group, user } from '../helpers/cluster.ts';
import { OPTIONS, objects, right } from '../helpers/question.ts';

/** What a question still has to read, in words. */
function missing<T>(question: Question<T>, target: T, world: World, options = OPTIONS): string[] {
  const needs = question.needs(target, world, options).filter((need: Need) => !world.isRead(need) && !world.ownOutcome(need));
  return [...new Set(needs.map(describeNeed))].sort();
}

const nothing = (): World => new World(cluster().world().facts);

test('a pod question reads the pod, the cluster-wide objects and those of its namespace, in one round', () => {
  assert.deepEqual(missing(exec, objects('shop', 'web-0'), nothing()), [
    'clusterrolebindings',
    'clusterroles',
    'mutatingwebhookconfigurations',
    'pod shop/web-0',
    'rolebindings in namespace shop',
    'roles in namespace shop',
    'validatingadmissionpolicies',
    'validatingadmissionpolicybindings',
    'validatingwebhookconfigurations',
  ]);
});

test('with all that read, it names nothing new', () => {
  assert.deepEqual(missing(exec, objects('shop', 'web-0'), cluster().pod('shop', 'web-0').world()), []);
});

test('the card looks at the whole cluster, since its account may have rights anywhere', () => {
  assert.ok(missing(pod, objects('shop', 'web-0'), nothing()).includes('rolebindings'));
});

test('a refused list of ClusterRoles falls back to the roles that bindings name, once each', () => {
  const world = cluster()
    .refuse(list('clusterroles'))
    .binding('shop', 'a', 'ClusterRole/edit', user('a'))
    .binding('shop', 'b', 'ClusterRole/edit', user('b'))
    .clusterBinding('c', 'Role/nothing', user('c'))
    .pod('shop', 'web-0')
    .world();
  assert.deepEqual(missing(exec, objects('shop', 'web-0'), world), ['clusterrole edit']);
});

test('refused cluster-wide lists fall back to the namespace of the context, then to all that can be seen', () => {
  const refused = () => cluster({ namespace: 'home' }).refuse(list('rolebindings')).refuse(list('roles'));
  const everywhere = right('get secrets');
  assert.deepEqual(missing(who, everywhere, refused().world()), ['rolebindings in namespace home', 'roles in namespace home']);
  assert.deepEqual(missing(who, everywhere, refused().namespace('shop').world()), [
    'rolebindings in namespace home',
    'rolebindings in namespace shop',
    'roles in namespace home',
    'roles in namespace shop',
  ]);
});

test('the node is read only where a right is limited to one of its ports', () => {
  const nodes = (name: string) =>
    cluster()
      .pod('shop', 'web-0', { node: 'n1' })
      .refuse(list('nodes'))
      .clusterRole('r', [allow('create', 'nodes/proxy', { names: [name] })])
      .clusterBinding('b', 'ClusterRole/r', user('jane'))
      .world();
  assert.deepEqual(missing(exec, objects('shop', 'web-0'), nodes('n1')), []);
  assert.deepEqual(missing(exec, objects('shop', 'web-0'), nodes('https:n1:10255')), ['node n1']);
});

test('members are read only of groups that hold the right', () => {
  const accounts = (right: string) =>
    cluster()
      .pod('shop', 'web-0')
      .refuse(list('serviceaccounts'), 404)
      .clusterRole('r', [allow('create', right)])
      .binding('shop', 'b', 'ClusterRole/r', group('system:serviceaccounts:ci'))
      .world();
  assert.deepEqual(missing(exec, objects('shop', 'web-0'), accounts('pods')), []);
  assert.deepEqual(missing(exec, objects('shop', 'web-0'), accounts('pods/exec')), ['serviceaccounts in namespace ci']);
});

test('only a no about a subject looks for its rights elsewhere, and not with --direct', () => {
  const world = (rights: string) => {
    const read = cluster()
      .pod('shop', 'web-0')
      .role('shop', 'r', [allow('create', rights)])
      .account('shop', 'a')
      .binding('shop', 'b', 'Role/r', account(null, 'a'));
    const partly = new World(read.world().facts);
    const whole = read.world();
    for (const kind of [...CONNECT_KINDS, 'clusterroles', 'clusterrolebindings'] as const) partly.add(list(kind), { read: true });
    partly.add(list('serviceaccounts'), { read: true }, whole.list('serviceaccounts'));
    partly.add(list('roles', 'shop'), { read: true }, whole.list('roles'));
    partly.add(list('rolebindings', 'shop'), { read: true }, whole.list('rolebindings'));
    partly.add(list('pods', 'shop'), { read: true }, whole.list('pods'));
    return partly;
  };
  const options = { ...OPTIONS, subject: account('shop', 'a') };
  assert.deepEqual(missing(exec, objects('shop', 'web-0'), world('pods/exec'), options), []);
  assert.deepEqual(missing(exec, objects('shop', 'web-0'), world('pods'), options), ['rolebindings', 'roles']);
  assert.deepEqual(missing(exec, objects('shop', 'web-0'), world('pods'), { ...options, direct: true }), []);
});

test('where no cluster-wide list may be read, those of the namespaces of the pods that are asked about', () => {
  const world = cluster().refuse(list('rolebindings')).refuse(list('roles')).refuse(list('namespaces')).pod('shop', 'web-0').world();
  const everywhere = { refs: [], selector: 'a!=b', namespace: null };
  const needs = missing(exec, everywhere, world);
  assert.ok(needs.includes('rolebindings in namespace shop') && needs.includes('roles in namespace shop'), needs.join());
});

test('discovery is asked for only where it could tell something', () => {
  const asks = (text: string): boolean => who.discovery(right(text, 'shop'));
  assert.deepEqual(['get pods', 'create pods/exec', 'get secrets/db', 'get /metrics'].filter(asks), []);
  assert.deepEqual(['get po', 'get deployments', 'get widgets.example.com'].filter(asks).length, 3);
});
