import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { exec, proxy, who } from '../../src/questions/index.ts';
import { pod } from '../../src/questions/pod/pod.ts';
import { privileged } from '../../src/questions/privileged/privileged.ts';
import type { Options, Question } from '../../src/questions/question.ts';
import { rawSockets } from '../../src/questions/raw-sockets/raw-sockets.ts';
import { get, list } from '../../src/world/needs.ts';
import type { Subject } from '../../src/world/objects.ts';
import type { World } from '../../src/world/world.ts';
import { account, allow, type ClusterBuilder, cluster, group, user } from '../helpers/cluster.ts';
import { answer, asked, objects, right } from '../helpers/question.ts';

const story = (): ClusterBuilder =>
  cluster()
    .namespace('prod')
    .namespace('shop')
    .namespace('kube-system')
    .node('worker-1')
    .pod('shop', 'web-0', { labels: { app: 'web' } })
    .pod('shop', 'cache-0')
    .account('shop', 'web')
    .account('prod', 'robot')
    .role('shop', 'r', [allow('create', 'pods/exec')])
    .binding('shop', 'b', 'Role/r', account('shop', 'web'));

/** The error of a question that cannot be answered, and that nothing is answered besides. */
function refusal<T>(question: Question<T>, target: T, world: World, options: Partial<Options> = {}): string {
  try {
    const result = asked(question, target, world, options);
    assert.deepEqual(result.asked, []);
    return result.errors.map(({ message, exitCode }) => `${exitCode} ${message}`).join('\n');
  } catch (error) {
    return `${(error as { exitCode?: number }).exitCode} ${(error as Error).message}`;
  }
}

/** Nothing of the kind could be read, and which namespaces there are could. */
const sealed = (): ClusterBuilder => {
  const builder = cluster().namespace('prod').namespace('shop').namespace('kube-system');
  for (const kind of ['pods', 'deployments', 'services'] as const)
    for (const namespace of ['prd', 'Prod', 'shpo', 'kube', 'nosuch'])
      builder
        .refuse(list(kind))
        .refuse(list(kind, namespace))
        .refuse(get(kind, namespace, 'web'));
  return builder;
};

const NOT_FOUND = '1 Error from server (NotFound): ';
const scope = (namespace: string, selector: string | null = null) => ({ refs: [], selector, namespace });
const everybody = (namespace: string) => ({ subjects: [], pods: null, namespace });
const one = (subject: Subject) => ({ subjects: [subject], pods: null, namespace: 'shop' });

describe('a namespace that does not exist', () => {
  const cases: [why: string, ask: (namespace: string, world: World) => string][] = [
    ['raw-sockets', (namespace, world) => refusal(rawSockets, scope(namespace), world)],
    ['raw-sockets -l', (namespace, world) => refusal(rawSockets, scope(namespace, 'app=web'), world)],
    ['privileged', (namespace, world) => refusal(privileged, everybody(namespace), world)],
    [
      'privileged -l',
      (namespace, world) => refusal(privileged, { subjects: [], pods: scope(namespace, 'app'), namespace }, world),
    ],
    ['who', (namespace, world) => refusal(who, right('get pods', namespace), world)],
    ['exec POD', (namespace, world) => refusal(exec, objects(namespace, 'nope'), world)],
    ['exec -l', (namespace, world) => refusal(exec, scope(namespace, 'app=web'), world)],
    ['pod -l', (namespace, world) => refusal(pod, scope(namespace, '!app'), world)],
    ['pod POD', (namespace, world) => refusal(pod, objects(namespace, 'nope'), world)],
    ['exec deployment/web', (namespace, world) => refusal(exec, objects(namespace, 'deployments/web'), world)],
    ['proxy svc/web', (namespace, world) => refusal(proxy, objects(namespace, 'services/web'), world)],
    [
      '--subject sa/x',
      (namespace, world) => refusal(exec, objects('shop', 'web-0'), world, { subject: account(namespace, 'x') }),
    ],
    [
      'who --subject sa/x',
      (namespace, world) => refusal(who, right('get pods', 'shop'), world, { subject: account(namespace, 'x') }),
    ],
    [
      '--subject system:serviceaccount:NS:x as a user',
      (namespace, world) =>
        refusal(exec, objects('shop', 'web-0'), world, { subject: user(`system:serviceaccount:${namespace}:x`) }),
    ],
    [
      '--subject group/system:serviceaccounts:NS',
      (namespace, world) =>
        refusal(exec, objects('shop', 'web-0'), world, { subject: group(`system:serviceaccounts:${namespace}`) }),
    ],
    ['exec POD, where pods may not be read', (namespace) => refusal(exec, objects(namespace, 'web'), sealed().world())],
    ['pod POD, where pods may not be read', (namespace) => refusal(pod, objects(namespace, 'web'), sealed().world())],
    [
      'raw-sockets POD, where pods may not be read',
      (namespace) => refusal(rawSockets, objects(namespace, 'web'), sealed().world()),
    ],
    [
      'exec deployment/web, where it may not be read',
      (namespace) => refusal(exec, objects(namespace, 'deployments/web'), sealed().world()),
    ],
    [
      'proxy svc/web, where it may not be read',
      (namespace) => refusal(proxy, objects(namespace, 'services/web'), sealed().world()),
    ],
    ['privileged user/x -n', (namespace, world) => refusal(privileged, { ...one(user('x')), given: namespace }, world)],
    [
      'privileged group/x -n',
      (namespace, world) => refusal(privileged, { ...one(group('x')), given: namespace }, world),
    ],
    [
      'privileged of an account elsewhere -n',
      (namespace, world) => refusal(privileged, { ...one(account('shop', 'web')), given: namespace }, world),
    ],
    ['privileged sa/x', (namespace, world) => refusal(privileged, one(account(namespace, 'x')), world)],
  ];
  const typed: [namespace: string, meant: string][] = [
    ['prd', ', did you mean "prod"?'],
    ['Prod', ', did you mean "prod"?'],
    ['shpo', ', did you mean "shop"?'],
    ['kube', ', did you mean "kube-system"?'],
    ['nosuch', ''],
  ];
  for (const [why, ask] of cases)
    for (const [namespace, meant] of typed)
      test(`${why} in ${namespace}`, () =>
        assert.equal(ask(namespace, story().world()), `${NOT_FOUND}namespaces "${namespace}" not found${meant}`));

  test('where nobody may read whether it exists, the answer goes on, and a no depends', () => {
    const hidden = () =>
      story()
        .refuse(list('namespaces'))
        .refuse(get('namespaces', null, 'prd'))
        .world();
    for (const ask of [
      () => answer(who, right('delete secrets', 'prd'), hidden()),
      () => answer(rawSockets, scope('prd'), hidden()),
      () => answer(privileged, everybody('prd'), hidden()),
    ]) {
      const { verdict, unknowns } = ask();
      assert.equal(verdict, 'depends');
      assert.ok(
        unknowns.some(({ what, affects }) => what === 'namespace prd' && affects === 'whether it exists at all'),
      );
    }
  });

  test('a pod that may not be read is answered about where its namespace is there, or where that is not known', () => {
    const hidden = (builder: ClusterBuilder) =>
      builder
        .refuse(list('pods'))
        .refuse(get('pods', 'shop', 'x'))
        .world();
    assert.equal(
      answer(exec, objects('shop', 'x'), hidden(cluster().namespace('shop')), { subject: user('jane') }).verdict,
      'no',
    );
    const closed = cluster()
      .refuse(list('namespaces'))
      .refuse(get('namespaces', null, 'shop'));
    assert.equal(answer(exec, objects('shop', 'x'), hidden(closed), { subject: user('jane') }).verdict, 'no');
  });

  test('privileged of somebody, with a namespace that is there or that nobody said', () => {
    for (const given of ['shop', null, undefined])
      assert.equal(
        answer(privileged, { ...one(user('x')), ...(given !== undefined && { given }) }, story().world()).verdict,
        'no',
      );
  });

  test('one that objects are in exists, though the file has no Namespace', () => {
    const world = cluster().pod('shop', 'web-0').role('dev', 'r', []).account('ci', 'a').world();
    for (const namespace of ['shop', 'dev', 'ci'])
      assert.equal(answer(who, right('get pods', namespace), world).verdict, 'no');
    assert.equal(
      answer(exec, objects('shop', 'web-0'), world, { subject: group('system:serviceaccounts:ci') }).verdict,
      'no',
    );
  });
});

describe('an object that does not exist', () => {
  const named: [why: string, message: string, says: string][] = [
    [
      'a pod of another namespace',
      refusal(exec, objects('prod', 'web-0'), story().world()),
      'pods "web-0" not found in namespace prod; there is one in shop',
    ],
    [
      'a pod of a namespace that is misspelt',
      refusal(exec, objects('shpo', 'web-0'), story().world()),
      'pods "web-0" not found in namespace shpo; there is one in shop (namespaces "shpo" not found, did you mean "shop"?)',
    ],
    [
      'a pod that is misspelt',
      refusal(exec, objects('shop', 'wbe-0'), story().world()),
      'pods "wbe-0" not found in namespace shop, did you mean "web-0"?',
    ],
    [
      'the beginning of a name',
      refusal(pod, objects('shop', 'cache'), story().world()),
      'pods "cache" not found in namespace shop, did you mean "cache-0"?',
    ],
    [
      'a name like no other',
      refusal(rawSockets, objects('shop', 'nope'), story().world()),
      'pods "nope" not found in namespace shop',
    ],
    [
      'namesakes in several namespaces',
      refusal(exec, objects('prod', 'x'), story().pod('shop', 'x').pod('kube-system', 'x').world()),
      'pods "x" not found in namespace prod; there are some in kube-system and shop',
    ],
    [
      'a node',
      refusal(proxy, objects('shop', 'nodes/worker-2'), story().world()),
      'nodes "worker-2" not found, did you mean "worker-1"?',
    ],
    [
      'a workload',
      refusal(exec, objects('shop', 'deployments/nope'), story().world()),
      'deployments.apps "nope" not found in namespace shop',
    ],
    [
      'an account',
      refusal(privileged, one(account('shop', 'wbe')), story().world()),
      'serviceaccounts "wbe" not found in namespace shop, did you mean "web"?',
    ],
    [
      'an account of another namespace',
      refusal(who, right('get pods', 'shop'), story().world(), { subject: account('shop', 'robot') }),
      'serviceaccounts "robot" not found in namespace shop; there is one in prod',
    ],
    [
      'an account that everybody’s right would do for',
      refusal(
        exec,
        objects('shop', 'web-0'),
        story().binding('shop', 'all', 'Role/r', group('system:serviceaccounts')).world(),
        {
          subject: account('shop', 'nope'),
        },
      ),
      'serviceaccounts "nope" not found in namespace shop',
    ],
  ];
  for (const [why, message, says] of named) test(why, () => assert.equal(message, `${NOT_FOUND}${says}`));

  test('users and groups that no binding names are valid: no cluster knows them', () => {
    for (const subject of [user('nobody'), group('nobodies'), user('system:node:nowhere')])
      assert.notEqual(answer(who, right('create pods/exec', 'shop'), story().world(), { subject }).verdict, 'yes');
  });

  test('an account that is not there and that a binding names has what it is granted as soon as somebody creates it', () => {
    const world = story().binding('shop', 'ghost', 'Role/r', account('shop', 'ghost')).world();
    for (const subject of [account('shop', 'ghost'), user('system:serviceaccount:shop:ghost')]) {
      const { verdict, summary } = answer(exec, objects('shop', 'web-0'), world, { subject });
      assert.equal(verdict, 'yes');
      assert.match(summary, /there is no such account: whoever creates it has what it is granted/);
    }
    assert.match(
      refusal(who, right('get secrets', 'shop'), world, { subject: account('shop', 'ghost') }),
      /serviceaccounts "ghost" not found/,
    );
  });

  test('what could not be read is no reason to deny that it is there', () => {
    const world = story()
      .refuse(list('serviceaccounts'))
      .refuse(get('serviceaccounts', 'shop', 'nope'))
      .world();
    assert.equal(answer(exec, objects('shop', 'web-0'), world, { subject: account('shop', 'nope') }).verdict, 'no');
  });

  test('the others that were asked about are answered', () => {
    const { asked: answered, errors } = asked(
      privileged,
      { subjects: [account('shop', 'nope'), account('shop', 'web')], pods: null, namespace: 'shop' },
      story().world(),
    );
    assert.deepEqual([answered.length, errors.length], [1, 1]);
  });
});

test('a selector that selects nothing is no answer', () => {
  for (const [question, target] of [
    [exec, scope('shop', 'app=nope')],
    [pod, scope('shop', 'app=nope')],
    [rawSockets, scope('shop', 'app=nope')],
  ] as const)
    assert.equal(refusal(question, target, story().world()), '1 No resources found in shop namespace.');
  assert.equal(
    refusal(rawSockets, { ...scope('shop', 'app=nope'), namespace: null }, story().world()),
    '1 No resources found',
  );
});
