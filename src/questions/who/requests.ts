import { isNeverNamed } from '../../rbac/match.ts';
import { splitProxyName } from '../../rbac/proxy-name.ts';
import type { Grant, Query, Rbac } from '../../rbac/rbac.ts';
import { identityOf } from '../../rbac/subjects.ts';
import type { Resolved } from './resolve.ts';

/**
 * The queries that stand for a right over a resource. The real request decides, not SubjectAccessReview's attributes: what is
 * cluster-scoped has no namespace, a Namespace object is in its own, and create and deletecollection carry no name.
 * `namespace` null: in any.
 */
export function rightQuery(verb: string, resolved: Resolved, namespace: string | null): Query {
  const { group, resource, subresource, namespaced, name } = resolved;
  const nameless = isNeverNamed(verb, subresource);
  const at = namespaced ? (namespace ?? '') : isNamespaceObject(verb, resolved) ? (name ?? '') : '';
  const request = { verb, group, resource, subresource, namespace: at, name: nameless ? '' : (name ?? '') };
  const spelled = subresource === 'proxy' && PROXIED.has(resource) && name !== null;
  return {
    request,
    names: spelled ? (listed) => splitProxyName(listed)?.name === name : name === null || nameless ? 'any' : 'exact',
    reach: namespaced && namespace === null ? 'anywhere' : 'request',
  };
}

/** Whether a RoleBinding in a namespace may grant this over that Namespace object. Lists of namespaces are of the whole cluster. */
export const isNamespaceObject = (verb: string, { group, resource }: Resolved): boolean =>
  group === '' && resource === 'namespaces' && !['list', 'create', 'deletecollection'].includes(verb);

/** Grants over Namespace objects, each limited to its own: what RoleBindings with `namespaces` allow where no name is asked for. */
export const ownNamespaceOnly = (grants: readonly Grant[]): Grant[] =>
  grants.flatMap((grant) => {
    const own = grant.binding.namespace;
    return own !== null && (grant.names === null || grant.names.includes(own)) ? [{ ...grant, names: [own] }] : [];
  });

/**
 * Of the grants of `create` that are limited to names, those that work: a POST carries no name, but server-side apply asks for
 * create with the name once it may patch, and so does PUT for the kinds that it may create.
 * Source: apiserver pkg/endpoints/handlers/patch.go and update.go.
 */
export function createdByName(grants: readonly Grant[], { request }: Query, rbac: Rbac): Grant[] {
  if ('url' in request) return [];
  const puts = PUT_CREATES.has(request.group === '' ? request.resource : `${request.resource}.${request.group}`);
  return grants.flatMap((grant) => {
    const { binding, subject } = grant;
    const identity = identityOf({ ...subject, namespace: subject.namespace ?? binding.namespace });
    const namespace = request.namespace || (binding.namespace ?? '');
    const names = grant.names?.filter((name) =>
      ['patch', ...(puts ? ['update'] : [])].some((verb) => rbac.allows(identity, { ...request, verb, namespace, name }) === true),
    );
    return names && names.length > 0 ? [{ ...grant, names }] : [];
  });
}

const PROXIED: ReadonlySet<string> = new Set(['pods', 'services', 'nodes']);

/** Kinds that a PUT creates where they are absent (AllowCreateOnUpdate). */
const PUT_CREATES: ReadonlySet<string> = new Set([
  'roles.rbac.authorization.k8s.io',
  'clusterroles.rbac.authorization.k8s.io',
  'rolebindings.rbac.authorization.k8s.io',
  'clusterrolebindings.rbac.authorization.k8s.io',
  'leases.coordination.k8s.io',
  'leasecandidates.coordination.k8s.io',
  'runtimeclasses.node.k8s.io',
  'endpoints',
  'events',
  'limitranges',
  'services',
]);
