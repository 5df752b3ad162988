import type { Labels } from '../../world/objects.ts';
import type { Raw } from '../../world/raw.ts';
import type { Strongest, Trial } from '../probes/strongest.ts';
import type { Right } from '../rights/holder.ts';
import type { PodWay } from '../rights/ways.ts';

/** What admission makes of one right to a pod, in an equivalence class of namespaces: admission tells none of them apart. */
export interface PodOutcome {
  way: PodWay;
  right: Right;
  /** Never empty; what an outcome says of a namespace in particular, it says of the first. */
  namespaces: Namespaces;
  strongest: Strongest;
  /** As they are in any namespace of the class: see `refusalIn` and `podIn`. */
  trials: readonly Trial[];
  /** The object that is changed, if it was seen. */
  on?: Existing;
}

export type Namespaces = readonly [string, ...string[]];

/** An object that is there already. */
export interface Existing {
  name: string;
  /** Of a workload: the labels that it selects, which never change. */
  selector: Labels;
  raw: Raw | null;
}
