import { ownValue } from '../../answer/own-value.ts';
import { UserError } from '../../answer/user-error.ts';
import type { Failure } from '../../world/needs.ts';
import type { Claim, Impersonation } from '../connect/connection.ts';
import { shorten } from '../transport/shorten.ts';
import type { Seen, UserInfo } from './whoami.ts';

/**
 * Throws a UserError where the server sees another identity than the one that we claim: a proxy on the way has dropped
 * the impersonation or the credentials, which the server itself cannot know. Otherwise returns why it is not known
 * whether the server acts for the requested identity; null where it does, or where no identity was requested.
 */
export function checkIdentity({ impersonated, hasCredentials }: Claim, seen: Seen): string | null {
  if ('user' in seen) {
    const problem = impersonated ? differenceOf(impersonated, seen.user) : hasCredentials && anonymity(seen.user.name);
    if (problem) throw new UserError(`error: ${problem}`);
    return null;
  }
  const { failure } = seen;
  // A user who may only impersonate for some requests is refused for this one; no headers were dropped.
  if (isRefusedImpersonation(failure)) return failure.message;
  const name = refusedUser(failure);
  const problem = impersonated
    ? name !== null && name !== shorten(impersonated.user) && otherUser(name, impersonated.user)
    : hasCredentials && name !== null && anonymity(name);
  if (problem) throw new UserError(`error: ${problem}`);
  const isConfirmed = !impersonated || (name !== null && isNameAlone(impersonated));
  return isConfirmed ? null : failure.message;
}

const isNameAlone = ({ groups = [], uid, extra = {} }: Impersonation): boolean =>
  groups.length === 0 && !uid && Object.keys(extra).length === 0;

/** Throws a UserError where every request failed because we may not impersonate. */
export function requireImpersonation(failures: readonly (Failure | null)[]): void {
  const [first] = failures;
  if (first && failures.every((failure) => failure && isRefusedImpersonation(failure)))
    throw new UserError(`Error from server (Forbidden): ${saidIn(first)}`);
}

const isRefusedImpersonation = (failure: Failure): boolean => REFUSED_IMPERSONATION.test(saidIn(failure));

/**
 * How the user that the server sees differs from the requested impersonation; null where it does not. The server may
 * add groups and extras of its own.
 */
export function differenceOf({ user, groups = [], uid, extra = {} }: Impersonation, seen: UserInfo): string | null {
  if (seen.name !== user) return otherUser(seen.name, user);
  const group = groups.find((each) => !seen.groups.includes(each));
  if (group !== undefined) return dropped(`without the group "${group}"`, user);
  if (uid && seen.uid !== uid) return dropped(`with the UID "${seen.uid}" in place of "${uid}"`, user);
  const key = Object.keys(extra).find((each) =>
    ownValue(extra, each)?.some((value) => !ownValue(seen.extra, lowerCase(each))?.includes(value)),
  );
  return key === undefined ? null : dropped(`without the extra "${key}"`, user);
}

/** The key as the server lower-cases the name of a header, in which everything except ASCII is encoded. */
const lowerCase = (key: string): string => key.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const otherUser = (name: string, user: string): string =>
  `the server took you for "${name}" and not for "${user}": something on the way drops the impersonation headers`;

const dropped = (what: string, user: string): string =>
  `the server took you for "${user}" ${what}: something on the way drops impersonation headers`;

const anonymity = (name: string): string | false =>
  name === ANONYMOUS &&
  `the server took you for "${ANONYMOUS}": the credentials that were sent never reached it, or say nothing to it`;

/**
 * The user that a refusal names; null where it names none, or where the name was not written as usual. Mirrors
 * apiserver pkg/endpoints/handlers/responsewriters/errors.go.
 */
function refusedUser(failure: Failure): string | null {
  const name = REFUSED_REVIEW.exec(saidIn(failure))?.[1];
  return name === undefined || name.includes('\\') ? null : name;
}

/** The server's message, without the status before it. */
const saidIn = ({ kind, message }: Failure): string =>
  kind === 'forbidden' ? message.replace(/^\d{3} [^:]*: /, '') : '';

const ANONYMOUS = 'system:anonymous';
/** A name in quotes, as Go writes it. */
const QUOTED = '"((?:[^"\\\\]|\\\\.)*)"';
const REFUSED_REVIEW = new RegExp(
  `^selfsubjectreviews\\.authentication\\.k8s\\.io is forbidden: User ${QUOTED} cannot create resource`,
);
const REFUSED_IMPERSONATION = new RegExp(
  `^\\S+(?: ${QUOTED})? is forbidden: User ${QUOTED} cannot (?:impersonate|\\S+-impersonat)`,
);
