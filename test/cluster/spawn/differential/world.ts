import type { Labels } from '../../../../src/world/objects.ts';
import { type Random, random } from '../../../helpers/random.ts';
import type { Asker } from './oracle.ts';
import { policy, TIER_LABELS } from './policies.ts';

/** A generated world: its objects in the order in which they have to be there. */
export interface SpawnWorld {
  name: string;
  namespaces: { name: string; labels: Labels }[];
  /** Pods and workloads, which are there before anything is guarded. */
  residents: object[];
  rules: object[];
}

/**
 * All that `seed` makes of `users`. Names carry the world's, so that worlds can stand beside each other in one cluster.
 */
export function spawnWorld(seed: number, askers: readonly Asker[]): SpawnWorld {
  const users = askers.map((each) => each.name);
  const dice = random(seed);
  const name = `w${seed}`;
  const namespaces = Array.from({ length: 10 }, (_, index) => ({
    name: `${name}-${index}`,
    labels: { world: name, ...dice.pick(TIER_LABELS), ...dice.pick(LEVELS) },
  }));
  const places = namespaces.map((each) => each.name);
  const policies = Array.from({ length: 7 }, (_, index) => policy(dice, `${name}-p${index}`, name, users)).flat();
  const quotas = places
    .filter(() => dice.chance(0.2))
    .map((namespace) => ({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'quota', namespace },
      spec: { hard: dice.pick(HARD) },
    }));
  return {
    name,
    namespaces,
    residents: places.flatMap((namespace) => residents(dice, namespace)),
    rules: [
      ...quotas,
      ...policies,
      ...askers.flatMap((asker, index) => grants(dice, `${name}-${index}`, asker, places)),
    ],
  };
}

/** What a namespace says of Pod Security; the server refuses a bad level, which only a subresource lets pass. */
const LEVELS: readonly Labels[] = [
  {},
  {},
  {},
  { [enforce()]: 'privileged' },
  { [enforce()]: 'baseline' },
  { [enforce()]: 'restricted' },
  { [enforce()]: 'restricted', [enforce('-version')]: 'v1.20' },
  { [enforce()]: 'baseline', [enforce('-version')]: 'v1.99' },
  { 'pod-security.kubernetes.io/warn': 'restricted' },
  { 'bad/level': 'strict' },
];

function enforce(suffix = ''): string {
  return `pod-security.kubernetes.io/enforce${suffix}`;
}

const HARD = [
  { pods: '0' },
  { pods: '50' },
  { 'requests.cpu': '4' },
  { 'limits.memory': '8Gi' },
  { 'count/deployments.apps': '0' },
];

const spec = { containers: [{ name: 'app', image: 'registry.example/app:1' }] };
const PRIVILEGED = {
  containers: [{ name: 'app', image: 'registry.example/app:1', securityContext: { privileged: true } }],
};
const template = { metadata: { labels: { app: 'web' } }, spec };
const selector = { matchLabels: { app: 'web' } };

function residents(dice: Random, namespace: string): object[] {
  const metadata = { name: 'web', namespace };
  const all = [
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, labels: { app: 'web' } },
      spec: dice.pick([spec, spec, PRIVILEGED]),
    },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 1, selector, template } },
    { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, spec: { selector, template } },
  ];
  return all.filter(() => dice.chance(0.6));
}

type Right = [verbs: string[], group: string, resources: string[], names?: string[]];

/** Of rights to pods there are more, so that there is something to decide. */
const RIGHTS: readonly Right[] = [
  ...(['create', 'create', 'create', '*'] as const).map((verb): Right => [[verb], '', ['pods']]),
  [['create', 'patch'], '', ['pods'], ['mine']],
  [['create'], '', ['pods'], ['mine']],
  [['patch'], '', ['pods']],
  [['update'], '', ['pods']],
  [['patch'], '', ['pods'], ['web']],
  [['patch'], '', ['pods/ephemeralcontainers']],
  [['update'], '', ['pods/ephemeralcontainers']],
  [['create'], 'apps', ['deployments', 'replicasets']],
  [['create'], 'apps', ['statefulsets', 'daemonsets']],
  [['create'], 'batch', ['jobs', 'cronjobs']],
  [['create'], '', ['replicationcontrollers']],
  [['patch'], 'apps', ['deployments']],
  [['update'], 'apps', ['deployments', 'daemonsets']],
  [['patch'], '', ['namespaces']],
  [['update'], '', ['namespaces/status']],
  [['update'], '', ['namespaces/finalize']],
  [['patch'], '', ['namespaces/status']],
  [['create'], '', ['persistentvolumeclaims']],
  [['create'], '*', ['podtemplates', '*/scale']],
  [['use'], 'policy.example', ['exemptions']],
  [['delete'], '', ['pods']],
  [['*'], 'batch', ['*']],
];

const CLUSTER_RIGHTS: readonly Right[] = [
  ...RIGHTS,
  [['create'], '', ['persistentvolumes']],
  [['create'], '', ['persistentvolumes', 'persistentvolumeclaims']],
  [['delete'], 'admissionregistration.k8s.io', ['validatingadmissionpolicies']],
  [['patch'], 'admissionregistration.k8s.io', ['validatingadmissionpolicybindings']],
  [['create'], '', ['namespaces']],
];

const ruleOf = ([verbs, group, resources, resourceNames]: Right): object => ({
  verbs,
  apiGroups: [group],
  resources,
  ...(resourceNames ? { resourceNames } : {}),
});

/**
 * What one user may do: in some namespaces, by a ClusterRole in a RoleBinding, by a group, and sometimes everywhere.
 */
function grants(dice: Random, name: string, { name: user, groups: [own] }: Asker, places: readonly string[]): object[] {
  const group = 'rbac.authorization.k8s.io';
  const apiVersion = `${group}/v1`;
  const subject =
    own !== undefined && dice.chance(0.6)
      ? { kind: 'Group', name: own, apiGroup: group }
      : { kind: 'User', name: user, apiGroup: group };
  const bound = (kind: string, namespace: string | null, role: string) => ({
    apiVersion,
    kind: namespace === null ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name: `${name}-${kind.toLowerCase()}`, ...(namespace === null ? {} : { namespace }) },
    roleRef: { apiGroup: group, kind, name: role },
    subjects: [subject],
  });
  const inside = dice
    .some(places, 2, 5)
    .flatMap((namespace) => [
      { apiVersion, kind: 'Role', metadata: { name, namespace }, rules: dice.some(RIGHTS, 1, 3).map(ruleOf) },
      bound('Role', namespace, name),
    ]);
  const shared = [
    { apiVersion, kind: 'ClusterRole', metadata: { name }, rules: dice.some(CLUSTER_RIGHTS, 1, 3).map(ruleOf) },
    ...dice.some(places, 0, 2).map((namespace) => bound('ClusterRole', namespace, name)),
    ...(dice.chance(0.3) ? [bound('ClusterRole', null, name)] : []),
  ];
  return [...inside, ...shared];
}
