import type { Unknown } from '../../answer/unknown.ts';
import type { Leaning, Truth } from '../../answer/verdict.ts';
import type { Version } from '../../world/version.ts';
import type { Contained } from '../container.ts';
import type { Surroundings } from '../environment.ts';
import type { Behind } from './claims.ts';

/** A way out of a container: to its node, or to something that is not its own. */
export interface Escape {
  /** Technique, explained by `explain ID`. */
  id: string;
  /** The condition in few words: `hostPID`. */
  title: string;
  /** Whether it is one on Windows too. */
  windows?: true;
  /** Each place in the container that opens it; none where its condition does not hold. Pure. */
  find(container: Contained, place: Place): Opening[];
}

/** Where the containers of a pod run, as far as it decides what they can do to it. */
export interface Place extends Surroundings {
  /** Of the server: kubelets may be up to three minor versions older. */
  version: Version | null;
  /** Of its node; `''` where that is not known. */
  osImage: string;
  behind: Behind;
  isControlPlane: boolean;
}

/** What one gets by it, strongest first. */
export const GAINS = ['node root', 'node data', 'node network', 'other pods', 'the pod', 'help'] as const;
export type Gain = (typeof GAINS)[number];

export interface Opening {
  gain: Gain;
  verdict: Truth;
  leaning: Leaning;
  /** No more than one sentence: what is there, what it gives, what bounds it. */
  reason: string;
  unknowns: readonly Unknown[];
}
