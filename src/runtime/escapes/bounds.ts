import type { Unknown } from '../../answer/unknown.ts';
import { allOf, and, depends, no, type Verdict, yes } from '../../answer/verdict.ts';
import type { Contained } from '../container.ts';
import { powerOf } from '../power.ts';
import { IMAGE_USER } from '../rows.ts';
import type { Gain, Opening, Place } from './escape.ts';

/** Whether something lets a container through, with the words for what does not, or may not. */
export type Bound = Verdict<string>;

/** An opening that is through all of its bounds: a no that one of them says is a no. */
export function opening(gain: Gain, what: string, ...bounds: readonly Bound[]): Opening {
  const { value, leaning, evidence, unknowns } = allOf(bounds);
  return { gain, verdict: value, leaning, reason: [what, ...new Set(evidence)].join('; '), unknowns };
}

/** That it holds a capability. In a kernel of its own what it is good for is another matter: `sameKernel`. */
export function holds(capability: string, { settings }: Contained, place: Place): Bound {
  const { reach, leaning, reason, unknowns } = powerOf(capability, settings, place);
  if (reach === 'no') return no(reason);
  const isHeld = reach === 'yes' || place.environments[0].handler.kind === 'gvisor';
  return isHeld ? yes() : depends(unknowns, leaning, [reason]);
}

/** That its kernel is the node's. What stands behind a handler is told by its name alone: never a plain no. */
export function sameKernel({ environments: [{ handler }], unknowns }: Place): Bound {
  if (handler.kind === 'native' || handler.kind === 'sysbox') return yes();
  if (handler.kind !== 'unknown')
    return depends([handlerUnknown(handler.words)], 'no', [`${handler.words} has a kernel of its own`]);
  const known = unknowns.filter(({ what }) => handler.words.startsWith(what));
  return depends(known.length > 0 ? known : [handlerUnknown(handler.words)], null, [
    `what ${handler.words} is, is not known here`,
  ]);
}

/**
 * That its root is the node's. Capabilities hold in the user namespace of the process and below, and whoever owns
 * something of the node is not mapped there. Source: user_namespaces(7); Kubernetes, user namespaces (hostUsers: GA in
 * 1.36, on by default since 1.33).
 */
export function sameUsers({ settings }: Contained, { environments: [{ handler }] }: Place): Bound {
  if (!settings.hostUsers) return no("hostUsers: false: that counts in the pod's own user namespace alone");
  return handler.kind === 'sysbox'
    ? depends([handlerUnknown(handler.words)], 'no', [`${handler.words} has users of its own`])
    : yes();
}

/** That its capabilities are powers over the node. */
export const overNode = (container: Contained, place: Place): Bound =>
  and(sameUsers(container, place), sameKernel(place));

/**
 * That it is root, as whom what belongs to root is open. Others have what file modes and their groups let them: group 0
 * is theirs by default.
 */
export function isRoot({ settings: { user } }: Contained): Bound {
  if (user.uid === 0) return yes();
  if (!user.nonRoot) return depends([IMAGE_USER], 'yes', ["if the image's user is root, else as file modes let it"]);
  return depends([MODES], null, [
    `${user.uid === null ? 'a user that is not root' : `user ${user.uid}`}: as file modes and its groups let it`,
  ]);
}

/**
 * That SELinux, where a type is given, lets it at files of the node. Where none is, the runtime chooses one on nodes
 * that have SELinux, which is assumed not to confine: whoever mounts files of the node has mostly seen to that.
 */
export function unlabelled({ settings: { seLinuxType, privileged } }: Contained): Bound {
  if (seLinuxType === null || privileged || seLinuxType === 'spc_t') return yes();
  const what = `the SELinux type ${seLinuxType}`;
  const leaning = CONFINED.has(seLinuxType) ? 'no' : null;
  return depends([{ kind: 'opaque', what, why: POLICY, affects: 'files of the node' }], leaning, [
    `unless ${what} forbids it`,
  ]);
}

export const handlerUnknown = (words: string): Unknown => ({
  kind: 'opaque',
  what: words,
  why: 'what it runs is set on the node',
  affects: 'what its containers can do to the node',
});

/** Of container-selinux: files of the node that are not labelled for containers are closed to them. */
const CONFINED: ReadonlySet<string> = new Set(['container_t', 'container_init_t', 'container_kvm_t']);
const POLICY = 'the policy is on the node, not in the API';

const MODES: Unknown = {
  kind: 'invisible',
  what: 'modes and groups of files on the node',
  why: 'they are not in the API',
  affects: 'what a user that is not root reaches',
};
