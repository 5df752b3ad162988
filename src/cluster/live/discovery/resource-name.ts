import { Malformed } from '../../../world/raw.ts';
import { pathTo } from '../../lists/need-path.ts';

/**
 * The name of a resource in discovery. Throws Malformed for a name that is no segment of a path, since it would lead
 * elsewhere.
 */
export function resourceName(group: string, version: string, name: string): string {
  if (pathTo(...(group === '' ? [] : [group]), version, name) === null)
    throw new Malformed('no resource can be called so');
  return name;
}
