import { isUrlRequest, type Request } from '../../rbac/request.ts';
import type { Identity } from '../../rbac/subjects.ts';
import { isRaw, type Raw } from '../../world/raw.ts';
import type { Impersonation } from '../connect/connection.ts';
import { notOfType } from '../lists/asked-for.ts';
import type { Result } from '../transport/interpret.ts';
import { shorten } from '../transport/shorten.ts';
import type { ApiClient } from '../transport/transport.ts';
import { differenceOf } from './identity-check.ts';
import { whoami } from './whoami.ts';

export type ServerAnswer = { answer: 'yes' | 'no'; reason: string } | { unanswered: string };

/**
 * The server's own answer about a request of an identity, from all its authorizers together: by SubjectAccessReview, or
 * by a SelfSubjectAccessReview under impersonation where the caller may not post the former. This is for opt-in
 * verification, since it posts, although nothing is stored.
 */
export async function askServer(
  client: ApiClient,
  { user, groups }: Identity,
  request: Request,
): Promise<ServerAnswer> {
  const who = { user: user ?? SOMEBODY, groups: [...groups] };
  const attributes = attributesOf(request);
  const direct = mayNotReview.has(client) ? null : await post(client, 'SubjectAccessReview', { ...who, ...attributes });
  if (direct && (direct.ok || direct.failure.kind !== 'forbidden')) return read(direct, 'SubjectAccessReview');
  mayNotReview.add(client);
  const [result, problem] = await Promise.all([
    client.post(pathOf('SelfSubjectAccessReview'), body('SelfSubjectAccessReview', attributes), who),
    impersonationProblem(client, who),
  ]);
  return problem === null ? read(result, 'SelfSubjectAccessReview') : { unanswered: problem };
}

/**
 * Why an answer under impersonation is about another identity: something on the way drops the headers. null where the
 * server acts for the requested identity, or does not show it. Each identity is checked once.
 */
export function impersonationProblem(client: ApiClient, who: Impersonation): Promise<string | null> {
  const known = problems.get(client) ?? new Map<string, Promise<string | null>>();
  problems.set(client, known);
  const key = JSON.stringify(who);
  const problem =
    known.get(key) ??
    whoami(client, { impersonate: who }).then((seen) => ('user' in seen ? differenceOf(who, seen.user) : null));
  known.set(key, problem);
  return problem;
}

const problems = new WeakMap<ApiClient, Map<string, Promise<string | null>>>();

/** Stands for a member of a group of whom nothing else is known: a name that no binding has. */
export const SOMEBODY = 'whocan-escalate:somebody';

/**
 * The clients that have been refused once. They are refused every time, so that asking again would only fill the audit
 * log.
 */
const mayNotReview = new WeakSet<ApiClient>();

const post = (client: ApiClient, kind: string, spec: Raw): Promise<Result<Raw>> =>
  client.post(pathOf(kind), body(kind, spec));
const VERSION = 'authorization.k8s.io/v1';
const pathOf = (kind: string): string => `/apis/${VERSION}/${kind.toLowerCase()}s`;
const body = (kind: string, spec: Raw): Raw => ({ apiVersion: VERSION, kind, spec });

/** A namespace is only sent where there is one, since RoleBindings would count for a cluster-scoped kind otherwise. */
function attributesOf(request: Request): Raw {
  if (isUrlRequest(request)) return { nonResourceAttributes: { verb: request.verb, path: request.url } };
  const { verb, group, resource, subresource, namespace, name } = request;
  return {
    resourceAttributes: {
      verb,
      group,
      resource,
      ...(subresource && { subresource }),
      ...(namespace && { namespace }),
      ...(name && { name }),
    },
  };
}

function read(result: Result<Raw>, kind: string): ServerAnswer {
  if (!result.ok) return { unanswered: result.failure.message };
  const other = notOfType(result.value, VERSION, kind);
  if (other !== null) return { unanswered: other };
  const { status } = result.value;
  if (!isRaw(status) || typeof status.allowed !== 'boolean')
    return { unanswered: 'the review came back without an answer' };
  const { allowed, denied, reason, evaluationError, ...others } = status;
  const notes = [
    denied === true ? 'denied' : '',
    typeof reason === 'string' ? reason : '',
    typeof evaluationError === 'string' ? `evaluation error: ${evaluationError}` : '',
    // A future authorizer may allow a request under conditions on the object (KEP-5681).
    ...Object.keys(others).map((field) => `the server adds ${field}`),
  ];
  return { answer: allowed ? 'yes' : 'no', reason: shorten(notes.filter((note) => note !== '').join('; ')) };
}
