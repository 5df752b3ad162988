import { children, isRaw, type Raw, texts } from '../../world/raw.ts';
import type { Scc } from './scc.ts';
import { checkOptions, defaultOptions } from './se-linux.ts';
import { allowsProfile, profileName } from './seccomp.ts';
import { type ContainerState, effective } from './state.ts';
import type { Violation } from './violation.ts';

type Check = (container: ContainerState, scc: Scc) => Violation[];

/**
 * The values that an SCC fills in and requires for each container. Defaults come before the checks that look at them.
 */
export const CONTAINER_CHECKS: readonly Check[] = [
  runAsUser,
  seLinux,
  capabilities,
  runAsNonRoot,
  privileged,
  readOnlyRoot,
  privilegeEscalation,
  seccomp,
  hostPorts,
];

const violation = ({ list, name }: ContainerState, check: string, field: string, detail: string): Violation => ({
  check,
  detail: `container "${name}": ${detail}`,
  rests: `spec.${list}[*].${field}`,
});

function runAsUser(container: ContainerState, { runAsUser: rule }: Scc): Violation[] {
  const uid = effective(container, 'runAsUser');
  const said = typeof uid === 'number' ? uid : null;
  const wrong = (detail: string) => [violation(container, 'runAsUser', 'securityContext.runAsUser', detail)];
  if (rule.type === 'MustRunAs') {
    if (said === null && rule.uid !== null) container.security.runAsUser = rule.uid;
    return (said ?? rule.uid) === rule.uid && rule.uid !== null ? [] : wrong(`runAsUser must be ${rule.uid}`);
  }
  if (rule.type === 'MustRunAsRange') {
    if (rule.min === null || rule.max === null) return wrong('runAsUser has no range');
    if (said === null) container.security.runAsUser = rule.min;
    else if (said < rule.min || said > rule.max)
      return wrong(`runAsUser must be in the ranges: [${rule.min}, ${rule.max}]`);
    return [];
  }
  return rule.type === 'MustRunAsNonRoot' && said === 0 ? wrong('running with the root UID is forbidden') : [];
}

function seLinux(container: ContainerState, { seLinux: rule }: Scc): Violation[] {
  if (!isRaw(effective(container, 'seLinuxOptions'))) defaultOptions(container.security, rule);
  return checkOptions(effective(container, 'seLinuxOptions'), rule, `spec.${container.list}[*].securityContext`);
}

function capabilities(container: ContainerState, scc: Scc): Violation[] {
  const own: Raw = isRaw(container.security.capabilities) ? container.security.capabilities : {};
  const dropped = texts(own, 'drop');
  const add = union(
    texts(own, 'add'),
    scc.defaultAddCapabilities.filter((each) => !dropped.includes(each)),
  );
  const drop = union(dropped, scc.requiredDropCapabilities);
  if (add.length > texts(own, 'add').length || drop.length > dropped.length)
    container.security.capabilities = {
      ...(add.length > 0 && { add: add.toSorted() }),
      ...(drop.length > 0 && { drop: drop.toSorted() }),
    };
  if (scc.allowedCapabilities.includes('*')) return [];
  return add
    .filter((each) => !scc.defaultAddCapabilities.includes(each) && !scc.allowedCapabilities.includes(each))
    .map((each) =>
      violation(
        container,
        'allowedCapabilities',
        'securityContext.capabilities.add',
        `capability ${each} may not be added`,
      ),
    );
}

const union = (left: readonly string[], right: readonly string[]): string[] => [...new Set([...left, ...right])];

/** Sets runAsNonRoot where the user is known not to be root, or where the SCC requires it and no user is set. */
function runAsNonRoot(container: ContainerState, { runAsUser: rule }: Scc): Violation[] {
  const uid = effective(container, 'runAsUser');
  const said = effective(container, 'runAsNonRoot');
  const isNotRoot = typeof uid === 'number' ? uid > 0 : rule.type === 'MustRunAsNonRoot';
  if (typeof said !== 'boolean' && isNotRoot) container.security.runAsNonRoot = true;
  return rule.type === 'MustRunAsNonRoot' && said === false
    ? [violation(container, 'runAsUser', 'securityContext.runAsNonRoot', 'runAsNonRoot must be true')]
    : [];
}

function privileged(container: ContainerState, scc: Scc): Violation[] {
  return container.security.privileged === true && !scc.privileged
    ? [
        violation(
          container,
          'allowPrivilegedContainer',
          'securityContext.privileged',
          'Privileged containers are not allowed',
        ),
      ]
    : [];
}

function readOnlyRoot(container: ContainerState, { readOnlyRoot: isRequired }: Scc): Violation[] {
  if (!isRequired) return [];
  container.security.readOnlyRootFilesystem ??= true;
  return container.security.readOnlyRootFilesystem === true
    ? []
    : [
        violation(
          container,
          'readOnlyRootFilesystem',
          'securityContext.readOnlyRootFilesystem',
          'ReadOnlyRootFilesystem must be set to true',
        ),
      ];
}

/** A privileged container is not given `false`, which validation would refuse. */
function privilegeEscalation(container: ContainerState, scc: Scc): Violation[] {
  const { security } = container;
  const added = isRaw(security.capabilities) ? texts(security.capabilities, 'add') : [];
  const mayDefault = security.privileged !== true && !added.includes('CAP_SYS_ADMIN');
  if (scc.defaultAllowPrivilegeEscalation !== null && mayDefault)
    security.allowPrivilegeEscalation ??= scc.defaultAllowPrivilegeEscalation;
  if (scc.allowPrivilegeEscalation !== false) return [];
  security.allowPrivilegeEscalation ??= false;
  return security.allowPrivilegeEscalation === false
    ? []
    : [
        violation(
          container,
          'allowPrivilegeEscalation',
          'securityContext.allowPrivilegeEscalation',
          'Allowing privilege escalation for containers is not allowed',
        ),
      ];
}

function seccomp(container: ContainerState, { seccompProfiles }: Scc): Violation[] {
  const profile = containerProfile(container);
  return allowsProfile(seccompProfiles, profile)
    ? []
    : [
        violation(
          container,
          'seccompProfiles',
          'securityContext.seccompProfile',
          `${profile || 'no profile'} is not an allowed seccomp profile`,
        ),
      ];
}

function containerProfile({ security, pod, name }: ContainerState): string {
  if (isRaw(security.seccompProfile)) return profileName(security.seccompProfile);
  const annotation = `container.seccomp.security.alpha.kubernetes.io/${name}`;
  if (Object.hasOwn(pod.annotations, annotation)) return pod.annotations[annotation] ?? '';
  return isRaw(pod.security.seccompProfile) ? profileName(pod.security.seccompProfile) : '';
}

function hostPorts(container: ContainerState, scc: Scc): Violation[] {
  return scc.hostPorts
    ? []
    : children(container.raw, 'ports')
        .filter(({ hostPort }) => typeof hostPort === 'number' && hostPort > 0)
        .map(() =>
          violation(container, 'allowHostPorts', 'ports[*].hostPort', 'Host ports are not allowed to be used'),
        );
}
