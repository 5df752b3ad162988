import type { Raw } from '../../world/raw.ts';

export interface ListEvents {
  /** Called with the list without its items. */
  onHead: (head: Raw) => void;
  onItem: (item: unknown) => void;
}
