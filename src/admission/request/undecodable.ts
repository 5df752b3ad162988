import { no } from '../../answer/verdict.ts';
import { Malformed } from '../../world/raw.ts';
import type { Admission } from '../layer.ts';

/** What `judge` says, or that the layer refuses what the server could not even decode. */
export function decodable(layer: string, judge: () => Admission): Admission {
  try {
    return judge();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return no({ layer, by: null, check: 'malformed', reason: 'not a pod', detail: error.message, rests: [] });
  }
}
