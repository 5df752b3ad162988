import { trimLetters } from '../../answer/ends.ts';
import type { Pod } from '../objects.ts';
import { checkDepth, child, children, type Raw, requiredText, text, texts } from '../raw.ts';
import { isApiServer } from './api-server.ts';
import { reduceContainer, reduceStatuses } from './container.ts';
import { isDeleting, labelsOf, named, ownerOf } from './metadata.ts';
import { podContext } from './security-context.ts';
import { reduceVolumes } from './volumes.ts';

/** The path at which the ServiceAccount admission plug-in mounts the token that it adds. */
const DEFAULT_TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Reduces a pod. `keepsWhole` tells whether the pod is also kept as it is. */
export function reducePod(raw: Raw, keepsWhole = false): Pod {
  if (keepsWhole) checkDepth(raw);
  const metadata = child(raw, 'metadata');
  const spec = child(raw, 'spec');
  const status = child(raw, 'status');
  const isToken = tokenVolumes(spec);
  const volumes = reduceVolumes(spec, text(metadata, 'name') ?? '');
  const annotations = child(metadata, 'annotations');
  const containers = (kind: 'init' | 'regular' | 'ephemeral', field: string, statusField: string) => {
    const statuses = reduceStatuses(status, statusField);
    const around = { volumes, annotations, statuses, tokenPaths: (each: Raw) => tokenPaths(each, isToken) };
    return children(spec, field).map((each) => reduceContainer(each, kind, around));
  };
  const pod = {
    ...named(raw),
    labels: labelsOf(raw),
    created: text(metadata, 'creationTimestamp'),
    node: text(spec, 'nodeName') || null,
    phase: text(status, 'phase'),
    deleting: isDeleting(raw),
    serviceAccount: isMirror(metadata)
      ? null
      : text(spec, 'serviceAccountName') || text(spec, 'serviceAccount') || 'default',
    owner: ownerOf(raw),
    context: podContext(spec),
    containers: [
      ...containers('init', 'initContainers', 'initContainerStatuses'),
      ...containers('regular', 'containers', 'containerStatuses'),
      ...containers('ephemeral', 'ephemeralContainers', 'ephemeralContainerStatuses'),
    ],
    volumes,
    flags: isApiServer(raw)
      ? children(spec, 'containers').flatMap((each) => [...texts(each, 'command'), ...texts(each, 'args')])
      : null,
    beyond: beyond(spec),
  };
  return keepsWhole ? withWhole(pod, JSON.stringify(wholeOf(raw))) : { ...pod, whole: null };
}

/**
 * Adds the whole pod as text, which is parsed when it is read: thousands of pods are kept, each is read once or twice,
 * and as text a pod takes a fifth of the memory.
 */
const withWhole = (pod: Omit<Pod, 'whole'>, text: string): Pod => ({
  ...pod,
  get whole(): Raw {
    return JSON.parse(text);
  },
});

function wholeOf(raw: Raw): Raw {
  const { managedFields: _, ...metadata } = child(raw, 'metadata');
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: child(raw, 'spec') };
}

/** A mirror pod stands for a static pod, which the kubelet runs from a file and which can name no account. */
const isMirror = (metadata: Raw): boolean => 'kubernetes.io/config.mirror' in child(metadata, 'annotations');

/**
 * Whether a volume shows a service account's token at a path: a projected source in any volume, or a Secret at the path
 * where tokens were mounted from one until 1.24.
 */
function tokenVolumes(spec: Raw): (volume: string, path: string) => boolean {
  const projected = new Set<string>();
  const secrets = new Set<string>();
  for (const volume of children(spec, 'volumes')) {
    const name = requiredText(volume, 'name');
    if (children(child(volume, 'projected'), 'sources').some((source) => source.serviceAccountToken))
      projected.add(name);
    if (volume.secret) secrets.add(name);
  }
  return (volume, path) => projected.has(volume) || (secrets.has(volume) && path === DEFAULT_TOKEN_PATH);
}

function tokenPaths(container: Raw, isToken: (volume: string, path: string) => boolean): string[] {
  return children(container, 'volumeMounts')
    .map((mount) => ({ volume: requiredText(mount, 'name'), path: trimLetters(requiredText(mount, 'mountPath'), '/') }))
    .filter(({ volume, path }) => isToken(volume, path))
    .map(({ path }) => path);
}

/**
 * The mildest level of Pod Security that the most telling fields violate. It does not evaluate all checks, only fields
 * that cannot be misread and cost little to look at.
 */
function beyond(spec: Raw): Pod['beyond'] {
  const contexts = children(spec, 'containers').map((each) => child(each, 'securityContext'));
  if (
    spec.hostNetwork === true ||
    spec.hostPID === true ||
    spec.hostIPC === true ||
    contexts.some(({ privileged }) => privileged === true)
  ) {
    return 'baseline';
  }
  if (children(spec, 'volumes').some(({ hostPath }) => hostPath)) return 'baseline';
  const isWindows = text(child(spec, 'os'), 'name') === 'windows';
  return !isWindows && contexts.some(({ allowPrivilegeEscalation }) => allowPrivilegeEscalation !== false)
    ? 'restricted'
    : null;
}
