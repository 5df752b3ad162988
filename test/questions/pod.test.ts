import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pod } from '../../src/questions/pod/pod.ts';
import { get, list } from '../../src/world/needs.ts';
import { account, allow, cluster, group, user } from '../helpers/cluster.ts';
import { answer, OPTIONS, objects } from '../helpers/question.ts';

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
  const mounts = [{ name: 'token', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }];
  const volumes = [{ name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }];
  const spec = { containers: [{ name: 'app', volumeMounts: mounts }], volumes };
  const world = cluster()
    .rawPod({ metadata: { namespace: 'shop', name: 'web-0' }, spec })
    .world();
  assert.deepEqual(answer(pod, objects('shop', 'web-0'), world).pod?.token, {
    mounted: true,
    containers: [{ container: 'app', path: '/var/run/secrets/kubernetes.io/serviceaccount' }],
  });
});

test('what its account may do, in plain words, strongest first, wherever it may', () => {
  const builder = shop()
    .clusterRole('ci', [
      allow('create', 'serviceaccounts/token'),
      allow('get list', 'secrets'),
      allow('get', 'configmaps'),
    ])
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

test('a right in the whole cluster is not repeated for a namespace', () => {
  const builder = shop()
    .clusterRole('r', [allow('get', 'secrets')])
    .binding('shop', 'b', 'ClusterRole/r', account(null, 'web'))
    .clusterBinding('c', 'ClusterRole/r', account('shop', 'web'));
  assert.deepEqual(reasons(builder), ['read Secrets in the whole cluster']);
});

test('a static pod has no account', () => {
  const world = cluster()
    .pod('shop', 'web-0', { serviceAccount: null, owner: { kind: 'Node', name: 'n1' } })
    .world();
  const card = answer(pod, objects('shop', 'web-0'), world);
  assert.equal(card.pod?.serviceAccount, null);
  assert.equal(card.pod?.owner?.namespace, null);
  assert.match(card.summary, /a static pod, it has no account/);
});

test('everything of one name is not everything', () => {
  const builder = shop()
    .clusterRole('one', [allow('*', '*', { groups: ['*'], names: ['db'] })])
    .clusterRole('all', [allow('get', 'secrets'), allow('get', 'configmaps')])
    .clusterBinding('b', 'ClusterRole/one', account('shop', 'web'))
    .clusterBinding('c', 'ClusterRole/all', account('shop', 'web'));
  const said = reasons(builder);
  assert.equal(said[0], 'do everything named db in the whole cluster');
  assert.ok(
    said.includes('read Secrets in the whole cluster') && said.includes('get configmaps in the whole cluster'),
    said.join('\n'),
  );
});

test('get opens the streams up to 1.34, and is no right of note after that', () => {
  const at = (minor: number) =>
    reasons(
      cluster({ version: { major: 1, minor } })
        .pod('shop', 'web-0', { serviceAccount: 'web' })
        .role('shop', 'r', [allow('get', 'pods/exec pods/portforward')])
        .binding('shop', 'b', 'Role/r', account('shop', 'web')),
    );
  assert.deepEqual(at(34), ['run commands in pods (exec) in namespace shop', 'port-forward to pods in namespace shop']);
  assert.deepEqual(at(35), []);
});

test('bindings of the whole cluster are of note, and so is every method of a proxy', () => {
  const builder = shop()
    .clusterRole('r', [
      allow('create', 'clusterrolebindings', { groups: ['rbac.authorization.k8s.io'] }),
      allow('delete', 'pods/proxy'),
    ])
    .clusterBinding('b', 'ClusterRole/r', account('shop', 'web'));
  assert.deepEqual(reasons(builder), [
    'send HTTP requests to pods through the API server in the whole cluster',
    'write clusterrolebindings.rbac.authorization.k8s.io within its own rights in the whole cluster',
  ]);
});

test('a rule is told once, however often its binding names the account', () => {
  const builder = shop()
    .role('shop', 'r', [allow('get', 'configmaps')])
    .binding(
      'shop',
      'b',
      'Role/r',
      account(null, 'web'),
      account('shop', 'web'),
      user('system:serviceaccount:shop:web'),
    );
  assert.deepEqual(reasons(builder), ['get configmaps in namespace shop']);
});

test('a RoleBinding impersonates no users, and lists no namespaces', () => {
  const builder = shop()
    .role('shop', 'r', [
      allow('impersonate', 'users groups'),
      allow('list create', 'namespaces'),
      allow('get', 'namespaces'),
    ])
    .binding('shop', 'b', 'Role/r', account(null, 'web'));
  assert.deepEqual(reasons(builder), ['get namespaces in namespace shop']);
});

const NODE = 'nodes';
const web = (spec: object) => ({
  metadata: { namespace: 'shop', name: 'web-0' },
  spec: { nodeName: 'n1', containers: [{ name: 'app', securityContext: { runAsUser: 0 } }], ...spec },
  status: { phase: 'Running' },
});
const escapes = (spec: object, builder = cluster()) =>
  answer(pod, objects('shop', 'web-0'), builder.rawPod(web(spec)).world()).pod?.escapes.map(
    ({ id, container, gain, verdict, leaning }) =>
      `${id} ${container} ${gain} ${[verdict, ...(leaning ? [leaning] : [])].join(':')}`,
  );

test('what its containers can do to the node, worst first', () => {
  const on = (runtime: string) => cluster().node('n1', { containerRuntimeVersion: runtime });
  const spec = {
    hostPID: true,
    containers: [{ name: 'app', securityContext: { runAsUser: 0, seccompProfile: { type: 'RuntimeDefault' } } }],
  };
  assert.deepEqual(escapes(spec, on('containerd://2.2.1')), [
    'hostpid app other pods yes',
    'cap-net-raw app other pods yes',
    'cap-mknod app help yes',
  ]);
  assert.deepEqual(escapes(spec, on('cri-o://1.34.0')), ['hostpid app other pods yes']);
});

test('what hangs on a node that could not be read depends on it, and changes no verdict', () => {
  const builder = cluster()
    .refuse(get(NODE, null, 'n1'))
    .refuse(list(NODE));
  assert.deepEqual(escapes({}, builder), ['cap-net-raw app other pods depends', 'seccomp-unconfined app help yes']);
  const card = answer(pod, objects('shop', 'web-0'), builder.world());
  assert.deepEqual([card.verdict, card.unknowns.map(({ what }) => what)], ['no', ['node n1']]);
});

test('a RuntimeClass that could not be read', () => {
  const builder = cluster().node('n1', { containerRuntimeVersion: 'containerd://2.2.1' });
  const spec = { runtimeClassName: 'sandboxed', hostNetwork: true };
  const handled = (handler: string) =>
    cluster().node('n1').with('runtimeclasses', { namespace: null, name: 'sandboxed', handler });
  const refused = builder.refuse(get('runtimeclasses', null, 'sandboxed')).refuse(list('runtimeclasses'));
  assert.equal(escapes(spec, handled('runsc'))?.[0], 'hostnetwork app node network depends:no');
  assert.equal(escapes(spec, handled('runc'))?.[0], 'hostnetwork app node network yes');
  assert.equal(escapes(spec, refused)?.[0], 'hostnetwork app node network depends');
  const { unknowns } = answer(pod, objects('shop', 'web-0'), refused.world());
  assert.ok(unknowns.some(({ kind, what }) => kind === 'unreadable' && what === 'RuntimeClass sandboxed'));
});

test('the node and the RuntimeClass are read once the pod is known', () => {
  const world = cluster()
    .rawPod(web({ runtimeClassName: 'sandboxed' }))
    .world();
  const needs = pod.needs(objects('shop', 'web-0'), world, OPTIONS);
  for (const need of [get(NODE, null, 'n1'), get('runtimeclasses', null, 'sandboxed')])
    assert.ok(needs.some(({ kind, name }) => kind === need.kind && name === need.name));
});

test('what is assumed is said where something rests on it', () => {
  const assumed = (spec: object) =>
    answer(pod, objects('shop', 'web-0'), cluster().rawPod(web(spec)).world()).assumptions;
  const mounting = (volume: object) => ({
    containers: [{ name: 'app', volumeMounts: [{ name: 'v', mountPath: '/v' }] }],
    volumes: [{ name: 'v', ...volume }],
  });
  const said = (spec: object, pattern: RegExp): boolean => assumed(spec).some((each) => pattern.test(each));
  assert.ok(said({ hostUsers: false }, /hostUsers/) && !said({}, /hostUsers/));
  assert.ok(said(mounting({ hostPath: { path: '/srv' } }), /SELinux/) && !said({}, /SELinux/));
});

test('what its containers can do on the network, and who is beside them', () => {
  const beside = {
    metadata: { namespace: 'ci', name: 'runner' },
    spec: { nodeName: 'n1', containers: [{ name: 'c' }] },
  };
  const containers = [
    { name: 'app', securityContext: { runAsUser: 0 } },
    { name: 'proxy', securityContext: { capabilities: { drop: ['ALL'] } } },
    { name: 'vpn', securityContext: { runAsUser: 0, capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } } },
  ];
  const world = cluster()
    .node('n1', { containerRuntimeVersion: 'containerd://2.2.1', operatingSystem: 'linux' })
    .workload('daemonsets', 'kube-system', 'cilium')
    .rawPod({ metadata: { namespace: 'shop', name: 'web-0' }, spec: { nodeName: 'n1', containers } })
    .rawPod(beside)
    .world();
  const { pod: facts, network } = answer(pod, objects('shop', 'web-0'), world);
  assert.deepEqual(
    facts?.sockets.map(({ id, container, answer: said }) => [id, container, said]),
    [
      ['raw-sockets', 'app', 'yes'],
      ['raw-sockets', 'proxy', 'no'],
      ['raw-sockets', 'vpn', 'no'],
      ['net-admin-spoof', 'vpn', 'yes'],
    ],
  );
  assert.deepEqual([facts?.neighbours, network?.plugins[0]?.name], [1, 'Cilium']);
});

test('neither nodes nor what is on the network decide who gets in', () => {
  const world = cluster()
    .refuse(list('nodes'))
    .refuse(list('daemonsets'))
    .rawPod({
      metadata: { namespace: 'shop', name: 'web-0' },
      spec: { nodeName: 'n1', containers: [{ name: 'app', securityContext: { runAsUser: 0 } }] },
    })
    .world();
  const card = answer(pod, objects('shop', 'web-0'), world);
  assert.equal(card.verdict, 'no');
  assert.equal(card.pod?.sockets[0]?.answer, 'unknown');
  assert.match(card.network?.unknown ?? '', /^daemonsets: 403/);
});
