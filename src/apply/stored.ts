import { isRaw, type Raw } from '../world/raw.ts';

/**
 * Whether an API server has stored the object. It then has a uid; one from which only the uid was taken still has a
 * resourceVersion and a creationTimestamp. Generators write `creationTimestamp: null`, `status: {}` and Lists with an
 * empty resourceVersion, so that these say nothing.
 */
export function isStored({ metadata }: Raw): boolean {
  if (!isRaw(metadata)) return false;
  const isSaid = (field: string): boolean => typeof metadata[field] === 'string' && metadata[field] !== '';
  return isSaid('uid') || (isSaid('resourceVersion') && isSaid('creationTimestamp'));
}
