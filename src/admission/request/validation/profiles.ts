import { child, type Raw, text } from '../../../world/raw.ts';
import { descendingPath } from './names.ts';
import { invalid, notSupported, type Problem, required, tooLong } from './problem.ts';

/**
 * Validates the seccomp and AppArmor profiles of a security context. Mirrors kubernetes
 * pkg/apis/core/validation/validation.go.
 */
export const validateProfiles = (context: Raw, path: string): Problem[] => [
  ...(context.seccompProfile ? seccomp(child(context, 'seccompProfile'), `${path}.seccompProfile`) : []),
  ...(context.appArmorProfile ? appArmor(child(context, 'appArmorProfile'), `${path}.appArmorProfile`) : []),
];

function seccomp(profile: Raw, path: string): Problem[] {
  const localhost = text(profile, 'localhostProfile');
  const field = `${path}.localhostProfile`;
  const problems = typeProblems(profile, path, 'type is required when seccompProfile is set');
  if (text(profile, 'type') !== 'Localhost') {
    return localhost === null
      ? problems
      : [...problems, invalid(field, profile, 'can only be set when seccomp type is Localhost')];
  }
  return localhost === null
    ? [required(field, 'must be set when seccomp type is Localhost')]
    : descendingPath(field, localhost);
}

function appArmor(profile: Raw, path: string): Problem[] {
  const localhost = text(profile, 'localhostProfile');
  const field = `${path}.localhostProfile`;
  const problems = typeProblems(profile, path, 'type is required when appArmorProfile is set');
  if (problems.length > 0) return problems;
  if (text(profile, 'type') !== 'Localhost') {
    return localhost === null ? [] : [invalid(field, localhost, 'can only be set when AppArmor type is Localhost')];
  }
  if (localhost === null || localhost === '') return [required(field, 'must be set when AppArmor type is Localhost')];
  return [
    ...(localhost === localhost.trim() ? [] : [invalid(field, localhost, 'must not be padded with whitespace')]),
    ...(localhost.length > LONGEST ? [tooLong(field, LONGEST)] : []),
  ];
}

function typeProblems(profile: Raw, path: string, missing: string): Problem[] {
  const type = text(profile, 'type') ?? '';
  if (type === '') return [required(`${path}.type`, missing)];
  return TYPES.includes(type) ? [] : [notSupported(`${path}.type`, type, TYPES)];
}

const TYPES = ['Localhost', 'RuntimeDefault', 'Unconfined'];
const LONGEST = 4095;
