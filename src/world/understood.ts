import { Malformed } from './raw.ts';

/** What `read` returns, or the Malformed that it throws; any other error is thrown on. */
export const understood = <T>(read: () => T): T | Malformed => understoodOr(read, (error) => error);

/** What `read` returns, or what `otherwise` makes of the Malformed that it throws; any other error is thrown on. */
export function understoodOr<T, U>(read: () => T, otherwise: (error: Malformed) => U): T | U {
  try {
    return read();
  } catch (error) {
    if (error instanceof Malformed) return otherwise(error);
    throw error;
  }
}
