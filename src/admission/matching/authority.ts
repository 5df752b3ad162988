import { type Authority, Resource } from '../../cel/functions/authorizers.ts';
import type { Value } from '../../cel/values.ts';
import { rbacOf } from '../../rbac/rbac-of.ts';
import { identityOf } from '../../rbac/subjects.ts';
import { list } from '../../world/needs.ts';
import { unseen, type World } from '../../world/world.ts';
import { askUser } from '../request/reading/ask.ts';
import type { AdmissionRequest } from '../request/request.ts';
import type { UserInfo } from '../request/user.ts';

/**
 * Answers what expressions ask of `authorizer`: RBAC, as far as it was read. A reader of the request's user notes each
 * question.
 */
export const authority = ({ user }: AdmissionRequest, world: World): Authority => ({
  mayResource: (check) =>
    askUser(user, world, `may ${JSON.stringify(check)}`, (asked, there) => rightsOf(asked, there).mayResource(check)),
  mayPath: (url, verb) =>
    askUser(user, world, `may ${JSON.stringify([url, verb])}`, (asked, there) =>
      rightsOf(asked, there).mayPath(url, verb),
    ),
  as: (namespace, name) => authorityOf(identityOf({ kind: 'ServiceAccount', namespace, name }), world),
});

const rightsOf = ({ name, groups }: UserInfo, world: World): Authority => authorityOf({ user: name, groups }, world);

function authorityOf(identity: { user: string | null; groups: readonly string[] }, world: World): Authority {
  const known = (allowed: boolean | undefined, namespace: string): boolean | undefined => {
    if (allowed !== false) return allowed;
    const lists = [list('clusterrolebindings'), ...(namespace === '' ? [] : [list('rolebindings', namespace)])];
    // A member of a group may have more rights than its groups, and a list that was not read completely may contain a
    // grant.
    return identity.user !== null && lists.every((each) => unseen(world, each, '').length === 0) ? false : undefined;
  };
  return {
    mayResource: (check) => known(rbacOf(world).allows(identity, check), check.namespace),
    mayPath: (url, verb) => known(rbacOf(world).allows(identity, { url, verb }), ''),
    as: (namespace, name) => authorityOf(identityOf({ kind: 'ServiceAccount', namespace, name }), world),
  };
}

/** The value of `authorizer.requestResource`. */
export function requestResource(request: AdmissionRequest, world: World): Value {
  const { resource, subresource, namespace, name } = request;
  return new Resource(authority(request, world), {
    verb: '',
    group: resource.group,
    resource: resource.resource,
    subresource,
    namespace,
    name,
  });
}
