import type { ContainerContext, PodContext, Profile, SecurityContext } from '../objects.ts';
import { oncePerContent } from '../once.ts';
import { child, children, flag, integer, type Raw, requiredText, text, textMap, texts } from '../raw.ts';

/** `spec.containers[].securityContext`. */
export const reduceContainerContext = oncePerContent((raw: Raw): ContainerContext => {
  const capabilities = child(raw, 'capabilities');
  return {
    ...reduceContext(raw),
    privileged: flag(raw, 'privileged') === true,
    allowPrivilegeEscalation: flag(raw, 'allowPrivilegeEscalation'),
    add: texts(capabilities, 'add'),
    drop: texts(capabilities, 'drop'),
    procMount: text(raw, 'procMount'),
    readOnlyRootFilesystem: flag(raw, 'readOnlyRootFilesystem') === true,
  };
});

/** The fields of a pod's spec that are not about one container. */
export const podContext = (spec: Raw): PodContext =>
  reducePodContext({
    securityContext: spec.securityContext ?? null,
    ...Object.fromEntries(POD_FIELDS.flatMap((field) => (spec[field] === undefined ? [] : [[field, spec[field]]]))),
  });

const POD_FIELDS = [
  ...['hostNetwork', 'hostPID', 'hostIPC', 'hostUsers', 'shareProcessNamespace'],
  ...['runtimeClassName', 'os', 'nodeSelector', 'restartPolicy'],
];

const reducePodContext = oncePerContent((spec: Raw): PodContext => {
  const context = child(spec, 'securityContext');
  return {
    ...reduceContext(context),
    hostNetwork: flag(spec, 'hostNetwork') === true,
    hostPID: flag(spec, 'hostPID') === true,
    hostIPC: flag(spec, 'hostIPC') === true,
    hostUsers: flag(spec, 'hostUsers') !== false,
    shareProcessNamespace: flag(spec, 'shareProcessNamespace') === true,
    sysctls: children(context, 'sysctls').map((each) => requiredText(each, 'name')),
    runtimeClass: text(spec, 'runtimeClassName') || null,
    os: text(child(spec, 'os'), 'name') || null,
    nodeSelector: textMap(spec, 'nodeSelector'),
    restartPolicy: text(spec, 'restartPolicy') || 'Always',
  };
});

const reduceContext = (raw: Raw): SecurityContext => ({
  runAsUser: integer(raw, 'runAsUser'),
  runAsNonRoot: flag(raw, 'runAsNonRoot'),
  seccomp: profile(raw, 'seccompProfile'),
  appArmor: profile(raw, 'appArmorProfile'),
  seLinuxType: text(child(raw, 'seLinuxOptions'), 'type') || null,
  hostProcess: flag(child(raw, 'windowsOptions'), 'hostProcess'),
});

function profile(raw: Raw, field: string): Profile | null {
  const value = child(raw, field);
  const type = text(value, 'type');
  return type === null ? null : { type, localhostProfile: text(value, 'localhostProfile') };
}

/**
 * The AppArmor profile in an annotation, which was the only way to set one before 1.30: `runtime/default`,
 * `localhost/strict`, `unconfined`. Null for a value that sets nothing, such as the empty text that the API accepts.
 * Mirrors kubernetes pkg/security/apparmor/helpers.go.
 */
export function annotatedProfile(value: string): Profile | null {
  if (value === 'unconfined') return { type: 'Unconfined', localhostProfile: null };
  if (value === 'runtime/default') return { type: 'RuntimeDefault', localhostProfile: null };
  return value.startsWith('localhost/')
    ? { type: 'Localhost', localhostProfile: value.slice('localhost/'.length) }
    : null;
}
