import type { Unknown } from '../../answer/unknown.ts';
import { depends, no, yes } from '../../answer/verdict.ts';
import { NODE_USER, NODES } from '../../rbac/subjects.ts';
import { get, list } from '../../world/needs.ts';
import { child, children, isRaw, type Raw, text, textMap } from '../../world/raw.ts';
import { understoodOr } from '../../world/understood.ts';
import { unreadable, unseen, type World } from '../../world/world.ts';
import type { Admission, Layer, Refusal } from '../layer.ts';
import { askUser } from '../request/reading/ask.ts';
import type { AdmissionRequest } from '../request/request.ts';
import type { UserInfo } from '../request/user.ts';
import { apiReference } from './pod-references.ts';

/** The assumption that is printed where nothing shows the server's admission plug-ins. */
export const NODE_RESTRICTION_ASSUMPTION =
  'the admission plug-in NodeRestriction is on, as every kubeadm cluster has it';

/**
 * Limits what nodes may write: the only pods that they may create are mirror pods of their own that refer to nothing in
 * the API. Every other user passes. `isOn` says whether the plug-in is on, by the server's flags or by the assumption.
 * The plug-in limits other writes of nodes too; those are not modelled here and give an `unmodelled` unknown. The
 * owner's uid has to be the node's uid, which a node can read; it is not checked. Mirrors kubernetes
 * plugin/pkg/admission/noderestriction/admission.go.
 */
export const nodeRestriction = (isOn: (world: World) => boolean = () => true): Layer => ({
  id: LAYER,
  admits: (request, world) => {
    const node = nodeOf(request, world);
    return node === null || request.operation === 'CONNECT' || !isOn(world) ? yes() : admitNode(node, request, world);
  },
});

/**
 * The name of the node that a user is: `''` for a node user without a name, and null for every other user. Mirrors
 * pkg/auth/nodeidentifier/default.go.
 */
const nodeOf = ({ user }: AdmissionRequest, world: World): string | null =>
  askUser(user, world, 'node', (asked) => (isNode(asked) ? (asked.name ?? '').slice(NODE_USER.length) : null));

/** Whether the plug-in takes a user for a node. */
export const isNode = ({ name, groups }: UserInfo): boolean =>
  name?.startsWith(NODE_USER) === true && groups.includes(NODES);

function admitNode(node: string, request: AdmissionRequest, world: World): Admission {
  if (node === '') return refuse('node', `could not determine node from user "${request.user.name}"`);
  const { group, resource } = request.resource;
  if (group === '' && resource === 'pods') return admitPods(node, request, world);
  return RESTRICTED.has(`${resource}.${group}`) ? depends([unmodelled(resource)]) : yes();
}

function admitPods(node: string, request: AdmissionRequest, world: World): Admission {
  const { operation, subresource } = request;
  if (subresource === 'status')
    return operation === 'UPDATE'
      ? admitStatus(node, request)
      : refuse('operation', `unexpected operation "${operation}"`);
  if (subresource === 'eviction') return onOwnPod(node, request, world, 'evict pods');
  if (subresource !== '')
    return refuse(
      'subresource',
      `unexpected pod subresource "${subresource}", only 'status' and 'eviction' are allowed`,
    );
  if (operation === 'DELETE') return onOwnPod(node, request, world, 'delete pods');
  if (operation === 'CREATE') return admitMirror(node, request.object ?? {}, world);
  return refuse(
    'operation',
    `unexpected operation "${operation}", node "${node}" can only create and delete mirror pods`,
  );
}

function admitMirror(node: string, pod: Raw, world: World): Admission {
  const refused = understoodOr(
    () => refusedMirror(node, pod),
    (error) => refuse('malformed', error.message),
  );
  if (refused) return refused;
  if (world.find('nodes', null, node)) return yes();
  const unread = unseen(world, get('nodes', null, node), `whether node ${node} is there`);
  return unread.length === 0 ? refuse('node', `node "${node}" not found`) : depends(unread, 'yes');
}

/** The refusal of a mirror pod for what is in it; null where nothing is wrong. Throws Malformed. */
function refusedMirror(node: string, pod: Raw): Admission | null {
  const failed = MIRROR_CHECKS.find(({ isMet }) => !isMet(pod, node));
  if (failed) return no(refusal(failed.id, failed.detail(node), failed.rests));
  const reference = apiReference(pod);
  return reference === null
    ? null
    : refuse('references', `node "${node}" can not create pods that reference ${reference}`);
}

interface MirrorCheck {
  id: string;
  isMet: (pod: Raw, node: string) => boolean;
  detail: (node: string) => string;
  rests: readonly string[];
}

/** The checks are in the order of the server, which prints the first refusal. */
const MIRROR_CHECKS: readonly MirrorCheck[] = [
  {
    id: 'mirror',
    isMet: (pod) => Object.hasOwn(textMap(child(pod, 'metadata'), 'annotations'), MIRROR),
    detail: (node) => `pod does not have "${MIRROR}" annotation, node "${node}" can only create mirror pods`,
    rests: ['metadata.annotations'],
  },
  {
    id: 'nodeName',
    isMet: (pod, node) => text(child(pod, 'spec'), 'nodeName') === node,
    detail: (node) => `node "${node}" can only create pods with spec.nodeName set to itself`,
    rests: ['spec.nodeName'],
  },
  {
    id: 'owner',
    isMet: (pod) => owners(pod).length <= 1,
    detail: (node) => `node "${node}" can only create pods with a single owner reference set to itself`,
    rests: ['metadata.ownerReferences'],
  },
  {
    id: 'owner',
    isMet: (pod, node) =>
      owners(pod).some((owner) => owner.apiVersion === 'v1' && owner.kind === 'Node' && owner.name === node),
    detail: (node) => `node "${node}" can only create pods with an owner reference set to itself`,
    rests: ['metadata.ownerReferences'],
  },
  {
    id: 'owner',
    isMet: (pod) => owners(pod).every(({ controller }) => controller === true),
    detail: (node) => `node "${node}" can only create pods with a controller owner reference set to itself`,
    rests: ['metadata.ownerReferences'],
  },
  {
    id: 'owner',
    isMet: (pod) => owners(pod).every(({ blockOwnerDeletion }) => blockOwnerDeletion !== true),
    detail: (node) => `node "${node}" must not set blockOwnerDeletion on an owner reference`,
    rests: ['metadata.ownerReferences'],
  },
];

const owners = (pod: Raw): Raw[] => children(child(pod, 'metadata'), 'ownerReferences');

function admitStatus(node: string, { object, oldObject }: AdmissionRequest): Admission {
  if (nodeName(oldObject) !== node)
    return refuse('nodeName', `node "${node}" can only update pod status for pods with spec.nodeName set to itself`);
  const same = JSON.stringify(sortedLabels(object)) === JSON.stringify(sortedLabels(oldObject));
  return same
    ? depends([unmodelled('pods/status')], 'yes')
    : refuse('labels', `node "${node}" cannot update labels through pod status`);
}

function onOwnPod(node: string, { namespace, name }: AdmissionRequest, world: World, what: string): Admission {
  const pod = world.find('pods', namespace, name);
  if (!pod) return depends([unreadable(world, list('pods', namespace), `which node pod ${namespace}/${name} runs on`)]);
  return pod.node === node
    ? yes()
    : refuse('nodeName', `node "${node}" can only ${what} with spec.nodeName set to itself`);
}

const nodeName = (pod: Raw | null): unknown => (isRaw(pod?.spec) ? pod.spec.nodeName : undefined);

function sortedLabels(pod: Raw | null): [string, unknown][] {
  const labels = isRaw(pod?.metadata) && isRaw(pod.metadata.labels) ? pod.metadata.labels : {};
  return Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1));
}

const refuse = (check: string, detail: string): Admission => no(refusal(check, detail, []));

const refusal = (check: string, detail: string, rests: readonly string[]): Refusal => ({
  layer: LAYER,
  by: null,
  check,
  reason: 'a node creates mirror pods of its own alone',
  detail,
  rests,
});

const unmodelled = (resource: string): Unknown => ({
  kind: 'unmodelled',
  what: `what NodeRestriction lets a node write to ${resource}`,
  why: 'only its rules on pods are understood',
  affects: `whether the node may write ${resource}`,
});

const LAYER = 'node-restriction';
const MIRROR = 'kubernetes.io/config.mirror';

/** The resources other than pods for which the plug-in has rules of its own. */
const RESTRICTED: ReadonlySet<string> = new Set([
  'nodes.',
  'persistentvolumeclaims.',
  'serviceaccounts.',
  'podcertificaterequests.certificates.k8s.io',
  'leases.coordination.k8s.io',
  'csinodes.storage.k8s.io',
  'resourceslices.resource.k8s.io',
  'certificatesigningrequests.certificates.k8s.io',
]);
