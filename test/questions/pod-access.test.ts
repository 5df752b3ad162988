import assert from 'node:assert/strict';
import { test } from 'node:test';
import { debug } from '../../src/questions/access/debug.ts';
import { attach, exec, logs, portForward, proxy, who } from '../../src/questions/index.ts';
import { pod } from '../../src/questions/pod/pod.ts';
import type { Question } from '../../src/questions/question.ts';
import type { ObjectsTarget } from '../../src/questions/targets.ts';
import { get, list } from '../../src/world/needs.ts';
import type { Rule, Service } from '../../src/world/objects.ts';
import { reduceService } from '../../src/world/reduce/others.ts';
import { reducePod } from '../../src/world/reduce/pod.ts';
import type { Version } from '../../src/world/version.ts';
import { account, allow, allowUrls, type ClusterBuilder, cluster, group, user } from '../helpers/cluster.ts';
import { answer, asked, holders, objects, right } from '../helpers/question.ts';

const shop = () => cluster().namespace('shop').pod('shop', 'web-0', { node: 'n1' }).node('n1');
const grantedTo = (rule: Rule, version: Version | null = { major: 1, minor: 37 }) =>
  cluster({ version })
    .pod('shop', 'web-0', { node: 'n1' })
    .role('shop', 'role', [rule])
    .binding('shop', 'binding', 'Role/role', user('jane'))
    .world();
const grantedOnNodes = (rule: Rule) =>
  shop().clusterRole('role', [rule]).clusterBinding('binding', 'ClusterRole/role', user('jane')).world();

const at = (minor: number): Version => ({ major: 1, minor });

const cases: [Question<ObjectsTarget>, Rule, Version | null, 'yes' | 'no' | 'depends', string][] = [
  [portForward, allow('create', 'pods/portforward'), at(37), 'yes', 'create is enough on every version'],
  [portForward, allow('create', 'pods/portforward'), at(29), 'yes', 'create is enough on every version'],
  [portForward, allow('get', 'pods/portforward'), at(34), 'yes', 'WebSocket asked for get alone until 1.34'],
  [portForward, allow('get', 'pods/portforward'), at(35), 'no', 'from 1.35 a WebSocket needs create as well'],
  [portForward, allow('get', 'pods/portforward'), null, 'depends', 'on an unknown version get may be enough'],
  [exec, allow('get', 'pods/exec'), at(34), 'yes', 'the same for exec'],
  [exec, allow('get', 'pods/exec'), at(37), 'no', 'the same for exec'],
  [attach, allow('get', 'pods/attach'), at(34), 'yes', 'the same for attach'],
  [attach, allow('create', 'pods/attach'), at(37), 'yes', 'the same for attach'],
  [exec, allow('create', '*/exec'), at(37), 'yes', 'star slash subresource is the one wildcard with a slash'],
  [exec, allow('create', 'pods/*'), at(37), 'no', 'pods/* is no wildcard'],
  [exec, allow('create', 'pods'), at(37), 'no', 'pods does not include its subresources'],
  [exec, allow('*', 'pods/exec'), at(37), 'yes', 'any verb on the subresource'],
  [exec, allow('create', '*'), at(37), 'yes', 'a star includes every subresource'],
  [exec, allow('create', 'pods/exec', { groups: ['metrics.k8s.io'] }), at(37), 'no', 'another API group'],
  [exec, allow('create', 'pods/exec', { names: ['web-0'] }), at(37), 'yes', 'create of a subresource carries the name'],
  [exec, allow('create', 'pods/exec', { names: ['web-1'] }), at(37), 'no', 'another name'],
  [exec, allow('create', 'pods/exec', { names: ['*'] }), at(37), 'no', 'a star is a name like any other'],
  [debug, allow('patch', 'pods/ephemeralcontainers'), at(37), 'yes', 'kubectl debug patches'],
  [debug, allow('update', 'pods/ephemeralcontainers'), at(37), 'yes', 'update does it too'],
  [debug, allow('create', 'pods/ephemeralcontainers'), at(37), 'no', 'there is nothing to create'],
  [logs, allow('get', 'pods/log'), at(37), 'yes', 'logs are read by get'],
  [logs, allow('list', 'pods/log'), at(37), 'no', 'not by list'],
  [proxy, allow('delete', 'pods/proxy'), at(37), 'yes', 'every method reaches the backend'],
  [
    proxy,
    allow('get', 'pods/proxy', { names: ['https:web-0:8443'] }),
    at(37),
    'yes',
    'any spelling of the name leads there',
  ],
  [proxy, allow('get', 'pods/proxy', { names: ['web-0:x:y:z'] }), at(37), 'no', 'a spelling that the proxy refuses'],
  [
    portForward,
    allow('create', 'pods/portforward', { names: ['https:web-0:8443'] }),
    at(37),
    'no',
    'only proxies take such spellings',
  ],
];
for (const [question, rule, version, expected, why] of cases) {
  const words = `${rule.verbs} ${rule.resources} ${rule.resourceNames}`;
  test(`${question.name} at ${version ? `1.${version.minor}` : 'an unknown version'} with ${words}: ${expected}, ${why}`, () => {
    const result = answer(question, objects('shop', 'web-0'), grantedTo(rule, version));
    assert.equal(result.verdict, expected);
    assert.deepEqual(holders(result, expected), expected === 'no' ? holders(result, 'no') : ['User/jane']);
  });
}

const nodeCases: [Question<ObjectsTarget>, Rule, 'yes' | 'no' | 'depends', string][] = [
  [exec, allow('create', 'nodes/proxy'), 'yes', 'create runs commands through the API server alone'],
  [exec, allow('get', 'nodes/proxy'), 'depends', "get has to reach the kubelet's own port"],
  [attach, allow('get', 'nodes/proxy'), 'depends', 'an attach needs its query string'],
  [portForward, allow('get', 'nodes/proxy'), 'yes', 'a port-forward needs no query string'],
  [logs, allow('get', 'nodes/proxy'), 'yes', 'containerLogs is a plain GET'],
  [logs, allow('create', 'nodes/proxy'), 'no', 'containerLogs takes no POST'],
  [debug, allow('*', 'nodes/proxy'), 'no', 'a kubelet adds no ephemeral containers'],
  [exec, allow('create', 'nodes/proxy', { names: ['n1'] }), 'yes', 'this node'],
  [exec, allow('create', 'nodes/proxy', { names: ['n2'] }), 'no', 'another node'],
  [exec, allow('create', 'nodes/proxy', { names: ['https:n1:10250'] }), 'yes', 'a spelling with the kubelet port'],
  [exec, allow('create', 'nodes/proxy', { names: ['n1:8080'] }), 'no', 'another port of the node is not its kubelet'],
  [exec, allow('get', 'nodes/proxy', { names: ['https:n1:10250'] }), 'no', 'the kubelet asks about its plain name'],
  [exec, allow('update', 'nodes/proxy'), 'no', 'the kubelet takes no PUT'],
];
for (const [question, rule, expected, why] of nodeCases) {
  test(`${question.name} through the node with ${rule.verbs} ${rule.resources} ${rule.resourceNames}: ${expected}, ${why}`, () => {
    assert.equal(answer(question, objects('shop', 'web-0'), grantedOnNodes(rule)).verdict, expected);
  });
}

test('nodes/proxy in a RoleBinding is dead', () => {
  const world = shop()
    .clusterRole('node', [allow('create', 'nodes/proxy')])
    .binding('shop', 'b', 'ClusterRole/node', user('jane'))
    .world();
  assert.equal(answer(exec, objects('shop', 'web-0'), world).verdict, 'no');
});

test('a pod whose node could not be read: a right over some nodes may include it, one over all does', () => {
  const unread = (rule: Rule) =>
    cluster()
      .namespace('shop')
      .refuse({ kind: 'pods', namespace: 'shop', name: 'web-0', labelSelector: null })
      .refuse(list('pods'))
      .clusterRole('node', [rule])
      .clusterBinding('b', 'ClusterRole/node', user('jane'))
      .world();
  assert.equal(answer(exec, objects('shop', 'web-0'), unread(allow('create', 'nodes/proxy'))).verdict, 'yes');
  assert.equal(
    answer(exec, objects('shop', 'web-0'), unread(allow('create', 'nodes/proxy', { names: ['n1'] }))).verdict,
    'depends',
  );
});

test('a pod that does not exist is an error in the words of kubectl, the others are answered', () => {
  const { asked: answers, errors } = asked(exec, objects('shop', 'web-0', 'nope'), shop().world());
  assert.equal(answers.length, 1);
  assert.deepEqual(
    errors.map(({ message, exitCode }) => [message, exitCode]),
    [['Error from server (NotFound): pods "nope" not found in namespace shop', 1]],
  );
});

test('a pod that does not run keeps its verdict, and the answer says that it would fail now', () => {
  const world = cluster()
    .pod('shop', 'web-0', { phase: 'Pending' })
    .role('shop', 'r', [allow('create', 'pods/exec')])
    .binding('shop', 'b', 'Role/r', user('jane'))
    .world();
  const result = answer(exec, objects('shop', 'web-0'), world);
  assert.equal(result.verdict, 'yes');
  assert.match(result.summary, /would fail now: the pod is Pending/);
});

test('every holder with its grant: bindings of the namespace, of the cluster, and not of another namespace', () => {
  const world = shop()
    .account('shop', 'web')
    .account('ci', 'deployer')
    .clusterRole('edit', [allow('create', 'pods/exec')])
    .binding('shop', 'a', 'ClusterRole/edit', account(null, 'web'), account('ci', 'deployer'), group('devs'))
    .binding('ci', 'b', 'ClusterRole/edit', user('elsewhere'))
    .clusterBinding('c', 'ClusterRole/edit', user('everywhere'))
    .world();
  const result = answer(exec, objects('shop', 'web-0'), world);
  assert.deepEqual(holders(result), [
    'User/everywhere',
    'Group/devs',
    'ServiceAccount/ci/deployer',
    'ServiceAccount/shop/web',
  ]);
  assert.match(result.summary, /^4 subjects can exec into pod shop\/web-0$/);
  const [first] = result.findings.filter(({ accepted }) => !accepted);
  assert.deepEqual(first?.scope, { namespace: null, names: null });
  assert.equal(first?.evidence[0]?.grants[0]?.binding.name, 'c');
  assert.equal(first?.evidence[0]?.grants[0]?.allows, 'create pods/exec');
});

test('members of system:masters always stand there, apart', () => {
  const result = answer(exec, objects('shop', 'web-0'), shop().world());
  assert.equal(result.verdict, 'no');
  const masters = result.findings.filter(({ subject }) => subject.name === 'system:masters');
  assert.ok(masters.length > 0 && masters.every(({ accepted, verdict }) => accepted && verdict === 'yes'));
});

test('everybody is the loudest finding', () => {
  const world = shop()
    .clusterRole('edit', [allow('create', 'pods/exec')])
    .binding('shop', 'b', 'ClusterRole/edit', user('jane'), group('system:authenticated'))
    .world();
  assert.match(
    answer(exec, objects('shop', 'web-0'), world).summary,
    /^2 subjects can exec into pod shop.web-0, among them everybody in system:authenticated$/,
  );
});

test('who needs no login is louder still', () => {
  const everybody = [group('system:authenticated'), group('system:unauthenticated')];
  const world = shop()
    .clusterRole('edit', [allow('create', 'pods/exec')])
    .binding('shop', 'b', 'ClusterRole/edit', ...everybody)
    .world();
  assert.match(answer(exec, objects('shop', 'web-0'), world).summary, /among them anybody, even without logging in/);
});

test('a refused list turns a no into depends, and never a yes', () => {
  const refused = shop().refuse(list('rolebindings')).refuse(list('rolebindings', 'shop'));
  const result = answer(exec, objects('shop', 'web-0'), refused.world());
  assert.equal(result.verdict, 'depends');
  assert.deepEqual(
    result.unknowns.map(({ kind, what }) => [kind, what]),
    [['unreadable', 'rolebindings in namespace shop']],
  );
  const yes = shop()
    .refuse(list('rolebindings'))
    .clusterRole('r', [allow('create', 'pods/exec')])
    .clusterBinding('b', 'ClusterRole/r', user('jane'))
    .world();
  assert.equal(answer(exec, objects('shop', 'web-0'), yes).verdict, 'yes');
});

test('a binding whose role could not be read may grant it; one whose role does not exist grants nothing yet', () => {
  const unread = shop().refuse(list('clusterroles')).binding('shop', 'b', 'ClusterRole/hidden', user('jane')).world();
  const open = answer(exec, objects('shop', 'web-0'), unread);
  assert.equal(open.verdict, 'depends');
  assert.deepEqual(holders(open, 'depends'), ['User/jane']);
  const dangling = answer(
    exec,
    objects('shop', 'web-0'),
    shop().binding('shop', 'b', 'ClusterRole/gone', user('jane')).world(),
  );
  assert.equal(dangling.verdict, 'no');
  assert.ok(
    dangling.nearMisses.some(
      ({ id, reason }) => id === 'near-miss-missing-role' && reason.includes('whoever creates it decides'),
    ),
  );
});

test('a webhook authorizer turns a no into depends, leaning to no', () => {
  const self = {
    user: null,
    namespace: 'shop',
    rules: [],
    incomplete: 'webhook authorizer does not support user rule resolution',
  };
  const world = cluster({ self }).pod('shop', 'web-0').world();
  const result = answer(exec, objects('shop', 'web-0'), world);
  assert.deepEqual([result.verdict, result.leaning], ['depends', 'no']);
});

test('where bindings cannot be read, the caller still learns of itself', () => {
  const self = {
    user: { name: 'me', groups: [] },
    namespace: 'shop',
    rules: [allow('create', 'pods/exec')],
    incomplete: null,
  };
  const world = cluster({ self })
    .pod('shop', 'web-0')
    .refuse(list('rolebindings'))
    .refuse(list('clusterrolebindings'))
    .world();
  const result = answer(exec, objects('shop', 'web-0'), world);
  assert.deepEqual([result.verdict, holders(result)], ['yes', ['User/me']]);
});

test('--accept lists a holder apart and counts it nowhere', () => {
  const world = shop()
    .clusterRole('r', [allow('create', 'pods/exec')])
    .binding('shop', 'b', 'ClusterRole/r', user('jane'))
    .world();
  const result = answer(exec, objects('shop', 'web-0'), world, { accepts: ({ name }) => name === 'jane' });
  assert.equal(result.verdict, 'no');
  assert.ok(result.findings.some(({ accepted, subject }) => accepted && subject.name === 'jane'));
});

test('--expand lists the members of a group of accounts, whose number is always known', () => {
  const world = shop()
    .account('ci', 'a')
    .account('ci', 'b')
    .account('dev', 'c')
    .clusterRole('r', [allow('create', 'pods/exec')])
    .binding('shop', 'b', 'ClusterRole/r', group('system:serviceaccounts:ci'))
    .world();
  const [row] = answer(exec, objects('shop', 'web-0'), world).findings.filter(({ accepted }) => !accepted);
  assert.equal(row?.subject.members, 2);
  const expanded = answer(exec, objects('shop', 'web-0'), world, { expand: true });
  assert.match(expanded.summary, /^1 subject can/);
  assert.deepEqual(holders(expanded), [
    'Group/system:serviceaccounts:ci',
    'ServiceAccount/ci/a',
    'ServiceAccount/ci/b',
  ]);
});

test('workloads stand for their pods', () => {
  const selector = { matchLabels: { app: 'web' }, matchExpressions: [] };
  const world = cluster()
    .workload('deployments', 'shop', 'web', { selector })
    .pod('shop', 'web-a', { labels: { app: 'web' } })
    .pod('shop', 'web-b', { labels: { app: 'web' } })
    .pod('shop', 'db', { labels: { app: 'db' } })
    .workload('cronjobs', 'shop', 'nightly')
    .workload('jobs', 'shop', 'nightly-1', { owner: { kind: 'CronJob', name: 'nightly' } })
    .pod('shop', 'nightly-1-x', { owner: { kind: 'Job', name: 'nightly-1' } })
    .world();
  const names = (target: ObjectsTarget): string[] =>
    asked(exec, target, world).asked.map(({ answer: each }) => each.target?.name ?? '');
  assert.deepEqual(names(objects('shop', 'deployments/web')), ['web-a', 'web-b']);
  assert.deepEqual(names(objects('shop', 'cronjobs/nightly')), ['nightly-1-x']);
  assert.deepEqual(names({ refs: [], selector: 'app in (db)', namespace: 'shop' }), ['db']);
});

test('services and nodes by every spelling of their names', () => {
  const names = ['http:cart:web', 'n1:9100'];
  const world = cluster()
    .service('shop', 'cart')
    .node('n1')
    .clusterRole('r', [allow('get', 'services/proxy nodes/proxy', { names })])
    .clusterBinding('b', 'ClusterRole/r', user('jane'))
    .world();
  assert.deepEqual(holders(answer(proxy, objects('shop', 'services/cart'), world)), ['User/jane']);
  assert.deepEqual(holders(answer(proxy, objects('shop', 'nodes/n1'), world)), ['User/jane']);
  assert.deepEqual(holders(answer(proxy, objects('shop', 'services/http:cart:web'), world)), ['User/jane']);
  assert.deepEqual(holders(answer(proxy, objects('shop', 'services/https:cart:web'), world)), []);
});

test('where the node could not be read, a right over one of its ports may or may not be one over its kubelet', () => {
  const at = (name: string) =>
    cluster()
      .pod('shop', 'web-0', { node: 'n1' })
      .refuse(list('nodes'))
      .clusterRole('r', [allow('create', 'nodes/proxy', { names: [name] })])
      .clusterBinding('b', 'ClusterRole/r', user('jane'))
      .world();
  const said = answer(exec, objects('shop', 'web-0'), at('n1:10255'));
  assert.deepEqual([said.verdict, said.unknowns.map(({ what }) => what)], ['depends', ['node n1']]);
  assert.equal(answer(exec, objects('shop', 'web-0'), at('https:n1:10250')).verdict, 'depends');
  assert.equal(answer(exec, objects('shop', 'web-0'), at('https:n1:')).verdict, 'yes');
  assert.equal(answer(exec, objects('shop', 'web-0'), at('https:n2:10250')).verdict, 'no');
});

test('a role that could not be understood is not one that does not exist', () => {
  const world = shop().binding('shop', 'b', 'Role/odd', user('jane'), group('devs')).world();
  world.addMalformed('roles', 'roles shop/odd', 'verbs is not a list of strings');
  const result = answer(exec, objects('shop', 'web-0'), world);
  assert.deepEqual([result.verdict, holders(result, 'depends')], ['depends', ['User/jane', 'Group/devs']]);
  assert.deepEqual([result.unknowns[0]?.what, result.unknowns[0]?.why], ['Role odd', 'verbs is not a list of strings']);
});

test('nobody who gets in by a group is said not to', () => {
  const world = shop()
    .role('shop', 'r', [allow('create', 'pods/exec')])
    .role('shop', 'near', [allow('create', 'pods/*')])
    .binding('shop', 'b', 'Role/r', group('system:serviceaccounts:ci'))
    .binding('shop', 'n', 'Role/near', account('ci', 'a'), account('dev', 'a'), user('system:serviceaccount:ci:b'))
    .world();
  assert.deepEqual(holders(answer(exec, objects('shop', 'web-0'), world), 'no'), ['ServiceAccount/dev/a']);
});

test('members are listed of groups that may, not of those that nearly do, and are accepted one by one', () => {
  const world = shop()
    .account('ci', 'a')
    .account('ci', 'b')
    .role('shop', 'r', [allow('create', 'pods/exec')])
    .binding('shop', 'b', 'Role/r', group('system:serviceaccounts:ci'))
    .binding('shop', 'n', 'Role/gone', group('system:serviceaccounts'))
    .world();
  const { findings } = answer(exec, objects('shop', 'web-0'), world, {
    expand: true,
    accepts: ({ name }) => name === 'a',
  });
  const rows = findings.filter(({ subject }) => subject.kind === 'ServiceAccount');
  assert.deepEqual(
    rows.map(({ subject, verdict, accepted }) => [subject.name, verdict, accepted]),
    [
      ['a', 'yes', true],
      ['b', 'yes', false],
    ],
  );
});

test('a binding to the anonymous user is one to anybody', () => {
  const world = shop()
    .role('shop', 'r', [allow('create', 'pods/exec')])
    .binding('shop', 'b', 'Role/r', user('system:anonymous'))
    .world();
  assert.match(answer(exec, objects('shop', 'web-0'), world).summary, /among them anybody, even without logging in/);
});

test('system:masters may all, whatever less a binding gives them', () => {
  const world = cluster()
    .clusterRole('r', [allow('get', 'secrets', { names: ['db'] })])
    .clusterBinding('b', 'ClusterRole/r', group('system:masters'))
    .world();
  const { findings } = answer(who, right('get secrets'), world);
  assert.ok(findings.some(({ subject, scope }) => subject.name === 'system:masters' && scope.names === null));
});

test('only the proxies take a name apart', () => {
  const { asked: answers, errors } = asked(exec, objects('shop', 'https:web-0:8443'), shop().world());
  assert.deepEqual(
    [answers.length, errors.map(({ message }) => message)],
    [0, ['Error from server (NotFound): pods "https:web-0:8443" not found in namespace shop']],
  );
});

test('a list of pods that broke off: those that were read are answered, and the rest is an error', () => {
  const world = cluster()
    .refuse(list('pods'))
    .refuse(list('pods', 'shop', 'app in (web)'))
    .refuse(list('jobs'))
    .pod('shop', 'web-0', { labels: { app: 'web' } })
    .workload('cronjobs', 'shop', 'nightly')
    .world();
  const { asked: answers, errors } = asked(exec, { refs: [], selector: 'app in (web)', namespace: 'shop' }, world);
  assert.deepEqual([answers.length, errors.map(({ message }) => message)], [1, ['error: could not read pods: 403']]);
  assert.match(
    asked(exec, objects('shop', 'cronjobs/nightly'), world).errors[0]?.message ?? '',
    /^error: could not read jobs/,
  );
});

const self = (rule: Rule) => ({ user: { name: 'me', groups: [] }, namespace: 'shop', rules: [rule], incomplete: null });
const unread = (rule: Rule) =>
  cluster({ self: self(rule) })
    .namespace('shop')
    .refuse(list('rolebindings'))
    .refuse(list('clusterrolebindings'))
    .world();
test('what the server says of the caller: limited to names, in its namespace, and never of URLs', () => {
  const secrets = unread(allow('get', 'secrets', { names: ['db'] }));
  for (const namespace of ['shop', null]) {
    const [row] = answer(who, right('get secrets', namespace), secrets).findings.filter(
      ({ subject }) => subject.name === 'me',
    );
    assert.deepEqual(row?.scope, { namespace: 'shop', names: ['db'] });
  }
  // A ClusterRole in a RoleBinding may have given it, which never counts.
  assert.equal(answer(who, right('get /metrics'), unread(allowUrls('get', '/metrics'))).verdict, 'depends');
  assert.equal(answer(who, right('get nodes'), unread(allow('get', 'nodes'))).verdict, 'depends');
});

test('a pod that could not be understood may be one of a workload: an error, and the others are answered', () => {
  const world = cluster()
    .namespace('shop')
    .pod('shop', 'web-0', { labels: { app: 'web' } })
    .workload('deployments', 'shop', 'web', { selector: { matchLabels: { app: 'web' }, matchExpressions: [] } })
    .world();
  world.addMalformed('pods', 'pods other/x', 'labels is not a map of strings');
  const of = () => asked(exec, objects('shop', 'deployments/web'), world);
  assert.deepEqual([of().asked.length, of().errors], [1, []]);
  world.addMalformed('pods', 'pods shop/web-1', 'labels is not a map of strings');
  assert.deepEqual(
    [of().asked.length, of().errors.map(({ message }) => message)],
    [1, ['error: could not read pods shop/web-1: labels is not a map of strings']],
  );
});

const SERVED = { name: null, port: 80 };
const served = (rule: Rule, service: Partial<Service> = {}, names = ['web']) =>
  names.reduce(
    (builder, name) => builder.service('shop', name, { ports: [SERVED], selector: { app: 'web' }, ...service }),
    cluster()
      .namespace('shop')
      .pod('shop', 'web-0', { node: 'n1', labels: { app: 'web', tier: 'front' } })
      .node('n1')
      .role('shop', 'role', [rule])
      .binding('shop', 'binding', 'Role/role', user('jane')),
  );
const NAMED = { ports: [{ name: 'http', port: 80 }] };

const services: [builder: ClusterBuilder, 'yes' | 'no', string][] = [
  [served(allow('get', 'services/proxy')), 'yes', 'the service selects the pod'],
  [served(allow('delete', 'services/proxy')), 'yes', 'by every method'],
  [served(allow('get', 'services/proxy', { names: ['web'] })), 'yes', 'this service'],
  [served(allow('get', 'services/proxy', { names: ['other'] })), 'no', 'another service'],
  [served(allow('get', 'services/proxy', { names: ['http:web:80'] })), 'yes', 'a port of it'],
  [served(allow('get', 'services/proxy', { names: ['web:81'] })), 'no', 'no port of it'],
  [served(allow('get', 'services/proxy', { names: ['web:http'] }), NAMED), 'yes', 'a port by its name'],
  [served(allow('get', 'services/proxy', { names: ['web'] }), NAMED), 'no', 'a port with a name has to be named'],
  [served(allow('get', 'services/proxy'), { selector: { app: 'db' } }), 'no', 'it selects others'],
  [
    served(allow('get', 'services/proxy'), { selector: { app: 'web', tier: 'back' } }),
    'no',
    'one label of two is not enough',
  ],
  [served(allow('get', 'services/proxy'), { selector: {} }), 'no', 'it selects nothing'],
  [
    served(allow('get', 'services/proxy'), { ports: [{ ...SERVED, targetPort: 'http' }] }),
    'yes',
    'ports of a pod that was not read may have that name',
  ],
  [served(allow('get', 'services/proxy'), { ports: [] }), 'no', 'it has no port'],
  [served(allow('get', 'services')), 'no', 'to see a service leads nowhere'],
  [served(allow('*', 'services/*')), 'no', 'services/* is no wildcard'],
  [served(allow('get', 'services/proxy'), {}, []), 'no', 'there is no service'],
];
for (const [builder, expected, why] of services) {
  test(`proxy web-0 by a service: ${expected}, ${why}`, () => {
    const said = answer(proxy, objects('shop', 'web-0'), builder.world());
    assert.equal(said.verdict, expected);
    if (expected === 'yes')
      assert.deepEqual(said.findings.find(({ subject }) => subject.name === 'jane')?.object.kind, 'Service');
    assert.equal(answer(pod, objects('shop', 'web-0'), builder.world()).verdict, expected);
    for (const question of [exec, portForward])
      assert.equal(answer(question, objects('shop', 'web-0'), builder.world()).verdict, 'no');
  });
}

test('services that could not be listed: whoever may send requests to some may reach the pod', () => {
  const builder = served(allow('get', 'services/proxy'), {}, [])
    .refuse(list('services'))
    .refuse(list('services', 'shop'));
  assert.equal(answer(proxy, objects('shop', 'web-0'), builder.world()).verdict, 'depends');
  const without = served(allow('get', 'services'), {}, []).refuse(list('services')).refuse(list('services', 'shop'));
  assert.equal(answer(proxy, objects('shop', 'web-0'), without.world()).verdict, 'no');
});

test('a pod that could not be read: any service may lead there', () => {
  const unread = (rule: Rule) =>
    served(rule, {}, ['web'])
      .refuse(list('pods'))
      .refuse(get('pods', 'shop', 'gone'));
  for (const question of [proxy, pod]) {
    assert.equal(
      answer(question, objects('shop', 'gone'), unread(allow('get', 'services/proxy')).world()).verdict,
      'depends',
    );
    assert.equal(answer(question, objects('shop', 'gone'), unread(allow('get', 'services')).world()).verdict, 'no');
  }
});

test('a service that could not be understood may lead there; one that selects nothing is said', () => {
  const raw = (spec: object) => ({ metadata: { namespace: 'shop', name: 'odd' }, spec });
  const odd = served(allow('get', 'services/proxy'), {}, []).world();
  odd.addMalformed('services', 'services shop/odd', 'spec.selector is not a map of strings');
  assert.equal(answer(proxy, objects('shop', 'web-0'), odd).verdict, 'depends');
  const elsewhere = served(allow('get', 'services/proxy'), {}, []).world();
  elsewhere.addMalformed('services', 'services ci/odd', 'spec.selector is not a map of strings');
  assert.equal(answer(proxy, objects('shop', 'web-0'), elsewhere).verdict, 'no');

  const says = (spec: object): boolean => {
    const world = served(allow('get', 'services/proxy'), {}, [])
      .with('services', reduceService(raw(spec)))
      .world();
    const said = answer(proxy, objects('shop', 'web-0'), world);
    assert.equal(said.verdict, 'no');
    return said.assumptions.some((each) => each.includes('EndpointSlices'));
  };
  assert.equal(says({ ports: [{ port: 80 }] }), true);
  assert.equal(says({ type: 'ExternalName', selector: { app: 'web' }, externalName: 'x', ports: [] }), false);
  assert.equal(says({ selector: { app: 'db' }, ports: [{ port: 80 }] }), false);
});

const portOf = (spec: object) =>
  reducePod({ metadata: { namespace: 'shop', name: 'web-0', labels: { app: 'web' } }, spec }, true);
const targets: [spec: object, verdict: 'yes' | 'no', why: string][] = [
  [{ containers: [{ name: 'a', ports: [{ name: 'http' }] }] }, 'yes', 'a container has a port of that name'],
  [{ containers: [{ name: 'a', ports: [{ name: 'grpc' }] }] }, 'no', 'none has'],
  [{ containers: [{ name: 'a' }] }, 'no', 'it has no ports'],
  [{ initContainers: [{ name: 'i', restartPolicy: 'Always', ports: [{ name: 'http' }] }] }, 'yes', 'a sidecar has'],
  [{ initContainers: [{ name: 'i', ports: [{ name: 'http' }] }] }, 'no', 'an init container ends before'],
];
for (const [spec, verdict, why] of targets)
  test(`a service with a port of the pod by name: ${verdict}, ${why}`, () => {
    const world = served(allow('get', 'services/proxy'), { ports: [{ ...SERVED, targetPort: 'http' }] })
      .with('pods', portOf(spec))
      .world();
    assert.equal(answer(proxy, objects('shop', 'web-0'), world).verdict, verdict);
  });

test('a spelling of the pod is led to by no service', () => {
  assert.equal(
    answer(proxy, objects('shop', 'https:web-0:8443'), served(allow('get', 'services/proxy')).world()).verdict,
    'no',
  );
});
