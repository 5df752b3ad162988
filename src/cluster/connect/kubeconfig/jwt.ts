/**
 * The claims of a JSON Web Token in its compact form: three parts in base64url, of which the first two are JSON objects
 * (RFC 7515, section 7.1). Null for anything else. The signature is not checked.
 */
export function claimsOf(token: string): Record<string, unknown> | null {
  if (!COMPACT.test(token)) return null;
  const [header, claims] = token.split('.').slice(0, 2).map(objectOf);
  return header && claims ? claims : null;
}

function objectOf(part: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(part, 'base64url')));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;
