import type { ContainerFacts, Pod, Profile } from '../world/objects.ts';

/** A container as the kubelet passes it to the runtime: the pod's security context fills what its own leaves open. */
export interface Contained {
  pod: Pod;
  facts: ContainerFacts;
  state: ContainerState;
  settings: Settings;
}

/** `finished` means that it has ended, and does not start again with this pod. */
export type ContainerState = 'running' | 'waiting' | 'finished';

/** The settings that decide what its processes may do. */
export interface Settings {
  privileged: boolean;
  add: readonly string[];
  drop: readonly string[];
  user: User;
  noNewPrivileges: boolean;
  /** Whether runAsNonRoot is set with user 0, so that the kubelet does not start it. */
  neverStarts: boolean;
  seccomp: Profile | null;
  appArmor: Profile | null;
  seLinuxType: string | null;
  hostNetwork: boolean;
  hostUsers: boolean;
  /** Whether it is a Windows HostProcess container. */
  hostProcess: boolean;
}

/** The user of its first process. */
interface User {
  /** Null where it is not known, because the image sets it. */
  uid: number | null;
  /** Whether the user is certainly not root. */
  nonRoot: boolean;
}

/** All containers of a pod: init containers, sidecars, regular ones, ephemeral ones. Pure. */
export const containersOf = (pod: Pod): Contained[] =>
  pod.containers.map((facts) => ({ pod, facts, state: stateOf(pod, facts), settings: settingsOf(pod, facts) }));

/**
 * The effective settings of a container. Mirrors kubernetes pkg/securitycontext/util.go
 * DetermineEffectiveSecurityContext, field by field.
 */
function settingsOf(pod: Pod, { context: own, status }: ContainerFacts): Settings {
  const shared = pod.context;
  const runAsUser = own.runAsUser ?? shared.runAsUser;
  const runAsNonRoot = (own.runAsNonRoot ?? shared.runAsNonRoot) === true;
  const uid = runAsUser ?? status?.uid ?? null;
  return {
    privileged: own.privileged,
    add: own.add,
    drop: own.drop,
    user: { uid, nonRoot: uid === null ? runAsNonRoot : uid !== 0 },
    noNewPrivileges: own.allowPrivilegeEscalation === false,
    neverStarts: runAsNonRoot && runAsUser === 0,
    seccomp: own.seccomp ?? shared.seccomp,
    appArmor: own.appArmor ?? shared.appArmor,
    seLinuxType: own.seLinuxType ?? shared.seLinuxType,
    hostNetwork: shared.hostNetwork,
    hostUsers: shared.hostUsers,
    hostProcess: (own.hostProcess ?? shared.hostProcess) === true,
  };
}

function stateOf(pod: Pod, { kind, status, restartPolicy }: ContainerFacts): ContainerState {
  const hasEnded = pod.phase === 'Succeeded' || pod.phase === 'Failed';
  if (status?.state === 'running' && !hasEnded) return 'running';
  // Nothing starts in a pod that is being deleted.
  if (hasEnded || pod.deleting) return 'finished';
  if (status?.state !== 'terminated') return 'waiting';
  return restarts(kind, restartPolicy ?? pod.context.restartPolicy, status.exitCode ?? 1) ? 'waiting' : 'finished';
}

/**
 * Whether a container may start again: an init container that has finished runs again only in a new sandbox, and an
 * ephemeral one never does.
 */
function restarts(kind: ContainerFacts['kind'], policy: string, exitCode: number): boolean {
  if (kind === 'ephemeral') return false;
  if (kind === 'init' && exitCode === 0) return false;
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}
