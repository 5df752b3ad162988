import type { ApiResource } from '../../../world/resources.ts';

/** What discovery tells. */
export interface Discovered {
  resources: ApiResource[];
  /**
   * The groups that may have more: an API behind the aggregation layer that did not answer, or whose answer is stale or
   * malformed.
   */
  open: string[];
}
