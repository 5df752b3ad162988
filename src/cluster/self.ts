import type { Failure } from '../world/needs.ts';
import { child, children, isRaw, Malformed, type Raw, text, texts } from '../world/reduce/raw.ts';
import { reduceRule } from '../world/reduce/rbac.ts';
import type { SelfReview } from '../world/world.ts';
import type { ApiClient } from './transport.ts';

/** Who the caller is to the server, and what it may do in a namespace, as the server's authorizers tell. Posts two reviews that store nothing. */
export async function reviewSelf(client: ApiClient, namespace: string): Promise<{ self: SelfReview | null; failure: Failure | null }> {
  const [rules, user] = await Promise.all([
    client.post('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
      ...review('authorization', 'SelfSubjectRulesReview'),
      spec: { namespace },
    }),
    client.post('/apis/authentication.k8s.io/v1/selfsubjectreviews', review('authentication', 'SelfSubjectReview')),
  ]);
  if (!rules.ok) return { self: null, failure: rules.failure };
  try {
    // Servers before 1.28 do not know the second one.
    return { self: { user: user.ok ? userOf(user.value) : null, namespace, ...rulesOf(rules.value) }, failure: null };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { self: null, failure: { kind: 'malformed', status: 200, message: `200 OK: ${error.message}` } };
  }
}

const review = (group: string, kind: string): Raw => ({ apiVersion: `${group}.k8s.io/v1`, kind });

function userOf(raw: Raw): SelfReview['user'] {
  const info = child(child(raw, 'status'), 'userInfo');
  const name = text(info, 'username');
  return name === null ? null : { name, groups: texts(info, 'groups') };
}

function rulesOf(raw: Raw): Pick<SelfReview, 'rules' | 'incomplete'> {
  if (!isRaw(raw.status)) throw new Malformed('status is missing');
  const { status } = raw;
  return {
    rules: [...children(status, 'resourceRules'), ...children(status, 'nonResourceRules')].map(reduceRule),
    incomplete: status.incomplete === true ? otherAuthorizers(text(status, 'evaluationError') ?? '') : null,
  };
}

/**
 * The words of the authorizers that cannot list their rules. The node authorizer says so to every node, and roles that are missing are no
 * authorizer: neither hides a rule. Mirrors kubernetes plugin/pkg/auth/authorizer/node/node_authorizer.go RulesFor.
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
