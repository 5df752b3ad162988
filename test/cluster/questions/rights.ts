import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../../src/answer/answer.ts';
import { who } from '../../../src/questions/index.ts';
import type { Request, ResourceRequest } from '../../../src/rbac/request.ts';
import { caller } from '../../helpers/caller.ts';
import type { ControlPlane } from '../../helpers/control-plane.ts';
import type { Alternatives, Oracle } from '../../helpers/oracle.ts';
import { right } from '../../helpers/question.ts';
import { request } from '../../helpers/request.ts';
import { NAMESPACES } from '../../helpers/story.ts';
import { agreeOnHolders } from './agree.ts';

/** How RBAC is asked about a right. */
type Scope =
  | 'namespaced'
  | 'cluster' // and RoleBindings do not count
  | 'namespace objects' // each in its own namespace
  | 'url';

interface Right {
  /** `get secrets`, with the group where there is one: `get deployments.apps/scale`. */
  words: string;
  scope: Scope;
  /** `-n`; absent: `-A`. */
  namespace?: string;
  name?: string;
  /** As typed, where it is spelled otherwise than the request. */
  typed?: string;
  /**
   * Names that rules of the story give, besides what is asked about: a right over an object of unknown name is one over
   * any.
   */
  listed?: readonly string[];
}

const shop = { scope: 'namespaced', namespace: 'shop' } as const;
const anywhere = { scope: 'namespaced' } as const;
const cluster = { scope: 'cluster' } as const;

const RIGHTS: readonly Right[] = [
  { words: 'get secrets', ...shop, listed: ['db', 'tls'] },
  { words: 'get secrets', ...shop, name: 'db' },
  { words: 'get secrets', ...shop, name: 'other' },
  { words: 'list secrets', ...shop, listed: ['db', 'tls'] },
  { words: 'watch secrets', ...anywhere },
  { words: 'GET secrets', ...anywhere },
  { words: 'create secrets', ...shop },
  { words: 'deletecollection secrets', ...shop },
  { words: 'create configmaps', ...shop, listed: ['settings'] },
  { words: 'create configmaps', ...shop, name: 'settings' },
  { words: 'create configmaps', ...shop, name: 'other' },
  { words: 'patch configmaps', ...shop, listed: ['settings'] },
  { words: 'create roles.rbac.authorization.k8s.io', ...shop, listed: ['settings'], typed: 'create roles' },
  { words: 'create pods', ...anywhere, typed: 'create po' },
  { words: 'create pods/exec', ...shop, listed: ['web-0', 'web-1'] },
  { words: 'create pods/exec', ...anywhere, listed: ['web-0', 'web-1'] },
  { words: 'create pods/portforward', ...anywhere, listed: ['web-0', 'web-1'] },
  { words: 'get pods/portforward', ...shop, name: 'web-0' },
  { words: 'get pods/log', ...shop, listed: ['web-1'] },
  { words: 'create pods/eviction', ...shop },
  { words: 'create serviceaccounts/token', ...shop, name: 'web' },
  { words: 'create serviceaccounts/token', ...anywhere, listed: ['web'] },
  { words: 'impersonate serviceaccounts', ...shop, name: 'web' },
  { words: 'patch deployments.apps/scale', ...shop, typed: 'patch deploy/scale' },
  { words: 'list deployments.apps', ...shop, typed: 'list deployments.v1.apps' },
  { words: 'get statefulsets.apps', ...anywhere, typed: 'get sts' },
  { words: '* *.*', ...anywhere, typed: '* *' },
  { words: 'get nodes', ...cluster },
  { words: 'list persistentvolumes', ...cluster, typed: 'list pv' },
  { words: 'create nodes/proxy', ...cluster, listed: ['n1', 'n2', 'https:n1:10250', 'n1:8080'] },
  { words: 'get nodes/metrics', ...cluster, name: 'n1' },
  { words: 'impersonate users', ...cluster },
  { words: 'impersonate groups', ...cluster, name: 'system:masters' },
  { words: 'impersonate userextras.authentication.k8s.io/scopes', ...cluster, typed: 'impersonate userextras/scopes' },
  { words: 'bind clusterroles.rbac.authorization.k8s.io', ...shop, name: 'edit', typed: 'bind clusterroles' },
  { words: 'escalate clusterroles.rbac.authorization.k8s.io', ...cluster, typed: 'escalate clusterroles' },
  { words: 'approve signers.certificates.k8s.io', ...cluster, name: 'a.io/b', typed: 'approve signers' },
  { words: 'list namespaces', ...cluster },
  { words: 'create namespaces', ...cluster },
  { words: 'get namespaces', scope: 'namespace objects', name: 'shop' },
  { words: 'get namespaces', scope: 'namespace objects', listed: ['shop', 'ci', 'dev'] },
  { words: 'patch namespaces', scope: 'namespace objects', listed: ['shop', 'ci', 'dev'] },
  { words: 'delete namespaces', scope: 'namespace objects', name: 'dev' },
  { words: 'get /metrics', scope: 'url' },
  { words: 'get /logs/kubelet', scope: 'url' },
  { words: 'get /api/v1', scope: 'url' },
  { words: 'post /anything', scope: 'url' },
];

/** A few of them on another version, where nothing differs. */
export const SOME_RIGHTS: readonly Right[] = RIGHTS.filter((_, index) => index % 12 === 0);

/** Who holds a right, against the server's word about everybody. */
export function declareRights(plane: ControlPlane, server: Oracle, rights: readonly Right[] = RIGHTS): void {
  for (const each of rights) {
    const { words, scope, namespace = null, name = null, typed = words } = each;
    const where = scope === 'namespaced' ? (namespace === null ? ' -A' : ` -n ${namespace}`) : '';
    test(`who ${typed}${name === null ? '' : ` ${name}`}${where}: whom the server allows it, and nobody else`, async (t) => {
      const { answer } = await caller(t, plane, plane.adminToken);
      const said = await answer(who, right(typed, namespace, { name }));
      assert.deepEqual(said.unknowns, []);
      await agreeOnHolders(t, server, said, {
        held: alternativesOf(each),
        maybe: [],
        claims: (finding) => claimsOf(each, finding),
      });
    });
  }
}

/** The requests by any of which one has the right. */
function alternativesOf({ words, scope, namespace, name, listed = [] }: Right): Alternatives {
  if (scope === 'url') return [[request(words)]];
  const names = name === undefined ? [...(isCollection(words) ? [''] : []), ANY_NAME, ...listed] : [name];
  const namespaces = scope === 'namespaced' ? (namespace === undefined ? GRANTED : [namespace]) : [''];
  const wide = namespaces.flatMap((each) => names.flatMap((one) => waysToAsk(words, each, one)));
  const own = scope === 'namespace objects' ? names.flatMap((one) => waysToAsk(words, one, one)) : [];
  return [...wide, ...own];
}

/** A row claims that it holds everywhere in its scope, and for each of its names. */
function claimsOf({ words, scope, namespace, name }: Right, { id, scope: row }: Finding): Alternatives[] {
  if (scope === 'url') return [[[request(words)]]];
  const places =
    scope === 'namespaced'
      ? row.namespace === null && namespace === undefined
        ? NAMESPACES
        : [row.namespace ?? namespace ?? '']
      : [''];
  const names = row.names ?? [name ?? (isCollection(words) && id === 'right' ? '' : ANY_NAME)];
  return places.flatMap((place) =>
    names.map((one) => {
      const at = scope === 'namespace objects' && one !== ANY_NAME ? one : place;
      return waysToAsk(words, at, one).filter((requests) => id !== 'right-by-apply' || requests.length > 1);
    }),
  );
}

/**
 * What the server is asked about one object. A POST to a collection carries no name; with one, something is created by
 * server-side apply, which asks for patch too, or by PUT, for a few kinds.
 */
function waysToAsk(words: string, namespace: string, name: string): Request[][] {
  const plain = { ...(request(words) as ResourceRequest), namespace, name };
  if (!isCreation(words)) return isNeverNamed(words) ? [[{ ...plain, name: '' }]] : [[plain]];
  const post = [{ ...plain, name: '' }];
  if (name === '') return [post];
  const puts = plain.resource === 'roles' ? ['update'] : [];
  return [post, ...['patch', ...puts].map((verb) => [plain, { ...plain, verb }])];
}

const isCreation = (words: string): boolean => /^create [^/]*$/.test(words);
const isNeverNamed = (words: string): boolean => words.startsWith('deletecollection ');
const isCollection = (words: string): boolean =>
  isCreation(words) || /^(list|watch|deletecollection) [^/]*$/.test(words);
/** The namespaces where anything is granted. */
const GRANTED = NAMESPACES.filter((name) => name !== 'monitoring');
/** That no rule gives. */
const ANY_NAME = 'some-name';
