import type { ContainerFacts, ContainerStatus, Profile, Volume } from '../objects.ts';
import { child, children, integer, isRaw, type Raw, requiredText, text } from '../raw.ts';
import { annotatedProfile, reduceContainerContext } from './security-context.ts';
import { reduceMounts } from './volumes.ts';

export interface Surroundings {
  volumes: readonly Volume[];
  annotations: Raw;
  /** The statuses of containers of this kind, by name. */
  statuses: ReadonlyMap<string, ContainerStatus>;
  tokenPaths: (container: Raw) => readonly string[];
}

export function reduceContainer(
  raw: Raw,
  kind: 'init' | 'regular' | 'ephemeral',
  around: Surroundings,
): ContainerFacts {
  const name = requiredText(raw, 'name');
  const restartPolicy = text(raw, 'restartPolicy') || null;
  const context = reduceContainerContext(child(raw, 'securityContext'));
  const annotated = context.appArmor ? null : annotatedAppArmor(around.annotations, name);
  return {
    name,
    kind: kind === 'init' && restartPolicy === 'Always' ? 'sidecar' : kind,
    tokenPaths: around.tokenPaths(raw),
    context: annotated ? { ...context, appArmor: annotated } : context,
    status: around.statuses.get(name) ?? null,
    // Rules that restart the container on some exit codes mean that it may start again.
    restartPolicy: children(raw, 'restartPolicyRules').length > 0 ? 'Always' : restartPolicy,
    mounts: reduceMounts(raw, around.volumes),
    hostPorts: children(raw, 'ports').flatMap((each) => integer(each, 'hostPort') || []),
    probeHosts: probeHosts(raw),
    secrets: environmentSecrets(raw),
  };
}

function annotatedAppArmor(annotations: Raw, name: string): Profile | null {
  const value = annotations[`container.apparmor.security.beta.kubernetes.io/${name}`];
  return typeof value === 'string' ? annotatedProfile(value) : null;
}

function probeHosts(raw: Raw): string[] {
  const lifecycle = child(raw, 'lifecycle');
  const handlers = [
    raw.livenessProbe,
    raw.readinessProbe,
    raw.startupProbe,
    lifecycle.postStart,
    lifecycle.preStop,
  ].filter(isRaw);
  return handlers.flatMap((each) => ['httpGet', 'tcpSocket'].flatMap((way) => text(child(each, way), 'host') || []));
}

function environmentSecrets(raw: Raw): string[] {
  const sources = children(raw, 'envFrom').map((each) => child(each, 'secretRef'));
  const values = children(raw, 'env').flatMap(({ valueFrom }) =>
    isRaw(valueFrom) ? [child(valueFrom, 'secretKeyRef')] : [],
  );
  return [...new Set([...sources, ...values].flatMap((each) => text(each, 'name') || []))];
}

/** The statuses in status.containerStatuses or a similar field, by the container's name. */
export const reduceStatuses = (status: Raw, field: string): ReadonlyMap<string, ContainerStatus> =>
  new Map(children(status, field).flatMap((raw) => statusOf(raw)));

function statusOf(raw: Raw): [string, ContainerStatus][] {
  const state = child(raw, 'state');
  const found = (['running', 'terminated', 'waiting'] as const).find((each) => isRaw(state[each]));
  const uid = integer(child(child(raw, 'user'), 'linux'), 'uid');
  const exitCode = integer(child(state, 'terminated'), 'exitCode');
  return [[requiredText(raw, 'name'), { state: found ?? 'waiting', exitCode, uid }]];
}
