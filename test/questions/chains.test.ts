import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../src/answer/answer.ts';
import { debug } from '../../src/questions/access/debug.ts';
import { attach, exec, logs, portForward, proxy, who } from '../../src/questions/index.ts';
import { pod } from '../../src/questions/pod/pod.ts';
import { privileged } from '../../src/questions/privileged/privileged.ts';
import { notFollowedLines } from '../../src/render/views/not-followed.ts';
import { list } from '../../src/world/needs.ts';
import type { Rule, Subject } from '../../src/world/objects.ts';
import { account, allow, type ClusterBuilder, cluster, group, user } from '../helpers/cluster.ts';
import { answer, objects, right } from '../helpers/question.ts';

const RBAC = { groups: ['rbac.authorization.k8s.io'] };
const CERTIFICATES = { groups: ['certificates.k8s.io'] };
const ADMISSION = { groups: ['admissionregistration.k8s.io'] };
const ALL = { groups: ['*'] };

/**
 * A subject with rights in namespace ci (here) and in the whole cluster, none of which reads ConfigMaps of namespace
 * shop.
 */
function granted(subject: Subject, here: readonly Rule[], everywhere: readonly Rule[] = []): ClusterBuilder {
  return cluster()
    .namespace('shop')
    .namespace('ci')
    .node('n1')
    .account('ci', 'builder')
    .account('ci', 'deployer')
    .pod('shop', 'web', { node: 'n1' })
    .pod('ci', 'job', { serviceAccount: 'deployer', node: 'n1' })
    .role('ci', 'here', here)
    .binding('ci', 'here', 'Role/here', subject)
    .clusterRole('everywhere', everywhere)
    .clusterBinding('everywhere', 'ClusterRole/everywhere', subject);
}

const BUILDER = account('ci', 'builder');
const configMaps = (builder: ClusterBuilder, subject: Subject): Answer =>
  answer(who, right('get configmaps', 'shop'), builder.world(), { subject });
const chains = ({ notFollowed = [] }: Answer): string[] =>
  notFollowed.map(({ right: words, namespace }) => `${words}${namespace === null ? '' : ` in ${namespace}`}`);

/** As a terminal shows it, on one line. */
const lineOf = (said: Answer): string =>
  notFollowedLines(said, 1000)
    .map(({ text }) => text)
    .join(' ');

const rows: [why: string, here: Rule[], everywhere: Rule[], expected: string[]][] = [
  ['nothing', [], [], []],
  ['users', [], [allow('impersonate', 'users')], ['impersonate users']],
  ['users in a RoleBinding are dead', [allow('impersonate', 'users')], [], []],
  ['groups alone', [], [allow('impersonate', 'groups')], []],
  ['groups with users', [], [allow('impersonate', 'groups users')], ['impersonate users', 'impersonate groups']],
  ['accounts', [allow('impersonate', 'serviceaccounts')], [], ['impersonate serviceaccounts in ci']],
  ['itself alone', [allow('impersonate', 'serviceaccounts', { names: ['builder'] })], [], []],
  ['tokens', [allow('create', 'serviceaccounts/token')], [], ['create serviceaccounts/token in ci']],
  ['its own token', [allow('create', 'serviceaccounts/token', { names: ['builder'] })], [], []],
  [
    "another's token",
    [allow('create', 'serviceaccounts/token', { names: ['deployer'] })],
    [],
    ['create serviceaccounts/token in ci'],
  ],
  ['a token is not read', [allow('get', 'serviceaccounts/token')], [], []],
  ['accounts are only seen', [allow('get list', 'serviceaccounts')], [], []],
  ['Secrets', [allow('list', 'secrets')], [], ['read secrets in ci']],
  ['Secrets that are patched', [allow('patch', 'secrets')], [], ['read secrets by patch or delete in ci']],
  ['Secrets that are created', [allow('create', 'secrets')], [], []],
  ['pods', [allow('create', 'pods')], [], ['create pods in ci']],
  ['pods by name alone', [allow('create', 'pods', { names: ['x'] })], [], []],
  ['workloads', [allow('create', 'jobs', { groups: ['batch'] })], [], ['create workloads in ci']],
  ['templates', [allow('patch', 'deployments', { groups: ['apps'] })], [], ['change workloads in ci']],
  ['scale', [allow('patch', 'deployments/scale', { groups: ['apps'] })], [], []],
  ['a template that is immutable', [allow('patch', 'jobs', { groups: ['batch'] })], [], []],
  ['exec', [allow('create', 'pods/exec')], [], ['exec into pods in ci']],
  ['exec by get', [allow('get', 'pods/exec')], [], []],
  ['exec into a pod that is not there', [allow('create', 'pods/exec', { names: ['none'] })], [], []],
  ['attach', [allow('create', 'pods/attach')], [], ['attach to pods in ci']],
  [
    'ephemeral containers',
    [allow('patch', 'pods/ephemeralcontainers')],
    [],
    ['add ephemeral containers to pods in ci'],
  ],
  ['images', [allow('patch', 'pods')], [], ['change images of pods in ci']],
  ['the status of pods', [allow('patch', 'pods/status')], [], []],
  ['logs and tunnels', [allow('get create', 'pods/log pods/portforward')], [], []],
  ['kubelets', [], [allow('create', 'nodes/proxy')], ['reach kubelets (nodes/proxy)']],
  ['kubelets in a RoleBinding', [allow('create', 'nodes/proxy')], [], []],
  ['bind alone', [allow('bind', 'clusterroles', RBAC)], [], []],
  [
    'bind with bindings',
    [allow('bind', 'clusterroles', RBAC), allow('create', 'rolebindings', RBAC)],
    [],
    ['bind roles in ci'],
  ],
  ['bindings alone', [allow('create', 'rolebindings', RBAC)], [], []],
  ['escalate', [allow('escalate update', 'roles', RBAC)], [], ['escalate roles in ci']],
  ['escalate alone', [allow('escalate', 'roles', RBAC)], [], []],
  ['approval alone', [], [allow('update', 'certificatesigningrequests/approval', CERTIFICATES)], []],
  [
    'approval of a signer',
    [],
    [allow('update', 'certificatesigningrequests/approval', CERTIFICATES), allow('approve', 'signers', CERTIFICATES)],
    ['approve certificates'],
  ],
  ['webhooks', [], [allow('create', 'mutatingwebhookconfigurations', ADMISSION)], ['change admission']],
  ['everything elsewhere says it all', [allow('*', '*', ALL)], [], ['do everything in ci']],
  ['in the whole cluster it is told once', [allow('create', 'pods')], [allow('create', 'pods')], ['create pods']],
];
for (const [why, here, everywhere, expected] of rows) {
  test(`a no says what was not followed: ${why}`, () => {
    const said = configMaps(granted(BUILDER, here, everywhere), BUILDER);
    assert.equal(said.verdict, 'no');
    assert.deepEqual(chains(said), expected);
    assert.equal(lineOf(said) === '', expected.length === 0);
    assert.match(said.summary, /^ServiceAccount ci\/builder cannot get configmaps in namespace shop/);
  });
}

test('users and groups become others too, and of them every account is another', () => {
  const tokens = [allow('create', 'serviceaccounts/token', { names: ['builder'] })];
  for (const subject of [user('jane'), group('devs')])
    assert.deepEqual(chains(configMaps(granted(subject, tokens), subject)), ['create serviceaccounts/token in ci']);
});

test('who is alone in the namespace becomes nobody else there', () => {
  const alone = (builder: ClusterBuilder): ClusterBuilder =>
    builder
      .namespace('lone')
      .account('lone', 'only')
      .pod('lone', 'own', { serviceAccount: 'only' })
      .role('lone', 'r', [allow('create', 'pods pods/exec serviceaccounts/token')])
      .binding('lone', 'r', 'Role/r', account('lone', 'only'));
  const only = account('lone', 'only');
  assert.deepEqual(chains(configMaps(alone(cluster().namespace('shop')), only)), []);
  assert.deepEqual(chains(configMaps(alone(cluster().namespace('shop')).account('lone', 'default'), only)), [
    'create serviceaccounts/token in lone',
    'create pods in lone',
  ]);
  const unread = alone(cluster().namespace('shop')).refuse(list('serviceaccounts')).refuse(list('pods'));
  assert.ok(chains(configMaps(unread, only)).includes('create pods in lone'));
});

test('a yes and an answer about nobody say nothing of it', () => {
  const builder = granted(BUILDER, [allow('create', 'pods')], [allow('get', 'configmaps')]);
  assert.deepEqual(chains(configMaps(builder, BUILDER)), []);
  const everybody = answer(who, right('get secrets', 'shop'), builder.world());
  assert.equal(everybody.notFollowed, undefined);
});

test('superusers need become nobody', () => {
  assert.deepEqual(
    chains(configMaps(granted(group('system:masters'), [allow('create', 'pods')]), group('system:masters'))),
    [],
  );
});

test('several ways: the strongest are named, and how many more', () => {
  const said = configMaps(
    granted(BUILDER, [allow('create get', 'pods secrets pods/exec serviceaccounts/token')]),
    BUILDER,
  );
  assert.match(
    lineOf(said),
    /It can become others \(create serviceaccounts\/token in namespace ci, read secrets in namespace ci, create pods in namespace ci and 1 more way\)/,
  );
});

const web = objects('shop', 'web');
const questions: [string, (builder: ClusterBuilder) => Answer][] = [
  ...[portForward, exec, attach, debug, logs, proxy, pod].map(
    (question): [string, (builder: ClusterBuilder) => Answer] => [
      question.name,
      (builder) => answer(question, web, builder.world(), { subject: BUILDER }),
    ],
  ),
  ['proxy of a node', (builder) => answer(proxy, objects('shop', 'nodes/n1'), builder.world(), { subject: BUILDER })],
  ['who with a URL', (builder) => answer(who, right('get /metrics'), builder.world(), { subject: BUILDER })],
  ['who in any namespace', (builder) => answer(who, right('get configmaps'), builder.world(), { subject: BUILDER })],
  [
    'privileged',
    (builder) => answer(privileged, { subjects: [BUILDER], pods: null, namespace: null }, builder.world()),
  ],
];
for (const [name, ask] of questions) {
  test(`${name} of one subject says it`, () => {
    const said = ask(granted(BUILDER, [], [allow('impersonate', 'users')]));
    assert.equal(said.verdict, 'no');
    assert.deepEqual(chains(said), ['impersonate users']);
    assert.equal(lineOf(said), 'It can become others (impersonate users), which this answer does not follow.');
  });
}

test('namespaces of one right are told together', () => {
  const everywhere = ['a', 'b', 'c', 'd'].reduce(
    (builder, name) =>
      builder
        .namespace(name)
        .role(name, 'r', [allow('create', 'pods')])
        .binding(name, 'r', 'Role/r', BUILDER),
    granted(BUILDER, []),
  );
  assert.match(lineOf(configMaps(everywhere, BUILDER)), /It can become others \(create pods in 4 namespaces\), which/);
  const two = ['a', 'b'].reduce(
    (builder, name) =>
      builder
        .namespace(name)
        .role(name, 'r', [allow('create', 'pods')])
        .binding(name, 'r', 'Role/r', BUILDER),
    granted(BUILDER, []),
  );
  assert.match(lineOf(configMaps(two, BUILDER)), /It can become others \(create pods in namespaces a and b\), which/);
});

test('who is accepted can, and is not said not to', () => {
  const builder = granted(BUILDER, [allow('create', 'pods')], [allow('get', 'configmaps')]);
  const options = { subject: BUILDER, accepts: () => true };
  const said = answer(who, right('get configmaps', 'shop'), builder.world(), options);
  assert.deepEqual([said.verdict, chains(said)], ['no', []]);
});

test('what depends keeps its verdict, and says it too', () => {
  const builder = granted(BUILDER, [], [allow('impersonate', 'users')])
    .refuse(list('rolebindings'))
    .refuse(list('rolebindings', 'shop'));
  const said = configMaps(builder, BUILDER);
  assert.equal(said.verdict, 'depends');
  assert.deepEqual(chains(said), ['impersonate users']);
});
