import { isNamespaced } from '../request/reading/ask.ts';
import type { AdmissionRequest } from '../request/request.ts';
import type { ResourceRule } from './criteria.ts';

/**
 * `version` means that the rule is for another version of the resource, and that we cannot see whether the API also has
 * the request's version.
 */
export type RuleMatch = 'yes' | 'no' | 'version';

/**
 * Whether any of the rules selects the request. Mirrors apiserver
 * pkg/admission/plugin/webhook/predicates/rules/rules.go and policy/matching.
 */
export function matchRules(rules: readonly ResourceRule[], request: AdmissionRequest, equivalent: boolean): RuleMatch {
  const candidates = rules.filter((rule) => matchesButForVersion(rule, request));
  if (candidates.some(({ versions }) => has(versions, request.resource.version))) return 'yes';
  return equivalent && candidates.length > 0 && !ONE_VERSION.has(request.resource.group) ? 'version' : 'no';
}

function matchesButForVersion(rule: ResourceRule, request: AdmissionRequest): boolean {
  const { operation, resource, subresource, name } = request;
  return (
    has(rule.operations, operation) &&
    has(rule.groups, resource.group) &&
    rule.resources.some((each) => matchesResource(each, resource.resource, subresource)) &&
    inScope(rule.scope, resource.resource === 'namespaces' && resource.group === '', isNamespaced(request)) &&
    (rule.names.length === 0 || rule.names.includes(name))
  );
}

const has = (items: readonly string[], wanted: string): boolean => items.includes('*') || items.includes(wanted);

// Neither `pods` nor `*` includes a subresource; `pods/*` includes pods themselves.
function matchesResource(pattern: string, resource: string, subresource: string): boolean {
  const slash = pattern.indexOf('/');
  const [wanted, sub] = slash < 0 ? [pattern, ''] : [pattern.slice(0, slash), pattern.slice(slash + 1)];
  return (wanted === '*' || wanted === resource) && (sub === '*' || sub === subresource);
}

/** A Namespace object counts as cluster-scoped, though its request is in the namespace of its own name. */
function inScope(scope: string, isNamespace: boolean, isInNamespace: boolean): boolean {
  if (scope === '*') return true;
  const isScoped = !isNamespace && isInNamespace;
  return scope === 'Namespaced' ? isScoped : scope === 'Cluster' && !isScoped;
}

/** Groups that every supported server serves in v1 only. */
const ONE_VERSION: ReadonlySet<string> = new Set(['', 'apps', 'batch', 'policy', 'rbac.authorization.k8s.io']);
