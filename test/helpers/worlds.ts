import type { Subject } from '../../src/world/objects.ts';
import { type Random, random } from './random.ts';
import { type Tuple, tuples, type Who } from './tuples.ts';
import { ACCOUNTS, BARE_NAMES, GROUPS, NAMES, RESOURCES, ROLE_NAMES, URL_VERBS, URLS, VERBS } from './vocabulary.ts';

/** Objects as they are posted. */
export interface RawRule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

export interface RawRole {
  apiVersion: string;
  kind: 'Role' | 'ClusterRole';
  metadata: Metadata;
  rules: RawRule[];
  aggregationRule?: unknown;
}

export interface RawBinding {
  apiVersion: string;
  kind: 'RoleBinding' | 'ClusterRoleBinding';
  metadata: Metadata;
  roleRef: { apiGroup: string; kind: string; name: string };
  subjects: { kind: string; name: string; namespace?: string }[];
}

interface Metadata {
  name: string;
  namespace?: string;
  labels: Record<string, string>;
}

export interface GeneratedWorld {
  seed: number;
  namespaces: string[];
  roles: RawRole[];
  bindings: RawBinding[];
  /** Everybody whom the world speaks of, and some whom it does not. */
  people: Who[];
  tuples: Tuple[];
}

/** By this label all cluster-scoped objects of a world are found again. */
export const WORLD_LABEL = 'whocan-escalate/world';

/**
 * A random world of roles and bindings, with `size` requests to try on it. Namespaces carry the seed in their names,
 * cluster-scoped names are those of every other world. A few objects are such as the API refuses.
 */
export function generateWorld(seed: number, size: number): GeneratedWorld {
  const dice = random(seed);
  const namespaces = ['shop', 'ci', 'prod'].map((name) => `${name}-${seed}`);
  const roles = [
    ...namespaces.flatMap((namespace) =>
      ROLE_NAMES.filter(() => dice.chance(0.75)).map((name) => role(dice, name, namespace)),
    ),
    ...ROLE_NAMES.filter(() => dice.chance(0.8)).map((name) => role(dice, name)),
    aggregated(),
  ];
  const bindings = [
    ...namespaces.flatMap((namespace) => names('rb', 6).map((name) => binding(dice, name, namespaces, namespace))),
    ...names('crb', 8).map((name) => binding(dice, name, namespaces)),
  ];
  return { seed, namespaces, roles, bindings, ...tuples(dice, { namespaces, roles, bindings }, size) };
}

function role(dice: Random, name: string, namespace?: string): RawRole {
  const rules = dice.chance(0.05)
    ? []
    : names('', dice.pick([1, 2, 2, 3])).map(() => rule(dice, namespace !== undefined));
  return { apiVersion: RBAC, kind: namespace ? 'Role' : 'ClusterRole', metadata: metadata(name, namespace), rules };
}

/** Selects every other ClusterRole of the world; where no controller fills it, it grants nothing. */
const aggregated = (): RawRole => ({
  apiVersion: RBAC,
  kind: 'ClusterRole',
  metadata: metadata('sum'),
  rules: [],
  aggregationRule: { clusterRoleSelectors: [{ matchExpressions: [{ key: WORLD_LABEL, operator: 'Exists' }] }] },
});

function rule(dice: Random, namespaced: boolean): RawRule {
  if (dice.chance(namespaced ? 0.01 : 0.35))
    return { verbs: dice.some(URL_VERBS, 1, 2), nonResourceURLs: dice.some(URLS, 1, 2) };
  const refused = dice.chance(0.02) ? dice.pick(['verbs', 'apiGroups', 'resources'] as const) : null;
  const rule: RawRule = {
    verbs: dice.some(VERBS, 1, 3),
    apiGroups: dice.some(GROUPS, 1, 2),
    resources: dice.some(RESOURCES, 1, 2),
  };
  if (dice.chance(0.35)) rule.resourceNames = dice.some(NAMES, 1, 2);
  else if (dice.chance(0.2)) rule.resourceNames = [];
  return refused ? { ...rule, [refused]: [] } : rule;
}

function binding(dice: Random, name: string, namespaces: string[], namespace?: string): RawBinding {
  const kind = namespace ? dice.pick(['Role', 'Role', 'ClusterRole']) : dice.chance(0.02) ? 'Role' : 'ClusterRole';
  const roleName = kind === 'ClusterRole' && dice.chance(0.06) ? 'sum' : dice.pick([...ROLE_NAMES, 'ghost']);
  return {
    apiVersion: RBAC,
    kind: namespace ? 'RoleBinding' : 'ClusterRoleBinding',
    metadata: metadata(name, namespace),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: roleName },
    subjects: names('', dice.pick([0, 1, 1, 1, 2, 2, 3])).map(() => subject(dice, namespaces, namespace !== undefined)),
  };
}

/**
 * As a binding lists it: the namespace of an account may be left out in a RoleBinding, and means nothing for others.
 */
function subject(
  dice: Random,
  namespaces: string[],
  namespaced: boolean,
): { kind: Subject['kind']; name: string; namespace?: string } {
  const namespace = dice.pick(namespaces);
  const kind = dice.pick(['User', 'Group', 'ServiceAccount']);
  if (kind === 'ServiceAccount') {
    const bare = namespaced ? dice.chance(0.5) : dice.chance(0.02);
    return { kind, name: dice.pick(ACCOUNTS), ...(bare ? {} : { namespace }) };
  }
  const wide = [
    'system:serviceaccounts',
    `system:serviceaccounts:${namespace}`,
    'system:unauthenticated',
    'system:authenticated',
  ];
  const groups = dice.chance(namespaced ? 0.25 : 0.12) ? wide : BARE_NAMES;
  const users = dice.chance(0.15)
    ? [`system:serviceaccount:${namespace}:${dice.pick(ACCOUNTS)}`]
    : [...BARE_NAMES, 'system:anonymous'];
  return { kind, name: dice.pick(kind === 'User' ? users : groups), ...(dice.chance(0.1) ? { namespace } : {}) };
}

const metadata = (name: string, namespace?: string): Metadata => ({
  name,
  ...(namespace ? { namespace } : {}),
  labels: { [WORLD_LABEL]: 'generated' },
});

const names = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

const RBAC = 'rbac.authorization.k8s.io/v1';
