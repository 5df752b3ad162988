import { child, children, type Raw, text, texts } from '../../../world/raw.ts';
import { flag, integer } from '../fields.ts';
import { userId } from './names.ts';
import { duplicate, forbidden, invalid, notSupported, type Problem, required } from './problem.ts';
import { validateProfiles } from './profiles.ts';

/**
 * Validates the security context of a container. Mirrors kubernetes pkg/apis/core/validation/validation.go
 * ValidateSecurityContext.
 */
export function validateSecurityContext(
  context: Raw,
  path: string,
  options: { hostUsers: boolean; allowPrivileged: boolean },
): Problem[] {
  const isPrivileged = flag(context, 'privileged') === true;
  const mayNotEscalate = flag(context, 'allowPrivilegeEscalation') === false;
  const added = texts(child(context, 'capabilities'), 'add');
  const clash = (what: string): Problem =>
    invalid(path, context, `cannot set \`allowPrivilegeEscalation\` to false and ${what}`);
  return [
    ...(isPrivileged && !options.allowPrivileged
      ? [forbidden(`${path}.privileged`, 'disallowed by cluster policy')]
      : []),
    ...idProblems(context, path),
    ...procMountProblems(context, `${path}.procMount`, options.hostUsers),
    ...(mayNotEscalate && isPrivileged ? [clash('`privileged` to true')] : []),
    ...(mayNotEscalate && added.includes('CAP_SYS_ADMIN') ? [clash('`capabilities.Add` CAP_SYS_ADMIN')] : []),
    ...validateProfiles(context, path),
  ];
}

/** Validates the security context of a pod. */
export function validatePodSecurityContext(spec: Raw): Problem[] {
  const path = 'spec.securityContext';
  const context = child(spec, 'securityContext');
  return [
    ...idProblems(context, path),
    ...sysctlProblems(spec, context, `${path}.sysctls`),
    ...validateProfiles(context, path),
  ];
}

function idProblems(context: Raw, path: string): Problem[] {
  return ['fsGroup', 'runAsUser', 'runAsGroup'].flatMap((field) => {
    const id = integer(context, field);
    return id === null ? [] : userId(`${path}.${field}`, id);
  });
}

function procMountProblems(context: Raw, field: string, hostUsers: boolean): Problem[] {
  const type = text(context, 'procMount');
  if (type === null || type === 'Default') return [];
  if (type !== 'Unmasked') return [notSupported(field, type, ['Default', 'Unmasked'])];
  return hostUsers ? [invalid(field, type, '`hostUsers` must be false to use `Unmasked`')] : [];
}

/** Sysctls of a namespace that is shared with the host would change the host. */
function sysctlProblems(spec: Raw, context: Raw, path: string): Problem[] {
  const names = children(context, 'sysctls').map((each) => text(each, 'name') ?? '');
  return names.flatMap((name, index) => {
    const field = `${path}[${index}].name`;
    const dotted = withDots(name);
    return [
      ...spelling(field, name, names.indexOf(name) < index),
      ...(flag(spec, 'hostNetwork') === true && dotted.startsWith('net.')
        ? [invalid(field, name, "may not be specified when 'hostNetwork' is true")]
        : flag(spec, 'hostIPC') === true && IPC.test(dotted)
          ? [invalid(field, name, "may not be specified when 'hostIPC' is true")]
          : []),
    ];
  });
}

function spelling(field: string, name: string, isRepeated: boolean): Problem[] {
  if (name === '') return [required(field)];
  if (name.length > 253 || !SYSCTL.test(name)) {
    return [invalid(field, name, `must have at most 253 characters and match regex ${SYSCTL_PATTERN}`)];
  }
  return isRepeated ? [duplicate(field, name)] : [];
}

/**
 * The name with dots as separators. The first separator shows how it is spelled: in a name with slashes, dots and
 * slashes are swapped. Mirrors component-helpers node/util/sysctl.
 */
function withDots(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  return first === '/' ? name.replace(/[./]/g, (each) => (each === '/' ? '.' : '/')) : name;
}

const SEGMENT = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const SYSCTL_PATTERN = `^(${SEGMENT}[\\./])*${SEGMENT}$`;
const SYSCTL = /^[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?(?:[./][a-z0-9](?:[-_a-z0-9]*[a-z0-9])?)*$/;
const IPC = /^(kernel\.(sem|shm(all|max|mni|_rmid_forced)?|msg(max|mnb|mni)?)$|fs\.mqueue\.)/;
