import { workload } from './actions/pods.ts';
import {
  ANYTHING,
  account,
  accountObject,
  binding,
  type Grant,
  grantObjects,
  group,
  namespaceObject,
  plainSecret,
  podObject,
  right,
  role,
  tokenSecret,
  user,
  withInput,
} from './grants.ts';
import type { AttackWorld, Manifest, RbacRule, RbacSubject } from './world.ts';

/**
 * A world with a known result. Without any one of its needs, exactly `without` of it is gained (nothing, unless it says
 * otherwise). `~` stands for the prefix of the world. Every world has the namespaces ~one and ~two, and in ~one the
 * accounts a (the start), b and c.
 */
export interface KnownWorld {
  name: string;
  needs: Grant[];
  /** What else there is. */
  objects?: Manifest[];
  /** What is gained beside the start itself; `everything` is everything that there is. */
  gains: string[] | 'everything';
  /** By the position of the need that is taken away. */
  without?: Record<number, string[] | 'everything'>;
}

/** What is granted in ~one, in ~two, or in the whole cluster. */
const one = (to: RbacSubject, ...rules: RbacRule[]): Grant => ({ to, where: '~one', rules });
const two = (to: RbacSubject, ...rules: RbacRule[]): Grant => ({ to, where: '~two', rules });
const everywhere = (to: RbacSubject, ...rules: RbacRule[]): Grant => ({ to, where: null, rules });

const a = account('~one', 'a');
const b = account('~one', 'b');
const c = account('~one', 'c');
const bob = user('~bob');
const B = 'sa/~one/b';
const C = 'sa/~one/c';
const BOB = 'user/~bob';
const PLAIN = 'secret/~one/plain';
const plain = plainSecret('~one', 'plain');
const tokenOfB = tokenSecret('~one', 'token-of-b', 'b');
const TOKEN_OF_B = 'secret/~one/token-of-b';
const ADMIN_ONE = 'namespace/~one';
const CSRS = 'certificatesigningrequests';
const CLIENT_SIGNER = 'kubernetes.io/kube-apiserver-client';
const clusterRole = (name: string) => ({ kind: 'ClusterRole', name }) as const;

/** Everything in ~one: what its administrator has. */
const ALL_OF_ONE = [B, C, ADMIN_ONE];

export const KNOWN_WORLDS: KnownWorld[] = [
  // Tokens and impersonation.
  { name: 'a token of a named account', needs: [one(a, right('create serviceaccounts/token', 'b'))], gains: [B] },
  { name: 'a token of every account', needs: [one(a, right('create serviceaccounts/token'))], gains: [B, C] },
  { name: 'a token right in another namespace', needs: [two(a, right('create serviceaccounts/token'))], gains: [] },
  {
    name: 'two hops: a token, and with it another',
    needs: [one(a, right('create serviceaccounts/token', 'b')), one(b, right('create serviceaccounts/token', 'c'))],
    gains: [B, C],
    without: { 1: [B] },
  },
  { name: 'an impersonated account', needs: [one(a, right('impersonate serviceaccounts', 'b'))], gains: [B] },
  {
    name: 'an impersonated account can request a token, but not impersonate further',
    needs: [one(a, right('impersonate serviceaccounts', 'b')), one(b, right('impersonate serviceaccounts', 'c'))],
    gains: [B],
    without: { 0: [], 1: [B] },
  },
  {
    name: 'an impersonated account with a token of its own can impersonate',
    needs: [
      one(a, right('impersonate serviceaccounts', 'b')),
      one(b, right('create serviceaccounts/token', 'b'), right('impersonate serviceaccounts', 'c')),
    ],
    gains: [B, C],
    without: { 1: [B] },
  },
  {
    name: 'an impersonated user',
    needs: [everywhere(a, right('impersonate users', '~bob')), one(bob, right('create serviceaccounts/token', 'b'))],
    gains: [BOB, B],
    without: { 1: [] },
  },
  {
    name: 'an impersonated user by a RoleBinding is nobody',
    needs: [one(a, right('impersonate users', '~bob'))],
    objects: [binding('~one', 'bob', clusterRole('view'), bob)],
    gains: [],
  },
  {
    name: 'an impersonated group needs somebody who is in it',
    needs: [
      everywhere(a, right('impersonate groups', '~team')),
      one(a, right('impersonate serviceaccounts', 'b')),
      one(group('~team'), right('create serviceaccounts/token', 'c')),
    ],
    gains: [B, C],
    without: { 0: [B], 1: [], 2: [B] },
  },
  {
    name: 'every user: one of them is the controller manager, who has tokens of all',
    needs: [everywhere(a, right('impersonate users'))],
    gains: 'everything',
  },
  {
    name: 'system:masters',
    needs: [everywhere(a, right('impersonate users', '~bob'), right('impersonate groups', 'system:masters'))],
    gains: 'everything',
  },
  // Secrets.
  ...['get', 'list', 'watch', 'patch', 'delete'].map((verb) => ({
    name: `${verb} of a named Secret`,
    objects: [plain, plainSecret('~one', 'other')],
    needs: [one(a, right(`${verb} secrets`, 'plain'))],
    gains: [PLAIN],
  })),
  {
    name: 'deletecollection reads all Secrets',
    objects: [plain],
    needs: [one(a, right('deletecollection secrets'))],
    gains: [PLAIN],
  },
  {
    name: 'deletecollection with a name is nothing',
    objects: [plain],
    needs: [one(a, right('deletecollection secrets', 'plain'))],
    gains: [],
  },
  {
    name: 'an update reads nothing',
    objects: [plain, tokenOfB],
    needs: [one(a, right('create update secrets'))],
    gains: [],
  },
  { name: 'a token Secret', objects: [tokenOfB], needs: [one(a, right('get secrets'))], gains: [TOKEN_OF_B, B] },
  {
    name: 'a token Secret that is created under a new name',
    needs: [one(a, right('create secrets')), one(a, right('list secrets'))],
    gains: [B, C],
    without: {},
  },
  {
    name: 'a token Secret that is created by one and read by another',
    needs: [one(a, right('create secrets'), right('create serviceaccounts/token', 'b')), one(b, right('get secrets'))],
    gains: [B, C],
    without: { 1: [B] },
  },
  {
    name: 'a token Secret of a name that rules list, created by apply',
    needs: [one(a, right('create patch secrets', 'made'))],
    gains: [B, C],
  },
  {
    name: 'a token Secret that is retargeted by patch alone',
    objects: [tokenOfB],
    needs: [one(a, right('patch secrets', 'token-of-b'))],
    gains: [TOKEN_OF_B, B, C],
  },
  {
    name: 'a token Secret that is retargeted by update, and read',
    objects: [tokenOfB],
    needs: [one(a, right('update secrets', 'token-of-b')), one(a, right('watch secrets', 'token-of-b'))],
    gains: [TOKEN_OF_B, B, C],
    without: { 0: [TOKEN_OF_B, B] },
  },
  {
    name: 'a retargeted token Secret goes on to somebody in another namespace',
    objects: [tokenOfB, accountObject('~two', 'd')],
    needs: [
      one(a, right('patch secrets', 'token-of-b')),
      two(c, right('create serviceaccounts/token', 'd')),
      two(b, right('impersonate serviceaccounts', 'd')),
    ],
    gains: [TOKEN_OF_B, B, C, 'sa/~two/d'],
    without: { 1: [TOKEN_OF_B, B, C, 'sa/~two/d'], 2: [TOKEN_OF_B, B, C, 'sa/~two/d'] },
  },
  {
    name: 'a token Secret of one name goes on to somebody in another namespace',
    objects: [accountObject('~two', 'd')],
    needs: [one(a, right('create get patch secrets', 'made')), two(b, right('create serviceaccounts/token', 'd'))],
    gains: [B, C, 'sa/~two/d'],
    without: { 1: [B, C] },
  },
  {
    name: 'a Secret of one name is deleted, and a token Secret put in its place',
    objects: [plain],
    needs: [
      one(a, right('get secrets', 'plain')),
      one(a, right('delete secrets', 'plain')),
      one(a, right('create secrets')),
    ],
    gains: [PLAIN, B, C],
    without: { 0: [PLAIN, B, C], 1: [PLAIN], 2: [PLAIN] },
  },
  {
    name: 'a list with a name, of a Secret of another name',
    objects: [plain, plainSecret('~one', 'other')],
    needs: [one(a, right('list watch secrets', 'nothing'))],
    gains: [],
  },
  {
    name: 'a star as a resourceName is only a name',
    objects: [plain],
    needs: [one(a, right('get secrets', '*'), right('create serviceaccounts/token', '*'))],
    gains: [],
  },
  {
    name: 'an empty resourceName is that of requests without a name',
    objects: [plain],
    needs: [one(a, right('list secrets', ''))],
    gains: [PLAIN],
  },
  {
    name: 'a subresource by star slash',
    needs: [one(a, right('create */token'))],
    gains: [B, C],
  },
  {
    name: 'uids and extra fields are nobody',
    needs: [everywhere(a, right('impersonate uids'), right('impersonate userextras/scopes'))],
    gains: [],
  },
  // Pods and workloads.
  {
    name: 'a pod runs as any account and mounts any Secret',
    objects: [plain],
    needs: [one(a, right('create pods'))],
    gains: [B, C, PLAIN],
  },
  { name: 'a pod of a name that rules list', needs: [one(a, right('create patch pods', 'web'))], gains: [B, C] },
  { name: 'a pod of a name cannot be posted', needs: [one(a, right('create pods', 'web'))], gains: [] },
  ...['deployments', 'daemonsets', 'statefulsets', 'replicasets', 'replicationcontrollers', 'jobs', 'cronjobs'].map(
    (resource) => ({
      name: `one of ${resource} runs as any account`,
      objects: [plain],
      needs: [one(a, right(`create ${resource}`))],
      gains: [B, C, PLAIN],
    }),
  ),
  {
    name: 'the template of a Deployment that exists',
    objects: [workload('Deployment', '~one', 'web', 'default')],
    needs: [one(a, right('patch deployments', 'web'))],
    gains: [B, C],
  },
  {
    name: 'the template of a Job cannot be changed',
    objects: [workload('Job', '~one', 'once', 'default')],
    needs: [one(a, right('patch update jobs', 'once'))],
    gains: [],
  },
  {
    name: 'exec in a pod gives its account',
    objects: [podObject('~one', 'web', 'b')],
    needs: [one(a, right('create pods/exec', 'web'))],
    gains: [B],
  },
  {
    name: 'a pod is attached to, whose shell has its input open',
    objects: [withInput(podObject('~one', 'web', 'b'))],
    needs: [one(a, right('create pods/attach', 'web'))],
    gains: [B],
  },
  {
    name: 'a pod is attached to, whose input is closed',
    objects: [podObject('~one', 'web', 'b')],
    needs: [one(a, right('create pods/attach'))],
    gains: [],
  },
  {
    name: 'the template of a Job that exists',
    objects: [workload('Job', '~one', 'web', 'b')],
    needs: [one(a, right('patch jobs', 'web'))],
    gains: [],
  },
  {
    name: 'a pods/* rule grants nothing',
    objects: [podObject('~one', 'web', 'b')],
    needs: [one(a, right('* pods/*'))],
    gains: [],
  },
  // Roles and bindings.
  {
    name: 'bind cluster-admin in the cluster',
    needs: [
      everywhere(a, right('create clusterrolebindings')),
      everywhere(a, right('bind clusterroles', 'cluster-admin')),
    ],
    gains: 'everything',
  },
  {
    name: 'bind in a namespace: a Role is enough',
    needs: [one(a, right('create rolebindings')), one(a, right('bind clusterroles', 'cluster-admin'))],
    gains: ALL_OF_ONE,
  },
  {
    name: 'a binding of a name that rules list, created by apply',
    needs: [one(a, right('create patch rolebindings', 'mine')), one(a, right('bind clusterroles', 'cluster-admin'))],
    gains: ALL_OF_ONE,
  },
  {
    name: 'a binding of a name that rules list, created by PUT',
    needs: [one(a, right('create update rolebindings', 'mine')), one(a, right('bind clusterroles', 'cluster-admin'))],
    gains: ALL_OF_ONE,
  },
  {
    name: 'a binding that exists is extended',
    objects: [binding('~one', 'admins', clusterRole('cluster-admin'), user('~root'))],
    needs: [one(a, right('patch rolebindings', 'admins')), one(a, right('bind clusterroles', 'cluster-admin'))],
    gains: ALL_OF_ONE,
  },
  {
    name: "the server's own binding of cluster-admin is extended",
    needs: [
      everywhere(a, right('update clusterrolebindings')),
      everywhere(a, right('bind clusterroles', 'cluster-admin')),
    ],
    gains: 'everything',
  },
  {
    name: 'escalate: a role that applies to the start is edited',
    objects: [role('~one', 'weak', []), binding('~one', 'weak', { kind: 'Role', name: 'weak' }, a)],
    needs: [one(a, right('update roles', 'weak')), one(a, right('escalate roles', 'weak'))],
    gains: ALL_OF_ONE,
  },
  {
    name: 'escalate on clusterroles in a namespace is nothing',
    objects: [role(null, '~weak', []), binding('~one', 'weak', clusterRole('~weak'), a)],
    needs: [one(a, right('patch escalate clusterroles', '~weak'))],
    gains: [],
  },
  {
    name: 'escalate: the role that a binding misses is created',
    objects: [binding('~one', 'latent', { kind: 'Role', name: 'missing' }, a)],
    needs: [one(a, right('create roles')), one(a, right('escalate roles'))],
    gains: ALL_OF_ONE,
  },
  {
    name: 'escalate on a name is nothing for a POST, which has no name',
    objects: [binding('~one', 'latent', { kind: 'Role', name: 'missing' }, a)],
    needs: [one(a, right('create roles'), right('escalate roles', 'missing'))],
    gains: [],
  },
  {
    name: 'escalate on a name is enough for an apply',
    objects: [binding('~one', 'latent', { kind: 'Role', name: 'missing' }, a)],
    needs: [
      one(a, right('create roles')),
      one(a, right('patch roles', 'missing')),
      one(a, right('escalate roles', 'missing')),
    ],
    gains: ALL_OF_ONE,
  },
  {
    name: 'an aggregated role is filled with a new one',
    objects: [binding('~one', 'viewer', clusterRole('view'), a)],
    needs: [everywhere(a, right('create clusterroles')), everywhere(a, right('escalate clusterroles'))],
    gains: ALL_OF_ONE,
  },
  {
    name: 'two halves of one request: rights are handed over by a binding',
    needs: [
      one(a, right('create serviceaccounts/token', 'b'), right('create rolebindings')),
      one(b, right('bind clusterroles', 'cluster-admin')),
    ],
    gains: ALL_OF_ONE,
    without: { 1: [B] },
  },
  {
    name: 'the account beside a group is handed over by a binding in one namespace',
    needs: [
      one(a, right('create serviceaccounts/token', 'b')),
      one(a, right('create rolebindings')),
      one(a, right('impersonate serviceaccounts', 'ghost')),
      everywhere(b, right('impersonate groups', 'system:masters')),
    ],
    gains: 'everything',
    without: { 1: [B], 2: [B], 3: [B] },
  },
  {
    name: 'a group beside an account that does not exist',
    needs: [
      one(a, right('impersonate serviceaccounts', 'ghost')),
      everywhere(a, right('impersonate groups', '~team')),
      one(group('~team'), right('create serviceaccounts/token', 'b')),
    ],
    gains: [B],
  },
  {
    name: 'an account that does not exist has the group of its namespace',
    needs: [
      two(a, right('impersonate serviceaccounts', 'ghost')),
      one(group('system:serviceaccounts:~two'), right('create serviceaccounts/token', 'b')),
    ],
    gains: [B],
  },
  {
    name: 'an account that does not exist, in a namespace that does not exist',
    needs: [
      everywhere(a, right('impersonate serviceaccounts', 'ghost')),
      one(group('system:serviceaccounts:~later'), right('create serviceaccounts/token', 'b')),
    ],
    gains: [B],
  },
  {
    name: 'two halves of one request, which cannot be handed over',
    objects: [binding('~one', 'admins', clusterRole('cluster-admin'), user('~root'))],
    needs: [
      one(a, right('create serviceaccounts/token', 'b')),
      one(a, right('patch rolebindings', 'admins')),
      one(b, right('bind clusterroles', 'cluster-admin')),
    ],
    gains: [B],
    without: { 1: [B], 2: [B] },
  },
  {
    name: 'rights are handed over by a role that is edited',
    objects: [
      role('~one', 'shared', []),
      binding('~one', 'shared', { kind: 'Role', name: 'shared' }, b),
      binding('~one', 'admins', clusterRole('cluster-admin'), user('~root')),
    ],
    needs: [
      one(a, right('create serviceaccounts/token', 'b')),
      one(a, right('patch roles', 'shared')),
      one(a, right('patch rolebindings', 'admins')),
      one(b, right('bind clusterroles', 'cluster-admin')),
    ],
    gains: ALL_OF_ONE,
    without: { 1: [B], 2: [B], 3: [B] },
  },
  {
    name: 'rights are handed over by a role whose own rules are more than somebody holds: they are replaced',
    objects: [
      role('~one', 'shared', [right('get pods')]),
      binding('~one', 'shared', { kind: 'Role', name: 'shared' }, b),
      binding('~one', 'admins', clusterRole('cluster-admin'), user('~root')),
    ],
    needs: [
      one(a, right('create serviceaccounts/token', 'b')),
      one(a, right('update roles', 'shared')),
      one(a, right('patch rolebindings', 'admins')),
      one(b, right('bind clusterroles', 'cluster-admin')),
    ],
    gains: ALL_OF_ONE,
    without: { 1: [B], 2: [B], 3: [B] },
  },
  {
    name: 'a binding of one name is deleted, and another put in its place',
    objects: [binding('~one', 'viewers', clusterRole('view'), user('~root'))],
    needs: [
      one(a, right('create patch rolebindings', 'viewers')),
      one(a, right('delete rolebindings', 'viewers')),
      one(a, right('bind clusterroles', 'cluster-admin')),
    ],
    gains: ALL_OF_ONE,
  },
  {
    name: 'a binding of one name is deleted by somebody who may delete all of them, and another put in its place',
    objects: [binding('~one', 'viewers', clusterRole('view'), user('~root'))],
    needs: [
      one(a, right('create serviceaccounts/token', 'b')),
      one(a, right('create patch rolebindings', 'viewers')),
      everywhere(b, right('delete rolebindings')),
      one(a, right('bind clusterroles', 'cluster-admin')),
    ],
    gains: ALL_OF_ONE,
    without: { 0: [], 1: [B], 2: [B], 3: [B] },
  },
  {
    name: 'an aggregated role is filled with a role that exists',
    objects: [
      role(null, '~strong', [right('bind clusterroles', 'cluster-admin')]),
      binding(null, '~strong', clusterRole('~strong'), a),
      binding('~two', 'viewer', clusterRole('view'), b),
      binding('~two', 'admins', clusterRole('cluster-admin'), user('~root')),
    ],
    needs: [
      one(a, right('create serviceaccounts/token', 'b')),
      everywhere(a, right('patch clusterroles', '~strong')),
      two(b, right('patch rolebindings', 'admins')),
    ],
    gains: [B, 'namespace/~two'],
    without: { 1: [B], 2: [B] },
  },
  {
    name: 'a missing role was made by somebody weak, and could have been made by somebody strong',
    objects: [binding('~one', 'latent', { kind: 'Role', name: 'missing' }, a)],
    needs: [
      one(a, right('create roles')),
      one(a, right('create serviceaccounts/token', 'b')),
      one(b, right('create escalate roles')),
    ],
    gains: ALL_OF_ONE,
    without: { 0: ALL_OF_ONE, 2: [B] },
  },
  {
    name: 'rights are handed to everybody by the role that everybody has',
    objects: [binding('~two', 'admins', clusterRole('cluster-admin'), user('~root'))],
    needs: [
      one(a, right('create serviceaccounts/token', 'b')),
      everywhere(a, right('update clusterroles')),
      everywhere(a, right('patch rolebindings', 'admins')),
      two(b, right('bind clusterroles', 'cluster-admin')),
    ],
    gains: [B, 'namespace/~two'],
    without: { 1: [B], 2: [B], 3: [B] },
  },
  {
    name: 'a binding that nobody may bind to can still hand over what somebody has',
    objects: [
      role('~one', 'tokens', [right('create serviceaccounts/token', 'b')]),
      binding('~one', 'tokens', { kind: 'Role', name: 'tokens' }, c),
    ],
    needs: [one(a, right('patch rolebindings', 'tokens')), one(a, right('create serviceaccounts/token', 'c'))],
    gains: [C, B],
    without: { 0: [C, B], 1: [] },
  },
  {
    name: 'a cluster role by escalate, bound in the cluster already',
    objects: [role(null, '~weak', []), binding(null, '~weak', clusterRole('~weak'), a)],
    needs: [
      everywhere(a, right('patch clusterroles', '~weak')),
      everywhere(a, right('escalate clusterroles', '~weak')),
    ],
    gains: 'everything',
  },
  {
    name: 'a role that nobody has is bound while it is weak, and filled afterwards',
    objects: [role('~one', 'weak', [])],
    needs: [
      one(a, right('create rolebindings')),
      one(a, right('update roles', 'weak')),
      one(a, right('escalate roles')),
    ],
    gains: ALL_OF_ONE,
  },
  {
    name: 'a role is created empty, bound and filled, by two who cannot bind what is in it',
    needs: [
      one(a, right('create serviceaccounts/token', 'b')),
      one(a, right('create rolebindings')),
      one(b, right('create roles')),
      one(b, right('patch escalate roles', 'fresh')),
    ],
    gains: ALL_OF_ONE,
    without: { 0: [], 1: [B], 2: [B], 3: [B] },
  },
  {
    name: 'an aggregated role is filled with a ClusterRole that is changed',
    objects: [role(null, '~plain', []), binding('~one', 'viewer', clusterRole('view'), a)],
    needs: [everywhere(a, right('patch clusterroles', '~plain')), everywhere(a, right('escalate clusterroles'))],
    gains: ALL_OF_ONE,
  },
  {
    name: 'an aggregated role is bound, and filled with a new one',
    needs: [
      one(a, right('create rolebindings')),
      one(a, right('bind clusterroles', 'view')),
      everywhere(a, right('create clusterroles')),
      everywhere(a, right('escalate clusterroles')),
    ],
    gains: ALL_OF_ONE,
  },
  {
    name: 'the right to create under a name gets the right to patch that name',
    objects: [role('~one', 'patcher', [right('patch pods', 'web')])],
    needs: [
      one(a, right('create pods', 'web'), right('create serviceaccounts/token', 'b')),
      one(b, right('patch pods', 'web')),
      one(b, right('create rolebindings')),
    ],
    gains: [B, C],
    without: { 0: [], 1: [B], 2: [B] },
  },
  {
    name: 'a right to bind that counts everywhere is completed in one namespace',
    needs: [
      one(a, right('create serviceaccounts/token', 'b')),
      one(a, right('create rolebindings')),
      everywhere(b, right('bind clusterroles')),
    ],
    gains: ALL_OF_ONE,
    without: { 0: [], 1: [B], 2: [B] },
  },
  {
    name: 'a right to escalate that counts everywhere is completed in one namespace, by two',
    needs: [
      one(a, right('create serviceaccounts/token')),
      one(b, right('create roles')),
      one(c, right('create rolebindings'), right('bind roles')),
      everywhere(a, right('escalate roles')),
    ],
    gains: ALL_OF_ONE,
    without: { 0: [], 1: [B, C], 2: [B, C], 3: [B, C] },
  },
  {
    name: 'a right to bind in one namespace is completed by rights that are handed out in the whole cluster',
    needs: [
      one(a, right('create serviceaccounts/token')),
      everywhere(a, right('create clusterrolebindings')),
      everywhere(a, right('create rolebindings')),
      one(b, right('bind clusterroles')),
    ],
    gains: ALL_OF_ONE,
    without: { 0: [], 1: ALL_OF_ONE, 2: [B, C], 3: [B, C] },
  },
  {
    name: 'a role that is bound is deleted, and another put in its place',
    objects: [role('~one', 'weak', []), binding('~one', 'weak', { kind: 'Role', name: 'weak' }, a)],
    needs: [one(a, right('delete roles', 'weak')), one(a, right('create roles')), one(a, right('escalate roles'))],
    gains: ALL_OF_ONE,
  },
  {
    name: 'a role is bound while it is weak, deleted, and another put in its place',
    objects: [role('~one', 'weak', [])],
    needs: [
      one(a, right('create rolebindings')),
      one(a, right('delete roles', 'weak')),
      one(a, right('create roles')),
      one(a, right('escalate roles')),
    ],
    gains: ALL_OF_ONE,
  },
  {
    name: 'a role is created empty, bound, deleted by somebody else, and another put in its place',
    needs: [
      one(a, right('create serviceaccounts/token', 'b')),
      one(a, right('create rolebindings')),
      one(a, right('create roles')),
      one(a, right('escalate roles')),
      one(b, right('delete roles')),
    ],
    gains: ALL_OF_ONE,
    // Any role of a will do then.
    without: { 0: [], 1: ALL_OF_ONE, 2: [B], 3: [B], 4: [B] },
  },
  {
    name: 'an empty role is created by somebody who is held last',
    needs: [
      one(a, right('create serviceaccounts/token', 'b')),
      one(a, right('create rolebindings')),
      one(a, right('patch escalate roles', 'fresh')),
      one(b, right('create roles')),
    ],
    gains: ALL_OF_ONE,
    without: { 0: [], 1: [B], 2: [B], 3: [B] },
  },
  {
    name: 'a role is deleted out of the collection, which takes no name',
    objects: [role('~one', 'weak', []), binding('~one', 'weak', { kind: 'Role', name: 'weak' }, a)],
    needs: [one(a, right('deletecollection roles')), one(a, right('create roles')), one(a, right('escalate roles'))],
    gains: ALL_OF_ONE,
  },
  {
    name: 'a deletion out of the collection that is limited to a name is nothing',
    objects: [role('~one', 'weak', []), binding('~one', 'weak', { kind: 'Role', name: 'weak' }, a)],
    needs: [one(a, right('deletecollection roles', 'weak'), right('create escalate roles'))],
    gains: [],
  },
  {
    name: 'a role cannot be replaced by the rights that it gives',
    objects: [
      role('~one', 'self', [right('create delete escalate roles')]),
      binding('~one', 'self', { kind: 'Role', name: 'self' }, a),
    ],
    needs: [],
    gains: [],
  },
  {
    name: 'a binding cannot be replaced by the rights that it gives',
    objects: [
      role('~one', 'self', [
        right('create patch delete rolebindings', 'self'),
        right('bind clusterroles', 'cluster-admin'),
      ]),
      binding('~one', 'self', { kind: 'Role', name: 'self' }, a),
    ],
    needs: [],
    gains: [],
  },
  {
    name: 'a binding of one name is deleted out of the collection, and another put in its place',
    objects: [binding('~one', 'viewers', clusterRole('view'), user('~root'))],
    needs: [
      one(a, right('create update rolebindings', 'viewers')),
      one(a, right('deletecollection rolebindings')),
      one(a, right('bind clusterroles', 'cluster-admin')),
    ],
    gains: ALL_OF_ONE,
  },
  {
    name: 'a Secret of one name is deleted by somebody who is held last, and a token Secret put in its place',
    objects: [plain],
    needs: [
      one(a, right('create serviceaccounts/token', 'c')),
      one(a, right('create patch secrets', 'plain')),
      one(c, right('delete secrets', 'plain')),
    ],
    gains: [C, B, PLAIN],
    without: { 0: [PLAIN], 1: [C, PLAIN], 2: [C, PLAIN] },
  },
  {
    name: 'two roles may be bound, of which each is needed',
    needs: [one(a, right('create rolebindings')), one(a, right('bind roles', 'first'), right('bind roles', 'second'))],
    objects: [
      role('~one', 'first', [right('create serviceaccounts/token', 'b')]),
      role('~one', 'second', [right('create serviceaccounts/token', 'c')]),
    ],
    gains: [B, C],
  },
  {
    name: 'the right to bind a second role comes later than that to bind the first',
    objects: [
      role('~one', 'first', [right('create serviceaccounts/token', 'b')]),
      role('~one', 'second', [right('create serviceaccounts/token', 'c')]),
      role('~one', 'third', [right('bind roles', 'second')]),
    ],
    needs: [
      one(a, right('create rolebindings')),
      one(a, right('bind roles', 'first')),
      one(a, right('bind roles', 'third')),
    ],
    gains: [B, C],
    without: { 0: [], 1: [C], 2: [B] },
  },
  {
    name: 'edit in a namespace impersonates and requests tokens there',
    objects: [plain, accountObject('~two', 'd')],
    needs: [one(a, right('create rolebindings')), one(a, right('bind clusterroles', 'edit'))],
    gains: [B, C, PLAIN],
  },
  {
    name: 'view in a namespace reads no Secrets',
    objects: [plain],
    needs: [one(a, right('create rolebindings'), right('bind clusterroles', 'view'))],
    gains: [],
  },
  {
    name: 'admin in a namespace hands over, and is not everything there',
    objects: [plain],
    needs: [one(a, right('create rolebindings')), one(a, right('bind clusterroles', 'admin'))],
    gains: [B, C, PLAIN],
  },
  // Names that nothing has yet.
  {
    name: 'a missing account is created, and a token requested',
    objects: [binding('~one', 'latent', clusterRole('cluster-admin'), account('~one', 'ghost'))],
    needs: [one(a, right('create serviceaccounts')), one(a, right('create serviceaccounts/token', 'ghost'))],
    gains: ['sa/~one/ghost', ...ALL_OF_ONE],
  },
  {
    name: 'a missing account is created by somebody who is held later',
    objects: [binding('~one', 'latent', clusterRole('cluster-admin'), account('~one', 'ghost'))],
    needs: [one(a, right('create serviceaccounts/token')), one(b, right('create serviceaccounts'))],
    gains: ['sa/~one/ghost', ...ALL_OF_ONE],
    without: { 1: [B, C] },
  },
  {
    name: 'a missing account is created, and a pod runs as it',
    objects: [binding('~one', 'latent', clusterRole('cluster-admin'), account('~one', 'ghost'))],
    needs: [one(a, right('create serviceaccounts')), one(a, right('create pods'))],
    gains: ['sa/~one/ghost', ...ALL_OF_ONE],
    without: { 0: [B, C] },
  },
  {
    name: 'a missing account is created by an account of the same namespace, and a pod runs as it',
    objects: [binding('~one', 'latent', clusterRole('cluster-admin'), account('~one', 'ghost'))],
    needs: [
      one(a, right('create pods')),
      one(c, right('create serviceaccounts', 'ghost'), right('patch serviceaccounts')),
    ],
    gains: ['sa/~one/ghost', ...ALL_OF_ONE],
    without: { 1: [B, C] },
  },
  {
    name: 'a missing account is impersonated without being there',
    objects: [binding('~one', 'latent', clusterRole('cluster-admin'), account('~one', 'ghost'))],
    needs: [one(a, right('impersonate serviceaccounts', 'ghost'))],
    gains: ['sa/~one/ghost', ...ALL_OF_ONE],
  },
  {
    name: 'a missing namespace is created, whose accounts have rights',
    objects: [binding('~one', 'latent', clusterRole('cluster-admin'), group('system:serviceaccounts:~three'))],
    needs: [everywhere(a, right('create namespaces')), everywhere(a, right('create serviceaccounts/token', 'default'))],
    gains: ALL_OF_ONE,
  },
  // Certificates.
  {
    name: 'a certificate of anybody',
    needs: [
      everywhere(a, right(`create ${CSRS}`)),
      everywhere(a, right(`update ${CSRS}/approval`)),
      everywhere(a, right('approve signers', CLIENT_SIGNER)),
      everywhere(a, right(`get ${CSRS}`)),
    ],
    gains: 'everything',
  },
  {
    name: 'a certificate in the answer of a patch',
    needs: [
      everywhere(a, right(`create ${CSRS}`)),
      everywhere(a, right(`patch ${CSRS}/approval`)),
      everywhere(a, right('approve signers', 'kubernetes.io/*')),
    ],
    gains: 'everything',
  },
  {
    name: 'a certificate of one name, created by apply, approved and read by others',
    objects: [binding('~one', 'bob', clusterRole('view'), bob)],
    needs: [
      everywhere(a, right(`create patch ${CSRS}`, '~csr')),
      one(a, right('create serviceaccounts/token', 'b')),
      everywhere(b, right(`update ${CSRS}/approval`, '~csr'), right('approve signers', CLIENT_SIGNER)),
    ],
    gains: 'everything',
    without: { 0: [B], 2: [B] },
  },
  {
    name: 'two halves of an approval, held by two who cannot hand them over',
    needs: [
      everywhere(a, right(`create get ${CSRS}`)),
      everywhere(a, right(`update ${CSRS}/approval`)),
      one(a, right('create serviceaccounts/token', 'b')),
      everywhere(b, right('approve signers', CLIENT_SIGNER)),
    ],
    gains: [B],
    without: { 0: [B], 1: [B], 2: [], 3: [B] },
  },
  {
    name: 'a certificate of another signer cannot be approved',
    needs: [everywhere(a, right(`* ${CSRS}`), right(`* ${CSRS}/approval`), right('approve signers', '~example.com/x'))],
    gains: [],
  },
  // Rights on everything.
  { name: 'everything in a namespace', objects: [plain], needs: [one(a, ANYTHING)], gains: [...ALL_OF_ONE, PLAIN] },
  { name: 'everything in the cluster', objects: [plain], needs: [everywhere(a, ANYTHING)], gains: 'everything' },
  {
    name: 'pods in every namespace, among them that of the controllers',
    needs: [everywhere(a, right('create pods'))],
    gains: 'everything',
  },
];

/** The world itself, under this prefix and without one of its needs. */
export function knownWorld({ needs, objects = [] }: KnownWorld, prefix: string, missing: number | null): AttackWorld {
  const granted = needs.flatMap((grant, index) =>
    index === missing ? [] : grantObjects(grant.where === null ? `~need-${index}` : `need-${index}`, grant),
  );
  const all = [
    ...['~one', '~two'].map(namespaceObject),
    ...['a', 'b', 'c'].map((name) => accountObject('~one', name)),
    ...objects,
    ...granted,
  ];
  return {
    prefix,
    objects: JSON.parse(prefixed(JSON.stringify(all), prefix)) as Manifest[],
    start: { namespace: prefixed('~one', prefix), name: 'a' },
  };
}

export const prefixed = (text: string, prefix: string): string => text.replaceAll('~', `${prefix}-`);
