import type { MadePod } from '../world/applied.ts';
import { KINDS, type KindName, type Kinds, type StaticKind, WORKLOADS } from '../world/kinds.ts';
import { get } from '../world/needs.ts';
import type { Labels, Named, Node, Pod, Workload } from '../world/objects.ts';
import { child, Malformed, type Raw } from '../world/raw.ts';
import { understoodOr } from '../world/understood.ts';
import { NEWEST } from '../world/version.ts';
import { isAlike } from './alike.ts';
import type { Addition } from './change.ts';
import { NAMESPACE_NAME, type PodSetting, withDefaults } from './defaults.ts';
import type { Draft } from './draft.ts';
import { type Made, madeBy } from './made-pods.ts';
import { hasPods } from './owned-pods.ts';
import { readRaw } from './put.ts';

/** What was added besides the objects themselves: an answer that rests on it says so. */
export interface Added {
  /** Pods that controllers would make, by `namespace/name`. */
  made: Map<string, MadePod>;
  /** Pods that were given, by `namespace/name`, with the API server's defaults filled in. */
  defaulted: Set<string>;
  /** Namespaces that objects are in and nothing describes. */
  namespaces: Set<string>;
}

/**
 * Applies objects, with what the API server and the controllers make of that: defaults, the account `default` of a new
 * namespace, and the pods of workloads. An object that exists is replaced; its labels stay where the new one has no
 * others, as with `kubectl apply`. Throws Malformed for an object that does not have the API's shape.
 */
export function addAll(additions: readonly Addition[], draft: Draft): Added {
  const added: Added = { made: new Map(), defaulted: new Set(), namespaces: new Set() };
  const sorted = [...additions].sort((a, b) => rank(a.kind) - rank(b.kind));
  const setting: PodSetting = {
    version: draft.before.facts.version ?? NEWEST,
    isSilent: (namespace, account) => draft.find('serviceaccounts', namespace, account)?.isSilent === true,
  };
  addNamespaces(sorted, draft, added);
  for (const addition of sorted) addOne(addition, draft, setting, added);
  for (const secret of draft.list('secrets')) dropOrphan(secret, draft);
  return added;
}

/** Definitions and accounts come before what needs them. */
const rank = (kind: KindName): number => {
  const index = (['namespaces', 'customresourcedefinitions', 'nodes', 'serviceaccounts'] as KindName[]).indexOf(kind);
  return index >= 0 ? index : isWorkload(kind) ? 6 : 5;
};

/** The namespaces that objects are in, where they are known not to exist and are not described. */
function addNamespaces(additions: readonly Addition[], draft: Draft, { namespaces }: Added): void {
  const described = new Set(additions.flatMap(({ kind, name }) => (kind === 'namespaces' ? [name] : [])));
  const used = new Set(additions.flatMap(({ namespace }) => namespace ?? []));
  for (const name of used) {
    if (described.has(name) || draft.find('namespaces', null, name)) continue;
    if (!isKnownMissing('namespaces', null, name, draft)) continue;
    namespaces.add(name);
    draft.put('namespaces', { namespace: null, name, labels: { [NAMESPACE_NAME]: name }, deleting: false });
    addDefaultAccount(name, draft);
  }
}

/** Whether the server, or a file that has all of them, says that there is no such object; or it was just removed. */
function isKnownMissing(kind: KindName, namespace: string | null, name: string, draft: Draft): boolean {
  const { before } = draft;
  if (before.find(kind, namespace, name)) return draft.find(kind, namespace, name) === undefined;
  const outcome = before.outcome(get(kind, namespace, name));
  return outcome !== null && (outcome.read || outcome.failure.kind === 'notFound');
}

function addDefaultAccount(namespace: string, draft: Draft): void {
  if (!draft.find('serviceaccounts', namespace, 'default'))
    draft.put('serviceaccounts', { namespace, name: 'default', created: null });
}

function addOne({ kind, raw, namespace, at }: Addition, draft: Draft, setting: PodSetting, added: Added): void {
  const filled = withDefaults(kind, raw, namespace, setting);
  const object = readOrThrow(kind, filled, namespace, at);
  const standing = draft.find(kind, namespace, object.name);
  draft.put(kind, merged(standing, object));
  if (kind === 'namespaces' && !standing) addDefaultAccount(object.name, draft);
  if (kind === 'pods') added.defaulted.add(`${namespace}/${object.name}`);
  if (isWorkload(kind) && namespace !== null)
    addPods(kind, filled, object as Workload, namespace, { isNew: !standing, at, setting }, draft, added);
}

function readOrThrow<K extends KindName>(kind: K, raw: Raw, namespace: string | null, at: string): Kinds[K] {
  const read = readRaw(kind, raw, { namespace: namespace ?? '', whole: true });
  if ('problem' in read) throw new Malformed(`${at}: ${read.problem.what}: ${read.problem.why}`);
  return read.object;
}

/** Labels and annotations that a manifest does not name stay as they are: `kubectl apply` removes none of others. */
function merged<T extends object>(standing: object | undefined, object: T): T {
  if (!standing || !('labels' in standing) || !('labels' in object)) return object;
  const labels = { ...(standing.labels as Labels), ...(object.labels as Labels) };
  if (!('annotations' in standing)) return { ...object, labels };
  const own = 'annotations' in object ? (object.annotations as Labels) : {};
  return { ...object, labels, annotations: { ...(standing.annotations as Labels), ...own } };
}

interface WorkloadSetting {
  isNew: boolean;
  at: string;
  setting: PodSetting;
}

/** The pods that the controller of a workload makes; those of its former template go where they differ. */
function addPods(
  kind: StaticKind,
  filled: Raw,
  workload: Workload,
  namespace: string,
  { isNew, at, setting }: WorkloadSetting,
  draft: Draft,
  added: Added,
): void {
  if (isNew && hasPods(kind, workload, draft)) return;
  const parent = { ...filled, metadata: { ...child(filled, 'metadata'), namespace } };
  const nodes = draft.list('nodes').map(rawNode);
  const made = understoodOr(
    () => madeBy(kind, parent, nodes),
    (error) => {
      throw new Malformed(`${at}: ${error.message}`);
    },
  );
  const objects = made.map((each) => ({ each, object: reducedOf(each, namespace, setting, at) }));
  const standing = isNew ? [] : podsOf(workload, draft);
  const pods = objects.flatMap(({ each, object }) => (each.kind === 'pods' ? [object as Pod] : []));
  // What a rollout would make again as it is stays as it is.
  if (standing.length > 0 && pods.length > 0 && isUnchanged(standing, pods)) return;
  if (!isNew) dropMade(workload, draft);
  for (const { each, object } of objects) {
    draft.put(each.kind, object);
    if (each.kind === 'pods')
      added.made.set(`${namespace}/${object.name}`, {
        workload: `${KINDS[kind].kind.toLowerCase()} ${workload.name}`,
        count: each.count,
      });
  }
}

const isUnchanged = (standing: readonly Pod[], made: readonly Pod[]): boolean =>
  standing.every((pod) => made[0] !== undefined && isAlike(pod, made.find(({ name }) => name === pod.name) ?? made[0]));

function reducedOf({ kind, raw }: Made, namespace: string, setting: PodSetting, at: string): Kinds[StaticKind] {
  return readOrThrow(kind, withDefaults(kind, raw, namespace, setting), namespace, at);
}

/** The pods that a workload owns, by way of what it makes. */
function podsOf(workload: Workload, draft: Draft): Pod[] {
  const { namespace, name, kind } = workload;
  const between = WORKLOADS.flatMap((each) => [...draft.list(each, namespace)]).filter(
    ({ owner }) => owner?.kind === kind && owner.name === name,
  );
  const own = draft.list('pods', namespace).filter(({ owner }) => owner?.kind === kind && owner.name === name);
  return [...own, ...between.flatMap((each) => podsOf(each, draft))];
}

/** All that a workload has made so far. */
function dropMade(workload: Workload, draft: Draft): void {
  const { namespace, name, kind } = workload;
  for (const each of podsOf(workload, draft)) draft.drop('pods', each);
  for (const made of WORKLOADS)
    for (const each of draft.list(made, namespace))
      if (each.owner?.kind === kind && each.owner.name === name) draft.drop(made, each);
}

/** A Secret for the token of an account that does not exist is deleted by the tokens controller. */
function dropOrphan({ namespace, name, account }: Named & { account: string | null }, draft: Draft): void {
  if (account === null || draft.before.find('secrets', namespace, name)) return;
  if (
    isKnownMissing('serviceaccounts', namespace, account, draft) &&
    !draft.find('serviceaccounts', namespace, account)
  )
    draft.drop('secrets', { namespace, name });
}

/** The fields of a node by which a DaemonSet chooses it. The uid says that its labels are all that it has. */
const rawNode = ({ name, labels, taints = [] }: Node): Raw => ({
  metadata: { name, labels, uid: 'read' },
  spec: { taints },
});

const isWorkload = (kind: KindName): kind is (typeof WORKLOADS)[number] => WORKLOADS.some((each) => each === kind);
