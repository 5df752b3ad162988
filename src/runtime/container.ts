import type { ContainerFacts, Pod, Profile } from '../world/objects.ts';

/**
 * A container as the kubelet hands it to the runtime: what its own security context leaves open is the pod's to say.
 */
export interface Contained {
  pod: Pod;
  facts: ContainerFacts;
  state: ContainerState;
  settings: Settings;
}

/** `finished`: it has ended, and does not start again with this pod. */
export type ContainerState = 'running' | 'waiting' | 'finished';

/** What decides what its processes may do. */
export interface Settings {
  privileged: boolean;
  add: readonly string[];
  drop: readonly string[];
  user: User;
  noNewPrivileges: boolean;
  /** runAsNonRoot, with user 0: the kubelet does not start it. */
  neverStarts: boolean;
  seccomp: Profile | null;
  appArmor: Profile | null;
  seLinuxType: string | null;
  hostNetwork: boolean;
  hostUsers: boolean;
  /** Of Windows. */
  hostProcess: boolean;
}

/** The user of its first process. */
interface User {
  /** Null where it is not known: the image says it. */
  uid: number | null;
  /** Surely not root, known or not. */
  nonRoot: boolean;
}

/** All containers of a pod: init containers, sidecars, regular ones, ephemeral ones. Pure. */
export const containersOf = (pod: Pod): Contained[] =>
  pod.containers.map((facts) => ({ pod, facts, state: stateOf(pod, facts), settings: settingsOf(pod, facts) }));

/** Mirrors kubernetes pkg/securitycontext/util.go DetermineEffectiveSecurityContext, field by field. */
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
  // Nothing starts any more in a pod that is on its way out.
  if (hasEnded || pod.deleting) return 'finished';
  if (status?.state !== 'terminated') return 'waiting';
  return restarts(kind, restartPolicy ?? pod.context.restartPolicy, status.exitCode ?? 1) ? 'waiting' : 'finished';
}

/** An init container that has done its work runs again only in a new sandbox; ephemeral ones never do. */
function restarts(kind: ContainerFacts['kind'], policy: string, exitCode: number): boolean {
  if (kind === 'ephemeral') return false;
  if (kind === 'init' && exitCode === 0) return false;
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0);
}
