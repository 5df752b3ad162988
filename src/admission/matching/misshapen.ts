import type { Unknown } from '../../answer/unknown.ts';
import type { Malformed } from '../../world/raw.ts';

/** The unknown that an object which may refuse leaves where it does not have the shape that the API gives it. */
export function misshapen(what: string, { message }: Malformed): Unknown {
  return { kind: 'unmodelled', what, why: message, affects: 'whether it refuses' };
}
