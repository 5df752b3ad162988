import { oncePerObject } from '../../world/once.ts';
import { child, children, type Raw, text, textMap, texts } from '../../world/raw.ts';
import { flag, integer } from '../request/fields.ts';

/**
 * A pod as the checks see it: every field that one of them reads, with its type checked. Null means absent, which is
 * not always the same as false.
 */
export interface PodView extends Settings {
  annotations: Readonly<Record<string, string>>;
  hostNetwork: boolean;
  hostPID: boolean;
  hostIPC: boolean;
  hostUsers: boolean | null;
  /** spec.os.name. */
  os: string | null;
  sysctls: readonly string[];
  /** Init containers, regular ones and ephemeral ones, in the order in which upstream visits them. */
  containers: readonly ContainerView[];
  volumes: readonly VolumeView[];
}

/** The settings that the pod and each container may have. */
export interface Settings {
  runAsNonRoot: boolean | null;
  runAsUser: number | null;
  /** The type of the profile: `''` for a profile without one. */
  seccomp: string | null;
  appArmor: string | null;
  seLinux: { type: string; user: string; role: string } | null;
  hostProcess: boolean;
}

interface ContainerView extends Settings {
  name: string;
  privileged: boolean;
  allowPrivilegeEscalation: boolean | null;
  procMount: string | null;
  add: readonly string[];
  drop: readonly string[];
  /** The ports that are not 0. */
  hostPorts: readonly number[];
  /** The hosts that probes and lifecycle hooks name; a request without one is sent to the pod itself. */
  hosts: readonly string[];
}

interface VolumeView {
  name: string;
  /**
   * The kinds of source that are set; none means an emptyDir. Fields that are no known source are dropped, as the
   * server drops them.
   */
  sources: readonly string[];
}

/**
 * Reads a pod or a pod template. Throws Malformed where the server could not decode it. The result is kept, since the
 * same spec is evaluated often.
 */
export function viewPod(raw: Raw): PodView {
  const spec = child(raw, 'spec');
  const annotations = textMap(child(raw, 'metadata'), 'annotations');
  const view = viewSpec(spec);
  return Object.keys(annotations).length === 0 ? view : { ...view, annotations };
}

const viewSpec = oncePerObject((spec: Raw): PodView => {
  const context = child(spec, 'securityContext');
  return {
    ...settings(context),
    annotations: {},
    hostNetwork: flag(spec, 'hostNetwork') === true,
    hostPID: flag(spec, 'hostPID') === true,
    hostIPC: flag(spec, 'hostIPC') === true,
    hostUsers: flag(spec, 'hostUsers'),
    os: text(child(spec, 'os'), 'name'),
    sysctls: children(context, 'sysctls').map((each) => text(each, 'name') ?? ''),
    containers: CONTAINER_LISTS.flatMap((list) => children(spec, list).map(viewContainer)),
    volumes: children(spec, 'volumes').map(viewVolume),
  };
});

/** Kept for each container, since a change of a pod leaves most of its containers as they are. */
const viewContainer = oncePerObject((raw: Raw): ContainerView => {
  const context = child(raw, 'securityContext');
  const capabilities = child(context, 'capabilities');
  return {
    ...settings(context),
    name: text(raw, 'name') ?? '',
    privileged: flag(context, 'privileged') === true,
    allowPrivilegeEscalation: flag(context, 'allowPrivilegeEscalation'),
    procMount: text(context, 'procMount'),
    add: texts(capabilities, 'add'),
    drop: texts(capabilities, 'drop'),
    hostPorts: isSet(raw.ports) ? children(raw, 'ports').flatMap((port) => integer(port, 'hostPort') || []) : NONE,
    hosts: hostsOf(raw),
  };
});

function settings(context: Raw): Settings {
  const profile = (field: string): string | null =>
    isSet(context[field]) ? (text(child(context, field), 'type') ?? '') : null;
  const option = (field: string): string => text(child(context, 'seLinuxOptions'), field) ?? '';
  return {
    runAsNonRoot: flag(context, 'runAsNonRoot'),
    runAsUser: integer(context, 'runAsUser'),
    seccomp: profile('seccompProfile'),
    appArmor: profile('appArmorProfile'),
    seLinux: isSet(context.seLinuxOptions)
      ? { type: option('type'), user: option('user'), role: option('role') }
      : null,
    hostProcess: isSet(context.windowsOptions) && flag(child(context, 'windowsOptions'), 'hostProcess') === true,
  };
}

/** The hosts in httpGet and tcpSocket of probes and hooks. */
function hostsOf(raw: Raw): readonly string[] {
  if (!HANDLED.some((field) => isSet(raw[field]))) return NONE;
  const lifecycle = child(raw, 'lifecycle');
  const handlers = [...PROBES.map((probe) => child(raw, probe)), ...HOOKS.map((hook) => child(lifecycle, hook))];
  return handlers.flatMap((handler) =>
    ['httpGet', 'tcpSocket'].flatMap((way) => text(child(handler, way), 'host') || []),
  );
}

function viewVolume(raw: Raw): VolumeView {
  const sources: string[] = [];
  for (const field in raw) if (VOLUME_SOURCES.has(field) && isSet(raw[field])) sources.push(field);
  return { name: text(raw, 'name') ?? '', sources };
}

const isSet = (value: unknown): boolean => value !== undefined && value !== null;

export const CONTAINER_LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const;
export const PROBES = ['livenessProbe', 'readinessProbe', 'startupProbe'] as const;
export const HOOKS = ['postStart', 'preStop'] as const;

const HANDLED = [...PROBES, 'lifecycle'];
const NONE: readonly never[] = [];

/** Every kind of volume source, as the API spells it. */
export const VOLUME_SOURCES: ReadonlySet<string> = new Set([
  ...[
    'configMap',
    'csi',
    'downwardAPI',
    'emptyDir',
    'ephemeral',
    'image',
    'persistentVolumeClaim',
    'projected',
    'secret',
    'hostPath',
  ],
  ...[
    'gcePersistentDisk',
    'awsElasticBlockStore',
    'gitRepo',
    'nfs',
    'iscsi',
    'glusterfs',
    'rbd',
    'flexVolume',
    'cinder',
    'cephfs',
    'flocker',
  ],
  ...[
    'fc',
    'azureFile',
    'vsphereVolume',
    'quobyte',
    'azureDisk',
    'photonPersistentDisk',
    'portworxVolume',
    'scaleIO',
    'storageos',
  ],
]);
