import type { KindName } from '../world/kinds.ts';

/**
 * Objects named on the command line: pods, or workloads that stand for their pods; services and nodes where a question
 * takes them.
 */
export interface ObjectsTarget {
  refs: readonly { kind: KindName; name: string }[];
  /** The selector in the syntax of `-l`; null if names are given. */
  selector: string | null;
  /** Null: in any namespace (`-A`). */
  namespace: string | null;
}

/**
 * A right, as typed: `who create pods/portforward -n shop`. Names of resources are resolved when the cluster's are
 * known.
 */
export interface WhoTarget {
  verb: string;
  /** `/metrics`, or null where a resource is asked for. */
  url: string | null;
  /** `pods`, `deploy`, `deployments.apps`, `pods/portforward`, `pods/web-0`; null where a URL is asked for. */
  resource: string | null;
  /** `--subresource`. */
  subresource: string | null;
  /** A second positional argument. */
  name: string | null;
  /** Null: in any namespace (`-A`). */
  namespace: string | null;
}
