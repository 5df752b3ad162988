import type { Unknown } from '../../answer/unknown.ts';
import { anyOf, depends, or, type Verdict } from '../../answer/verdict.ts';
import type { Behind } from '../../runtime/escapes/claims.ts';
import { hostPathsOf, type Mounts, mountedOf } from '../../runtime/escapes/mounted.ts';
import { takesNodeBy } from '../../runtime/escapes/node-capabilities.ts';
import { takesNode, type Where } from '../../runtime/escapes/path-gains.ts';
import { placeOf } from '../../runtime/escapes/place.ts';
import { ANY } from '../../runtime/runtimes/parse.ts';
import type { Pod } from '../../world/objects.ts';
import { oncePerState } from '../../world/once.ts';
import { child, children, type Raw, texts } from '../../world/raw.ts';
import { reduceMounts, reduceVolumes } from '../../world/reduce/volumes.ts';
import { understoodOr } from '../../world/understood.ts';
import type { World } from '../../world/world.ts';
import type { Strength } from './probes.ts';

/**
 * How far the code in an existing pod gets: for sure, and perhaps, if a path that it mounts may give it the node.
 */
export interface PodStrength {
  sure: Strength;
  /** Null where nothing stronger than `sure` is possible. */
  maybe: { strength: 'node root'; leaning: Verdict['leaning']; unknowns: readonly Unknown[] } | null;
}

/**
 * The strength of a pod's strongest container, from the spec alone. What a runtime or a profile on the node takes away
 * is not counted, and claims are not followed to their volumes. Throws Malformed for a spec of another shape. Pure.
 */
export const strengthOf = (spec: Raw): Strength =>
  strengthIn(spec, {
    environments: ANY.map((runtime) => ({ runtime })),
    isRunning: false,
    isControlPlane: false,
    behind: NOWHERE,
  }).sure;

/**
 * The strength of a pod on its node: claims are followed to their volumes, and the socket is that of the node's
 * runtime. With `everyVolume` it is the strength of a container that is added to the pod and mounts all its volumes.
 * Null if the spec was not read, or has another shape.
 */
export function strengthOfPod(pod: Pod, world: World, everyVolume = false): PodStrength | null {
  const known = (everyVolume ? OF_ADDED : OF_OWN)(world);
  const found = known.get(pod);
  if (found !== undefined) return found;
  const strength = compute(pod, world, everyVolume);
  known.set(pod, strength);
  return strength;
}

const [OF_OWN, OF_ADDED] = [
  oncePerState(() => new WeakMap<Pod, PodStrength | null>()),
  oncePerState(() => new WeakMap<Pod, PodStrength | null>()),
];

function compute(pod: Pod, world: World, everyVolume: boolean): PodStrength | null {
  return understoodOr(
    () => {
      const { whole } = pod;
      const { environments, behind, isControlPlane } = placeOf(pod, world);
      return (
        whole &&
        strengthIn(
          child(whole, 'spec'),
          { environments, behind, isRunning: pod.phase === 'Running', isControlPlane },
          { everyVolume, podName: pod.name },
        )
      );
    },
    () => null,
  );
}

interface Surroundings extends Where {
  behind: Behind;
}

function strengthIn(spec: Raw, where: Surroundings, { everyVolume = false, podName = '' } = {}): PodStrength {
  const containers = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((field) => children(spec, field));
  const contexts = containers.map((each) => child(each, 'securityContext'));
  const added = contexts.flatMap((each) => texts(child(each, 'capabilities'), 'add'));
  const pod = child(spec, 'securityContext');
  const windows = [pod, ...contexts].some((each) => child(each, 'windowsOptions').hostProcess === true);
  const isPrivileged =
    windows ||
    contexts.some(({ privileged }) => privileged === true) ||
    added.some((name) => takesNodeBy(name, spec.hostPID === true));
  if (isPrivileged) return { sure: 'node root', maybe: null };
  const { value, leaning, unknowns } = byVolumes(spec, containers, where, everyVolume, podName);
  if (value === 'yes') return { sure: 'node root', maybe: null };
  const onHost = spec.hostPID === true || spec.hostNetwork === true || spec.hostIPC === true;
  const sure = onHost
    ? 'host namespaces only'
    : contexts.every((each) => isBound(each, pod))
      ? 'restricted'
      : 'root in a container';
  return { sure, maybe: value === 'depends' ? { strength: 'node root', leaning, unknowns } : null };
}

/** Whether the containers reach the node by what they mount: paths of the node, and volumes behind claims. */
function byVolumes(
  spec: Raw,
  containers: readonly Raw[],
  where: Surroundings,
  everyVolume: boolean,
  podName: string,
): Verdict {
  const volumes = reduceVolumes(spec, podName).filter(
    ({ source }) => source === 'hostPath' || source === 'persistentVolumeClaim',
  );
  if (volumes.length === 0) return or();
  const every = { volumes, mounts: volumes.map(({ name }) => ({ ...WRITABLE, volume: name })) };
  const mounts: Mounts[] = everyVolume
    ? [every]
    : containers.map((each) => ({ volumes, mounts: reduceMounts(each, volumes) }));
  return anyOf([
    ...mounts.flatMap((each) => hostPathsOf(each, where.behind).map((path) => takesNode(path, where))),
    ...mounts.flatMap((each) =>
      mountedOf('persistentVolumeClaim', each).flatMap(({ volume }) => unknownBehind(where.behind(volume.detail))),
    ),
  ]);
}

const unknownBehind = (found: ReturnType<Behind>): Verdict[] =>
  found.kind === 'unknown' ? [depends([found.unknown], 'no')] : [];

const WRITABLE = { path: '', readOnly: false, recursiveReadOnly: null, subPath: null, device: false } as const;

const NOWHERE: Behind = () => ({ kind: 'elsewhere' });

/** Whether a container runs as a user that is not root and cannot become root. */
const isBound = (container: Raw, pod: Raw): boolean =>
  (container.runAsNonRoot ?? pod.runAsNonRoot) === true && container.allowPrivilegeEscalation === false;
