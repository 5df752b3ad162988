import { pushAll } from '../../answer/many.ts';
import { takesNodeBy } from '../../runtime/escapes/node-capabilities.ts';
import { strengthOfPod } from '../../spawn/probes/strength.ts';
import type { Pod } from '../../world/objects.ts';
import { child, children, type Raw, text, texts } from '../../world/raw.ts';
import { reducePod } from '../../world/reduce/pod.ts';
import { understoodOr } from '../../world/understood.ts';
import type { World } from '../../world/world.ts';
import type { Change } from './change.ts';
import { makerPatch, podsAlike } from './maker-patch.ts';

/**
 * A pod reaches its node no more: not privileged, without the capabilities that lead there and the namespaces of the node,
 * and with directories of its own in place of paths of the node. Null where the engine says that this is not enough.
 */
export function nodeAccessChange(pod: Pod, world: World): Change | null {
  const mended = understoodOr(
    () => mend(pod),
    () => null,
  );
  if (!mended) return null;
  const left = strengthOfPod(mended.pod, world);
  const found = left && left.sure !== 'node root' && left.maybe === null ? makerPatch(pod, mended.patch) : null;
  if (!found) return null;
  const { object, texts: lines, note } = found;
  const { kind, namespace, name } = object;
  return {
    key: `node ${kind} ${namespace} ${name}`,
    object,
    words: `the node in the pods of ${kind} ${namespace ?? ''}/${name}`,
    madeIn: (before) =>
      before.fork('pods', {
        put: podsAlike(pod, before).map((each) =>
          understoodOr(
            () => mend(each)?.pod ?? each,
            () => each,
          ),
        ),
      }),
    texts: lines,
    who: `${kind} ${name}`,
    loses: () => 'loses its access to the node',
    also: () => `${kind} ${name} loses ${mended.words.join(', ')}, which it may need; ${note}`,
  };
}

interface Mended {
  pod: Pod;
  patch: Raw;
  words: string[];
}

/** The pod without what leads to its node, and the strategic merge patch that makes it so. Throws Malformed. */
function mend(pod: Pod): Mended | null {
  if (pod.whole === null) return null;
  const spec = child(pod.whole, 'spec');
  const words: string[] = [];
  const isHostPID = spec.hostPID === true;
  const patch: Record<string, unknown> = {};
  const next: Record<string, unknown> = { ...spec };
  if (isHostPID) {
    words.push('hostPID');
    patch.hostPID = null;
    next.hostPID = false;
  }
  for (const list of ['containers', 'initContainers']) {
    const changed = children(spec, list).map((each) => containerWithout(each, isHostPID, words));
    const patches = changed.flatMap(({ change }) => change ?? []);
    if (patches.length === 0) continue;
    patch[list] = patches;
    next[list] = changed.map(({ container }) => container);
  }
  const paths = children(spec, 'volumes').filter(({ hostPath }) => hostPath);
  if (paths.length > 0) {
    pushAll(
      words,
      paths.map((each) => `hostPath ${text(child(each, 'hostPath'), 'path') ?? ''}`),
    );
    patch.volumes = paths.map(({ name }) => ({ name, hostPath: null, emptyDir: {} }));
    next.volumes = children(spec, 'volumes').map((each) => (each.hostPath ? { name: each.name, emptyDir: {} } : each));
  }
  if (words.length === 0) return null;
  const whole = { ...pod.whole, spec: next };
  const { containers, volumes, context, beyond } = reducePod(whole);
  const statuses = new Map(pod.containers.map(({ name, status }) => [name, status]));
  const kept = containers.map((each) => ({ ...each, status: statuses.get(each.name) ?? null }));
  return { pod: { ...pod, volumes, context, beyond, containers: kept, whole }, patch, words };
}

function containerWithout(container: Raw, isHostPID: boolean, words: string[]): { container: Raw; change: Raw | null } {
  const context = child(container, 'securityContext');
  const added = texts(child(context, 'capabilities'), 'add');
  const kept = added.filter((name) => !takesNodeBy(name, isHostPID));
  const isPrivileged = context.privileged === true;
  if (!isPrivileged && kept.length === added.length) return { container, change: null };
  pushAll(words, [
    ...(isPrivileged ? ['privileged'] : []),
    ...added.filter((name) => !kept.includes(name)).map((name) => `capability ${name}`),
  ]);
  // Only a privileged container may propagate its mounts to the node.
  const mounts = children(container, 'volumeMounts');
  const isShared = ({ mountPropagation }: Raw): boolean => isPrivileged && mountPropagation === 'Bidirectional';
  const shared = mounts.filter(isShared);
  const change = {
    ...(isPrivileged ? { privileged: false } : {}),
    ...(kept.length < added.length ? { capabilities: { add: kept } } : {}),
  };
  const capabilities = { ...child(context, 'capabilities'), add: kept };
  return {
    container: {
      ...container,
      securityContext: { ...context, ...change, ...(added.length > 0 ? { capabilities } : {}) },
    },
    change: {
      ...{ name: container.name, securityContext: change },
      ...(shared.length > 0
        ? { volumeMounts: shared.map(({ mountPath }) => ({ mountPath, mountPropagation: null })) }
        : {}),
    },
  };
}
