import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONNECT_KINDS } from '../../src/admission/connect.ts';
import { admissionNeeds } from '../../src/questions/admission-needs.ts';
import { admit } from '../../src/questions/admit/admit.ts';
import { exec, who } from '../../src/questions/index.ts';
import { pod } from '../../src/questions/pod/pod.ts';
import type { Question } from '../../src/questions/question.ts';
import type { KindName } from '../../src/world/kinds.ts';
import { describeNeed, list, type Need } from '../../src/world/needs.ts';
import { type Facts, World } from '../../src/world/world.ts';
import { account, allow, cluster, group, user } from '../helpers/cluster.ts';
import { OPTIONS, objects, right } from '../helpers/question.ts';

/** What a question still has to read, in words. */
function missing<T>(question: Question<T>, target: T, world: World, options = OPTIONS): string[] {
  const needs = question
    .needs(target, world, options)
    .filter((need: Need) => !world.isRead(need) && !world.ownOutcome(need));
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
  assert.deepEqual(missing(who, everywhere, refused().world()), [
    'rolebindings in namespace home',
    'roles in namespace home',
  ]);
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
    for (const kind of [...CONNECT_KINDS, 'clusterroles', 'clusterrolebindings'] as const)
      partly.add(list(kind), { read: true });
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
  const world = cluster()
    .refuse(list('rolebindings'))
    .refuse(list('roles'))
    .refuse(list('namespaces'))
    .pod('shop', 'web-0')
    .world();
  const everywhere = { refs: [], selector: 'a!=b', namespace: null };
  const needs = missing(exec, everywhere, world);
  assert.ok(
    needs.includes('rolebindings in namespace shop') && needs.includes('roles in namespace shop'),
    needs.join(),
  );
});

test('discovery is asked for only where it could tell something', () => {
  const asks = (text: string): boolean => who.discovery(right(text, 'shop'));
  assert.deepEqual(['get pods', 'create pods/exec', 'get secrets/db', 'get /metrics'].filter(asks), []);
  assert.deepEqual(['get po', 'get deployments', 'get widgets.example.com'].filter(asks).length, 3);
});

const ENGINES = [
  ...[
    'SecurityContextConstraints.security.openshift.io',
    'ClusterPolicy.kyverno.io',
    'Policy.kyverno.io',
    'PolicyException.kyverno.io',
  ],
  'ConstraintTemplate.templates.gatekeeper.sh',
];
/** Which engines' kinds are asked for, by what is known of the server. */
const engines: [why: string, facts: Partial<Facts>, asked: string[]][] = [
  ['a live server that lists none', { discovery: [] }, []],
  ['a live server whose discovery was refused', { discovery: null, readAt: '2026-01-01T00:00:00Z' }, ENGINES],
  ['a server of which nothing is known yet', { discovery: null, readAt: '' }, []],
  ['a file, which is looked through', { discovery: null, readAt: '2026-01-01T00:00:00Z', origin: 'file' }, []],
];
for (const [why, facts, expected] of engines)
  test(`kinds of policy engines: ${why}`, () => {
    const needs = admissionNeeds(new World({ ...cluster().world().facts, origin: 'live', ...facts })).map(
      ({ kind }) => kind,
    );
    assert.deepEqual(
      ENGINES.filter((kind) => needs.includes(kind as KindName)),
      expected,
    );
  });

test('without discovery the constraints are those of the templates', () => {
  const template = (raw: object) => ({
    ...{ namespace: null, group: 'templates.gatekeeper.sh', version: 'v1', kind: 'ConstraintTemplate' },
    raw: { ...raw },
  });
  const world = cluster({ origin: 'live', discovery: null, readAt: 'x' })
    .with(
      'ConstraintTemplate.templates.gatekeeper.sh',
      { ...template({ spec: { crd: { spec: { names: { kind: 'K8sOwn' } } } } }), name: 'k8sown' },
      { ...template({ spec: 'broken' }), name: 'b' },
      { ...template({ spec: { crd: { spec: { names: 'broken' } } } }), name: 'c' },
    )
    .world();
  const constraints = admissionNeeds(world).filter(({ kind }) => kind.endsWith('constraints.gatekeeper.sh'));
  assert.deepEqual(
    constraints.map(({ kind, api }) => [kind, api?.resource]),
    [['K8sOwn.constraints.gatekeeper.sh', 'k8sown']],
  );
});

test('admit reads who may use SCCs wherever there are some: listed, in a file, or refused', () => {
  const target = {
    objects: [],
    namespaces: [],
    accounts: [],
    errors: [],
    warnings: [],
    given: null,
    level: null,
    namespace: 'shop',
  };
  const scc = {
    namespace: null,
    name: 'a',
    group: 'security.openshift.io',
    version: 'v1',
    kind: 'SecurityContextConstraints',
    raw: {},
  };
  const KIND = 'SecurityContextConstraints.security.openshift.io';
  const podKind = { group: '', version: 'v1', resource: 'pods', kind: 'Pod' };
  const asks = (world: World) =>
    admit
      .needs({ ...target, objects: [{ kind: podKind, raw: { metadata: { name: 'p' } }, from: 'f:1' }] }, world, OPTIONS)
      .some(({ kind }) => kind === 'clusterrolebindings');
  assert.equal(asks(cluster().world()), false);
  assert.equal(asks(cluster({ origin: 'file', discovery: null }).with(KIND, scc).world()), true);
  assert.equal(asks(cluster().refuse(list(KIND)).world()), true);
});
