import type { Unknown } from '../../answer/unknown.ts';
import type { Leaning, Truth } from '../../answer/verdict.ts';
import type { Version } from '../../world/version.ts';
import type { Contained } from '../container.ts';
import type { Surroundings } from '../environment.ts';
import type { Behind } from './claims.ts';

/** A way out of a container: to its node, or to something else that is not its own. */
export interface Escape {
  /** The id of the technique, which `explain ID` explains. */
  id: string;
  /** The condition in a few words: `hostPID`. */
  title: string;
  /** Whether it also exists on Windows. */
  windows?: true;
  /** The places in the container that open it; empty where its condition does not hold. Pure. */
  find(container: Contained, place: Place): Opening[];
}

/** The places where the containers of a pod run, as far as they decide what the containers can do. */
export interface Place extends Surroundings {
  /** The version of the server; kubelets may be up to three minor versions older. */
  version: Version | null;
  /** The operating system of its node; `''` where that is not known. */
  osImage: string;
  behind: Behind;
  isControlPlane: boolean;
}

/** What an attacker gains, strongest first. */
export const GAINS = ['node root', 'node data', 'node network', 'other pods', 'the pod', 'help'] as const;
export type Gain = (typeof GAINS)[number];

export interface Opening {
  gain: Gain;
  verdict: Truth;
  leaning: Leaning;
  /** At most one sentence: what is there, what it gives, what limits it. */
  reason: string;
  unknowns: readonly Unknown[];
}
