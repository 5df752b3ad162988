import { no } from '../../answer/verdict.ts';
import { understoodOr } from '../../world/understood.ts';
import type { Admission } from '../layer.ts';

/** The verdict of `admits`, or a refusal where the server could not even decode the object. */
export function decodable(layer: string, admits: () => Admission): Admission {
  return understoodOr(admits, (error) =>
    no({ layer, by: null, check: 'malformed', reason: 'not a pod', detail: error.message, rests: [] }),
  );
}
