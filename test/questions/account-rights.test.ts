import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Finding } from '../../src/answer/answer.ts';
import { contextOf } from '../../src/questions/context.ts';
import { accountRights } from '../../src/questions/pod/account-rights.ts';
import { atomOf } from '../../src/questions/rights/holdings.ts';
import { rightsAt } from '../../src/questions/rights/rights.ts';
import { type Atom, atomKey, atomsOf, rulesOfAtoms } from '../../src/rbac/atoms.ts';
import { get, list } from '../../src/world/needs.ts';
import type { Rule } from '../../src/world/objects.ts';
import type { World } from '../../src/world/world.ts';
import { account, allow, allowUrls, type ClusterBuilder, cluster } from '../helpers/cluster.ts';
import { OPTIONS } from '../helpers/question.ts';

const RBAC = { groups: ['rbac.authorization.k8s.io'] };
const CERTIFICATES = { groups: ['certificates.k8s.io'] };
const AUTHENTICATION = { groups: ['authentication.k8s.io'] };
const APPS = { groups: ['apps'] };
const ALL = { groups: ['*'] };

/** Rules of the account in its namespace, and of the whole cluster. */
function granted(here: readonly Rule[], everywhere: readonly Rule[] = [], builder: ClusterBuilder = cluster()): World {
  return builder
    .role('shop', 'here', here)
    .binding('shop', 'here', 'Role/here', account('shop', 'web'))
    .clusterRole('everywhere', everywhere)
    .clusterBinding('everywhere', 'ClusterRole/everywhere', account('shop', 'web'))
    .world();
}

const rightsIn = (world: World): Finding[] =>
  accountRights({ namespace: 'shop', name: 'web' }, contextOf(world, OPTIONS));
const PLACE = / in (namespace shop|the whole cluster)/;
/** What is said, without where. */
const said = (world: World, verdict: string): string[] =>
  rightsIn(world).flatMap((each) =>
    each.verdict === verdict
      ? [each.reason.replace(PLACE, '').replace(/ \(useless alone: it lacks (.*), which.*\)$/, ': lacks $1')]
      : [],
  );

type Row = [why: string, here: Rule[], everywhere: Rule[], yes: string[], no: string[]];

const rows: Row[] = [
  [
    'a hit marks what it says, not the whole rule',
    [allow('get create', 'secrets')],
    [],
    ['read Secrets', 'create Secrets'],
    [],
  ],
  ['what no right says stays', [allow('get list update', 'secrets')], [], ['read Secrets', 'update secrets'], []],
  [
    'of several resources too',
    [allow('create get', 'pods pods/exec configmaps')],
    [],
    [
      'create pods, and so run as any account there',
      'run commands in pods (exec)',
      'create,get configmaps',
      'get pods, pods/exec',
    ],
    [],
  ],
  ['a wildcard of resources says more than its hits', [allow('list', '*')], [], ['read Secrets', 'list *'], []],
  ['a wildcard of verbs too', [allow('*', 'configmaps')], [], ['* configmaps'], []],
  ['everything says it all', [allow('*', '*', ALL), allow('get', 'secrets')], [], ['do everything'], []],
  [
    'everything of one name is not everything',
    [allow('*', '*', { ...ALL, names: ['x'] }), allow('get', 'configmaps')],
    [],
    ['do everything named x', 'bind roles or cluster roles that grant more than it holds (bind) named x'],
    [],
  ],
  [
    'URLs besides everything',
    [],
    [allow('*', '*', ALL), allowUrls('get', '/metrics')],
    ['do everything', 'get /metrics'],
    [],
  ],
  [
    'one of many kinds',
    [allow('patch', 'cronjobs', { groups: ['batch'] })],
    [],
    ['change cronjobs.batch, and so run as any account there'],
    [],
  ],
  [
    'two of many kinds',
    [allow('create', 'deployments daemonsets', APPS)],
    [],
    ['create deployments.apps, daemonsets.apps, and so run as any account there'],
    [],
  ],
  ["a Job's template is immutable", [allow('patch', 'jobs', { groups: ['batch'] })], [], ['patch jobs.batch'], []],
  [
    'names of one rule are not those of another',
    [allow('get', 'secrets', { names: ['a'] }), allow('list', 'secrets')],
    [],
    ['read Secrets', 'read Secrets named a'],
    [],
  ],
  [
    'names with the same verbs go together',
    [allow('get', 'secrets', { names: ['a'] }), allow('get', 'secrets', { names: ['b'] })],
    [],
    ['read Secrets named a, b'],
    [],
  ],
  [
    'a Secret is read by what answers with it',
    [allow('patch', 'secrets')],
    [],
    ['read Secrets by patching or deleting them, since the answer holds the Secret'],
    [],
  ],
  [
    'tokens by name',
    [allow('create', 'serviceaccounts/token', { names: ['ci'] })],
    [],
    ['request tokens of service accounts named ci'],
    [],
  ],

  [
    'bind without a binding to write',
    [allow('bind', 'clusterroles', RBAC)],
    [],
    [],
    [
      'bind clusterroles.rbac.authorization.k8s.io that grant more than it holds (bind): lacks create, update and patch of rolebindings and clusterrolebindings',
    ],
  ],
  [
    'bind of Roles too',
    [allow('bind', 'roles', RBAC)],
    [],
    [],
    [
      'bind roles.rbac.authorization.k8s.io that grant more than it holds (bind): lacks create, update and patch of rolebindings',
    ],
  ],
  [
    'bind with one',
    [allow('bind', 'clusterroles', RBAC), allow('create', 'rolebindings', RBAC)],
    [],
    [
      'bind clusterroles.rbac.authorization.k8s.io that grant more than it holds (bind)',
      'write rolebindings.rbac.authorization.k8s.io within its own rights',
    ],
    [],
  ],
  [
    'bind here, bindings everywhere',
    [allow('bind', 'clusterroles', RBAC)],
    [allow('patch', 'rolebindings', RBAC)],
    [
      'bind clusterroles.rbac.authorization.k8s.io that grant more than it holds (bind)',
      'write rolebindings.rbac.authorization.k8s.io within its own rights',
    ],
    [],
  ],
  [
    'a ClusterRoleBinding is bound in the whole cluster alone',
    [allow('bind', 'clusterroles', RBAC)],
    [allow('create', 'clusterrolebindings', RBAC)],
    ['write clusterrolebindings.rbac.authorization.k8s.io within its own rights'],
    [
      'bind clusterroles.rbac.authorization.k8s.io that grant more than it holds (bind): lacks create, update and patch of rolebindings and clusterrolebindings',
    ],
  ],
  [
    'bindings without bind give others what one has',
    [allow('create', 'rolebindings', RBAC)],
    [],
    ['write rolebindings.rbac.authorization.k8s.io within its own rights'],
    [],
  ],
  [
    'escalate without a role to write',
    [allow('escalate', 'roles', RBAC)],
    [],
    [],
    ['write roles that grant more than it holds (escalate): lacks update and patch of roles'],
  ],
  [
    'escalate with one',
    [allow('escalate patch', 'roles', RBAC)],
    [],
    [
      'write roles that grant more than it holds (escalate)',
      'write roles.rbac.authorization.k8s.io within its own rights',
    ],
    [],
  ],
  [
    'a new role has to be bound',
    [allow('escalate create', 'roles', RBAC)],
    [],
    ['write roles.rbac.authorization.k8s.io within its own rights'],
    ['write roles that grant more than it holds (escalate): lacks update and patch of roles'],
  ],
  [
    'escalate of cluster roles in a RoleBinding',
    [allow('escalate', 'clusterroles', RBAC)],
    [],
    [],
    [
      'escalate clusterroles.rbac.authorization.k8s.io (dead where it stands: a RoleBinding grants nothing that is cluster-scoped)',
    ],
  ],
  [
    'groups without somebody to be',
    [],
    [allow('impersonate', 'groups')],
    [],
    ['impersonate groups: lacks impersonate of users or serviceaccounts'],
  ],
  ['groups with users', [], [allow('impersonate', 'groups users')], ['impersonate users', 'impersonate groups'], []],
  [
    'groups with accounts of one namespace',
    [allow('impersonate', 'serviceaccounts')],
    [allow('impersonate', 'groups')],
    ['impersonate groups', 'impersonate service accounts'],
    [],
  ],
  ['users alone', [], [allow('impersonate', 'users')], ['impersonate users'], []],
  [
    'uids and extras alone',
    [],
    [allow('impersonate', 'uids userextras/scopes', AUTHENTICATION)],
    [],
    [
      'impersonate uids.authentication.k8s.io, userextras/scopes.authentication.k8s.io: lacks impersonate of users or serviceaccounts',
    ],
  ],
  [
    'uids with users',
    [],
    [allow('impersonate', 'uids', AUTHENTICATION), allow('impersonate', 'users')],
    ['impersonate users', 'impersonate uids.authentication.k8s.io'],
    [],
  ],
  [
    'users in a RoleBinding',
    [allow('impersonate', 'users groups')],
    [],
    [],
    ['impersonate users, groups (dead where it stands: a RoleBinding grants nothing that is cluster-scoped)'],
  ],
  [
    'approval without a signer',
    [],
    [allow('update', 'certificatesigningrequests/approval', CERTIFICATES)],
    [],
    ['approve certificates: lacks approve of a signer'],
  ],
  [
    'a signer without approval',
    [],
    [allow('approve', 'signers', CERTIFICATES)],
    [],
    ['approve signers.certificates.k8s.io: lacks update and patch of certificatesigningrequests/approval'],
  ],
  [
    'both',
    [],
    [allow('approve', 'signers', CERTIFICATES), allow('patch', 'certificatesigningrequests/approval', CERTIFICATES)],
    ['approve certificates', 'approve signers.certificates.k8s.io'],
    [],
  ],
  [
    'a certificate without sign',
    [],
    [allow('patch', 'certificatesigningrequests/status', CERTIFICATES)],
    [],
    ['write certificates: lacks sign of a signer, without which it can write no certificate'],
  ],
  [
    'sign without a certificate',
    [],
    [allow('sign', 'signers', CERTIFICATES)],
    [],
    ['sign signers.certificates.k8s.io: lacks update and patch of certificatesigningrequests/status'],
  ],
  [
    'get of a stream alone',
    [allow('get', 'pods/exec')],
    [],
    [],
    ['get pods/exec: lacks create of pods/exec, which the server asks for as well since 1.35'],
  ],
  [
    'get of a stream beside create',
    [allow('get create', 'pods/exec')],
    [],
    ['run commands in pods (exec)', 'get pods/exec'],
    [],
  ],
  [
    'a trailing slash star',
    [allow('*', 'pods/* */*')],
    [],
    [],
    [
      '* pods/* (dead where it stands: pods/* is no wildcard and matches nothing)',
      '* */* (dead where it stands: */* is no wildcard and matches nothing)',
    ],
  ],
  [
    'create by name',
    [allow('create', 'pods', { names: ['x'] })],
    [],
    [],
    [
      'create pods named x (useless alone: a request to create carries no name, and server-side apply lacks patch of pods of that name)',
    ],
  ],
  [
    'create by name, and apply',
    [allow('create patch', 'pods', { names: ['x'] })],
    [],
    ['change images of pods named x', 'create pods named x'],
    [],
  ],
  [
    'create by name, patch of another',
    [allow('create', 'pods', { names: ['x'] }), allow('patch', 'pods', { names: ['y'] })],
    [],
    ['change images of pods named y'],
    [
      'create pods named x (useless alone: a request to create carries no name, and server-side apply lacks patch of pods of that name)',
    ],
  ],
  [
    'create by name where PUT creates',
    [allow('create update', 'services', { names: ['x'] })],
    [],
    ['create,update services named x'],
    [],
  ],
  [
    'create of a subresource by name',
    [allow('create', 'pods/exec', { names: ['x'] })],
    [],
    ['run commands in pods (exec) named x'],
    [],
  ],
  [
    'deletecollection by name',
    [allow('deletecollection delete', 'pods', { names: ['x'] })],
    [],
    ['delete pods named x'],
    [
      'deletecollection pods named x (dead where it stands: deletecollection carries no name, so that resourceNames never match it)',
    ],
  ],
  ['list by name', [allow('list', 'secrets', { names: ['x'] })], [], ['read Secrets named x'], []],
  [
    'what the API has not',
    [allow('list create', 'pods/log')],
    [],
    [],
    [
      'list pods/log (dead where it stands: the API has no list of pods/log)',
      'create pods/log (dead where it stands: the API has no create of pods/log)',
    ],
  ],
  [
    'what a check asks about',
    [allow('update', 'deployments/finalizers', APPS)],
    [],
    ['update deployments/finalizers.apps'],
    [],
  ],
  [
    'cluster-scoped kinds here',
    [allow('*', 'users nodes/proxy clusterrolebindings', ALL)],
    [],
    [],
    [
      '* users.*, nodes/proxy.*, clusterrolebindings.* (dead where it stands: a RoleBinding grants nothing that is cluster-scoped)',
    ],
  ],
  [
    'some dead and some not',
    [allow('get list', 'nodes configmaps')],
    [],
    ['get,list configmaps'],
    ['get,list nodes (dead where it stands: a RoleBinding grants nothing that is cluster-scoped)'],
  ],
  [
    'its own Namespace object',
    [allow('get list', 'namespaces')],
    [],
    ['get namespaces'],
    ['list namespaces (dead where it stands: a RoleBinding grants nothing that is cluster-scoped)'],
  ],
  ['its labels', [allow('patch', 'namespaces')], [], ['change labels of namespaces, Pod Security among them'], []],
  [
    'URLs here',
    [allowUrls('get', '/metrics')],
    [],
    [],
    ['get /metrics (dead where it stands: only a ClusterRoleBinding grants URLs)'],
  ],
  ['URLs everywhere', [], [allowUrls('get', '/metrics')], ['get /metrics'], []],
];
for (const [why, here, everywhere, yes, no] of rows) {
  test(`rights: ${why}`, () => {
    const world = granted(here, everywhere);
    const held = said(world, 'yes');
    // Of what everything of one name says the rest is not listed here.
    assert.deepEqual(why.startsWith('everything of one name') ? held.slice(0, yes.length) : held, yes);
    assert.deepEqual(said(world, 'no'), no);
  });
}

test('a kind of a CustomResourceDefinition may be namespaced', () => {
  const definition = {
    namespace: null,
    name: 'users.example.com',
    group: 'example.com',
    version: 'v1',
    plural: 'users',
    singular: 'user',
    kind: 'User',
  };
  const builder = cluster().with('customresourcedefinitions', {
    ...definition,
    shortNames: [],
    namespaced: true,
    subresources: [],
  });
  assert.deepEqual(said(granted([allow('*', 'users', ALL)], [], builder), 'yes'), ['* users.*']);
});

test('the half that is missing may be in what could not be read', () => {
  const builder = cluster()
    .binding('shop', 'unread', 'ClusterRole/unread', account('shop', 'web'))
    .refuse(list('clusterroles'))
    .refuse(get('clusterroles', null, 'unread'));
  const [bind] = rightsIn(granted([allow('bind', 'clusterroles', RBAC)], [], builder)).filter(({ reason }) =>
    reason.startsWith('bind'),
  );
  assert.deepEqual([bind?.verdict, bind?.leaning], ['depends', 'no']);
});

const verbs = fc.subarray(
  ['get', 'list', 'create', 'patch', 'delete', 'deletecollection', 'bind', 'escalate', 'impersonate', '*'],
  {
    minLength: 1,
    maxLength: 4,
  },
);
const groups = fc.subarray(['', 'apps', 'rbac.authorization.k8s.io', '*'], { minLength: 1, maxLength: 2 });
const resources = fc.subarray(
  [
    'pods',
    'pods/exec',
    'pods/*',
    '*/scale',
    'secrets',
    'nodes',
    'roles',
    'clusterroles',
    'deployments',
    'configmaps',
    'users',
    'namespaces',
    '*',
  ],
  { minLength: 1, maxLength: 4 },
);
const names = fc.oneof(
  { weight: 4, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.subarray(['a', 'b'], { minLength: 1 }) },
);
const rule = fc
  .record({ verbs, apiGroups: groups, resources, resourceNames: names })
  .map((each): Rule => ({ ...each, nonResourceURLs: [] }));

test('a rule is its parts, and its parts are the rule', () => {
  fc.assert(
    fc.property(rule, (each) => {
      const parts = rulesOfAtoms(atomsOf(each), each);
      assert.deepEqual(parts.flatMap(atomsOf).map(atomKey).sort(), atomsOf(each).map(atomKey).sort());
      for (const part of parts) assert.deepEqual(part.resourceNames, each.resourceNames);
    }),
  );
});

test('what is printed covers every part of every rule: none lost, none invented', () => {
  const counts = { parts: 0, byRight: 0, byRule: 0 };
  fc.assert(
    fc.property(
      fc.array(rule, { minLength: 1, maxLength: 4 }),
      fc.array(rule, { maxLength: 2 }),
      (here, everywhere) => {
        const findings = rightsIn(granted(here, everywhere));
        for (const [namespace, rules] of [
          ['shop', here],
          [null, everywhere],
        ] as const) {
          for (const each of rules)
            for (const atom of atomsOf(each)) {
              counts.parts += 1;
              const there = findings.filter(({ scope }) => scope.namespace === namespace || scope.namespace === null);
              const byRule = there.some(
                (finding) => finding.scope.namespace === namespace && says(finding, atom) && sameNames(finding, each),
              );
              const byRight = there.some(
                (finding) => finding.id === 'account-right' && rightSays(finding, atom) && coversNames(finding, each),
              );
              counts.byRule += Number(byRule);
              counts.byRight += Number(byRight);
              assert.ok(
                byRule || byRight,
                `lost: ${atomKey(atom)} of ${JSON.stringify(each)} in ${findings.map(({ reason }) => reason).join('; ')}`,
              );
            }
        }
        for (const finding of findings) {
          const rules = finding.scope.namespace === null ? everywhere : here;
          const atoms = rules.flatMap(atomsOf);
          if (finding.id === 'account-rule')
            for (const atom of partsOf(finding))
              assert.ok(
                atoms.some((each) => atomKey(each) === atomKey(atom)),
                `invented: ${finding.reason}`,
              );
          else
            assert.ok(
              atoms.some((atom) => requestsOf(finding).some((request) => meets(atom, request))),
              `invented: ${finding.reason}`,
            );
        }
      },
    ),
    { numRuns: 300 },
  );
  assert.ok(counts.byRight > 50 && counts.byRule > 50, JSON.stringify(counts));
});

/** The parts that a finding about a rule spells out. */
function partsOf({ evidence }: Finding): Atom[] {
  const words = (evidence[0]?.step ?? '').replace(/ named .*$/, '').replace('everything (*.*)', '*.*');
  const [verbList = '', ...rest] = words.split(' ');
  return verbList.split(',').flatMap((verb) =>
    rest
      .join(' ')
      .split(/, (?![^{]*\})/)
      .flatMap((each) => {
        const dot = each.indexOf('.');
        const resource = dot < 0 ? each : each.slice(0, dot);
        const suffix = dot < 0 ? '' : each.slice(dot + 1);
        const all = suffix.startsWith('{') ? suffix.slice(1, -1).split(',') : [suffix];
        return all.map((group) => ({ verb, group: group === '""' ? '' : group, resource }));
      }),
  );
}

const says = (finding: Finding, atom: Atom): boolean =>
  finding.id === 'account-rule' && partsOf(finding).some((each) => atomKey(each) === atomKey(atom));

function requestsOf({ evidence }: Finding) {
  const words = (evidence[0]?.step ?? '').replace(/ named .*$/, '');
  return rightsAt({ major: 1, minor: 37 })
    .filter((right) => new RegExp(`^${right.words.replace(/[()]/g, '\\$&').replace(/\{.*\}/, '.*')}$`).test(words))
    .flatMap(({ any }) => any);
}

/** Everything says whatever there is. */
const rightSays = (finding: Finding, atom: Atom): boolean =>
  finding.reason.startsWith('do everything') ||
  requestsOf(finding).some((request) => atomKey(atomOf(request)) === atomKey(atom));

const sameNames = ({ scope }: Finding, { resourceNames }: Rule): boolean =>
  JSON.stringify(scope.names ?? []) === JSON.stringify(resourceNames);

const coversNames = ({ scope }: Finding, { resourceNames }: Rule): boolean =>
  scope.names === null || resourceNames.some((name) => scope.names?.includes(name));

function meets(atom: Atom, request: { verb: string; group: string; resource: string; subresource: string }): boolean {
  const { resource } = atomOf(request);
  const isResource =
    atom.resource === '*' ||
    atom.resource === resource ||
    (request.subresource !== '' && atom.resource === `*/${request.subresource}`);
  return (
    (atom.verb === '*' || atom.verb === request.verb) &&
    (atom.group === '*' || atom.group === request.group) &&
    isResource
  );
}
