import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exec, portForward } from '../../../src/questions/access/pod-access.ts';
import { proxy } from '../../../src/questions/access/proxy.ts';
import { withIndirect } from '../../../src/questions/holders/indirect/index.ts';
import { pod } from '../../../src/questions/pod/pod.ts';
import type { Options, Question } from '../../../src/questions/question.ts';
import { who } from '../../../src/questions/who/who.ts';
import { list, whole } from '../../../src/world/needs.ts';
import type { Subject } from '../../../src/world/objects.ts';
import type { World } from '../../../src/world/world.ts';
import { account, allow, allowUrls, type ClusterBuilder, cluster, group, user } from '../../helpers/cluster.ts';
import { answer, objects, right } from '../../helpers/question.ts';

const RBAC = { groups: ['rbac.authorization.k8s.io'] };
const BUILDER = account('ci', 'builder');
const WEB = account('shop', 'web');

const TOKENS = '/var/run/secrets/kubernetes.io/serviceaccount';
const WEB_POD = {
  metadata: { namespace: 'shop', name: 'web-0' },
  spec: {
    serviceAccountName: 'web',
    containers: [{ name: 'app', volumeMounts: [{ name: 'token', mountPath: TOKENS }] }],
    volumes: [{ name: 'token', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }],
  },
  status: { phase: 'Running' },
};

/** A shop whose account may tunnel to its pod, and somebody in another namespace. */
const shop = (): ClusterBuilder =>
  cluster()
    .namespace('shop', { 'pod-security.kubernetes.io/enforce': 'restricted' })
    .namespace('ci', { 'pod-security.kubernetes.io/enforce': 'restricted' })
    .account('shop', 'web')
    .account('ci', 'builder')
    .node('n1')
    .rawPod(WEB_POD)
    .role('shop', 'tunnel', [allow('create', 'pods/portforward')])
    .binding('shop', 'tunnel', 'Role/tunnel', WEB);

/** The same, with a role in a namespace for somebody. */
const bound = (namespace: string, who: Subject, ...rules: Parameters<ClusterBuilder['role']>[2]): ClusterBuilder =>
  shop().role(namespace, 'r', rules).binding(namespace, 'r', 'Role/r', who);

const everywhere = (who: Subject, ...rules: Parameters<ClusterBuilder['role']>[2]): ClusterBuilder =>
  shop().clusterRole('r', rules).clusterBinding('r', 'ClusterRole/r', who);

const TOKEN = allow('create', 'serviceaccounts/token');

/** The indirect holders, each with the techniques of its way, and the verdict where it is no yes. */
function indirect<T>(question: Question<T>, target: T, world: World, options: Partial<Options> = {}): string[] {
  const { findings } = answer(withIndirect(question), target, world, options);
  return findings
    .filter(({ direct, accepted }) => !direct && !accepted)
    .map(({ subject: { kind, namespace, name }, verdict, evidence }) =>
      [
        [kind, namespace, name].filter((part) => part !== null).join('/'),
        ...evidence.map(({ technique }) => technique),
        ...(verdict === 'yes' ? [] : [verdict]),
      ].join(' '),
    );
}

const tunnel = (world: World, options: Partial<Options> = {}): string[] =>
  indirect(portForward, objects('shop', 'web-0'), world, options);

const BUILDER_NAME = 'ServiceAccount/ci/builder';

const chains: [name: string, world: ClusterBuilder, expected: string[]][] = [
  ['nobody', shop(), []],
  ['a token', bound('shop', BUILDER, TOKEN), [`${BUILDER_NAME} sa-token-request pod-port-forward`]],
  [
    'a token of that account alone',
    bound('shop', BUILDER, allow('create', 'serviceaccounts/token', { names: ['web'] })),
    [`${BUILDER_NAME} sa-token-request pod-port-forward`],
  ],
  [
    'a token of another account',
    bound('shop', BUILDER, allow('create', 'serviceaccounts/token', { names: ['api'] })).account('shop', 'api'),
    [],
  ],
  ['a token in another namespace', bound('ci', BUILDER, TOKEN), []],
  [
    'a pod as the account, in which it finds its token',
    bound('shop', BUILDER, allow('create', 'pods')),
    [`${BUILDER_NAME} pod-create pod-create pod-port-forward`],
  ],
  ['a pod of another namespace', bound('ci', BUILDER, allow('create', 'pods')), []],
  [
    'a command in the pod that has the token',
    bound('shop', BUILDER, allow('create', 'pods/exec')),
    [`${BUILDER_NAME} pod-exec pod-token pod-port-forward`],
  ],
  [
    'impersonation of the account',
    bound('shop', BUILDER, allow('impersonate', 'serviceaccounts')),
    [`${BUILDER_NAME} impersonate-sa pod-port-forward`],
  ],
  [
    'a binding of its own, which nobody needs to become anybody for',
    shop()
      .role('shop', 'r', [allow('create', 'rolebindings', RBAC), allow('bind', 'roles', RBAC)])
      .binding('shop', 'r', 'Role/r', BUILDER),
    [`${BUILDER_NAME} rbac-bind pod-port-forward`],
  ],
  ['a binding without the right to bind', bound('shop', BUILDER, allow('create', 'rolebindings', RBAC)), []],
  [
    'a right that takes two identities, who help each other',
    bound('ci', BUILDER, TOKEN)
      .account('ci', 'helper')
      .role('shop', 'helper', [TOKEN])
      .binding('shop', 'helper', 'Role/helper', account('ci', 'helper')),
    [
      'ServiceAccount/ci/helper sa-token-request pod-port-forward',
      `${BUILDER_NAME} sa-token-request sa-token-request pod-port-forward`,
    ],
  ],
  [
    'users by name, one of whom holds it',
    everywhere(user('omar'), allow('impersonate', 'users')).binding('shop', 'more', 'Role/tunnel', user('jane')),
    ['User/omar impersonate-user pod-port-forward'],
  ],
  [
    'groups alone, without anybody to be in them',
    everywhere(user('omar'), allow('impersonate', 'groups')).binding('shop', 'more', 'Role/tunnel', group('ops')),
    [],
  ],
  [
    'groups and users',
    everywhere(user('omar'), allow('impersonate', 'users groups')).binding('shop', 'more', 'Role/tunnel', group('ops')),
    ['User/omar impersonate-user pod-port-forward'],
  ],
];
for (const [name, world, expected] of chains)
  test(`who can become somebody that can port-forward: ${name}`, () => {
    assert.deepEqual(tunnel(world.world()), expected);
    // One subject alone gets the same.
    for (const subject of [BUILDER, user('omar')]) {
      const { kind, name: own } = subject;
      assert.deepEqual(
        tunnel(world.world(), { subject }).length,
        expected.filter((line) => line.split(' ')[0]?.startsWith(kind) && line.split(' ')[0]?.endsWith(`/${own}`))
          .length,
      );
    }
  });

test('what is limited to the names of other pods leads to no tunnel to this one', () => {
  const world = shop()
    .role('shop', 'one', [allow('create', 'pods/portforward', { names: ['db-0'] })])
    .account('shop', 'db')
    .binding('shop', 'one', 'Role/one', account('shop', 'db'))
    .role('shop', 'r', [allow('create', 'serviceaccounts/token', { names: ['db'] })])
    .binding('shop', 'r', 'Role/r', BUILDER)
    .pod('shop', 'db-0')
    .world();
  assert.deepEqual(tunnel(world), []);
  assert.deepEqual(indirect(portForward, objects('shop', 'db-0'), world), [
    `${BUILDER_NAME} sa-token-request pod-port-forward`,
  ]);
});

const METRICS = [allowUrls('get', '/metrics'), allow('get', 'nodes')];
const questions: [name: string, ask: (world: World) => string[], expected: string[]][] = [
  ['a URL', (world) => indirect(who, right('get /metrics'), world), [`${BUILDER_NAME} sa-token-request right`]],
  [
    'what is cluster-scoped',
    (world) => indirect(who, right('get nodes'), world),
    [`${BUILDER_NAME} sa-token-request right`],
  ],
  ['another verb', (world) => indirect(who, right('delete nodes'), world), []],
  [
    'any namespace',
    (world) => indirect(who, right('create pods/portforward'), world),
    [`${BUILDER_NAME} sa-token-request right`],
  ],
  ['another namespace', (world) => indirect(who, right('create pods/portforward', 'ci'), world), []],
  ['another subresource', (world) => indirect(exec, objects('shop', 'web-0'), world), []],
  [
    'the card of the pod',
    (world) => indirect(pod, objects('shop', 'web-0'), world),
    [`${BUILDER_NAME} sa-token-request pod-port-forward`],
  ],
  ['a node', (world) => indirect(proxy, objects('shop', 'nodes/n1'), world), []],
];
for (const [name, ask, expected] of questions)
  test(`indirect holders of other things: ${name}`, () => {
    const world = bound('shop', BUILDER, TOKEN)
      .clusterRole('metrics', METRICS)
      .clusterBinding('metrics', 'ClusterRole/metrics', WEB)
      .world();
    assert.deepEqual(ask(world), expected);
  });

test('the first line counts them apart, and the verdict counts them', () => {
  const told = (world: ClusterBuilder, options: Partial<Options> = {}) => {
    const { verdict, summary } = answer(withIndirect(portForward), objects('shop', 'web-0'), world.world(), options);
    return `${verdict}: ${summary}`;
  };
  assert.equal(told(shop()), 'yes: 1 subject can port-forward to pod shop/web-0');
  assert.equal(
    told(bound('shop', BUILDER, TOKEN)),
    'yes: 1 subject can port-forward to pod shop/web-0; 1 more can indirectly',
  );
  const accepts = ({ name }: { name: string }): boolean => name === 'web';
  assert.equal(
    told(bound('shop', BUILDER, TOKEN), { accepts }),
    'yes: 1 subject can port-forward to pod shop/web-0 indirectly; nobody can directly',
  );
  assert.equal(
    told(bound('shop', BUILDER, TOKEN), { accepts: ({ name }) => name !== 'x' }),
    'no: nobody can port-forward to pod shop/web-0 besides 2 built-in or accepted holders',
  );
  assert.equal(
    told(bound('shop', group('system:authenticated'), TOKEN)),
    'yes: 1 subject can port-forward to pod shop/web-0; 1 more can indirectly, among them everybody in system:authenticated',
  );
  const subject = BUILDER;
  assert.equal(
    told(bound('shop', BUILDER, TOKEN), { subject }),
    'yes: ServiceAccount ci/builder can port-forward to pod shop/web-0 indirectly, in 2 steps',
  );
  assert.equal(
    told(bound('shop', BUILDER, TOKEN), { subject, accepts: ({ name }) => name === 'builder' }),
    'no: ServiceAccount ci/builder can port-forward to pod shop/web-0 indirectly, in 2 steps, which is accepted',
  );
  assert.match(told(shop(), { subject }), /^no: ServiceAccount ci\/builder cannot port-forward to pod shop\/web-0: /);
});

test('a group stands for its members, unless one of them has a shorter way', () => {
  const world = bound('shop', group('system:authenticated'), allow('create', 'pods/exec'))
    .binding('shop', 'again', 'Role/r', BUILDER)
    .role('shop', 'token', [TOKEN])
    .binding('shop', 'token', 'Role/token', user('omar'));
  assert.deepEqual(tunnel(world.world()), [
    'User/omar sa-token-request pod-port-forward',
    'Group/system:authenticated pod-exec pod-token pod-port-forward',
  ]);
});

test('where nobody holds it, what could not be read of the ways of others may hide somebody; no holder is doubted', () => {
  const refused = (kind: 'pods' | 'serviceaccounts') =>
    shop()
      .refuse(list(kind))
      .refuse(whole(list('pods')))
      .world();
  const { verdict, summary, unknowns } = answer(withIndirect(who), right('delete secrets', 'shop'), refused('pods'));
  assert.equal(verdict, 'depends');
  assert.equal(
    summary,
    'nobody can delete secrets in namespace shop besides 1 built-in or accepted holder; who can become somebody that can was not seen as a whole',
  );
  assert.deepEqual(
    unknowns.map(({ what, affects }) => `${what}: ${affects}`),
    ['pods: who can become somebody that holds it'],
  );
  const held = answer(withIndirect(portForward), objects('shop', 'web-0'), refused('pods'));
  assert.equal(`${held.verdict}: ${held.summary}`, 'yes: 1 subject can port-forward to pod shop/web-0');
});

test('an account that may not exist is a way that depends on it', () => {
  const world = cluster()
    .namespace('shop')
    .namespace('ci')
    .account('ci', 'builder')
    .pod('shop', 'web-0')
    .role('shop', 'tunnel', [allow('create', 'pods/portforward')])
    .binding('shop', 'tunnel', 'Role/tunnel', WEB)
    .role('shop', 'r', [TOKEN])
    .binding('shop', 'r', 'Role/r', BUILDER)
    .refuse(list('serviceaccounts'))
    .world();
  assert.deepEqual(tunnel(world), [`${BUILDER_NAME} sa-token-request pod-port-forward depends`]);
});

test('what admission refuses somebody, nobody gets by becoming them', () => {
  const guarded = (expression: string) =>
    bound('shop', BUILDER, TOKEN)
      .with(
        'ValidatingAdmissionPolicy.admissionregistration.k8s.io',
        manifest('ValidatingAdmissionPolicy', {
          matchConstraints: {
            resourceRules: [
              { apiGroups: [''], apiVersions: ['v1'], operations: ['CONNECT'], resources: ['pods/portforward'] },
            ],
          },
          validations: [{ expression, message: 'not you' }],
        }),
      )
      .with(
        'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io',
        manifest('ValidatingAdmissionPolicyBinding', { policyName: 'guard', validationActions: ['Deny'] }),
      );
  assert.deepEqual(tunnel(guarded("request.userInfo.username != 'system:serviceaccount:shop:web'").world()), []);
  assert.deepEqual(tunnel(guarded("request.userInfo.username != 'system:serviceaccount:ci:builder'").world()), [
    `${BUILDER_NAME} sa-token-request pod-port-forward`,
  ]);
});

const manifest = (kind: string, spec: object) => ({
  ...{ group: 'admissionregistration.k8s.io', version: 'v1', kind, namespace: null, name: 'guard' },
  raw: { spec },
});

test('without being asked for, nobody is looked for but those who hold it', () => {
  const { findings } = answer(portForward, objects('shop', 'web-0'), bound('shop', BUILDER, TOKEN).world());
  assert.deepEqual(
    findings.filter(({ direct }) => !direct),
    [],
  );
});
