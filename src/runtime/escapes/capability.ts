import { anyOf, depends, no, yes } from '../../answer/verdict.ts';
import type { Contained } from '../container.ts';
import { powerOf } from '../power.ts';
import { unconfined } from './app-armor.ts';
import { type Bound, holds, opening, overNode, sameKernel } from './bounds.ts';
import type { Escape, Opening, Place } from './escape.ts';
import { KERNEL_BUILD, NODE_CAPABILITIES, type NodeCapability, plainCapability } from './node-capabilities.ts';

/**
 * A capability that counts for more than the container (`node-capabilities.ts`), added or given by the runtime.
 * Condition: it is in the final set, or asked for. What a privileged container has of the node is `priv-container`.
 * Bounds:    the user (`powerOf`), user namespaces but for its own network, kernels of its own, AppArmor, seccomp.
 */
export const CAPABILITIES: readonly Escape[] = [...new Set(NODE_CAPABILITIES.map(({ id }) => id))].map((id): Escape => {
  const rows = NODE_CAPABILITIES.filter((row) => row.id === id);
  return {
    id,
    title: `capability ${rows[0]?.capability}`,
    find: (container, place) => rows.flatMap((row) => find(row, container, place)),
  };
});

function find(row: NodeCapability, container: Contained, place: Place): Opening[] {
  const { capability, gain, words, needs, onlyAdded } = row;
  const { settings, pod } = container;
  if (needs === 'hostPID' ? !pod.context.hostPID : needs && settings.hostNetwork !== (needs === 'hostNetwork'))
    return [];
  if (settings.privileged && !OF_NETWORK.has(gain)) return [];
  const asked = settings.add.some((each) => ['ALL', capability].includes(plainCapability(each)));
  const { reach } = powerOf(capability, settings, place);
  if (!asked && (reach === 'no' || onlyAdded)) return [];
  return [opening(gain, `${capability}: ${words}`, ...boundsOf(row, container, place))];
}

function boundsOf(row: NodeCapability, container: Contained, place: Place): Bound[] {
  const { capability, needs, appArmor, with: others, seccomp, doubt } = row;
  return [
    holds(capability, container, place),
    needs === 'own network' || needs === 'hostNetwork' ? networkOf(place) : overNode(container, place),
    ...(others ? [anyOf(others.map((other) => holds(other, container, place)))] : []),
    ...(appArmor ? [confinement(appArmor, container, place)] : []),
    ...(seccomp && container.settings.seccomp?.type === 'RuntimeDefault'
      ? [no("seccomp's RuntimeDefault denies kexec_load")]
      : []),
    ...(doubt ? [depends([doubt.unknown], doubt.leaning, [doubt.words])] : []),
  ];
}

/** A profile leaves it doubtful whether something that it does not forbid is enough. */
function confinement(
  { denies, partly }: NonNullable<NodeCapability['appArmor']>,
  container: Contained,
  place: Place,
): Bound {
  const bound = unconfined(container, place, denies);
  if (!partly || bound.value === 'yes') return bound;
  const left = bound.unknowns.length > 0 ? bound.unknowns : [KERNEL_BUILD];
  return depends(left, 'yes', bound.evidence);
}

/**
 * The network of a pod belongs to its user namespace, so that capabilities count there, and frames of a guest pass
 * unchanged. For the node's network see `powerOf`.
 */
const networkOf = (place: Place): Bound => (place.environments[0].handler.kind === 'vm' ? yes() : sameKernel(place));

const OF_NETWORK: ReadonlySet<string> = new Set(['node network', 'other pods']);
