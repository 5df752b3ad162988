import { replaceBrackets } from '../../answer/ends.ts';
import { oncePerText } from '../../world/once.ts';

/**
 * Whether the author of a pod can choose the value at a path without giving up a privilege: image, labels, names,
 * resources. Fields that are the privilege itself (security contexts, host namespaces, volumes, ports of the host) do
 * not count, nor do fields that the author cannot choose (the namespace). `*` stands for any element. A path that ends
 * at a list or at the whole spec does not decide by itself. Pure.
 */
export const isChosen = oncePerText((path) => !FIXED.some((pattern) => pattern.test(normalized(path))));

/**
 * Whether the author of a pod writes this field, privilege or not: neither the namespace nor the server decides it.
 */
export const isWritten = (path: string): boolean =>
  /^(spec|metadata)\./.test(normalized(path)) && normalized(path) !== 'metadata.namespace';

/** The path within the pod, wherever a workload has its template, and with `*` for every index. */
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
