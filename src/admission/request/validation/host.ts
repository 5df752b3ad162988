import { child, children, type Raw } from '../../../world/raw.ts';
import { flag, integer } from '../fields.ts';
import type { Placed } from './containers.ts';
import { forbidden, invalid, type Problem } from './problem.ts';

/**
 * Validates what a pod shares with the host: a pod with its own user namespace may not share anything else.
 * `isTemplate` says that it is the template of a workload, whose ports on the host are filled in when its pods are
 * created. Mirrors kubernetes pkg/apis/core/validation/validation.go.
 */
export function validateHost(spec: Raw, containers: readonly Placed[], isTemplate: boolean): Problem[] {
  const shares = (field: string): boolean => flag(spec, field) === true;
  return [
    ...(flag(spec, 'hostUsers') === false ? ownUsersProblems(shares, containers) : []),
    ...(shares('hostNetwork') ? hostPortProblems(containers, isTemplate) : []),
    ...(shares('hostPID') && shares('shareProcessNamespace')
      ? [invalid('spec.shareProcessNamespace', true, 'ShareProcessNamespace and HostPID cannot both be enabled')]
      : []),
  ];
}

function ownUsersProblems(shares: (field: string) => boolean, containers: readonly Placed[]): Problem[] {
  const message = 'when `hostUsers` is false';
  // The fields are spelled as the server's message spells them.
  return [
    ...(shares('hostNetwork') ? [forbidden('spec.hostNetwork', message)] : []),
    ...(shares('hostPID') ? [forbidden('spec.HostPID', message)] : []),
    ...(shares('hostIPC') ? [forbidden('spec.HostIPC', message)] : []),
    ...containers
      .filter(({ raw }) => children(raw, 'volumeDevices').length > 0)
      .map(({ path }) => forbidden(`${path}.volumeDevices`, message)),
  ];
}

/** Only regular containers are checked. */
function hostPortProblems(containers: readonly Placed[], isTemplate: boolean): Problem[] {
  return containers
    .filter(({ list }) => list === 'containers')
    .flatMap(({ raw, path }) =>
      children(raw, 'ports').flatMap((port, index) => {
        const hostPort = integer(port, 'hostPort') ?? 0;
        if ((isTemplate && hostPort === 0) || hostPort === (integer(port, 'containerPort') ?? 0)) return [];
        return [
          invalid(
            `${path}.ports[${index}].hostPort`,
            hostPort,
            'must match `containerPort` when `hostNetwork` is true',
          ),
        ];
      }),
    );
}

/** Either all containers run on the Windows node itself, and the pod uses the host's network, or none does. */
export function validateHostProcess(spec: Raw, containers: readonly Placed[], allowPrivileged: boolean): Problem[] {
  const hostProcess = (holder: Raw): boolean | null =>
    flag(child(child(holder, 'securityContext'), 'windowsOptions'), 'hostProcess');
  const pod = hostProcess(spec);
  const problems = containers.flatMap(({ raw, path }) => {
    const own = hostProcess(raw);
    if (pod === null || own === null || pod === own) return [];
    const field = `${path}.securityContext.windowsOptions.hostProcess`;
    return [invalid(field, own, `pod hostProcess value must be identical if both are specified, was ${pod}`)];
  });
  const count = containers.filter(({ raw }) => hostProcess(raw) ?? pod).length;
  if (count === 0) return problems;
  return [
    ...problems,
    ...(count === containers.length ? [] : [invalid('spec', '', ALL_OR_NONE)]),
    ...(flag(spec, 'hostNetwork') === true ? [] : [invalid('spec.hostNetwork', false, HOST_NETWORK)]),
    ...(allowPrivileged ? [] : [forbidden('spec', 'hostProcess containers are disallowed by cluster policy')]),
  ];
}

const ALL_OR_NONE = 'If pod contains any hostProcess containers then all containers must be HostProcess containers';
const HOST_NETWORK = 'hostNetwork must be true if pod contains any hostProcess containers';
