import { children, type Raw, text } from '../../../world/raw.ts';
import { integer } from '../fields.ts';
import type { Placed } from './containers.ts';
import { portName, portNumber } from './names.ts';
import { duplicate, notSupported, type Problem, required } from './problem.ts';

/**
 * Validates the ports of one container. Mirrors kubernetes pkg/apis/core/validation/validation.go
 * validateContainerPorts.
 */
export function validatePorts(container: Raw, path: string): Problem[] {
  const names = new Set<string>();
  return children(container, 'ports').flatMap((port, index) => {
    const field = (name: string): string => `${path}.ports[${index}].${name}`;
    const name = text(port, 'name') ?? '';
    const protocol = text(port, 'protocol') ?? '';
    const number = integer(port, 'containerPort') ?? 0;
    const hostPort = integer(port, 'hostPort') ?? 0;
    const wrongName = name === '' ? [] : portName(field('name'), name);
    const isRepeated = wrongName.length === 0 && name !== '' && names.has(name);
    if (wrongName.length === 0) names.add(name);
    return [
      ...wrongName,
      ...(isRepeated ? [duplicate(field('name'), name)] : []),
      ...(number === 0 ? [required(field('containerPort'))] : portNumber(field('containerPort'), number)),
      ...(hostPort === 0 ? [] : portNumber(field('hostPort'), hostPort)),
      ...(protocol === ''
        ? [required(field('protocol'))]
        : PROTOCOLS.includes(protocol)
          ? []
          : [notSupported(field('protocol'), protocol, PROTOCOLS)]),
    ];
  });
}

/**
 * The containers that want a port of the node which another already wants. Init containers run one after the other, so
 * that each is checked by itself.
 */
export function hostPortConflicts(containers: readonly Placed[]): Problem[] {
  const taken = new Set<string>();
  return containers.flatMap(({ raw, path, list }, index) => {
    if (list === 'initContainers') taken.clear();
    else if (containers[index - 1]?.list !== list) taken.clear();
    // The server reports each init container as the first.
    const shown = list === 'initContainers' ? `spec.${list}[0]` : path;
    return children(raw, 'ports').flatMap((port, portIndex) => {
      const hostPort = integer(port, 'hostPort') ?? 0;
      if (hostPort === 0 || list === 'ephemeralContainers') return [];
      const key = `${text(port, 'protocol') ?? ''}/${text(port, 'hostIP') ?? ''}/${hostPort}`;
      if (taken.has(key)) return [duplicate(`${shown}.ports[${portIndex}].hostPort`, key)];
      taken.add(key);
      return [];
    });
  });
}

const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];
