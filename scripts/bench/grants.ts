import type { Random } from '../../test/helpers/random.ts';
import { engineersOf, type Place, TEAMS } from './names.ts';

/** Of operators: their own kinds, often workloads, seldom a right that is asked about. */
export function clusterRoles(dice: Random, count: number) {
  return Array.from({ length: count }, (_, index) => {
    const name = `${TEAMS[index % TEAMS.length]}-operator-${Math.floor(index / TEAMS.length)}`;
    const own = {
      apiGroups: [`${name}.example.com`],
      resources: ['clusters', 'clusters/status', 'backups'],
      verbs: ['*'],
    };
    const chances = [0.6, 0.1, 0.03, 0.1, 0.02];
    const rules = [
      own,
      ...[WORKLOADS, SECRETS, SUPPORT, ROLLOUTS, LABELS].filter((_rule, rank) => dice.chance(chances[rank] ?? 0)),
    ];
    return { ...RBAC, kind: 'ClusterRole', metadata: { name, labels: HELM }, rules };
  });
}

/** Four a namespace. */
export function roles({ namespace, component }: Place) {
  const role = (name: string, ...rules: object[]) => ({
    ...RBAC,
    kind: 'Role',
    metadata: { name, namespace, labels: HELM },
    rules,
  });
  const core = { apiGroups: [''] };
  return [
    role('leader-election', { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ALL }),
    role('log-reader', { ...core, resources: ['pods', 'pods/log', 'events'], verbs: READ }),
    role(
      `${component}-release`,
      { apiGroups: ['apps', 'batch'], resources: ['deployments', 'statefulsets', 'jobs', 'cronjobs'], verbs: ALL },
      { ...core, resources: ['configmaps', 'services'], verbs: ALL },
      { ...core, resources: ['secrets'], resourceNames: [`${component}-database`, `${component}-tls`], verbs: ['get'] },
    ),
    role('break-glass-debugging', { ...core, resources: ['pods'], verbs: READ }, SUPPORT, LABELS),
  ];
}

type Shared = ReturnType<typeof clusterRoles>;

/**
 * To people, their groups and accounts of this namespace and others: half of them to a Role, else to what upstream or
 * an operator brings.
 */
export function roleBindings(dice: Random, place: Place, places: readonly Place[], shared: Shared, count: number) {
  return Array.from({ length: count }, (_, index) => {
    const own = dice.chance(0.5);
    const name = own
      ? dice.pick(roles(place)).metadata.name
      : dice.pick([dice.pick(BUILT_IN), dice.pick(shared).metadata.name]);
    const subjects = upTo(4, dice, () =>
      dice.pick([person, group, account])(dice, place, dice.chance(0.2) ? dice.pick(places) : place),
    );
    const roleRef = { kind: own ? 'Role' : 'ClusterRole', name };
    return binding('RoleBinding', `${place.team}-${name}-${index}`, roleRef, subjects, place.namespace);
  });
}

/** Mostly to the accounts of operators; a few to groups that may look at everything. */
export function clusterRoleBindings(dice: Random, places: readonly Place[], shared: Shared, count: number) {
  return Array.from({ length: count }, (_, index) => {
    const place = dice.pick(places);
    if (dice.chance(0.1)) {
      return binding('ClusterRoleBinding', `${place.team}-view-${index}`, { kind: 'ClusterRole', name: 'view' }, [
        group(dice, place),
      ]);
    }
    const { name } = dice.pick(shared).metadata;
    return binding(
      'ClusterRoleBinding',
      `${name}-${index}`,
      { kind: 'ClusterRole', name },
      upTo(3, dice, () => account(dice, place, place)),
    );
  });
}

function binding(
  kind: string,
  name: string,
  roleRef: { kind: string; name: string },
  subjects: object[],
  namespace?: string,
) {
  const metadata = { name, ...(namespace && { namespace }), labels: HELM };
  return { ...RBAC, kind, metadata, roleRef: { apiGroup, ...roleRef }, subjects };
}

const person = (dice: Random, { team }: Place) => ({ apiGroup, kind: 'User', name: dice.pick(engineersOf(team)) });
const group = (dice: Random, { team }: Place) => ({
  apiGroup,
  kind: 'Group',
  name: `oidc:${team}-${dice.pick(CIRCLES)}`,
});
const account = (dice: Random, _: Place, { namespace, accounts }: Place) => ({
  kind: 'ServiceAccount',
  namespace,
  name: dice.pick(accounts),
});

/** Most often one, seldom the most. */
const upTo = <T>(most: number, dice: Random, make: () => T): T[] =>
  Array.from({ length: Math.min(dice.pick([1, 1, 1, 2, 2, 3, 4]), most) }, make);

const apiGroup = 'rbac.authorization.k8s.io';
const RBAC = { apiVersion: `${apiGroup}/v1` };
const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'update', 'patch', 'delete'];
const ALL = [...READ, ...WRITE];
const WORKLOADS = {
  apiGroups: ['', 'apps'],
  resources: ['pods', 'services', 'configmaps', 'deployments', 'statefulsets'],
  verbs: ALL,
};
const SECRETS = { apiGroups: [''], resources: ['secrets'], verbs: READ };
const SUPPORT = {
  apiGroups: [''],
  resources: ['pods/exec', 'pods/portforward', 'pods/ephemeralcontainers'],
  verbs: ['get', 'create', 'patch'],
};
const ROLLOUTS = { apiGroups: ['apps'], resources: ['deployments', 'daemonsets'], verbs: ['get', 'list', 'patch'] };
const LABELS = { apiGroups: [''], resources: ['namespaces'], verbs: ['get', 'patch'] };
const BUILT_IN = ['view', 'view', 'view', 'edit', 'admin'];
const CIRCLES = ['engineers', 'on-call', 'contractors', 'managers'];
const HELM = { 'app.kubernetes.io/managed-by': 'Helm' };
