import { LEFT_OUT } from './left-out.ts';
import type { Shape } from './shape.ts';

/**
 * The scheme, host and port of a URL: user, password, path and query may all be secrets. A text that is no such URL is
 * left out.
 */
export const locationOf: Shape = (value) => {
  if (value === null || value === undefined) return value;
  const url = typeof value === 'string' ? URL.parse(value) : null;
  return url && url.host !== '' ? `${url.protocol}//${url.host}` : LEFT_OUT;
};
