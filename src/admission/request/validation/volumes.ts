import { child, children, type Raw, text, texts } from '../../../world/raw.ts';
import { VOLUME_SOURCES } from '../../pod-security/pod.ts';
import type { Placed } from './containers.ts';
import { dnsLabel, dnsSubdomain, withoutBacksteps } from './names.ts';
import { duplicate, forbidden, invalid, notFound, notSupported, type Problem, required } from './problem.ts';

/**
 * Validates the names and sources of a pod's volumes. Mirrors kubernetes pkg/apis/core/validation/validation.go
 * ValidateVolumes.
 */
export function validateVolumes(spec: Raw, podName: string): Problem[] {
  const names = new Set<string>();
  return children(spec, 'volumes').flatMap((volume, index) => {
    const path = `spec.volumes[${index}]`;
    const name = text(volume, 'name') ?? '';
    const problems = [
      ...sourceProblems(volume, path),
      ...(volume.ephemeral && podName !== '' && name !== '' ? claimNameProblems(path, name, `${podName}-${name}`) : []),
      ...(name === '' ? [required(`${path}.name`)] : dnsLabel(`${path}.name`, name)),
      ...(names.has(name) ? [duplicate(`${path}.name`, name)] : []),
    ];
    if (problems.length === 0) names.add(name);
    return problems;
  });
}

/**
 * Validates that the volumes which containers mount exist, and that each path is used once. A volume that is itself
 * invalid does not count as existing.
 */
export function validateMounts(spec: Raw, containers: readonly Placed[], broken: readonly Problem[]): Problem[] {
  const isSound = (index: number): boolean => !broken.some(({ field }) => field.startsWith(`spec.volumes[${index}]`));
  const volumes = new Set(
    children(spec, 'volumes').flatMap((volume, index) => (isSound(index) ? (text(volume, 'name') ?? '') : [])),
  );
  return containers.flatMap(({ raw, path }) => {
    const paths = new Set<string>();
    return children(raw, 'volumeMounts').flatMap((mount, index) => {
      const field = (name: string): string => `${path}.volumeMounts[${index}].${name}`;
      const name = text(mount, 'name') ?? '';
      const at = text(mount, 'mountPath') ?? '';
      const isRepeated = paths.has(at);
      paths.add(at);
      return [
        ...(name === '' ? [required(field('name'))] : []),
        ...(volumes.has(name) ? [] : [notFound(field('name'), name)]),
        ...(at === '' ? [required(field('mountPath'))] : []),
        ...(isRepeated ? [invalid(field('mountPath'), at, 'must be unique')] : []),
      ];
    });
  });
}

/** The claim of an ephemeral volume has a name that is derived from the pod's, which has to be valid too. */
const claimNameProblems = (path: string, name: string, claim: string): Problem[] =>
  dnsSubdomain('', claim).map(({ message }) => {
    const why = message.slice(message.indexOf('": ') + 3);
    return invalid(`${path}.name`, name, `PVC name ${JSON.stringify(claim)}: ${why}`);
  });

function sourceProblems(volume: Raw, path: string): Problem[] {
  const sources = ORDER.filter((source) => volume[source]);
  if (sources.length === 0) return [required(path, 'must specify a volume type')];
  return sources.flatMap((source, index) => {
    if (index > 0)
      return [forbidden(`${path}.${MISSPELLED[source] ?? source}`, 'may not specify more than 1 volume type')];
    const raw = child(volume, source);
    const field = `${path}.${source === 'gcePersistentDisk' ? 'persistentDisk' : source}`;
    const missing = (REQUIRED[source] ?? []).filter((name) => !raw[name]).map((name) => required(`${field}.${name}`));
    return [...missing, ...(RULES[source]?.(raw, field) ?? [])];
  });
}

/** The fields that each source requires. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  hostPath: ['path'],
  gitRepo: ['repository'],
  gcePersistentDisk: ['pdName'],
  awsElasticBlockStore: ['volumeID'],
  secret: ['secretName'],
  configMap: ['name'],
  nfs: ['server', 'path'],
  iscsi: ['targetPortal', 'iqn'],
  glusterfs: ['endpoints', 'path'],
  persistentVolumeClaim: ['claimName'],
  rbd: ['monitors', 'image'],
  cinder: ['volumeID'],
  cephfs: ['monitors'],
  flexVolume: ['driver'],
  azureFile: ['secretName', 'shareName'],
  vsphereVolume: ['volumePath'],
  photonPersistentDisk: ['pdID'],
  portworxVolume: ['volumeID'],
  azureDisk: ['diskName', 'diskURI'],
  storageos: ['volumeName'],
  scaleIO: ['gateway', 'system', 'volumeName'],
  csi: ['driver'],
  ephemeral: ['volumeClaimTemplate'],
  image: ['reference'],
};

const RULES: Readonly<Record<string, (source: Raw, field: string) => Problem[]>> = {
  hostPath: (source, field) => {
    const type = text(source, 'type') ?? '';
    return [
      ...withoutBacksteps(`${field}.path`, text(source, 'path') ?? ''),
      ...(HOST_PATH_TYPES.includes(type) || !source.path ? [] : [notSupported(`${field}.type`, type, HOST_PATH_TYPES)]),
    ];
  },
  nfs: (source, field) =>
    text(source, 'path')?.startsWith('/')
      ? []
      : [invalid(`${field}.path`, text(source, 'path') ?? '', 'must be an absolute path')],
  fc: (source, field) =>
    texts(source, 'targetWWNs').length > 0 || texts(source, 'wwids').length > 0
      ? []
      : [required(`${field}.targetWWNs`, 'must specify either targetWWNs or wwids, but not both')],
  quobyte: (source, field) =>
    source.registry
      ? []
      : [required(`${field}.registry`, 'must be a host:port pair or multiple pairs separated by commas')],
  flocker: (source, field) =>
    source.datasetName || source.datasetUUID
      ? []
      : [required(`${field}`, 'one of datasetName and datasetUUID is required')],
};

const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

/** The order in which the server looks for sources; it reports all but the first as too many. */
const ORDER: readonly string[] = [
  ...[
    'emptyDir',
    'hostPath',
    'gitRepo',
    'gcePersistentDisk',
    'awsElasticBlockStore',
    'secret',
    'nfs',
    'iscsi',
    'glusterfs',
    'flocker',
  ],
  ...[
    'persistentVolumeClaim',
    'rbd',
    'cinder',
    'cephfs',
    'quobyte',
    'downwardAPI',
    'fc',
    'flexVolume',
    'configMap',
    'azureFile',
    'vsphereVolume',
  ],
  ...[
    'photonPersistentDisk',
    'portworxVolume',
    'azureDisk',
    'storageos',
    'projected',
    'scaleIO',
    'csi',
    'ephemeral',
    'image',
  ],
].filter((source) => VOLUME_SOURCES.has(source));

const MISSPELLED: Readonly<Record<string, string>> = { cephfs: 'cephFS', downwardAPI: 'downwarAPI' };
