import type { Mount, Volume } from '../objects.ts';
import { child, children, flag, isRaw, type Raw, requiredText, text } from './raw.ts';

/** The volumes that hold more than the pod itself or the API puts there. */
export function reduceVolumes(spec: Raw): Volume[] {
  return children(spec, 'volumes').flatMap((raw) => {
    const name = requiredText(raw, 'name');
    if (isRaw(raw.projected)) return projectedSecrets(raw.projected).map((detail) => ({ name, source: 'secret', detail }));
    const source = Object.keys(raw).find((field) => field !== 'name' && isRaw(raw[field]));
    const detail = source === undefined ? undefined : DETAILS[source];
    return source === undefined || detail === undefined ? [] : [{ name, source, detail: text(child(raw, source), detail) ?? '' }];
  });
}

/** What else is projected is the pod's own, or its token. */
const projectedSecrets = (projected: Raw): string[] =>
  children(projected, 'sources').flatMap((each) => text(child(each, 'secret'), 'name') || []);

/** By source, the field that tells which. */
const DETAILS: Readonly<Record<string, string>> = {
  hostPath: 'path',
  persistentVolumeClaim: 'claimName',
  gitRepo: 'repository',
  csi: 'driver',
  flexVolume: 'driver',
  image: 'reference',
  secret: 'secretName',
};

/** The mounts of these volumes, and the block devices. */
export function reduceMounts(container: Raw, volumes: readonly Volume[]): Mount[] {
  if (volumes.length === 0) return NONE;
  const isKept = (name: string): boolean => volumes.some((each) => each.name === name);
  const mounts = children(container, 'volumeMounts').flatMap((raw): Mount[] => {
    const volume = requiredText(raw, 'name');
    if (!isKept(volume)) return [];
    const subPath = text(raw, 'subPathExpr') || text(raw, 'subPath') || null;
    return [{ volume, path: requiredText(raw, 'mountPath'), readOnly: flag(raw, 'readOnly') === true, subPath, device: false }];
  });
  const devices = children(container, 'volumeDevices').map((raw): Mount => {
    return { volume: requiredText(raw, 'name'), path: requiredText(raw, 'devicePath'), readOnly: false, subPath: null, device: true };
  });
  return mounts.length + devices.length === 0 ? NONE : [...mounts, ...devices];
}

const NONE: Mount[] = [];
