import { replaceBrackets } from '../../answer/ends.ts';
import { oncePerText } from '../../world/once.ts';

/**
 * Whether a path of a pod is one that its author chooses without giving up a privilege: image, labels, names,
 * resources. What is the privilege itself (security contexts, host namespaces, volumes, ports of the host) is not, nor
 * is what the author cannot choose (the namespace). `*` stands for any element; a path that ends at a list or at the
 * whole spec says nothing by itself. Pure.
 */
export const isChosen = oncePerText((path) => !FIXED.some((pattern) => pattern.test(normalized(path))));

/**
 * Whether whoever writes a pod writes this field, privilege or not: nothing that the namespace or the server decides.
 */
export const isWritten = (path: string): boolean =>
  /^(spec|metadata)\./.test(normalized(path)) && normalized(path) !== 'metadata.namespace';

/** The pod's own path, wherever a workload's template has it, elements without numbers. */
const normalized = oncePerText((path) =>
  replaceBrackets(
    path.replace(/^(object|oldObject)\./, '').replace(/^spec\.(jobTemplate\.spec\.)?template\./, ''),
    '[*]',
  ),
);

const CONTAINERS = 'spec\\.(containers|initContainers|ephemeralContainers)(\\[\\*\\])?';

const FIXED: readonly RegExp[] = [
  /^(apiVersion|kind|metadata|spec)?$/,
  /^metadata\.namespace$/,
  /^spec\.(hostNetwork|hostPID|hostIPC|hostUsers|os)\b/,
  /^spec\.securityContext\b/,
  /^spec\.(jobTemplate(\.spec)?(\.template)?|template)$/,
  /^spec\.volumes(\[\*\])?(\.|$)/,
  new RegExp(`^${CONTAINERS}$`),
  new RegExp(`^${CONTAINERS}\\.securityContext\\b`),
  new RegExp(`^${CONTAINERS}\\.(ports(\\[\\*\\])?(\\.hostPort)?$|volumeMounts(\\[\\*\\])?(\\.|$)|volumeDevices)`),
  new RegExp(`^${CONTAINERS}\\.(livenessProbe|readinessProbe|startupProbe|lifecycle)\\b.*\\bhost$`),
  /^metadata\.annotations\b.*(apparmor|seccomp)/,
];
