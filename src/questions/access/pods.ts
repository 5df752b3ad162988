import type { Unknown } from '../../answer/unknown.ts';
import { UserError, usageError } from '../../answer/user-error.ts';
import { plainName } from '../../rbac/proxy-name.ts';
import type { KindName, Kinds } from '../../world/kinds.ts';
import { get, list, type Need } from '../../world/needs.ts';
import type { LabelSelector, Pod, Workload } from '../../world/objects.ts';
import { formatSelector, matchesSelector, parseSelector } from '../../world/selectors.ts';
import { unreadable, type World } from '../../world/world.ts';
import { isMissing, namedNeeds, namespaceNeeds, notFound, refuseMissingNamespace } from '../existence.ts';
import { rbacNeeds } from '../holders/rbac-needs.ts';
import type { ObjectsTarget } from '../targets.ts';

/** A pod that is asked about. */
export interface PodTarget {
  namespace: string;
  name: string;
  /** The name as typed, where it is one that only the proxies take: `https:web-0:8443`. */
  spelling: string;
  /** Null where the pod could not be read: its rights are answered all the same. */
  pod: Pod | null;
  unknowns: Unknown[];
}

/**
 * What has to be read to find the pods: themselves, or their workloads first. `spelled`: names are as the proxies spell
 * them.
 */
export function podNeeds(target: ObjectsTarget, world: World, spelled: boolean): Need[] {
  if (target.selector !== null) {
    const pods = selectedPods(target.namespace, target.selector);
    const isEmpty =
      world.isRead(pods) && selectedFrom(target.namespace, parseSelector(target.selector), world).length === 0;
    return [pods, ...(isEmpty && target.namespace !== null ? namespaceNeeds(target.namespace, world) : [])];
  }
  const { namespace } = named(target);
  return target.refs.flatMap(({ kind, name }) => {
    if (kind === 'pods') return namedNeeds(kind, namespace, spelled ? plainName(name) : name, world);
    const itself = namedNeeds(kind, namespace, name, world);
    if (kind === 'cronjobs') return [...itself, list('jobs', namespace), list('pods', namespace)];
    const selector = (world.find(kind, namespace, name) as Workload | undefined)?.selector;
    return selector ? [...itself, list('pods', namespace, formatSelector(selector))] : itself;
  });
}

/** The pods that a selector, as typed, selects: one list for whoever asks about them. */
export const selectedPods = (namespace: string | null, selector: string): Need =>
  list('pods', namespace, formatSelector(parseSelector(selector)));

/** The bindings of the pods' own namespaces, which are read first if the whole cluster may not be listed. */
export const ownNamespaces = (pods: readonly PodTarget[], world: World): Need[] =>
  world.outcome(list('rolebindings'))?.read === false
    ? [...new Set(pods.map(({ namespace }) => namespace))].flatMap((namespace) => rbacNeeds(world, namespace))
    : [];

/**
 * The pods that a target stands for, each once, and an error for each name that stands for none, or for more than could
 * be read.
 */
export function podTargets(
  target: ObjectsTarget,
  world: World,
  spelled: boolean,
): { pods: PodTarget[]; errors: UserError[] } {
  if (target.selector !== null)
    return collect([() => selected(target.namespace, parseSelector(target.selector ?? ''), world)]);
  const { namespace } = named(target);
  return collect(
    target.refs.map(
      ({ kind, name }) =>
        () =>
          kind === 'pods'
            ? [onePod(namespace, spelled ? plainName(name) : name, name, world)]
            : podsOf(kind, namespace, name, world),
    ),
  );
}

function onePod(namespace: string, name: string, spelling: string, world: World): PodTarget {
  const pod = world.find('pods', namespace, name);
  if (pod) return { namespace, name, spelling, pod, unknowns: [] };
  refuseMissing('pods', namespace, name, world);
  const unknown = unreadable(world, get('pods', namespace, name), 'whether it exists, its node and its state');
  return { namespace, name, spelling, pod: null, unknowns: [unknown] };
}

function* podsOf(kind: KindName, namespace: string, name: string, world: World): Iterable<PodTarget> {
  const workload = world.find(kind, namespace, name) as Workload | undefined;
  if (!workload) {
    refuseMissing(kind, namespace, name, world);
    throw couldNotRead(get(kind, namespace, name), world);
  }
  if (kind !== 'cronjobs' && workload.selector) return yield* selected(namespace, workload.selector, world);
  const pods = kind === 'cronjobs' ? podsOfCronJob(workload, namespace, world) : [];
  yield* pods;
  if (kind === 'cronjobs') refuseUnread([list('jobs', namespace), list('pods', namespace)], world);
  if (pods.length === 0) throw new UserError(`error: no pods of ${kind} "${name}" in namespace ${namespace}`);
}

function podsOfCronJob({ name }: Workload, namespace: string, world: World): PodTarget[] {
  const isOwned = (kind: string, owners: ReadonlySet<string>) => (each: Pick<Kinds['pods'], 'owner'>) =>
    each.owner?.kind === kind && owners.has(each.owner.name);
  const jobs = new Set(
    world
      .list('jobs', namespace)
      .filter(isOwned('CronJob', new Set([name])))
      .map((job) => job.name),
  );
  return world.list('pods', namespace).filter(isOwned('Job', jobs)).map(asTarget);
}

/** The pods that were read, even if the list broke off. */
function* selected(namespace: string | null, selector: LabelSelector, world: World): Iterable<PodTarget> {
  const pods = selectedFrom(namespace, selector, world);
  yield* pods.map(asTarget);
  refuseUnread([list('pods', namespace, formatSelector(selector))], world);
  if (pods.length === 0) throw nothingSelected(namespace, world);
}

const selectedFrom = (namespace: string | null, selector: LabelSelector, world: World): Pod[] =>
  world.list('pods', namespace).filter(({ labels }) => matchesSelector(selector, labels));

/** The error that a selector selects no pod, in kubectl's words, or that the namespace does not exist. */
export function nothingSelected(namespace: string | null, world: World): UserError {
  if (namespace === null) return new UserError('No resources found');
  refuseMissingNamespace(namespace, world);
  return new UserError(`No resources found in ${namespace} namespace.`);
}

function refuseUnread(needs: readonly Need[], world: World): void {
  const unread = needs.find((need) => !world.isRead(need));
  if (unread) throw couldNotRead(unread, world);
  // Its labels, or its owner, may be what makes it one of them.
  const misshapen = needs.flatMap(({ kind, namespace }) =>
    world.malformed(kind).filter(({ what }) => namespace === null || what.startsWith(`${kind} ${namespace}/`)),
  )[0];
  if (misshapen) throw new UserError(`error: could not read ${misshapen.what}: ${misshapen.why}`);
}

const asTarget = (pod: Pod): PodTarget => ({
  namespace: pod.namespace ?? 'default',
  name: pod.name,
  spelling: pod.name,
  pod,
  unknowns: [],
});

/** The error that a pod could not be read, for questions that have no answer without it. */
export function unreadPod({ namespace, name }: PodTarget, world: World): UserError {
  return new UserError(
    `error: could not read pod ${namespace}/${name}: ${unreadable(world, get('pods', namespace, name), '').why}`,
  );
}

/** Throws where the server or the file says that there is no such object. */
export function refuseMissing(kind: KindName, namespace: string | null, name: string, world: World): void {
  if (isMissing(kind, namespace, name, world)) throw notFound(kind, namespace, name, world);
}

function couldNotRead(need: Need, world: World): UserError {
  const outcome = world.outcome(need);
  const why = outcome?.read === false ? outcome.failure.message : 'not read';
  return new UserError(`error: could not read ${need.kind}${need.name === null ? '' : ` "${need.name}"`}: ${why}`);
}

function named(target: ObjectsTarget): { namespace: string } {
  if (target.namespace === null)
    throw usageError('error: a resource cannot be retrieved by name across all namespaces');
  return { namespace: target.namespace };
}

function collect(parts: readonly (() => Iterable<PodTarget>)[]): { pods: PodTarget[]; errors: UserError[] } {
  const pods = new Map<string, PodTarget>();
  const errors: UserError[] = [];
  for (const part of parts) {
    try {
      for (const pod of part()) pods.set(`${pod.namespace}/${pod.spelling}`, pod);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      errors.push(error);
    }
  }
  return { pods: [...pods.values()], errors };
}
