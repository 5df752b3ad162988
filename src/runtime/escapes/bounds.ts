import type { Unknown } from '../../answer/unknown.ts';
import { allOf, and, depends, no, type Verdict, yes } from '../../answer/verdict.ts';
import type { Contained } from '../container.ts';
import { powerOf } from '../power.ts';
import { IMAGE_USER } from '../rows.ts';
import type { Gain, Opening, Place } from './escape.ts';

/** Whether one protection lets a container through, with words for the protection that does not, or may not. */
export type Bound = Verdict<string>;

/** The opening that remains behind all of its bounds: where one of them says no, the opening is a no. */
export function opening(gain: Gain, what: string, ...bounds: readonly Bound[]): Opening {
  const { value, leaning, evidence, unknowns } = allOf(bounds);
  return { gain, verdict: value, leaning, reason: [what, ...new Set(evidence)].join('; '), unknowns };
}

/** Whether a container has a capability. In a kernel of its own the capability is of little use: see `sameKernel`. */
export function holds(capability: string, { settings }: Contained, place: Place): Bound {
  const { reach, leaning, reason, unknowns } = powerOf(capability, settings, place);
  if (reach === 'no') return no(reason);
  const isHeld = reach === 'yes' || place.environments[0].handler.kind === 'gvisor';
  return isHeld ? yes() : depends(unknowns, leaning, [reason]);
}

/**
 * Whether the container runs on the node's kernel. Only the name of a handler tells what is behind it, so that the
 * result is never a plain no.
 */
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
 * Whether its root is the node's root. Capabilities count in the user namespace of the process and below it, and the
 * owner of anything on the node is not mapped there. Source: user_namespaces(7); Kubernetes, user namespaces
 * (hostUsers: GA in 1.36, on by default since 1.33).
 */
export function sameUsers({ settings }: Contained, { environments: [{ handler }] }: Place): Bound {
  if (!settings.hostUsers) return no("hostUsers: false: that counts in the pod's own user namespace alone");
  return handler.kind === 'sysbox'
    ? depends([handlerUnknown(handler.words)], 'no', [`${handler.words} has users of its own`])
    : yes();
}

/** Whether its capabilities count on the node. */
export const overNode = (container: Contained, place: Place): Bound =>
  and(sameUsers(container, place), sameKernel(place));

/**
 * Whether it runs as root, to whom everything is open that belongs to root. Other users have what file modes and groups
 * allow; group 0 is theirs by default.
 */
export function isRoot({ settings: { user } }: Contained): Bound {
  if (user.uid === 0) return yes();
  if (!user.nonRoot) return depends([IMAGE_USER], 'yes', ["if the image's user is root, else as file modes let it"]);
  return depends([MODES], null, [
    `${user.uid === null ? 'a user that is not root' : `user ${user.uid}`}: as file modes and its groups let it`,
  ]);
}

/**
 * Whether SELinux, where a type is set, allows it to use files of the node. Where none is set the runtime chooses one
 * on nodes with SELinux. It is assumed not to confine, since people who mount files of the node usually arrange that.
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

/** The types of container-selinux that cannot use files of the node without a container label. */
const CONFINED: ReadonlySet<string> = new Set(['container_t', 'container_init_t', 'container_kvm_t']);
const POLICY = 'the policy is on the node, not in the API';

const MODES: Unknown = {
  kind: 'invisible',
  what: 'modes and groups of files on the node',
  why: 'they are not in the API',
  affects: 'what a user that is not root reaches',
};
