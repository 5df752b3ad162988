import { child, children, type Raw, text } from '../../../world/raw.ts';
import { HOOKS, PROBES } from '../../pod-security/pod.ts';
import { fill, fillAbsent, omitZero } from './clone.ts';
import { pullPolicyOf } from './image.ts';

/**
 * Fills in what the API sets for a container of any kind. Changes it. Mirrors kubernetes pkg/apis/core/v1/defaults.go
 * SetDefaults_Container.
 */
export function defaultContainer(container: Raw): void {
  omitZero(container, OMITTED);
  fill(container, {
    imagePullPolicy: pullPolicyOf(text(container, 'image') ?? ''),
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  });
  fillAbsent(container, { resources: {} });
  writeQuantities(child(container, 'resources'));
  for (const port of children(container, 'ports')) {
    omitZero(port, ['hostPort', 'hostIP', 'name']);
    fill(port, { protocol: 'TCP' });
  }
  for (const mount of children(container, 'volumeMounts')) omitZero(mount, ['readOnly', 'subPath', 'subPathExpr']);
  for (const variable of children(container, 'env')) defaultVariable(variable);
  for (const field of PROBES) if (container[field] !== undefined) defaultProbe(child(container, field));
  const lifecycle = child(container, 'lifecycle');
  for (const hook of HOOKS) if (lifecycle[hook] !== undefined) defaultHandler(child(lifecycle, hook));
  if (container.securityContext !== undefined) defaultSecurityContext(child(container, 'securityContext'));
}

/** Writes quantities as texts, as the server does for numbers in a file: `cpu: 1` is `"1"`, `cpu: 0.5` is `"500m"`. */
function writeQuantities(resources: Raw): void {
  for (const field of ['limits', 'requests']) {
    const quantities = child(resources, field);
    for (const [name, value] of Object.entries(quantities))
      if (typeof value === 'number')
        quantities[name] = Number.isInteger(value) ? `${value}` : `${Math.ceil(value * 1000)}m`;
  }
}

/** With hostNetwork every port of a container is a port of the node. */
export function defaultHostPorts(container: Raw): void {
  for (const port of children(container, 'ports')) if (port.containerPort) fill(port, { hostPort: port.containerPort });
}

/** Requests default to limits, resource by resource. */
export function defaultRequests(container: Raw): void {
  const resources = child(container, 'resources');
  const limits = child(resources, 'limits');
  if (resources.limits === undefined) return;
  const requests = { ...limits, ...child(resources, 'requests') };
  if (Object.keys(requests).length > 0) container.resources = { ...resources, requests };
}

/** Removes the strings of SELinux options that are empty. */
export function defaultSecurityContext(context: Raw): void {
  if (context.seLinuxOptions !== undefined)
    omitZero(child(context, 'seLinuxOptions'), ['type', 'user', 'role', 'level']);
}

/** The default apiVersion of a fieldRef is that of the core API. */
export function defaultFieldRef(holder: Raw): void {
  if (holder.fieldRef !== undefined) fill(child(holder, 'fieldRef'), { apiVersion: 'v1' });
}

function defaultVariable(variable: Raw): void {
  omitZero(variable, ['value']);
  const from = child(variable, 'valueFrom');
  defaultFieldRef(from);
  if (from.fileKeyRef !== undefined) fillAbsent(child(from, 'fileKeyRef'), { optional: false });
}

function defaultProbe(probe: Raw): void {
  omitZero(probe, ['initialDelaySeconds']);
  fill(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  if (probe.grpc !== undefined) fillAbsent(child(probe, 'grpc'), { service: '' });
  defaultHandler(probe);
}

function defaultHandler(handler: Raw): void {
  if (handler.httpGet !== undefined) {
    omitZero(child(handler, 'httpGet'), ['host']);
    fill(child(handler, 'httpGet'), { path: '/', scheme: 'HTTP' });
  }
  if (handler.tcpSocket !== undefined) omitZero(child(handler, 'tcpSocket'), ['host']);
}

const OMITTED = ['image', 'workingDir', 'stdin', 'stdinOnce', 'tty'];
