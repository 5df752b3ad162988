import type { ApiResource } from '../../../world/resources.ts';

/** The result of discovery. */
export interface Discovered {
  resources: ApiResource[];
  /**
   * The groups that may have more resources: those of an API behind the aggregation layer that did not answer, or whose
   * answer is stale or malformed.
   */
  open: string[];
}
