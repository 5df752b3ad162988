import type { TargetRef } from '../refs.ts';

/** What `raw-sockets` adds to a finding: one for each container. */
export interface RawSocketsFacts {
  /**
   * Whether a process of the container has the capability; `via-binary`: only by a setuid-root or
   * file-capability program.
   */
  answer?: SocketAnswer;
  /** What the answer comes from. */
  container?: ContainerNotes;
}

/** What `raw-sockets`, and `pod` with it, adds to an answer. */
export interface RawSocketsAnswerFacts {
  /** What is known of the network that sockets open on. Context: no verdict rests on it. */
  network?: NetworkFacts;
  /** The answer of each pod, which is that of its worst container. */
  pods?: { namespace: string | null; name: string; answer: SocketAnswer }[];
}

export type SocketAnswer = 'yes' | 'via-binary' | 'no' | 'unknown';

export interface ContainerNotes {
  kind: 'init' | 'sidecar' | 'regular' | 'ephemeral';
  /** `finished`: it has ended and does not start again, and its answer is no. */
  state: 'running' | 'waiting' | 'finished';
  workload: { kind: string; name: string };
  node: string | null;
  /** `containerd 2.2`; several where it is not known. */
  runtime: string;
  /**
   * The origin of the capability: `default of containerd 2.2`, `added`, `privileged`; null if the container does not
   * have it.
   */
  source: string | null;
  /** The user of its first process; null if the image decides it. */
  uid: number | null;
  noNewPrivileges: boolean;
  /** The owner of the interfaces that its sockets use: the pod, or the node (hostNetwork). */
  network: 'pod' | 'node';
  /** What is written to drop a capability, and drops none. */
  ineffectiveDrops: string[];
  /** Other pods on its node that have not ended; null where that was not read. */
  neighbours: number | null;
  /** Changes that people try, and why they are not enough. */
  notEnough: { change: string; because: string }[];
}

export interface NetworkFacts {
  /**
   * What is known of the network plug-in; empty where nothing gives it away. `daemonSet` null: a distribution brings it
   * along.
   */
  plugins: {
    name: string;
    daemonSet: TargetRef | null;
    wiring: 'bridge' | 'routed' | 'checked' | 'unknown';
    effect: string;
  }[];
  /** Why nothing is known of it; null where something is. */
  unknown: string | null;
}
