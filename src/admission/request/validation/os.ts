import { child, type Raw, text } from '../../../world/raw.ts';
import { flag } from '../fields.ts';
import { contextOf, type Placed } from './containers.ts';
import { forbidden, notSupported, type Problem, required } from './problem.ts';

/**
 * Validates spec.os and the fields that the named operating system does not have. Mirrors kubernetes
 * pkg/apis/core/validation/validation.go.
 */
export function validateOs(spec: Raw, containers: readonly Placed[]): Problem[] {
  if (!spec.os) return [];
  const name = text(child(spec, 'os'), 'name') ?? '';
  if (name === '') return [required('spec.os.name')];
  if (name === 'linux') return onLinux(spec, containers);
  return name === 'windows' ? onWindows(spec, containers) : [notSupported('spec.os', name, ['linux', 'windows'])];
}

function onLinux(spec: Raw, containers: readonly Placed[]): Problem[] {
  const contexts = [
    { raw: child(spec, 'securityContext'), path: 'spec' },
    ...containers.map(({ raw, path }) => ({ raw: contextOf(raw) ?? {}, path })),
  ];
  return contexts
    .filter(({ raw }) => raw.windowsOptions)
    .map(({ path }) =>
      forbidden(`${path}.securityContext.windowsOptions`, 'windows options cannot be set for a linux pod'),
    );
}

function onWindows(spec: Raw, containers: readonly Placed[]): Problem[] {
  const set = (raw: Raw, path: string, fields: readonly string[]): Problem[] =>
    fields
      .filter((field) => raw[field] !== undefined && raw[field] !== null)
      .map((field) => forbidden(`${path}.${field}`, NOT_ON_WINDOWS));
  const shared = ['hostPID', 'hostIPC'].filter((field) => flag(spec, field) === true);
  return [
    ...set(child(spec, 'securityContext'), 'spec.securityContext', POD_FIELDS),
    ...set(spec, 'spec', ['hostUsers', ...shared, 'shareProcessNamespace']),
    ...containers.flatMap(({ raw, path }) => set(contextOf(raw) ?? {}, `${path}.securityContext`, CONTAINER_FIELDS)),
  ];
}

const NOT_ON_WINDOWS = 'cannot be set for a windows pod';
const POD_FIELDS = [
  ...[
    'appArmorProfile',
    'seLinuxOptions',
    'seccompProfile',
    'fsGroup',
    'fsGroupChangePolicy',
    'sysctls',
    'runAsUser',
    'runAsGroup',
  ],
  ...['supplementalGroups', 'supplementalGroupsPolicy', 'seLinuxChangePolicy'],
];
const CONTAINER_FIELDS = [
  ...[
    'appArmorProfile',
    'seLinuxOptions',
    'seccompProfile',
    'capabilities',
    'readOnlyRootFilesystem',
    'privileged',
    'allowPrivilegeEscalation',
  ],
  ...['procMount', 'runAsUser', 'runAsGroup'],
];
