import type { KindName, StaticKind } from '../world/kinds.ts';
import { isStatic, KINDS, parseGroupKind, WORKLOADS } from '../world/kinds.ts';
import type { Named, Owner, Pod } from '../world/objects.ts';
import type { Removal } from './change.ts';
import type { Draft } from './draft.ts';
import { isFollower } from './owned-pods.ts';

/**
 * Deletes objects, with what the garbage collector and the controllers make of that: what they own is deleted too, a
 * namespace takes along what is in it, an account its tokens. A pod that a controller has made is made again. Returns
 * what else is worth knowing, as sentences.
 */
export function removeAll(removals: readonly Removal[], draft: Draft): string[] {
  // Owners first: what they have made is made again only where they stay.
  const sorted = [...removals].sort((a, b) => rank(a.kind) - rank(b.kind));
  return sorted.flatMap((removal) => removeOne(removal, draft));
}

const rank = (kind: KindName): number => (kind === 'pods' ? 2 : kind === 'replicasets' || kind === 'jobs' ? 1 : 0);

function removeOne({ kind, namespace, name }: Removal, draft: Draft): string[] {
  if (!draft.find(kind, namespace, name) && !draft.before.malformedObject(kind, namespace, name)) return [];
  const maker = makerOf(kind, namespace, name, draft);
  if (maker !== null) return madeAgain(kind, { namespace, name }, maker, draft);
  if (kind === 'serviceaccounts' && name === 'default') return resetAccount({ namespace, name }, draft);
  removeWithAll(kind, { namespace, name }, draft);
  return kind === 'serviceaccounts' ? dangling({ namespace, name }, draft) : [];
}

/** The controller that makes the object again when it is deleted; null where none does. */
function makerOf(kind: KindName, namespace: string | null, name: string, draft: Draft): Owner | null {
  if (kind !== 'pods' && kind !== 'replicasets') return null;
  const owner = draft.find(kind, namespace, name)?.owner ?? null;
  if (owner === null || !MAKERS.has(owner.kind)) return null;
  const ownerKind = WORKLOADS.find((each) => KINDS[each].kind === owner.kind);
  // Of an owner that was not read it is known that it exists: else its pods would be gone.
  const isRemoved =
    ownerKind !== undefined &&
    draft.before.find(ownerKind, namespace, owner.name) !== undefined &&
    draft.find(ownerKind, namespace, owner.name) === undefined;
  return isRemoved ? null : owner;
}

const MAKERS: ReadonlySet<string> = new Set([
  ...['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'ReplicationController'],
  // The kubelet makes the mirror of a static pod again.
  'Node',
]);

/** Where the name is generated, the pod that comes has another one. */
function madeAgain(kind: KindName, { namespace, name }: Named, owner: Owner, draft: Draft): string[] {
  const pod = kind === 'pods' ? draft.find('pods', namespace, name) : undefined;
  if (pod && GENERATED.has(owner.kind)) {
    draft.drop('pods', pod);
    draft.put('pods', renewed(pod, owner));
  }
  return [`${owner.kind} ${owner.name} makes ${word(kind)} ${namespace}/${name} again: its owner has to go too`];
}

const GENERATED: ReadonlySet<string> = new Set(['ReplicaSet', 'DaemonSet', 'Job', 'ReplicationController']);

const renewed = (pod: Pod, { kind, name }: Owner): Pod => ({
  ...pod,
  name: `${name}-xxxxx`,
  created: null,
  phase: 'Pending',
  node: kind === 'DaemonSet' ? pod.node : null,
  containers: pod.containers.map((each) => ({ ...each, status: null })),
});

/** The account `default` is created again at once. Secrets with a token of the former one do not come back. */
function resetAccount(account: Named, draft: Draft): string[] {
  dropTokens(account, draft);
  return [`serviceaccount ${account.namespace}/default is created again by its controller`];
}

function removeWithAll(kind: KindName, object: Named, draft: Draft): void {
  const { namespace, name } = object;
  const selector = isStatic(kind) && isWorkload(kind) ? draft.find(kind, namespace, name) : undefined;
  draft.drop(kind, object);
  if (kind === 'namespaces') emptyNamespace(name, draft);
  if (kind === 'customresourcedefinitions') removeInstances(name, draft);
  if (kind === 'nodes') for (const pod of draft.list('pods')) if (pod.node === name) leaveNode(pod, draft);
  if (kind === 'serviceaccounts') {
    dropTokens(object, draft);
    dropMountedTokens(object, draft);
  }
  const ownKind = isStatic(kind) ? KINDS[kind].kind : parseGroupKind(kind).kind;
  removeOwned(ownKind, object, draft);
  if (selector && isStatic(kind))
    for (const pod of draft.list('pods', namespace))
      if (isFollower(kind, selector, pod) && pod.owner !== null && !hasOwner(pod, draft)) draft.drop('pods', pod);
}

/** What an object has made goes with it. */
function removeOwned(ownerKind: string, { namespace, name }: Named, draft: Draft): void {
  for (const kind of [...WORKLOADS, 'pods'] as const)
    for (const each of draft.list(kind, namespace))
      if (each.owner?.kind === ownerKind && each.owner.name === name) {
        draft.drop(kind, each);
        if (kind !== 'pods') removeOwned(KINDS[kind].kind, each, draft);
      }
}

function hasOwner({ namespace, owner }: Pod, draft: Draft): boolean {
  const kind = WORKLOADS.find((each) => KINDS[each].kind === owner?.kind);
  return owner !== null && kind !== undefined && draft.find(kind, namespace, owner.name) !== undefined;
}

function emptyNamespace(namespace: string, draft: Draft): void {
  for (const kind of draft.kinds()) for (const each of draft.list(kind, namespace)) draft.drop(kind, each);
}

function removeInstances(definition: string, draft: Draft): void {
  const found = draft.before.find('customresourcedefinitions', null, definition);
  if (!found) return;
  const kind = `${found.kind}.${found.group}` as const;
  for (const each of draft.list(kind)) draft.drop(kind, each);
}

/** The pods of a node that is gone are deleted; those of controllers are made again elsewhere. */
function leaveNode(pod: Pod, draft: Draft): void {
  const { owner } = pod;
  draft.drop('pods', pod);
  if (owner === null || owner.kind === 'DaemonSet' || !MAKERS.has(owner.kind) || owner.kind === 'Node') return;
  draft.put('pods', owner.kind === 'StatefulSet' ? { ...renewed(pod, owner), name: pod.name } : renewed(pod, owner));
}

/** The tokens controller deletes the Secrets with tokens of an account that is gone. */
function dropTokens({ namespace, name }: Named, draft: Draft): void {
  for (const secret of draft.list('secrets', namespace)) if (secret.account === name) draft.drop('secrets', secret);
}

/** A token that is bound to a pod names the account by its uid, and dies with it. */
function dropMountedTokens({ namespace, name }: Named, draft: Draft): void {
  for (const pod of draft.list('pods', namespace))
    if (pod.serviceAccount === name && pod.containers.some(({ tokenPaths }) => tokenPaths.length > 0))
      draft.put('pods', { ...pod, containers: pod.containers.map((each) => ({ ...each, tokenPaths: [] })) });
}

/** Bindings outlive their subjects, which whoever creates such an account makes use of. */
function dangling({ namespace, name }: Named, draft: Draft): string[] {
  const isItself = ({ subjects }: { subjects: readonly { kind: string; namespace: string | null; name: string }[] }) =>
    subjects.some((each) => each.kind === 'ServiceAccount' && each.namespace === namespace && each.name === name);
  const bindings = [...draft.list('rolebindings'), ...draft.list('clusterrolebindings')].filter(isItself);
  if (bindings.length === 0) return [];
  const names = bindings.map(
    (each) => `${each.kind.toLowerCase()} ${each.namespace ? `${each.namespace}/` : ''}${each.name}`,
  );
  const shown = names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ');
  return [
    `${shown} still ${names.length === 1 ? 'names' : 'name'} serviceaccount ${namespace}/${name}: whoever creates it again gets its rights`,
  ];
}

const isWorkload = (kind: StaticKind): kind is (typeof WORKLOADS)[number] => WORKLOADS.some((each) => each === kind);

const word = (kind: KindName): string => (isStatic(kind) ? KINDS[kind].kind : parseGroupKind(kind).kind).toLowerCase();
