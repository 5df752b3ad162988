import type { FixText, SafeText } from '../command.ts';
import type { TargetRef } from '../refs.ts';
import type { Unknown } from '../unknown.ts';
import type { Leaning, Truth } from '../verdict.ts';
import type { SocketAnswer } from './raw-sockets.ts';

/** What `pod` adds to an answer. */
export interface PodAnswerFacts {
  /** The facts of the incident card. */
  pod?: PodFacts;
}

export interface PodFacts {
  phase: string | null;
  node: string | null;
  /** Null for a mirror pod, which has none. */
  serviceAccount: string | null;
  /** Whether a container holds a token, and the paths where it is mounted. */
  token: { mounted: boolean; containers: { container: string; path: string }[] };
  owner: TargetRef | null;
  containers: string[];
  created: string | null;
  /**
   * How far its code gets by the pod's own privileges: `node root`, `root in a container`, …; null where the spec was
   * not read.
   */
  strength: string | null;
  /**
   * Stronger still, where that depends: on what is behind a claim, for example. Null where nothing stronger is
   * possible.
   */
  strengthMaybe: string | null;
  /** What pod its account can get onto the cluster; null for a pod without one. */
  spawns: PodSpawns | null;
  /** What code in it can come to control; absent where that was not asked for. */
  becomes?: PodBecomes;
  /**
   * What its containers can do to the node and to other pods, worst first; what is there and is stopped has the verdict
   * no.
   */
  escapes: PodEscape[];
  /**
   * What its containers can do on the network: whether they open raw sockets, and where they pretend to be others
   * without.
   */
  sockets: PodSocket[];
  /** Other pods on its node that have not ended; null where that was not read. */
  neighbours: number | null;
  /** Those pods themselves, those that reach the node first; null where they were not read. */
  shares?: PodNeighbour[] | null;
  /** What to do first, at most three things, the most urgent first. */
  now?: PodAction[];
  /** Finds the use of its account in an audit log; null for a pod without one. */
  audit?: SafeText | null;
}

export interface PodNeighbour {
  namespace: string;
  name: string;
  serviceAccount: string | null;
  /** How far its own privileges get; null where its spec was not read. */
  strength: string | null;
}

/** Something that contains what happens in a pod. */
export interface PodAction {
  /** `end-way`, `delete-token-secret`, `close-door`, `cordon-node`, `delete-pod`. */
  id: string;
  /** What is changed. */
  object: TargetRef;
  /** What to do, what for, and what it costs, in a line: `delete the pod: its bound token dies with it, and so …`. */
  summary: string;
  /** What that really ends, when, and what it does not end. */
  ends: string;
  /** What it takes away or destroys besides; null where that is nothing. */
  destroys: string | null;
  /** The command as a dry run, then the same for real. */
  commands: FixText[];
}

/** What somebody can come to control, for sure and where it depends; null: nothing besides. */
export interface PodBecomes {
  sure: BecomesWorst | null;
  maybe: BecomesWorst | null;
}

interface BecomesWorst {
  /** How many positions there are. */
  count: number;
  /** `3 service accounts and Secrets in 2 places`. */
  words: string;
  worst: TargetRef & { steps: number; techniques: string[] };
}

export interface PodSocket {
  /** `raw-sockets`, `net-admin-spoof`. */
  id: string;
  container: string;
  answer: SocketAnswer;
  leaning: Leaning;
  reason: string;
  /** The owner of the interfaces that the container uses: the pod, or the node (hostNetwork). */
  network: 'pod' | 'node';
  unknowns: Unknown[];
}

export interface PodEscape {
  /** Technique: `priv-container`, `hostpath-kubelet`, … */
  id: string;
  container: string;
  /** `node root`, `node data`, `node network`, `other pods`, `the pod`; `help`: no way by itself. */
  gain: string;
  verdict: Truth;
  leaning: Leaning;
  /** What is there, what it gives, what bounds it. */
  reason: string;
  unknowns: Unknown[];
}

export interface PodSpawns {
  /** The strongest that is sure, and a stronger one that depends. */
  strongest: string | null;
  maybe: string | null;
  /** Whether one of them is stronger than the pod itself. */
  stronger: boolean;
  namespaces: string[];
  /** Techniques. */
  ways: string[];
  /** Why nothing stronger; null where the node is reached. */
  because: string | null;
  /** What could not be read and may give the account more: bindings, namespaces. */
  unknowns: Unknown[];
}
