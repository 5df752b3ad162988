import type {
  CustomResource,
  Namespace,
  Node,
  RuntimeClass,
  Secret,
  Service,
  ServiceAccount,
  Workload,
} from '../objects.ts';
import { child, children, isRaw, type Raw, requiredInteger, requiredText, text, textMap, texts } from '../raw.ts';
import { embeddedPodSpec } from './embedded-pod-spec.ts';
import { isDeleting, labelSelector, labelsOf, named, ownerOf } from './metadata.ts';

export const reduceServiceAccount = (raw: Raw): ServiceAccount => ({
  ...named(raw),
  created: text(child(raw, 'metadata'), 'creationTimestamp'),
  ...(raw.automountServiceAccountToken === false && { isSilent: true as const }),
});

export function reduceNamespace(raw: Raw): Namespace {
  const annotations = textMap(child(raw, 'metadata'), 'annotations');
  return {
    ...named(raw),
    labels: labelsOf(raw),
    deleting: isDeleting(raw),
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
}

export function reduceNode(raw: Raw): Node {
  const status = child(raw, 'status');
  const port = child(child(status, 'daemonEndpoints'), 'kubeletEndpoint').Port;
  const info = child(status, 'nodeInfo');
  const taints = children(child(raw, 'spec'), 'taints')
    .filter(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute')
    .map((each) => ({
      key: text(each, 'key') ?? '',
      value: text(each, 'value') ?? '',
      effect: text(each, 'effect') ?? '',
    }));
  return {
    ...named(raw),
    kubeletPort: typeof port === 'number' && port > 0 ? port : 10250,
    labels: labelsOf(raw),
    osImage: text(info, 'osImage') ?? '',
    operatingSystem: text(info, 'operatingSystem') ?? '',
    containerRuntimeVersion: text(info, 'containerRuntimeVersion') ?? '',
    ...(taints.length > 0 && { taints }),
  };
}

/** The type of a Secret that holds a token of an account. */
export const TOKEN_SECRET = 'kubernetes.io/service-account-token';

/** The annotation that names the account of such a Secret. */
export const TOKEN_ACCOUNT = 'kubernetes.io/service-account.name';

export const reduceSecret = (raw: Raw): Secret => ({
  ...named(raw),
  account:
    text(raw, 'type') === TOKEN_SECRET ? (textMap(child(raw, 'metadata'), 'annotations')[TOKEN_ACCOUNT] ?? null) : null,
});

export const reduceRuntimeClass = (raw: Raw): RuntimeClass => ({ ...named(raw), handler: text(raw, 'handler') ?? '' });

export function reduceService(raw: Raw): Service {
  const spec = child(raw, 'spec');
  const selector = text(spec, 'type') === 'ExternalName' ? {} : textMap(spec, 'selector');
  return {
    ...named(raw),
    ports: children(spec, 'ports').map((each) => ({
      ...{ name: text(each, 'name'), port: requiredInteger(each, 'port') },
      ...(typeof each.targetPort === 'string' && { targetPort: each.targetPort }),
    })),
    ...(Object.keys(selector).length > 0 && { selector }),
  };
}

/**
 * Reduces a workload. Deployments and similar kinds select by `matchLabels`; the selector of a ReplicationController is
 * a plain map of labels.
 */
export function reduceWorkload(raw: Raw, kind: string): Workload {
  const spec = child(raw, 'spec');
  const selector = isRaw(spec.selector) ? spec.selector : null;
  return {
    kind,
    ...named(raw),
    selector: selector && labelSelector(kind === 'ReplicationController' ? { matchLabels: selector } : selector),
    owner: ownerOf(raw),
  };
}

export function reduceCustomResource(raw: Raw): CustomResource {
  const spec = child(raw, 'spec');
  const names = child(spec, 'names');
  const versions = children(spec, 'versions');
  const version = versions.find((each) => each.storage === true) ?? versions[0] ?? {};
  const served = versions.filter((each) => each.served !== false);
  const podSpec = firstOf(served, (each) => embeddedPodSpec(child(each, 'schema').openAPIV3Schema));
  return {
    ...named(raw),
    group: requiredText(spec, 'group'),
    version: text(version, 'name') ?? 'v1',
    plural: requiredText(names, 'plural'),
    singular: text(names, 'singular') ?? '',
    kind: requiredText(names, 'kind'),
    shortNames: texts(names, 'shortNames'),
    namespaced: text(spec, 'scope') !== 'Cluster',
    subresources: Object.keys(child(version, 'subresources')),
    ...(podSpec !== null && { podSpec }),
  };
}

/** What is found in the first of these that has anything. */
function firstOf<T, V>(all: readonly T[], find: (each: T) => V | null): V | null {
  for (const each of all) {
    const found = find(each);
    if (found !== null) return found;
  }
  return null;
}
