import { ALL_KINDS, KINDS, type KindName, type Kinds } from '../../src/world/kinds.ts';
import { list, type Need, needKey, whole } from '../../src/world/needs.ts';
import type { Binding, Labels, Node, Pod, Role, Rule, Service, Subject, Workload } from '../../src/world/objects.ts';
import type { Raw } from '../../src/world/raw.ts';
import { reduceNode } from '../../src/world/reduce/others.ts';
import { reducePod } from '../../src/world/reduce/pod.ts';
import { type Facts, World } from '../../src/world/world.ts';

/**
 * A cluster that reads like a story. Every method adds an object and returns the builder; the last word is `world()`,
 * in which every kind
 * has been read, but for what `refuse` names.  cluster().namespace('shop').role('shop', 'deployer', [allow('create',
 * 'pods/exec')]).binding('shop', 'ci', 'Role/deployer', user('jane')).world()
 */
export const cluster = (facts: Partial<Facts> = {}): ClusterBuilder => new ClusterBuilder({ ...FACTS, ...facts });

export const user = (name: string): Subject => ({ kind: 'User', namespace: null, name });
export const group = (name: string): Subject => ({ kind: 'Group', namespace: null, name });
/** A service account; without a namespace (`null`) as a binding may leave it out. */
export const account = (namespace: string | null, name: string): Subject => ({
  kind: 'ServiceAccount',
  namespace,
  name,
});

/**
 * A rule; lists are separated by blanks: `allow('get list', 'pods pods/log', { names: ['web'] })`. The group is the
 * core group unless `groups` says.
 */
export function allow(
  verbs: string,
  resources: string,
  { groups = [''], names = [] }: { groups?: string[]; names?: string[] } = {},
): Rule {
  return {
    verbs: words(verbs),
    apiGroups: groups,
    resources: words(resources),
    resourceNames: names,
    nonResourceURLs: [],
  };
}

/** A rule on URLs that are no resources: `allowUrls('get', '/metrics /healthz')`. */
export function allowUrls(verbs: string, urls: string): Rule {
  return { verbs: words(verbs), apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: words(urls) };
}

export class ClusterBuilder {
  readonly #facts: Facts;
  readonly #steps: ((world: World) => void)[] = [];
  readonly #refused = new Map<string, { need: Need; status: number }>();

  constructor(facts: Facts) {
    this.#facts = facts;
  }

  /** Any object of any kind, as the world holds it. */
  with<K extends KindName>(kind: K, ...objects: Kinds[K][]): this {
    this.#steps.push((world) => world.put(kind, objects));
    return this;
  }

  namespace(name: string, labels: Labels = {}): this {
    return this.with('namespaces', { namespace: null, name, labels, deleting: false });
  }

  role(namespace: string, name: string, rules: readonly Rule[]): this {
    return this.with('roles', { ...ROLE, kind: 'Role', namespace, name, rules });
  }

  clusterRole(name: string, rules: readonly Rule[], more: Partial<Pick<Role, 'labels' | 'selectors'>> = {}): this {
    return this.with('clusterroles', { ...ROLE, kind: 'ClusterRole', namespace: null, name, rules, ...more });
  }

  /** A RoleBinding; `role` is spelled `Role/deployer` or `ClusterRole/edit`. */
  binding(namespace: string, name: string, role: string, ...subjects: Subject[]): this {
    return this.with('rolebindings', {
      ...UNDATED,
      kind: 'RoleBinding',
      namespace,
      name,
      roleRef: roleRef(role),
      subjects,
    });
  }

  /** A ClusterRoleBinding; `role` is spelled `ClusterRole/edit`. */
  clusterBinding(name: string, role: string, ...subjects: Subject[]): this {
    return this.with('clusterrolebindings', {
      ...UNDATED,
      kind: 'ClusterRoleBinding',
      namespace: null,
      name,
      roleRef: roleRef(role),
      subjects,
    });
  }

  account(namespace: string, name: string): this {
    return this.with('serviceaccounts', { namespace, name, created: CREATED });
  }

  pod(namespace: string, name: string, more: Partial<Pod> = {}): this {
    return this.with('pods', { ...POD, namespace, name, ...more });
  }

  /** As the API has it. */
  rawPod(raw: Raw): this {
    return this.with('pods', reducePod(raw));
  }

  node(name: string, more: Partial<Node> = {}): this {
    return this.with('nodes', { ...reduceNode({ metadata: { name } }), ...more });
  }

  service(namespace: string, name: string, more: Partial<Service> = {}): this {
    return this.with('services', { ports: [], ...more, namespace, name });
  }

  workload<K extends WorkloadKind>(kind: K, namespace: string, name: string, more: Partial<Workload> = {}): this {
    const workload: Workload = { kind: KINDS[kind].kind, selector: null, owner: null, ...more, namespace, name };
    return this.with<WorkloadKind>(kind, workload);
  }

  /** An object that nobody can understand: `odd('pods', 'shop/web')`. */
  odd(kind: KindName, key: string): this {
    this.#steps.push((world) => world.addMalformed(kind, `${kind} ${key}`, 'spec is not an object'));
    return this;
  }

  /** What the API did not show: `refuse(list('rolebindings'))`. */
  refuse(need: Need, status = 403): this {
    this.#refused.set(needKey(need), { need, status });
    return this;
  }

  world(): World {
    const world = new World(this.#facts);
    for (const kind of ALL_KINDS) {
      if (!this.#refused.has(needKey(list(kind)))) world.add(list(kind), { read: true });
    }
    if (!this.#refused.has(needKey(list('pods')))) world.add(whole(list('pods')), { read: true });
    for (const { need, status } of this.#refused.values()) {
      world.add(need, {
        read: false,
        failure: { kind: status === 404 ? 'notFound' : 'forbidden', status, message: `${status}` },
      });
    }
    for (const step of this.#steps) step(world);
    return world;
  }
}

type WorkloadKind = { [K in KindName]: Workload extends Kinds[K] ? K : never }[KindName];

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '');

function roleRef(role: string): Binding['roleRef'] {
  const [kind = '', name = ''] = role.split('/');
  return { kind, name };
}

const CREATED = '2026-01-02T03:04:05Z';
const UNDATED = { created: CREATED, changed: null, manager: null };
const ROLE = { ...UNDATED, labels: {}, selectors: null };

const POD: Pod = {
  ...reducePod({ metadata: { name: 'pod' }, spec: { containers: [{ name: 'app' }] }, status: { phase: 'Running' } }),
  created: CREATED,
  beyond: null,
};

const FACTS: Facts = {
  context: 'test',
  namespace: 'default',
  gitVersion: 'v1.37.2',
  version: { major: 1, minor: 37 },
  readAt: '2026-06-01T00:00:00Z',
  origin: 'live',
  self: null,
  selfFailure: null,
  flags: null,
  discovery: null,
};
