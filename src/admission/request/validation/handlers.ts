import { child, type Raw, text, texts } from '../../../world/raw.ts';
import { HOOKS, PROBES } from '../../pod-security/pod.ts';
import { portName, portNumber } from './names.ts';
import { forbidden, invalid, notSupported, type Problem, required } from './problem.ts';

/**
 * Validates the probes and lifecycle hooks of a container. Mirrors kubernetes pkg/apis/core/validation/validation.go
 * validateHandler, validateProbe.
 */
export function validateHandlers(container: Raw, path: string): Problem[] {
  const lifecycle = child(container, 'lifecycle');
  return [
    ...HOOKS.filter((hook) => lifecycle[hook]).flatMap((hook) =>
      handlerProblems(child(lifecycle, hook), `${path}.lifecycle.${hook}`),
    ),
    ...PROBES.filter((probe) => container[probe]).flatMap((probe) =>
      probeProblems(child(container, probe), probe, `${path}.${probe}`),
    ),
  ];
}

function probeProblems(probe: Raw, kind: string, path: string): Problem[] {
  const mustBeOne = kind !== 'readinessProbe' && probe.successThreshold !== 1;
  return [
    ...handlerProblems(probe, path),
    ...NUMBERS.filter((field) => Number(probe[field]) < 0).map((field) =>
      invalid(`${path}.${field}`, probe[field], 'must be greater than or equal to 0'),
    ),
    ...(mustBeOne ? [invalid(`${path}.successThreshold`, probe.successThreshold, 'must be 1')] : []),
  ];
}

function handlerProblems(handler: Raw, path: string): Problem[] {
  const ways = WAYS.filter((way) => handler[way]);
  if (ways.length === 0) return [required(path, 'must specify a handler type')];
  return ways.flatMap((way, index) => {
    const field = `${path}.${way}`;
    return index > 0
      ? [forbidden(field, 'may not specify more than 1 handler type')]
      : wayProblems(way, child(handler, way), field);
  });
}

function wayProblems(way: (typeof WAYS)[number], raw: Raw, field: string): Problem[] {
  switch (way) {
    case 'exec':
      return texts(raw, 'command').length === 0 ? [required(`${field}.command`)] : [];
    case 'httpGet': {
      const scheme = text(raw, 'scheme') ?? 'HTTP';
      return [
        ...portProblems(raw.port, `${field}.port`),
        ...(SCHEMES.includes(scheme) ? [] : [notSupported(`${field}.scheme`, scheme, SCHEMES)]),
      ];
    }
    case 'tcpSocket':
    case 'grpc':
      return portProblems(raw.port, `${field}.port`);
    case 'sleep':
      return [];
  }
}

/** A port is a number or the name of a port. */
const portProblems = (port: unknown, field: string): Problem[] =>
  typeof port === 'string' ? portName(field, port) : portNumber(field, typeof port === 'number' ? port : 0);

const WAYS = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const;
const SCHEMES = ['HTTP', 'HTTPS'];
const NUMBERS = ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold'];
