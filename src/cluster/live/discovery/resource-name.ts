import { Malformed } from '../../../world/raw.ts';
import { pathTo } from '../../lists/need-path.ts';

/**
 * The name of a resource as discovery has it. Throws Malformed where no path can lead to it: it would lead to something
 * else.
 */
export function resourceName(group: string, version: string, name: string): string {
  if (pathTo(...(group === '' ? [] : [group]), version, name) === null)
    throw new Malformed('no resource can be called so');
  return name;
}
