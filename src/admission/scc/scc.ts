import type { Manifest } from '../../world/objects.ts';
import { child, children, isRaw, Malformed, type Raw, text, texts } from '../../world/raw.ts';

/** A SecurityContextConstraints object, which has no `spec`: its rules are top-level fields. */
export interface Scc {
  name: string;
  /** The priority, where null counts as 0. */
  priority: number;
  users: readonly string[];
  groups: readonly string[];
  privileged: boolean;
  hostNetwork: boolean;
  hostPID: boolean;
  hostIPC: boolean;
  hostPorts: boolean;
  /** The allowed types; `['*']` for all. */
  volumes: readonly string[];
  flexDrivers: readonly string[];
  allowedCapabilities: readonly string[];
  defaultAddCapabilities: readonly string[];
  requiredDropCapabilities: readonly string[];
  runAsUser: RunAsUser;
  seLinux: SeLinux;
  fsGroup: Groups;
  supplementalGroups: Groups;
  readOnlyRoot: boolean;
  /** Null where the container decides. */
  allowPrivilegeEscalation: boolean | null;
  defaultAllowPrivilegeEscalation: boolean | null;
  seccompProfiles: readonly string[];
  allowedUnsafeSysctls: readonly string[];
  forbiddenSysctls: readonly string[];
  /** Whether `RequirePodLevel` is set: a pod has to have its own user namespace. */
  requiresUserNamespace: boolean;
  /** The requirements that are not modelled. */
  unmodelled: readonly string[];
}

export interface RunAsUser {
  type: string;
  uid: number | null;
  min: number | null;
  max: number | null;
}

export interface SeLinux {
  type: string;
  options: Readonly<Record<(typeof SELINUX_FIELDS)[number], string>>;
}

export interface Groups {
  type: string;
  ranges: readonly Range[];
}

export interface Range {
  min: number;
  max: number;
}

export const SELINUX_FIELDS = ['level', 'role', 'type', 'user'] as const;

/**
 * Reads an SCC. Throws Malformed for shapes that the API does not give it. Mirrors openshift/api security/v1/types.go.
 */
export function readScc({ name, raw }: Manifest): Scc {
  return {
    name,
    priority: number(raw, 'priority') ?? 0,
    users: texts(raw, 'users'),
    groups: texts(raw, 'groups'),
    privileged: flag(raw, 'allowPrivilegedContainer'),
    hostNetwork: flag(raw, 'allowHostNetwork'),
    hostPID: flag(raw, 'allowHostPID'),
    hostIPC: flag(raw, 'allowHostIPC'),
    hostPorts: flag(raw, 'allowHostPorts'),
    volumes: volumesOf(raw),
    flexDrivers: children(raw, 'allowedFlexVolumes').map((each) => text(each, 'driver') ?? ''),
    allowedCapabilities: texts(raw, 'allowedCapabilities'),
    defaultAddCapabilities: texts(raw, 'defaultAddCapabilities'),
    requiredDropCapabilities: texts(raw, 'requiredDropCapabilities'),
    runAsUser: runAsUser(child(raw, 'runAsUser')),
    seLinux: seLinux(child(raw, 'seLinuxContext')),
    fsGroup: groups(child(raw, 'fsGroup')),
    supplementalGroups: groups(child(raw, 'supplementalGroups')),
    readOnlyRoot: flag(raw, 'readOnlyRootFilesystem'),
    allowPrivilegeEscalation: optionalFlag(raw, 'allowPrivilegeEscalation'),
    defaultAllowPrivilegeEscalation: optionalFlag(raw, 'defaultAllowPrivilegeEscalation'),
    seccompProfiles: texts(raw, 'seccompProfiles'),
    allowedUnsafeSysctls: texts(raw, 'allowedUnsafeSysctls'),
    forbiddenSysctls: texts(raw, 'forbiddenSysctls'),
    requiresUserNamespace: text(raw, 'userNamespaceLevel') === 'RequirePodLevel',
    unmodelled: unmodelledOf(raw),
  };
}

/** Older objects have `allowHostDirVolumePlugin` where newer ones list `hostPath`. */
function volumesOf(raw: Raw): readonly string[] {
  const volumes = texts(raw, 'volumes');
  const hasHostPath = volumes.includes('*') || volumes.includes('hostPath');
  return flag(raw, 'allowHostDirVolumePlugin') && !hasHostPath ? [...volumes, 'hostPath'] : volumes;
}

const runAsUser = (raw: Raw): RunAsUser => ({
  type: text(raw, 'type') ?? '',
  uid: number(raw, 'uid'),
  min: number(raw, 'uidRangeMin'),
  max: number(raw, 'uidRangeMax'),
});

function seLinux(raw: Raw): SeLinux {
  const options = child(raw, 'seLinuxOptions');
  const of = (field: (typeof SELINUX_FIELDS)[number]): string => text(options, field) ?? '';
  return {
    type: text(raw, 'type') ?? '',
    options: { level: of('level'), role: of('role'), type: of('type'), user: of('user') },
  };
}

const groups = (raw: Raw): Groups => ({
  type: text(raw, 'type') ?? '',
  ranges: children(raw, 'ranges').map((each) => ({ min: number(each, 'min') ?? 0, max: number(each, 'max') ?? 0 })),
});

/**
 * Strategies of later versions that are not modelled, and strategies that no version has, which would refuse every pod.
 */
function unmodelledOf(raw: Raw): string[] {
  const group = isRaw(raw.runAsGroup) ? (text(raw.runAsGroup, 'type') ?? '') : '';
  const level = text(raw, 'userNamespaceLevel') ?? '';
  return [
    ...(['', 'RunAsAny'].includes(group) ? [] : [`runAsGroup ${group}`]),
    ...(['', 'AllowHostLevel', 'RequirePodLevel'].includes(level) ? [] : [`userNamespaceLevel ${level}`]),
    ...Object.entries(STRATEGIES).flatMap(([field, known]) => {
      const type = text(child(raw, field), 'type') ?? '';
      return known.includes(type) ? [] : [`${field} ${type || 'without a type'}`];
    }),
  ];
}

const STRATEGIES = {
  runAsUser: ['RunAsAny', 'MustRunAs', 'MustRunAsRange', 'MustRunAsNonRoot'],
  seLinuxContext: ['RunAsAny', 'MustRunAs'],
  fsGroup: ['RunAsAny', 'MustRunAs'],
  supplementalGroups: ['RunAsAny', 'MustRunAs'],
};

const flag = (raw: Raw, field: string): boolean => optionalFlag(raw, field) ?? false;

function optionalFlag(raw: Raw, field: string): boolean | null {
  const value = raw[field];
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value;
  throw new Malformed(`${field} is not a boolean`);
}

function number(raw: Raw, field: string): number | null {
  const value = raw[field];
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return value;
  throw new Malformed(`${field} is not a number`);
}
