import type { Labels } from '../../world/objects.ts';
import type { Raw } from '../../world/raw.ts';
import type { Strongest, Trial } from '../probes/strongest.ts';
import type { Right } from '../rights/holder.ts';
import type { PodWay } from '../rights/ways.ts';

/** What admission makes of the pods that one right allows, in an equivalence class of namespaces. */
export interface PodOutcome {
  way: PodWay;
  right: Right;
  /** Whatever names a namespace in particular names the first of them. */
  namespaces: Namespaces;
  strongest: Strongest;
  /** The same for all namespaces of the class, and may name any of them: see `refusalIn` and `podIn`. */
  trials: readonly Trial[];
  /** The object that is changed, if it was read. */
  on?: Existing;
}

/** Namespaces, at least one. */
export type Namespaces = readonly [string, ...string[]];

/** An existing object that somebody may change. */
export interface Existing {
  name: string;
  /** The labels that a workload selects, which are immutable; none for a pod. */
  selector: Labels;
  raw: Raw | null;
}
