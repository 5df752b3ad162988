import type { Failure } from '../../world/needs.ts';
import { children, flag, isRaw, Malformed, type Raw, text } from '../../world/raw.ts';
import { reduceRule } from '../../world/reduce/rbac.ts';
import { understoodOr } from '../../world/understood.ts';
import type { SelfReview } from '../../world/world.ts';
import type { Claim } from '../connect/connection.ts';
import { notOfType } from '../lists/asked-for.ts';
import type { ApiClient } from '../transport/transport.ts';
import { checkIdentity } from './identity-check.ts';
import { whoami } from './whoami.ts';

export interface Reviewed {
  self: SelfReview | null;
  /** Why the identity is not known. */
  failure: Failure | null;
  /**
   * Why it is not known whether the server acts for the requested identity; null where it does, or where no identity
   * was requested.
   */
  doubt: string | null;
}

/**
 * Who the caller is to the server, and what it may do in a namespace according to the server's authorizers. Posts two
 * reviews that store nothing. Rejects with a UserError where the server sees another identity than the one that we
 * claim.
 */
export async function reviewSelf(client: ApiClient, namespace: string): Promise<Reviewed> {
  const { claim = NO_CLAIM } = client.connection;
  const [rules, seen] = await Promise.all([
    client.post('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { ...RULES_REVIEW, spec: { namespace } }),
    whoami(client, { persistent: claim.impersonated !== null }),
  ]);
  const doubt = checkIdentity(claim, seen);
  if (!rules.ok) return { self: null, failure: rules.failure, doubt };
  return understoodOr(
    () => {
      // Servers before 1.28 do not have the second review, and some refuse it.
      const user = 'user' in seen ? { name: seen.user.name, groups: seen.user.groups } : null;
      return { self: { user, namespace, ...rulesOf(rules.value) }, failure: null, doubt };
    },
    (error) => ({
      self: null,
      failure: { kind: 'malformed', status: 200, message: `200 OK: ${error.message}` },
      doubt,
    }),
  );
}

const NO_CLAIM: Claim = { impersonated: null, hasCredentials: false };
const RULES_REVIEW: Raw = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview' };

function rulesOf(raw: Raw): Pick<SelfReview, 'rules' | 'incomplete'> {
  const other = notOfType(raw, 'authorization.k8s.io/v1', 'SelfSubjectRulesReview');
  if (other !== null) throw new Malformed(other);
  if (!isRaw(raw.status)) throw new Malformed('status is missing');
  const { status } = raw;
  // Servers send all three fields even if they are empty, so that an answer without one may lack rules.
  for (const field of ['resourceRules', 'nonResourceRules', 'incomplete'])
    if (!(field in status)) throw new Malformed(`${field} is missing`);
  if (flag(status, 'incomplete') === null) throw new Malformed('incomplete is not a boolean');
  return {
    rules: [...children(status, 'resourceRules'), ...children(status, 'nonResourceRules')].map(reduceRule),
    incomplete: status.incomplete === true ? otherAuthorizers(text(status, 'evaluationError') ?? '') : null,
  };
}

/**
 * The messages of authorizers that cannot list their rules. The node authorizer sends one to every node, and missing
 * roles are no authorizer: neither hides a rule. Mirrors kubernetes plugin/pkg/auth/authorizer/node/node_authorizer.go
 * RulesFor.
 */
function otherAuthorizers(error: string): string | null {
  if (error === '') return 'the server calls its own list of rules incomplete';
  const rest = error
    .replace(NODE_AUTHORIZER, '')
    .replace(MISSING_ROLE, '')
    .replace(/^\[|\]$/g, '');
  const words = rest.split(', ').filter((word) => word.trim() !== '');
  return words.length === 0 ? null : words.join(', ');
}

const NODE_AUTHORIZER = 'node authorizer does not support user rule resolution';
const MISSING_ROLE = /(cluster)?roles?\.rbac\.authorization\.k8s\.io "[^"]*" not found/g;
