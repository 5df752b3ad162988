import { changes } from '../../answer/command.ts';
import type { Unknown } from '../../answer/unknown.ts';
import { splitProxyName } from '../../rbac/proxy-name.ts';
import { list, type Need } from '../../world/needs.ts';
import type { Pod, Service } from '../../world/objects.ts';
import { child, children } from '../../world/raw.ts';
import { unseen, type World } from '../../world/world.ts';
import type { Way } from '../holders/way.ts';
import { PROXY_VERBS } from './pod-subresources.ts';
import type { PodTarget } from './pods.ts';

/** What tells which services lead to a pod. */
export const serviceNeeds = (pods: readonly PodTarget[]): Need[] =>
  [...new Set(pods.map(({ namespace }) => namespace))].map((namespace) => list('services', namespace));

/**
 * The ways to send HTTP requests to a pod by a service that selects it: the API server dials one of its pods, and
 * another at the next request, whether the service is headless or not. Where services, or the pod, could not be read,
 * any may be one. Source: kubernetes pkg/registry/core/service/storage/storage.go ResourceLocation, and its
 * EndpointSlice controller.
 */
export function serviceWays({ namespace, name, spelling, pod, unknowns }: PodTarget, world: World): Way[] {
  if (spelling !== name) return [];
  const affects = 'who reaches the pod by a service';
  // Which services select a pod that was not read nobody can tell.
  if (pod === null) return unknowns.map((unknown) => byAny(namespace, name, { ...unknown, affects }));
  const ports = portNames(pod);
  const ways = world.list('services', namespace).flatMap((service) => {
    const open = service.ports.filter(
      ({ targetPort }) => targetPort === undefined || ports === null || ports.has(targetPort),
    );
    return open.length > 0 && selects(service.selector, pod.labels) ? [wayBy(service, open, namespace, name)] : [];
  });
  const unread = unseen(world, list('services', namespace), affects);
  return [...ways, ...unread.map((unknown) => byAny(namespace, name, unknown))];
}

/** Said where services that select nothing are there: somebody else writes where they lead. */
export function serviceAssumptions({ namespace, pod }: PodTarget, world: World): string[] {
  const isUnselective = world
    .list('services', namespace)
    .some(({ selector, ports }) => selector === undefined && ports.length > 0);
  return pod !== null && isUnselective
    ? ['services that select no pods do not lead to the pod: their EndpointSlices were not read']
    : [];
}

function selects(selector: Service['selector'] = {}, labels: Readonly<Record<string, string>>): boolean {
  const entries = Object.entries(selector);
  return entries.length > 0 && entries.every(([key, value]) => labels[key] === value);
}

/** The ports that containers give a name, those of sidecars too; null where they were not read. */
function portNames({ whole }: Pod): ReadonlySet<string> | null {
  if (whole === null) return null;
  const spec = child(whole, 'spec');
  const containers = [
    ...children(spec, 'containers'),
    ...children(spec, 'initContainers').filter((each) => each.restartPolicy === 'Always'),
  ];
  return new Set(
    containers.flatMap((each) =>
      children(each, 'ports').flatMap((port) => (typeof port.name === 'string' ? [port.name] : [])),
    ),
  );
}

/** A port of the name has to be one of the service; without a port, one that has no name. */
function wayBy({ name: service }: Service, ports: Service['ports'], namespace: string, pod: string): Way {
  const object = { kind: 'Service', namespace, name: service, container: null };
  const isPort = (port: string): boolean =>
    /^\d+$/.test(port)
      ? ports.some((each) => each.port === Number(port))
      : ports.some((each) => (each.name ?? '') === port);
  return {
    holding: {
      id: 'service-proxy',
      object,
      action: `${PROXY_VERBS.join(' or ')} services/proxy of ${service}, which selects the pod`,
      attack: changes(['get', '--raw', `/api/v1/namespaces/${namespace}/services/${service}/proxy/`]),
      connect: { kind: 'ServiceProxyOptions', resource: 'services', subresource: 'proxy', namespace, name: service },
      target: { kind: 'Pod', namespace, name: pod },
      condition: null,
    },
    queries: queries(namespace, service, (listed) => {
      const parts = splitProxyName(listed);
      return parts !== null && parts.name === service && isPort(parts.port);
    }),
  };
}

function byAny(namespace: string, pod: string, condition: Unknown): Way {
  const target = { kind: 'Pod', namespace, name: pod };
  return {
    holding: {
      id: 'service-proxy',
      object: { ...target, container: null },
      action: `${PROXY_VERBS.join(' or ')} services/proxy`,
      attack: null,
      target,
      condition,
    },
    queries: queries(namespace, '', () => true),
  };
}

const queries = (namespace: string, name: string, names: (listed: string) => boolean): Way['queries'] =>
  PROXY_VERBS.map((verb) => ({
    request: { verb, group: '', resource: 'services', subresource: 'proxy', namespace, name },
    names,
  }));
