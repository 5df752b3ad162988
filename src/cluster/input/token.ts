import type { Readable } from 'node:stream';
import { UserError } from '../../answer/user-error.ts';
import type { TokenFacts } from '../../questions/become/target.ts';
import { parseAccountUser } from '../../rbac/subjects.ts';
import type { Subject } from '../../world/objects.ts';
import { child, isRaw, type Raw, text } from '../../world/raw.ts';
import { understoodOr } from '../../world/understood.ts';

/** A token of a service account as it describes itself. Its signature is not checked: only the cluster can do that. */
export interface ReadToken {
  subject: Subject;
  token: TokenFacts;
}

/**
 * Reads a JSON Web Token from a stream and decodes it; it is never sent, stored or printed. Rejects with a UserError
 * for anything else than a token of a service account. Shape: kubernetes pkg/serviceaccount/claims.go, and legacy.go
 * for tokens that Secrets hold.
 */
export async function readToken(stdin: Readable): Promise<ReadToken> {
  let all = '';
  for await (const piece of stdin) {
    all += String(piece);
    if (all.length > MOST) throw notToken('it is longer than any token');
  }
  return decodeToken(all.trim());
}

/** Throws a UserError for what is no token of a service account. Pure. */
export function decodeToken(token: string): ReadToken {
  const parts = token.replace(/^Bearer\s+/i, '').split('.');
  if (parts.length !== 3) throw notToken('it has not the three parts of one');
  const claims = claimsIn(parts[1] ?? '');
  if (claims === null) throw notToken('its second part is not JSON');
  return understoodOr(
    () => readClaims(claims),
    () => {
      throw notToken('its claims do not have the shape of those of a service account');
    },
  );
}

function readClaims(claims: Raw): ReadToken {
  const subject = text(claims, 'sub') ?? '';
  const account = parseAccountUser(subject);
  if (!account)
    throw new UserError(
      `error: standard input holds a token of ${subject === '' ? 'nobody' : `"${subject}"`}, not of a service account: ask about user/NAME instead`,
    );
  const own = child(claims, 'kubernetes.io');
  const pod = text(child(own, 'pod'), 'name');
  const { exp, aud } = claims;
  const audiences = (Array.isArray(aud) ? aud : [aud]).filter((each) => typeof each === 'string');
  return {
    subject: { kind: 'ServiceAccount', ...account },
    token: {
      audiences,
      issuer: text(claims, 'iss'),
      expires: typeof exp === 'number' && Math.abs(exp) < MOST_SECONDS ? new Date(exp * 1000).toISOString() : null,
      pod: pod === null ? null : { namespace: account.namespace, name: pod },
    },
  };
}

function claimsIn(part: string): Raw | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return isRaw(claims) ? claims : null;
  } catch {
    return null;
  }
}

const notToken = (why: string): UserError => new UserError(`error: standard input holds no JSON Web Token: ${why}`);

/** Tokens are some kB. */
const MOST = 100_000;
/** The last second that a date of JavaScript can express. */
const MOST_SECONDS = 8_640_000_000_000;
