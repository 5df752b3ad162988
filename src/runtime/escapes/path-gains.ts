import type { Unknown } from '../../answer/unknown.ts';
import { and, anyOf, depends, no, yes } from '../../answer/verdict.ts';
import type { Environment } from '../environment.ts';
import type { Runtime } from '../runtimes/runtime.ts';
import type { Bound } from './bounds.ts';
import type { MountedPath } from './mounted.ts';
import { type Effect, isMountedBelow, type NodePath, nodePathsAt } from './node-paths.ts';

/** Where a path is mounted. */
export interface Where {
  environments: readonly Pick<Environment, 'runtime'>[];
  /** Whether the container runs, so that the kubelet's check of the path has succeeded. */
  isRunning: boolean;
  /** Whether a label marks the node as one of the control plane. */
  isControlPlane: boolean;
}

/** What a mounted path gives and on what that depends, whatever the user and the confinement are. */
export interface PathGain {
  there: NodePath;
  effect: Effect;
  bound: Bound;
}

/**
 * Everything that the catalogue has for a mounted path; of the rows below it, the surest of each kind and gain. Pure.
 */
export function gainsOf(mounted: MountedPath, where: Where): PathGain[] {
  const all = allGains(mounted, where);
  const surest = new Map<string, PathGain>();
  for (const each of all.toSorted((a, b) => doubtIn(a) - doubtIn(b))) {
    const key = `${each.there.id} ${each.effect.gain}`;
    if (!surest.has(key)) surest.set(key, each);
  }
  return all.filter((each) => !isAbove(mounted.path, each.there) || [...surest.values()].includes(each));
}

const doubtIn = ({ bound: { value, leaning } }: PathGain): number =>
  value === 'yes' ? 0 : value === 'depends' ? (leaning === 'no' ? 2 : 1) : 3;

const allGains = (mounted: MountedPath, where: Where): PathGain[] =>
  nodePathsAt(mounted.path, mounted.readOnly)
    .filter((there) => !isAbove(mounted.path, there) || hasRuntime(there, where))
    .flatMap((there) =>
      effectsOf(there, mounted, where).map(({ effect, bound }) => ({
        ...{ there, effect },
        bound: and(
          certain(mounted),
          isThere(there, mounted, where),
          ofThatType(there, mounted),
          bound,
          doubtOf(effect, where),
        ),
      })),
    );

/** Whether a mounted path alone gives root the node. Pure. */
export const takesNode = (mounted: MountedPath, where: Where): Bound =>
  anyOf(
    gainsOf(mounted, where)
      .filter(({ there, effect }) => there.kind !== 'devices' && effect.gain === 'node root')
      .map(({ bound }) => bound),
  );

/** Whether the path is exactly this one, and does not depend on the variables of a subPathExpr. */
export const certain = ({ exact }: MountedPath): Bound =>
  exact ? yes() : depends([SUB_PATH], null, ['if its subPathExpr leads there']);

/** A path that cannot be written can at least be read, and so can one where writing is of doubtful use. */
function effectsOf(there: NodePath, mounted: MountedPath, where: Where): { effect: Effect; bound: Bound }[] {
  const { read, write } = there;
  const reading = read ? [{ effect: read, bound: yes<string>() }] : [];
  const stays = mounted.readOnly ? staysWritable(there, mounted, where) : yes<string>();
  if (write === null || stays.value === 'no') return reading;
  const isDoubtful = write.doubt !== undefined || stays.value !== 'yes';
  return [{ effect: write, bound: stays }, ...(isDoubtful && read !== write ? reading : [])];
}

/**
 * Whether this stays writable under a read-only mount. Such a mount covers only the file system at its own root, and
 * mounts below it stay as they are, unless it is recursive. Source: mount_setattr(2); KEP-3857 (recursiveReadOnly);
 * since version 25 docker makes it recursive by itself where the kernel can.
 */
function staysWritable(there: NodePath, { path, recursiveReadOnly }: MountedPath, { environments }: Where): Bound {
  if (!isMountedBelow(there, path) || recursiveReadOnly === 'Enabled') return no();
  const leaves = environments.map(({ runtime }) => recursiveReadOnly === null && !isRecursive(runtime));
  const because = 'a read-only mount does not cover what is mounted below it';
  if (leaves.every((each) => each)) return yes(because);
  return depends([RECURSIVE], leaves.some((each) => each) ? 'yes' : 'no', [
    `${because}, unless the runtime makes it recursive`,
  ]);
}

const isRecursive = ({ family, version }: Runtime): boolean =>
  family === 'docker' && (version === null || version.major >= 25);

/**
 * Whether the node may have it, by its runtime. What another runtime has is not mentioned where a directory above is
 * mounted.
 */
const hasRuntime = ({ runtimes }: NodePath, { environments }: Where): boolean =>
  runtimes === undefined || environments.some(({ runtime }) => runtimes.includes(runtime.family));

/**
 * Whether the node has the runtime to which the path belongs. A running container with a hostPath of type Socket has
 * found one.
 */
function isThere(there: NodePath, { path, type }: MountedPath, where: Where): Bound {
  const isChecked = type === 'Socket' && there.paths.includes(path) && where.isRunning;
  if (isChecked || hasRuntime(there, where)) return yes();
  return depends([OTHER_RUNTIME], 'no', ["if the node has that runtime besides the kubelet's own"]);
}

/** Whether the type of the hostPath, which the kubelet checks before the container starts, fits what is at the path. */
function ofThatType(there: NodePath, { path, type }: MountedPath): Bound {
  if (type === '' || there.kind === 'devices') return yes();
  const isOneOf = there.paths.includes(path);
  const shape =
    isOneOf && there.kind === 'socket'
      ? 'Socket'
      : isOneOf && there.isFile
        ? 'File'
        : isOneOf || isAbove(path, there)
          ? 'Directory'
          : null;
  const fits = shape === null || type === shape || (type === `${shape}OrCreate` && shape !== 'Socket');
  return fits ? yes() : no(`its type is ${type}, which no ${shape?.toLowerCase()} is`);
}

const isAbove = (path: string, { paths }: NodePath): boolean =>
  paths.some((each) => each.startsWith(path === '/' ? path : `${path}/`));

const doubtOf = ({ doubt }: Effect, { isControlPlane }: Where): Bound =>
  doubt && !(doubt.isSettledByControlPlane && isControlPlane)
    ? depends([doubt.unknown], doubt.leaning, [doubt.words])
    : yes();

const SUB_PATH: Unknown = {
  kind: 'invisible',
  what: 'where its subPathExpr leads',
  why: 'values of its variables are not read',
  affects: 'which files of the node it mounts',
};

const RECURSIVE: Unknown = {
  kind: 'invisible',
  what: 'whether the runtime makes read-only mounts recursive',
  why: 'the kernel and the runtime of the node decide',
  affects: 'what is writable below a read-only mount',
};

const OTHER_RUNTIME: Unknown = {
  kind: 'invisible',
  what: 'whether the node runs another container runtime besides',
  why: "its status names the kubelet's alone",
  affects: 'sockets and files of another one',
};
