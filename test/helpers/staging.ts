import { setTimeout as sleep } from 'node:timers/promises';
import { isUrlRequest, type Request } from '../../src/rbac/request.ts';
import type { Identity } from '../../src/rbac/subjects.ts';
import { KINDS } from '../../src/world/kinds.ts';
import type { Raw } from '../../src/world/raw.ts';
import type { World } from '../../src/world/world.ts';
import type { ControlPlane } from './control-plane.ts';
import { collectionPath } from './load.ts';
import { worldOf } from './world-of.ts';
import { type GeneratedWorld, WORLD_LABEL } from './worlds.ts';

/** Roles and bindings of a control plane, one world after the other beside those that are always there. */
export interface Stage {
  /**
   * Puts a world on the server in place of the last. What the server stored, as our own world, and how many objects it
   * refused.
   */
  play(world: Scene): Promise<{ world: World; refused: number }>;
  /** What the server says to a SubjectAccessReview of this identity with exactly its groups. */
  ask(identity: Identity, request: Request): Promise<Answer>;
}

export type Scene = Pick<GeneratedWorld, 'namespaces' | 'roles' | 'bindings'>;
export type Answer = { allowed: boolean; reason: string };

/**
 * A stage on a control plane that runs no controllers and has no roles but its own. The binding of cluster-admin is
 * taken away: system:masters needs none.
 */
export async function stage(plane: ControlPlane): Promise<Stage> {
  await plane.request('DELETE', `${RBAC}/clusterrolebindings/cluster-admin`);
  const always = (await Promise.all(RBAC_KINDS.map((kind) => listAll(plane, kind)))).flat();
  const created = new Set<string>();
  let scenes = 0;
  let clear = async () => {};

  return {
    async play({ namespaces, roles, bindings }) {
      await clear();
      clear = () => remove(plane, namespaces);
      scenes += 1;
      const fresh = namespaces.filter((name) => !created.has(name));
      await Promise.all(fresh.map((name) => post(plane, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })));
      for (const name of fresh) created.add(name);
      const stored = await Promise.all([...roles, ...bindings].map((object) => post(plane, object)));
      await seen(plane, `sentinel-${scenes}`, namespaces[0] ?? 'default');

      const accepted = stored.filter((raw) => raw !== null);
      return { world: worldOf([...always, ...accepted]), refused: stored.length - accepted.length };
    },
    ask: (identity, request) => review(plane, identity, request),
  };
}

/** What the server says to a SubjectAccessReview of exactly this user and these groups. */
export async function review(plane: ControlPlane, { user, groups }: Identity, request: Request): Promise<Answer> {
  const attributes = isUrlRequest(request)
    ? { nonResourceAttributes: { verb: request.verb, path: request.url } }
    : { resourceAttributes: request };
  const spec = { ...(user === null ? {} : { user }), groups, ...attributes };
  const { status, body } = await plane.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    spec,
    ...REVIEW,
  });
  if (status !== 201) throw new Error(`SubjectAccessReview ${JSON.stringify(spec)}: ${status} ${JSON.stringify(body)}`);
  const { allowed, reason = '' } = (body as { status: { allowed: boolean; reason?: string } }).status;
  return { allowed, reason };
}

/** The stored object; null where the API refuses it as invalid. */
async function post(plane: ControlPlane, object: Parameters<typeof collectionPath>[0]): Promise<Raw | null> {
  const { status, body } = await plane.request('POST', collectionPath(object), object);
  if (status === 201) return body as Raw;
  if (status === 422) return null;
  throw new Error(`POST of ${JSON.stringify(object)}: ${status} ${JSON.stringify(body)}`);
}

async function remove(plane: ControlPlane, namespaces: readonly string[]): Promise<void> {
  const scopes = ['', ...namespaces.map((name) => `/namespaces/${name}`)];
  const paths = scopes.flatMap((scope) =>
    (scope === '' ? CLUSTER_KINDS : NAMESPACED_KINDS).map((kind) => `${RBAC}${scope}/${kind}`),
  );
  await Promise.all(
    paths.map((path) => plane.request('DELETE', `${path}?labelSelector=${encodeURIComponent(WORLD_LABEL)}`)),
  );
}

/**
 * Waits until the authorizer has seen all that was written before: each of its four caches follows the order of writes,
 * so a role and a binding that are written last, in the cluster and in a namespace, are seen last.
 */
export async function seen(plane: ControlPlane, sentinel: string, namespace: string): Promise<void> {
  const rules = [{ verbs: [sentinel], apiGroups: [''], resources: ['sentinels'] }];
  for (const where of [{}, { namespace }]) {
    const object = (kind: string, content: object) => {
      const scoped = 'namespace' in where ? kind : `Cluster${kind}`;
      const metadata = { name: sentinel, ...where, labels: { [WORLD_LABEL]: 'sentinel' } };
      return post(plane, { apiVersion: 'rbac.authorization.k8s.io/v1', kind: scoped, metadata, ...content });
    };
    const roleRef = {
      apiGroup: 'rbac.authorization.k8s.io',
      kind: 'namespace' in where ? 'Role' : 'ClusterRole',
      name: sentinel,
    };
    const user = `${sentinel}-${roleRef.kind}`;
    await Promise.all([
      object('Role', { rules }),
      object('RoleBinding', { roleRef, subjects: [{ kind: 'User', name: user }] }),
    ]);
    const request = { verb: sentinel, group: '', resource: 'sentinels', subresource: '', namespace, name: '' };
    for (
      const deadline = Date.now() + 30_000;
      !(await review(plane, { user, groups: [] }, request)).allowed;
      await sleep(2)
    ) {
      if (Date.now() > deadline) throw new Error(`the authorizer never saw ${roleRef.kind} ${sentinel}`);
    }
  }
}

async function listAll(plane: ControlPlane, kind: RbacKind): Promise<Raw[]> {
  const { items } = (await plane.request('GET', `${RBAC}/${kind}`)).body as { items: Raw[] };
  return items.map((item) => ({ ...item, apiVersion: 'rbac.authorization.k8s.io/v1', kind: KINDS[kind].kind }));
}

type RbacKind = 'roles' | 'clusterroles' | 'rolebindings' | 'clusterrolebindings';
const CLUSTER_KINDS: readonly RbacKind[] = ['clusterroles', 'clusterrolebindings'];
const NAMESPACED_KINDS: readonly RbacKind[] = ['roles', 'rolebindings'];
const RBAC_KINDS: readonly RbacKind[] = [...CLUSTER_KINDS, ...NAMESPACED_KINDS];
const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const REVIEW = { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview' };
