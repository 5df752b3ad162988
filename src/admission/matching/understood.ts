import type { Unknown } from '../../answer/unknown.ts';
import { Malformed } from '../../world/raw.ts';

/** The value, or what it threw for an object of another shape. */
export function understood<T>(read: () => T): T | Malformed {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed) return error;
    throw error;
  }
}

/** That an object, which may refuse, has another shape. */
export function misshapen(what: string, { message }: Malformed): Unknown {
  return { kind: 'unmodelled', what, why: message, affects: 'whether it refuses' };
}
