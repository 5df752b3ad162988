import { isNameless, isNeverNamed, type NameMode } from '../../rbac/match.ts';
import { spelledAs } from '../../rbac/proxy-name.ts';
import type { Matches, Query } from '../../rbac/rbac.ts';
import type { Resolved } from './resolve.ts';

/**
 * The queries that stand for a right over a resource. The real request decides, not SubjectAccessReview's attributes:
 * what is cluster-scoped has no namespace, a Namespace object is in its own, and create and deletecollection carry no
 * name. `namespace` null: in any.
 */
export function rightQuery(verb: string, resolved: Resolved, namespace: string | null): Query {
  const { group, resource, subresource, namespaced, name } = resolved;
  const nameless = isNeverNamed(verb, subresource);
  const at = namespaced ? (namespace ?? '') : isNamespaceObject(verb, resolved) ? (name ?? '') : '';
  const request = { verb, group, resource, subresource, namespace: at, name: nameless ? '' : (name ?? '') };
  const names = name === null || nameless ? 'any' : namesFor(verb, resolved, name);
  return { request, names, reach: namespaced && namespace === null ? 'anywhere' : 'request' };
}

/** Which listed names allow it for this one, where others than itself do. */
function namesFor(verb: string, { group, resource, subresource }: Resolved, name: string): NameMode {
  if (subresource === 'proxy' && group === '' && PROXIED.has(resource)) return spelledAs(name);
  // The API server asks for the name of the signer, then for its whole domain (kubernetes pkg/certauthorization).
  if (group === 'certificates.k8s.io' && resource === 'signers')
    return (listed) => [name, `${name.split('/')[0]}/*`].includes(listed);
  // Whoever may list without a name need not select one.
  if (isNameless(verb, subresource)) return (listed) => [name, ''].includes(listed);
  return 'exact';
}

/**
 * Whether a RoleBinding in a namespace may grant this over that Namespace object. Lists of namespaces are of the whole
 * cluster.
 */
export const isNamespaceObject = (verb: string, { group, resource }: Pick<Resolved, 'group' | 'resource'>): boolean =>
  group === '' && resource === 'namespaces' && !['list', 'create', 'deletecollection'].includes(verb);

/** What RoleBindings with `namespaces` allow where no name is asked for: each its own Namespace object. */
export const ownNamespaceOnly = ({ grants, open }: Matches): Matches => ({
  grants: grants.flatMap((grant) => {
    const own = grant.binding.namespace;
    return own !== null && (grant.names === null || grant.names.includes(own)) ? [{ ...grant, names: [own] }] : [];
  }),
  open: open.filter(({ binding }) => binding.namespace !== null),
});

const PROXIED: ReadonlySet<string> = new Set(['pods', 'services', 'nodes']);
