import type { DryRun } from '../../questions/question.ts';
import type { Failure } from '../../world/needs.ts';
import { child, type Raw } from '../../world/raw.ts';
import type { Impersonation } from '../connect/connection.ts';
import { notOfType } from '../lists/asked-for.ts';
import { pathTo } from '../lists/need-path.ts';
import type { ApiClient } from '../transport/transport.ts';
import type { ServerAnswer } from './reviews.ts';
import { impersonationProblem, SOMEBODY } from './reviews.ts';

/** The result of creating a pod as a dry run. */
export interface DryRunOutcome {
  /**
   * `refused`: admission refused it. `invalid`: it was refused before admission. `unauthorized`: this identity may not
   * create pods there at all. `inconclusive`: there was no decision (a webhook that cannot be called, a refused
   * impersonation, no answer).
   */
  outcome: 'admitted' | 'refused' | 'invalid' | 'unauthorized' | 'inconclusive';
  /** The server's message; '' where the pod is admitted. */
  message: string;
}

/**
 * Creates a pod with `?dryRun=All`: mutating and validating admission and the quotas decide as for a real request, and
 * nothing is stored. It is only used for pods, since a TokenRequest would return a real token. It is opt-in, since
 * audit logs and webhooks see the request, in the name of `as`.
 */
export async function dryRunPod(
  client: ApiClient,
  namespace: string,
  pod: Raw,
  as: Impersonation | null,
): Promise<DryRunOutcome> {
  const path = pathTo('api', 'v1', 'namespaces', namespace, 'pods');
  if (path === null) return { outcome: 'inconclusive', message: 'no namespace can be called so' };
  const body = { ...pod, apiVersion: 'v1', kind: 'Pod', metadata: { ...child(pod, 'metadata'), namespace } };
  const result = await client.postOnce(`${path}?dryRun=All`, body, as ?? undefined);
  if (!result.ok) return { outcome: outcomeOf(result.failure), message: result.failure.message };
  const other = notOfType(result.value, 'v1', 'Pod');
  return other === null ? { outcome: 'admitted', message: '' } : { outcome: 'inconclusive', message: other };
}

/** The same result, as an answer to a claim. */
export async function tryPod(client: ApiClient, { namespace, pod, as, withRights }: DryRun): Promise<ServerAnswer> {
  const who = as && { user: as.user ?? SOMEBODY, groups: [...as.groups] };
  const [{ outcome, message }, problem] = await Promise.all([
    dryRunPod(client, namespace, pod, who),
    who && impersonationProblem(client, who),
  ]);
  if (problem !== null) return { unanswered: problem };
  if (outcome === 'inconclusive' || (outcome === 'unauthorized' && !withRights)) return { unanswered: message };
  return { answer: outcome === 'admitted' ? 'yes' : 'no', reason: message };
}

/**
 * The outcome, recognised by the status and the beginning of the server's message, but never by text that comes from
 * names in it. Mirrors apiserver pkg/endpoints/handlers/responsewriters/errors.go, pkg/admission/errors.go and
 * pkg/admission/plugin/{policy,webhook}.
 */
function outcomeOf({ status, message }: Failure): DryRunOutcome['outcome'] {
  const said = message.replace(/^\d{3} [^:]*: /, '');
  // The name is already taken, which the server checks after every other decision.
  if (status === 409 && ALREADY_EXISTS.test(said)) return 'admitted';
  if (status === 403)
    return IMPERSONATION.test(said) ? 'inconclusive' : UNAUTHORIZED.test(said) ? 'unauthorized' : 'refused';
  if (DENIED.test(said)) return 'refused';
  if (status === 422) return POLICY.test(said) ? 'refused' : 'invalid';
  if (status === 400 && DECODING.test(said)) return 'invalid';
  return 'inconclusive';
}

/** A name in quotes, as Go writes it. */
const QUOTED = '"(?:[^"\\\\]|\\\\.)*"';
const ALREADY_EXISTS = new RegExp(`^pods ${QUOTED} already exists$`);
const IMPERSONATION = new RegExp(
  `^\\S+(?: ${QUOTED})? is forbidden: User ${QUOTED} cannot (?:impersonate|\\S+-impersonat)`,
);
const UNAUTHORIZED = new RegExp(
  `^pods(?: ${QUOTED})? is forbidden: User ${QUOTED} cannot create resource "pods" in API group`,
);
/** A refusal by a webhook, which may choose any status. */
const DENIED = new RegExp(`^admission webhook ${QUOTED} denied the request`);
const POLICY = new RegExp(`^(?:pods ${QUOTED} is forbidden: |)ValidatingAdmissionPolicy '`);
const DECODING = /in version "v1" cannot be handled as a Pod|strict decoding error/;
