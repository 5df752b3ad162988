import type { Unknown } from '../../answer/unknown.ts';
import type { Malformed } from '../../world/raw.ts';

/** The unknown for an object that may refuse, and that does not have the shape which the API gives it. */
export function misshapen(what: string, { message }: Malformed): Unknown {
  return { kind: 'unmodelled', what, why: message, affects: 'whether it refuses' };
}
