import { ownValue } from '../../answer/own-value.ts';
import type { Mount, PersistentVolume, PersistentVolumeClaim, Volume } from '../objects.ts';
import { child, children, flag, isRaw, Malformed, type Raw, requiredText, text } from '../raw.ts';
import { named } from './metadata.ts';

/** The volumes of a pod (by its spec and name) that hold more than the pod's own data or data of the API. */
export function reduceVolumes(spec: Raw, podName: string): Volume[] {
  return children(spec, 'volumes').flatMap((raw): Volume[] => {
    const name = requiredText(raw, 'name');
    const plain = { name, type: '', readOnly: false };
    if (isRaw(raw.projected))
      return projectedSecrets(raw.projected).map((detail) => ({ ...plain, source: 'secret', detail }));
    // The controller names the claim after the pod and the volume. Source: kubernetes pkg/controller/volume/ephemeral.
    if (isRaw(raw.ephemeral)) return [{ ...plain, source: 'persistentVolumeClaim', detail: `${podName}-${name}` }];
    const source = Object.keys(raw).find((field) => field !== 'name' && isRaw(raw[field]));
    const detail = source === undefined ? undefined : ownValue(DETAILS, source);
    if (source === undefined || detail === undefined) return [];
    const of = child(raw, source);
    const readOnly = source === 'persistentVolumeClaim' && flag(of, 'readOnly') === true;
    return [
      {
        ...plain,
        source,
        detail: text(of, detail) ?? '',
        type: (source === 'hostPath' && text(of, 'type')) || '',
        readOnly,
      },
    ];
  });
}

/** The Secrets in a projected volume; its other sources are the pod's own data, or its token. */
const projectedSecrets = (projected: Raw): string[] =>
  children(projected, 'sources').flatMap((each) => text(child(each, 'secret'), 'name') || []);

/** The field that is the detail, by the kind of source. */
const DETAILS: Readonly<Record<string, string>> = {
  hostPath: 'path',
  persistentVolumeClaim: 'claimName',
  gitRepo: 'repository',
  csi: 'driver',
  flexVolume: 'driver',
  image: 'reference',
  secret: 'secretName',
};

/** The mounts of these volumes in a container, and its block devices. */
export function reduceMounts(container: Raw, volumes: readonly Volume[]): Mount[] {
  if (volumes.length === 0) return NONE;
  const isKept = (name: string): boolean => volumes.some((each) => each.name === name);
  const mounts = children(container, 'volumeMounts').flatMap((raw): Mount[] => {
    const volume = requiredText(raw, 'name');
    if (!isKept(volume)) return [];
    const subPath = text(raw, 'subPathExpr') || text(raw, 'subPath') || null;
    const recursiveReadOnly = text(raw, 'recursiveReadOnly');
    return [
      {
        volume,
        path: requiredText(raw, 'mountPath'),
        readOnly: flag(raw, 'readOnly') === true,
        recursiveReadOnly: recursiveReadOnly === 'Disabled' ? null : recursiveReadOnly,
        ...{ subPath, device: false },
      },
    ];
  });
  const devices = children(container, 'volumeDevices').map((raw): Mount => {
    const at = { volume: requiredText(raw, 'name'), path: requiredText(raw, 'devicePath') };
    return { ...at, readOnly: false, recursiveReadOnly: null, subPath: null, device: true };
  });
  return mounts.length + devices.length === 0 ? NONE : [...mounts, ...devices];
}

const NONE: Mount[] = [];

export const reduceClaim = (raw: Raw): PersistentVolumeClaim => ({
  ...named(raw),
  volume: text(child(raw, 'spec'), 'volumeName') || null,
});

export function reducePersistentVolume(raw: Raw): PersistentVolume {
  const spec = child(raw, 'spec');
  const source = Object.keys(spec).find((field) => !NO_SOURCES.has(field) && isRaw(spec[field])) ?? '';
  const isOnNode = source === 'hostPath' || source === 'local';
  const claim = isRaw(spec.claimRef) ? spec.claimRef : null;
  if (isOnNode && text(child(spec, source), 'path') === null) throw new Malformed(`spec.${source}.path is missing`);
  return {
    ...named(raw),
    source,
    path: isOnNode ? text(child(spec, source), 'path') : null,
    type: (source === 'hostPath' && text(child(spec, source), 'type')) || '',
    block: text(spec, 'volumeMode') === 'Block',
    claim: claim && { namespace: text(claim, 'namespace'), name: requiredText(claim, 'name') },
  };
}

/** The objects in the spec of a PersistentVolume that are not its source. */
const NO_SOURCES: ReadonlySet<string> = new Set(['capacity', 'claimRef', 'nodeAffinity']);
