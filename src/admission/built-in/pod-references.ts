import { child, children, isRaw, type Raw, text } from '../../world/raw.ts';
import { containersOf } from '../request/pod-containers.ts';

/**
 * The first object of the API that a pod refers to, in the words of the server; null where it refers to none. Mirrors
 * kubernetes pkg/api/pod/util.go HasAPIObjectReference.
 */
export function apiReference(pod: Raw): string | null {
  const spec = child(pod, 'spec');
  if ((text(spec, 'serviceAccountName') ?? '') !== '') return 'serviceaccounts';
  if (namesSecret(pod)) return 'secrets';
  if (namesConfigMap(pod)) return 'configmaps';
  if (children(spec, 'resourceClaims').length > 0) return 'resourceclaims';
  for (const volume of children(spec, 'volumes')) {
    const reference = volumeReference(volume);
    if (reference !== null) return reference;
  }
  return null;
}

function namesSecret(pod: Raw): boolean {
  const spec = child(pod, 'spec');
  return (
    children(spec, 'imagePullSecrets').length > 0 ||
    envRefers(pod, 'secretKeyRef', 'secretRef') ||
    children(spec, 'volumes').some(volumeNamesSecret)
  );
}

const namesConfigMap = (pod: Raw): boolean =>
  envRefers(pod, 'configMapKeyRef', 'configMapRef') ||
  children(child(pod, 'spec'), 'volumes').some((volume) => isRaw(volume.configMap) || projects(volume, 'configMap'));

const envRefers = (pod: Raw, key: string, whole: string): boolean =>
  containersOf(pod).some(
    ({ raw }) =>
      children(raw, 'env').some((each) => isRaw(child(each, 'valueFrom')[key])) ||
      children(raw, 'envFrom').some((each) => isRaw(each[whole])),
  );

const projects = (volume: Raw, source: string): boolean =>
  children(child(volume, 'projected'), 'sources').some((each) => isRaw(each[source]));

const volumeNamesSecret = (volume: Raw): boolean =>
  isRaw(volume.secret) ||
  isRaw(volume.azureFile) ||
  projects(volume, 'secret') ||
  isRaw(child(volume, 'csi').nodePublishSecretRef) ||
  WITH_SECRET_REF.some((type) => isRaw(child(volume, type).secretRef));

const WITH_SECRET_REF = ['cephfs', 'cinder', 'flexVolume', 'rbd', 'scaleIO', 'iscsi', 'storageos'];

function volumeReference(volume: Raw): string | null {
  const type = Object.keys(volume).find((field) => field !== 'name' && isRaw(volume[field]));
  if (type === undefined || HARMLESS.has(type)) return null;
  if (type !== 'projected') return BY_VOLUME.get(type) ?? `unknown volume type ${type}`;
  for (const source of children(child(volume, 'projected'), 'sources')) {
    const found = Object.keys(source).find((field) => isRaw(source[field]) && field !== 'downwardAPI');
    if (found !== undefined) return BY_SOURCE.get(found) ?? `unknown source ${found}`;
  }
  return null;
}

const HARMLESS: ReadonlySet<string> = new Set([
  ...[
    'awsElasticBlockStore',
    'azureDisk',
    'cephfs',
    'cinder',
    'downwardAPI',
    'emptyDir',
    'fc',
    'flexVolume',
    'flocker',
    'gcePersistentDisk',
  ],
  ...[
    'gitRepo',
    'hostPath',
    'image',
    'iscsi',
    'nfs',
    'photonPersistentDisk',
    'portworxVolume',
    'quobyte',
    'rbd',
    'scaleIO',
    'storageos',
  ],
  'vsphereVolume',
]);

const BY_VOLUME: ReadonlyMap<string, string> = new Map([
  ['configMap', 'configmaps (via configmap volumes)'],
  ['secret', 'secrets (via secret volumes)'],
  ['csi', 'csidrivers (via CSI volumes)'],
  ['glusterfs', 'endpoints (via glusterFS volumes)'],
  ['persistentVolumeClaim', 'persistentvolumeclaims'],
  ['ephemeral', 'persistentvolumeclaims (via ephemeral volumes)'],
  ['azureFile', 'secrets (via azureFile volumes)'],
]);

const BY_SOURCE: ReadonlyMap<string, string> = new Map([
  ['configMap', 'configmaps (via projected volumes)'],
  ['secret', 'secrets (via projected volumes)'],
  ['serviceAccountToken', 'serviceaccounts (via projected volumes)'],
  ['clusterTrustBundle', 'clustertrustbundles'],
  ['podCertificate', 'podcertificates'],
]);
