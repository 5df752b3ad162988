import { child, children, isRaw, type Raw, requiredText, text } from '../../world/raw.ts';
import type { Groups, Scc } from './scc.ts';
import { checkOptions, defaultOptions } from './se-linux.ts';
import { allowsProfile, profileName } from './seccomp.ts';
import type { PodState } from './state.ts';
import type { Violation } from './violation.ts';

type Check = (pod: PodState, scc: Scc) => Violation[];

/** The values that an SCC fills in and requires for a pod as a whole, in the order of the server. */
export const POD_CHECKS: readonly Check[] = [
  hostNamespaces,
  (pod, { seLinux }) => {
    defaultOptions(pod.security, seLinux);
    return checkOptions(pod.security.seLinuxOptions, seLinux, 'spec.securityContext');
  },
  (pod, { fsGroup }) => groups(pod, fsGroup, 'fsGroup'),
  (pod, { supplementalGroups }) => groups(pod, supplementalGroups, 'supplementalGroups'),
  seccomp,
  sysctls,
  volumes,
  userNamespace,
];

function hostNamespaces({ spec }: PodState, scc: Scc): Violation[] {
  const kinds = [
    ['hostPID', 'Host PID', scc.hostPID],
    ['hostNetwork', 'Host network', scc.hostNetwork],
    ['hostIPC', 'Host IPC', scc.hostIPC],
  ] as const;
  return kinds
    .filter(([field, , isAllowed]) => spec[field] === true && !isAllowed)
    .map(([field, words]) => ({
      check: `allow${field[0]?.toUpperCase()}${field.slice(1)}`,
      detail: `${words} is not allowed to be used`,
      rests: `spec.${field}`,
    }));
}

/** `fsGroup` is one group, `supplementalGroups` a list. */
function groups(
  { security }: PodState,
  { type, ranges }: Groups,
  field: 'fsGroup' | 'supplementalGroups',
): Violation[] {
  if (type !== 'MustRunAs') return [];
  const [first] = ranges;
  if (isEmpty(security[field]) && first) security[field] = field === 'fsGroup' ? first.min : [first.min];
  const set = field === 'fsGroup' ? [security[field]] : security[field];
  const outside = (Array.isArray(set) ? set : []).filter(
    (each) => typeof each !== 'number' || !ranges.some(({ min, max }) => each >= min && each <= max),
  );
  return outside.map((each) => ({
    check: field,
    detail: `${each} is not an allowed group`,
    rests: `spec.securityContext.${field}`,
  }));
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

/** A pod without a profile gets the first one in the list. */
function seccomp(pod: PodState, { seccompProfiles }: Scc): Violation[] {
  const named = seccompProfiles.filter((each) => each !== '*');
  const own = isRaw(pod.security.seccompProfile)
    ? profileName(pod.security.seccompProfile)
    : (pod.annotations[SECCOMP] ?? '');
  const profile = own || (named[0] ?? '');
  if (profile !== '') {
    pod.annotations[SECCOMP] = profile;
    if (!isRaw(pod.security.seccompProfile)) pod.security.seccompProfile = profileField(profile);
  }
  return allowsProfile(seccompProfiles, profile)
    ? []
    : [
        {
          check: 'seccompProfiles',
          detail: `${profile || 'no profile'} is not an allowed seccomp profile`,
          rests: 'spec.securityContext.seccompProfile',
        },
      ];
}

function profileField(profile: string): Raw {
  if (profile === 'unconfined') return { type: 'Unconfined' };
  if (profile.startsWith('localhost/'))
    return { type: 'Localhost', localhostProfile: profile.slice('localhost/'.length) };
  return { type: 'RuntimeDefault' };
}

const SECCOMP = 'seccomp.security.alpha.kubernetes.io/pod';

function sysctls({ security }: PodState, { forbiddenSysctls, allowedUnsafeSysctls }: Scc): Violation[] {
  const names = children(security, 'sysctls').map((each) => text(each, 'name') ?? '');
  return names.flatMap((name) => {
    const forbidden = matchesAny(forbiddenSysctls, name);
    if (!forbidden && (SAFE.has(name) || matchesAny(allowedUnsafeSysctls, name))) return [];
    const detail = `${forbidden ? '' : 'unsafe '}sysctl "${name}" is not allowed`;
    return [
      { check: forbidden ? 'forbiddenSysctls' : 'allowedUnsafeSysctls', detail, rests: 'spec.securityContext.sysctls' },
    ];
  });
}

const matchesAny = (patterns: readonly string[], name: string): boolean =>
  patterns.some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : each === name));

/**
 * Sysctls that are safe on every kernel. Those that are only safe on new kernels count as unsafe, as they do for a
 * server that does not know its nodes' kernels.
 */
const SAFE: ReadonlySet<string> = new Set([
  'kernel.shm_rmid_forced',
  ...['ip_local_port_range', 'tcp_syncookies', 'ping_group_range', 'ip_unprivileged_port_start'].map(
    (each) => `net.ipv4.${each}`,
  ),
  ...['tcp_keepalive_time', 'tcp_fin_timeout', 'tcp_keepalive_intvl', 'tcp_keepalive_probes'].map(
    (each) => `net.ipv4.${each}`,
  ),
]);

/**
 * A volume without a type is an emptyDir. The token volume that every pod gets is a projected volume, which any SCC
 * with secrets also allows.
 */
function volumes({ spec }: PodState, scc: Scc): Violation[] {
  if (scc.volumes.includes('*')) return flexDrivers(spec, scc);
  const refused = children(spec, 'volumes').flatMap((volume) => {
    const type = volumeType(volume);
    const isAllowed =
      scc.volumes.includes(type) || (type === 'projected' && scc.volumes.includes('secret') && isTokenVolume(volume));
    return isAllowed
      ? []
      : [{ check: 'volumes', detail: `${type} volumes are not allowed to be used`, rests: 'spec.volumes[*]' }];
  });
  return [...refused, ...flexDrivers(spec, scc)];
}

function flexDrivers(spec: Raw, { volumes: allowed, flexDrivers: drivers }: Scc): Violation[] {
  if (drivers.length === 0 || !(allowed.includes('*') || allowed.includes('flexVolume'))) return [];
  return children(spec, 'volumes')
    .filter((volume) => isRaw(volume.flexVolume) && !drivers.includes(text(volume.flexVolume, 'driver') ?? ''))
    .map(() => ({
      check: 'allowedFlexVolumes',
      detail: 'Flexvolume driver is not allowed to be used',
      rests: 'spec.volumes[*].flexVolume.driver',
    }));
}

function volumeType(volume: Raw): string {
  const type = Object.keys(volume).find((field) => field !== 'name' && isRaw(volume[field])) ?? 'emptyDir';
  return VOLUME_NAMES.get(type) ?? type;
}

/** Types that an SCC names differently from the field. */
const VOLUME_NAMES: ReadonlyMap<string, string> = new Map([
  ['cephfs', 'cephFS'],
  ['vsphereVolume', 'vsphere'],
]);

/**
 * Whether a volume is the bound token of the pod's account, as the server itself mounts it: token, CA certificate and
 * namespace.
 */
function isTokenVolume(volume: Raw): boolean {
  const sources = children(child(volume, 'projected'), 'sources');
  return (
    sources.length > 0 &&
    sources.every(
      (each) =>
        isRaw(each.serviceAccountToken) ||
        (isRaw(each.configMap) && TRUST.has(requiredText(each.configMap, 'name'))) ||
        (isRaw(each.downwardAPI) && JSON.stringify(each.downwardAPI).includes('metadata.namespace')),
    )
  );
}

const TRUST: ReadonlySet<string> = new Set(['kube-root-ca.crt', 'openshift-service-ca.crt']);

function userNamespace({ spec }: PodState, { requiresUserNamespace }: Scc): Violation[] {
  return requiresUserNamespace && spec.hostUsers !== false
    ? [{ check: 'userNamespaceLevel', detail: 'hostUsers must be false', rests: 'spec.hostUsers' }]
    : [];
}
