import { child, children, type Raw, text } from '../../../world/raw.ts';
import { VOLUME_SOURCES } from '../../pod-security/pod.ts';
import { fill, fillAbsent, omitZero } from './clone.ts';
import { defaultFieldRef } from './container.ts';
import { pullPolicyOf } from './image.ts';

/**
 * Fills in the API's defaults for a volume: without a source it is an emptyDir. Changes it. Fields that are no known
 * source are removed. Mirrors kubernetes pkg/apis/core/v1/defaults.go.
 */
export function defaultVolume(volume: Raw): void {
  for (const field in volume) if (field !== 'name' && !VOLUME_SOURCES.has(field)) delete volume[field];
  if (Object.keys(volume).every((field) => field === 'name')) volume.emptyDir = {};
  for (const field in SOURCES) if (volume[field] !== undefined) SOURCES[field]?.(child(volume, field));
}

const MODE = { defaultMode: 0o644 };

/** The defaults by kind of source. */
const SOURCES: Readonly<Record<string, (source: Raw) => void>> = {
  emptyDir: (source) => omitZero(source, ['medium']),
  hostPath: (source) => fillAbsent(source, { type: '' }),
  secret: (source) => fillAbsent(source, MODE),
  configMap: (source) => fillAbsent(source, MODE),
  downwardAPI: (source) => {
    fillAbsent(source, MODE);
    children(source, 'items').forEach(defaultFieldRef);
  },
  projected: (source) => {
    fillAbsent(source, MODE);
    children(source, 'sources').forEach(defaultProjection);
  },
  image: (source) => fill(source, { pullPolicy: pullPolicyOf(text(source, 'reference') ?? '') }),
  ephemeral: (source) => {
    const template = child(source, 'volumeClaimTemplate');
    if (template.spec !== undefined) fillAbsent(child(template, 'spec'), { volumeMode: 'Filesystem' });
    if (source.volumeClaimTemplate !== undefined) fillAbsent(template, { metadata: {} });
  },
  iscsi: (source) => fill(source, { iscsiInterface: 'default' }),
  rbd: (source) => fill(source, { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' }),
  azureDisk: (source) =>
    fillAbsent(source, { cachingMode: 'ReadWrite', fsType: 'ext4', readOnly: false, kind: 'Shared' }),
  scaleIO: (source) => fill(source, { storageMode: 'ThinProvisioned', fsType: 'xfs' }),
};

function defaultProjection(projection: Raw): void {
  children(child(projection, 'downwardAPI'), 'items').forEach(defaultFieldRef);
  if (projection.serviceAccountToken !== undefined)
    fillAbsent(child(projection, 'serviceAccountToken'), { expirationSeconds: 3600 });
}
