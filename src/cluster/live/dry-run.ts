import type { DryRun } from '../../questions/question.ts';
import type { Failure } from '../../world/needs.ts';
import { child, type Raw } from '../../world/raw.ts';
import type { Impersonation } from '../connect/connection.ts';
import { notOfType } from '../lists/asked-for.ts';
import { pathTo } from '../lists/need-path.ts';
import type { ApiClient } from '../transport/transport.ts';
import type { ServerAnswer } from './reviews.ts';
import { impersonationProblem, SOMEBODY } from './reviews.ts';

/** What came of a pod that was created as a dry run. */
export interface DryRunOutcome {
  /**
   * `refused`: by admission; `invalid`: before it; `unauthorized`: this identity may not create pods there at all;
   * `inconclusive`: nobody came to decide (a webhook that cannot be asked, an impersonation that is refused, no
   * answer).
   */
  outcome: 'admitted' | 'refused' | 'invalid' | 'unauthorized' | 'inconclusive';
  /** The server's words; '' where it is admitted. */
  message: string;
}

/**
 * Creates a pod with `?dryRun=All`: all is decided as if it were meant, by mutating and validating admission and the
 * quotas too, and nothing is stored. Only ever for pods: a TokenRequest would be answered with a real token. Opt-in:
 * audit logs and webhooks see it, in the name of `as`.
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

/** The same as an answer to what is claimed. */
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
 * Told by the status, and by how the server begins its sentence, never by what names in it may say. Mirrors apiserver
 * pkg/endpoints/handlers/responsewriters/errors.go, pkg/admission/errors.go and pkg/admission/plugin/{policy,webhook}.
 */
function outcomeOf({ status, message }: Failure): DryRunOutcome['outcome'] {
  const said = message.replace(/^\d{3} [^:]*: /, '');
  // The name is taken, which is looked up after all others have agreed.
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
/** A webhook, whatever status it chose. */
const DENIED = new RegExp(`^admission webhook ${QUOTED} denied the request`);
const POLICY = new RegExp(`^(?:pods ${QUOTED} is forbidden: |)ValidatingAdmissionPolicy '`);
const DECODING = /in version "v1" cannot be handled as a Pod|strict decoding error/;
