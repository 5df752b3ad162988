import type { ContainerFacts, Pod } from '../../world/objects.ts';
import { child, children, type Raw, text } from '../../world/raw.ts';
import type { Change } from './change.ts';
import { makerPatch, podsAlike } from './maker-patch.ts';

/**
 * A pod mounts no token any more; null where one was asked for by name, as a volume of its own, and for static pods. The
 * pods of its workload are alike.
 */
export function tokenMountChange(pod: Pod): Change | null {
  const spec = child(pod.whole ?? {}, 'spec');
  // Of the pod itself what the API server has added goes as well; a template never had it.
  const added = children(spec, 'volumes')
    .flatMap((volume) => text(volume, 'name') || [])
    .filter(isAdded);
  const mounted = pod.containers.flatMap(({ tokenPaths }) => tokenPaths);
  const ours = children(spec, 'containers')
    .concat(children(spec, 'initContainers'))
    .flatMap((each) => children(each, 'volumeMounts').filter((mount) => isAdded(text(mount, 'name') ?? '')));
  if (pod.whole === null || mounted.length === 0 || ours.length < mounted.length) return null;
  const found = makerPatch(pod, {
    automountServiceAccountToken: false,
    ...(pod.owner ? {} : withoutAdded(spec, added)),
  });
  if (!found) return null;
  const { object, texts, note } = found;
  return {
    key: `token ${object.kind} ${object.namespace} ${object.name}`,
    object,
    words: `the token in the pods of ${object.kind} ${object.namespace ?? ''}/${object.name}`,
    madeIn: (world) => world.fork('pods', { put: podsAlike(pod, world).map(withoutToken) }),
    texts,
    who: `${object.kind} ${object.name}`,
    loses: () => 'loses its token',
    also: () => `${object.kind} ${object.name} has no token any more by which it could use the API; ${note}`,
  };
}

/** Mirrors kubernetes plugin/pkg/admission/serviceaccount/admission.go: the prefix of the volume that it adds. */
const isAdded = (volume: string): boolean => volume.startsWith('kube-api-access-');

function withoutAdded(spec: Raw, volumes: readonly string[]): Raw {
  const gone = (list: string): Raw[] =>
    children(spec, list).map((each) => ({
      name: each.name,
      volumeMounts: children(each, 'volumeMounts')
        .filter((mount) => volumes.includes(text(mount, 'name') ?? ''))
        .map(({ mountPath }) => ({ mountPath, $patch: 'delete' })),
    }));
  const lists = ['containers', 'initContainers'].filter((list) => children(spec, list).length > 0);
  return {
    volumes: volumes.map((name) => ({ name, $patch: 'delete' })),
    ...Object.fromEntries(lists.map((list) => [list, gone(list)])),
  };
}

const withoutToken = (pod: Pod): Pod => ({
  ...pod,
  containers: pod.containers.map((each): ContainerFacts => ({ ...each, tokenPaths: [] })),
});
