import { type Random, random } from '../../test/helpers/random.ts';
import { guards, labelsOf } from './guards.ts';
import { engineersOf, namespacesOf, type Place, TEAMS } from './names.ts';
import { type BenchCluster, deployment, nodesOf, podOf } from './objects.ts';

/**
 * A cluster in which many hold what is asked about, the same for the same seed. For 500 namespaces: 300 ClusterRoles
 * and 2,000 Roles of 1 to 12 rules over pods, what is done to running pods, Secrets and more; 1,000
 * ClusterRoleBindings, and 20,000 RoleBindings of 1 to 4 subjects. About 18,000 rows answer `who create
 * pods/portforward -A`, and hundreds answer `port-forward POD`.
 */
export function crowdedCluster(count: number, seed = 2): BenchCluster {
  const dice = random(seed);
  const places = namespacesOf(count);
  const nodes = nodesOf(Math.ceil(count / 50));
  const shared = Array.from({ length: Math.ceil(count * 0.6) }, (_, index) => `platform-${index}`);
  const pods = places.map((place) => podOf(dice, place, nodes.names));
  const objects = [
    ...nodes.objects,
    ...places.flatMap((place) => [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: place.namespace, labels: labelsOf(place) } },
      ...place.accounts.map((name) => ({
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name, namespace: place.namespace },
      })),
      deployment(place),
      ...ROLES.map((name) => ({
        ...RBAC,
        kind: 'Role',
        metadata: { name, namespace: place.namespace },
        rules: rules(dice),
      })),
      ...Array.from({ length: 40 }, (_, index) =>
        binding(
          'RoleBinding',
          { name: `grant-${index}`, namespace: place.namespace },
          roleFor(dice, shared),
          some(dice, place, places),
        ),
      ),
    ]),
    ...shared.map((name) => ({ ...RBAC, kind: 'ClusterRole', metadata: { name }, rules: rules(dice) })),
    ...Array.from({ length: count * 2 }, (_, index) => {
      const place = dice.pick(places);
      return binding(
        'ClusterRoleBinding',
        { name: `everywhere-${index}` },
        clusterRole(dice.pick(shared)),
        some(dice, place, places),
      );
    }),
    ...pods,
    ...guards(),
  ];
  const target = pods[pods.length >> 1];
  if (!target) throw new Error('a cluster without namespaces');
  const { namespace, name, labels } = target.metadata;
  return { objects, asked: { namespace, name, account: `${labels.app}-runner` } };
}

/** One to twelve, each over up to three resources. */
const rules = (dice: Random) =>
  Array.from({ length: 1 + dice.pick(TWELVE) }, () => ({
    apiGroups: dice.pick(GROUPS),
    resources: dice.some(RESOURCES, 1, 3),
    verbs: dice.some(VERBS, 1, 4),
  }));

/** To a Role of the namespace as often as to a ClusterRole. */
const roleFor = (dice: Random, shared: readonly string[]) =>
  dice.chance(0.5) ? { kind: 'Role', name: dice.pick(ROLES) } : clusterRole(dice.pick(shared));
const clusterRole = (name: string) => ({ kind: 'ClusterRole', name });

const binding = (kind: string, metadata: object, roleRef: object, subjects: object[]) => ({
  ...{ ...RBAC, kind, metadata, roleRef: { apiGroup, ...roleRef }, subjects },
});

/** One to four subjects: people, groups, and accounts of this namespace or another. */
function some(dice: Random, place: Place, places: readonly Place[]): object[] {
  return Array.from({ length: dice.pick([1, 2, 3, 4]) }, () => {
    const { namespace, accounts } = dice.chance(0.3) ? dice.pick(places) : place;
    return dice.pick<object>([
      { apiGroup, kind: 'User', name: dice.pick(ENGINEERS) },
      { apiGroup, kind: 'Group', name: `oidc:${dice.pick(TEAMS)}-${dice.pick(CIRCLES)}` },
      { kind: 'ServiceAccount', namespace, name: dice.pick(accounts) },
    ]);
  });
}

const apiGroup = 'rbac.authorization.k8s.io';
const RBAC = { apiVersion: `${apiGroup}/v1` };
const TWELVE = Array.from({ length: 12 }, (_, index) => index);
/** The four of each namespace, each with rules of its own there. */
const ROLES = ['developer', 'operator', 'release', 'support'];
const CIRCLES = ['engineers', 'on-call', 'contractors', 'managers'];
const ENGINEERS = TEAMS.flatMap(engineersOf);
const GROUPS = [[''], [''], [''], ['', 'apps'], ['apps'], ['batch', '']];
const RESOURCES = [
  ...[
    'pods',
    'pods/exec',
    'pods/portforward',
    'pods/portforward',
    'pods/log',
    'pods/attach',
    'pods/ephemeralcontainers',
    'secrets',
    'configmaps',
  ],
  ...[
    'services',
    'serviceaccounts',
    'serviceaccounts/token',
    'deployments',
    'statefulsets',
    'daemonsets',
    'jobs',
    'cronjobs',
    'events',
  ],
];
const VERBS = ['get', 'list', 'watch', 'create', 'create', 'update', 'patch', 'delete'];
