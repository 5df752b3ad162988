import { ownValue } from '../../../answer/own-value.ts';
import type { Unknown } from '../../../answer/unknown.ts';
import type { Leaning } from '../../../answer/verdict.ts';
import type { Grant, Query } from '../../../rbac/rbac.ts';
import { rbacOf } from '../../../rbac/rbac-of.ts';
import { accountOf, identityOf } from '../../../rbac/subjects.ts';
import { isLeftOut } from '../../../world/kept/left-out.ts';
import { keyOf } from '../../../world/kinds.ts';
import { list, whole } from '../../../world/needs.ts';
import type { Pod } from '../../../world/objects.ts';
import { oncePerObject, oncePerState } from '../../../world/once.ts';
import { child, children, type Raw } from '../../../world/raw.ts';
import { unseen, type World } from '../../../world/world.ts';
import { podsOf } from '../../targets.ts';
import { type Controller, type Deputy, nameOf, type ResourceName } from './deputy.ts';
import { type Release, releaseOf, repositoryOf } from './release.ts';

/** A controller that runs in the cluster, or in its server. */
export interface Running {
  /** Null where it is built into the server, and then may do everything. */
  account: { namespace: string; name: string } | null;
  /** The pod that shows it. */
  pod: Pod | null;
  release: Release | null;
  /** What is not known of it. */
  unknowns: readonly Unknown[];
  leaning: Leaning;
}

/** Where the controller of a row was found; where it was not, what was looked for. */
export interface Search {
  running: readonly Running[];
  missing: { unknown: Unknown; leaning: Leaning } | null;
}

/**
 * The controllers of a row: pods whose account may watch the resource, and whose image is that of the product. A pod
 * that is only called so counts, but is not certain. Nothing is taken from the names of accounts and namespaces, which
 * whoever installs the product chooses.
 */
export const controllersOf = (deputy: Deputy, world: World): Search => {
  const known = searchesIn(world);
  const found = known.get(deputy) ?? search(deputy, world);
  known.set(deputy, found);
  return found;
};

const searchesIn = oncePerState((_world: World) => new Map<Deputy, Search>());

function search(deputy: Deputy, world: World): Search {
  const { controller, product } = deputy;
  const version = world.facts.gitVersion ?? '';
  if (controller.builtInto?.some((each) => version.includes(each)))
    return {
      running: [{ account: null, pod: null, release: null, unknowns: [], leaning: null }],
      missing: null,
    };
  const candidates = podsWatching(deputy, world);
  const sure = candidates.filter((pod) => isController(pod, controller));
  const named = sure.length > 0 ? [] : candidates.filter((pod) => isCalled(pod, controller));
  const running = [
    ...onePerAccount(sure).map((pod) => runningIn(pod, controller)),
    ...onePerAccount(named).map((pod) => ({
      ...runningIn(pod, controller),
      unknowns: [strangeImage(pod, deputy)],
      leaning: 'yes' as const,
    })),
  ];
  if (running.length > 0) return { running, missing: null };
  const affects = `what ${product} does with ${nameOf(deputy)}`;
  const [unread] = unseen(world, whole(list('pods')), affects);
  if (unread) return { running, missing: { unknown: unread, leaning: null } };
  const unknown: Unknown = {
    kind: 'invisible',
    what: `which account runs the controller of ${product}`,
    why: `no pod whose account may watch ${nameOf(deputy)} has an image ${controller.images.join(' or ')}${controller.isImageShared ? ` and the name ${controller.names.join(' or ')}` : ''}`,
    affects,
  };
  return { running, missing: { unknown, leaning: 'no' } };
}

const strangeImage = ({ namespace, name }: Pod, { product, controller, ...resource }: Deputy): Unknown => ({
  kind: 'invisible',
  what: `whether pod ${namespace}/${name} runs the controller of ${product}`,
  why: `it is called so, and its image is not ${controller.images.join(' or ')}`,
  affects: `what ${product} does with ${nameOf(resource)}`,
});

/**
 * The pods that have not ended and whose account may watch a resource, in whatever namespace. `byName`: by a rule that
 * names its group, as the role of an operator does, and not by one about everything.
 */
export function podsWatching(
  resource: ResourceName & { clusterScoped?: true },
  world: World,
  byName = false,
): readonly Pod[] {
  const { group } = resource;
  const rbac = rbacOf(world);
  const query: Query = {
    request: { verb: 'watch', group, resource: resource.resource, subresource: '', namespace: '', name: '' },
    names: 'any',
    reach: resource.clusterScoped ? 'request' : 'anywhere',
  };
  const grants = rbac.holders(query).grants.filter(({ role, rule }) => {
    return !byName || rbac.rulesOf(role)[rule]?.apiGroups.includes(group) === true;
  });
  const allowed = new Set(grants.flatMap(keysOfGrant));
  if (allowed.size === 0) return [];
  return [...podsByAccount(world)].flatMap(([account, pods]) =>
    keysOfAccount(account).some((key) => allowed.has(key)) ? pods : [],
  );
}

/** Whom a grant is for: an account as `ci/builder`, or a group. */
function keysOfGrant({ subject, binding }: Grant): string[] {
  if (subject.kind === 'Group') return [groupKey(subject.name)];
  const account = accountOf({ ...subject, namespace: subject.namespace ?? binding.namespace });
  return account ? [keyOf(account)] : [];
}

/** By what bindings name an account: itself, and the groups that every account is in. */
const keysOfAccount = (account: string): string[] => {
  const [namespace = '', name = ''] = account.split('/');
  return [account, ...identityOf({ kind: 'ServiceAccount', namespace, name }).groups.map(groupKey)];
};

const groupKey = (name: string): string => `group ${name}`;

const podsByAccount = oncePerState(
  (world: World): ReadonlyMap<string, readonly Pod[]> =>
    Map.groupBy(
      podsOf(world).all.filter(({ serviceAccount }) => serviceAccount !== null),
      ({ namespace, serviceAccount }) => keyOf({ namespace, name: serviceAccount ?? '' }),
    ),
);

function isController(pod: Pod, controller: Controller): boolean {
  if (controller.isImageShared && !isCalled(pod, controller)) return false;
  return containersOf(pod).some((container) => imageOf(container, controller) !== null);
}

/** The image of a container if it is that of the controller. */
function imageOf(container: Raw, { images }: Controller): string | null {
  const { image } = container;
  if (typeof image !== 'string') return null;
  const repository = repositoryOf(image);
  return images.some((each) => repository === each || repository.endsWith(`/${each}`)) ? image : null;
}

/** Whether its labels, its workload or one of its containers has a name of the controller, perhaps in a longer one. */
function isCalled({ labels, owner, containers }: Pod, { names }: Controller): boolean {
  const called = [
    ...LABELS.flatMap((label) => ownValue(labels, label) ?? []),
    ...(owner === null ? [] : [owner.name]),
    ...containers.map(({ name }) => name),
  ];
  return names.some((name) => called.some((each) => `-${each}-`.includes(`-${name}-`)));
}

const LABELS = [
  ...['app.kubernetes.io/name', 'app.kubernetes.io/component', 'app', 'k8s-app', 'name'],
  ...['component', 'control-plane'],
];

/** The containers of a pod as the API has them; none where the pod was not read as a whole. */
const containersOf = oncePerObject(({ whole: raw }: Pod): readonly Raw[] => {
  const spec = raw === null ? null : child(raw, 'spec');
  return spec === null ? [] : children(spec, 'containers');
});

export const onePerAccount = (pods: readonly Pod[]): Pod[] => [
  ...new Map(pods.toReversed().map((pod) => [`${pod.namespace}/${pod.serviceAccount}`, pod])).values(),
];

function runningIn(pod: Pod, controller: Controller): Running {
  const images = containersOf(pod).flatMap((container) => imageOf(container, controller) ?? []);
  return {
    account: { namespace: pod.namespace ?? '', name: pod.serviceAccount ?? 'default' },
    pod,
    release: images[0] === undefined ? null : releaseOf(images[0]),
    ...{ unknowns: [], leaning: null },
  };
}

/** The value of a flag of a controller: null where it is not set, `unknown` where its arguments are not known. */
export function flagOf(pod: Pod, flag: string): { value: string | null } | 'unknown' {
  const containers = containersOf(pod);
  const words = containers.flatMap(({ command, args }) => [command, args]).filter((each) => each !== undefined);
  if (containers.length === 0 || words.some(isLeftOut)) return 'unknown';
  const all = words.flatMap((each) => (Array.isArray(each) ? each : [])).filter((each) => typeof each === 'string');
  const at = all.findIndex((each) => each === flag || each.startsWith(`${flag}=`));
  if (at < 0) return { value: null };
  const word = all[at] ?? '';
  return { value: word === flag ? (all[at + 1] ?? '') : word.slice(flag.length + 1) };
}
