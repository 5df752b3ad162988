import type { Unknown } from '../../answer/unknown.ts';
import { createdByName } from '../../rbac/created-by-name.ts';
import { isNobodysName } from '../../rbac/match.ts';
import type { Query } from '../../rbac/rbac.ts';
import { rbacOf } from '../../rbac/rbac-of.ts';
import { formatResource, isUrlRequest } from '../../rbac/request.ts';
import type { World } from '../../world/world.ts';
import type { Way } from '../holders/way.ts';
import type { WhoTarget } from '../targets.ts';
import { manifestOf } from './manifests.ts';
import { isNamespaceObject, ownNamespaceOnly, rightQuery } from './requests.ts';
import type { Guess, Resolved } from './resolve.ts';
import type { Asked } from './understand.ts';

/** The ways to a right: the request itself first, then others by which the server allows the same. */
export function waysOf(target: WhoTarget, asked: Asked, world: World): [Way, ...Way[]] {
  const { verb } = target;
  if ('url' in asked) {
    const object = { kind: 'NonResourceURL', namespace: null, name: asked.url, container: null };
    const holding = {
      id: 'right',
      object,
      action: `${verb} ${asked.url}`,
      attack: null,
      target: object,
      condition: null,
    };
    return [{ holding, queries: [{ request: { verb, url: asked.url } }] }];
  }
  const { resolved } = asked;
  const query = rightQuery(verb, resolved, target.namespace);
  const object = {
    kind: resolved.kind,
    namespace: resolved.namespaced ? target.namespace : null,
    name: resolved.name ?? '',
    container: null,
  };
  const holding = {
    id: 'right',
    object,
    action: `${verb} ${formatResource(resolved)}`,
    attack: null,
    // There may be an object of that name in each namespace.
    target: resolved.name === null || query.reach === 'anywhere' ? null : object,
    condition: null,
  };
  if (resolved.guess) return guessedWays(verb, holding, query, resolved, resolved.guess, world);
  return [
    { holding, queries: [query] },
    ...ownNamespaceWay(holding, verb, resolved),
    ...namedCreateWay(holding, query, resolved, world),
  ];
}

/**
 * The ways if it is not known whether the resource is namespaced: ClusterRoleBindings count for sure, and RoleBindings
 * may.
 */
function guessedWays(
  verb: string,
  holding: Way['holding'],
  query: Query,
  resolved: Resolved,
  guess: Guess,
  world: World,
): [Way, ...Way[]] {
  const condition: Unknown = {
    ...guess,
    what: `whether ${formatResource(resolved)} is namespaced`,
    affects: 'holders by a RoleBinding',
  };
  const perhaps = { ...holding, condition };
  const everywhere = rightQuery(verb, { ...resolved, namespaced: false }, null);
  return [
    { holding: perhaps, queries: [query] },
    { holding, queries: [everywhere] },
    ...namedCreateWay(perhaps, query, resolved, world),
    ...namedCreateWay(holding, everywhere, resolved, world),
  ];
}

/** A RoleBinding may grant rights over its own Namespace object. */
function ownNamespaceWay(holding: Way['holding'], verb: string, resolved: Resolved): Way[] {
  if (!isNamespaceObject(verb, resolved) || resolved.name !== null) return [];
  const query = rightQuery(verb, { ...resolved, namespaced: true }, null);
  return [{ holding, queries: [query], adapt: ownNamespaceOnly }];
}

/** `create` limited to names never matches a POST, and yet creates by server-side apply. */
function namedCreateWay(holding: Way['holding'], query: Query, resolved: Resolved, world: World): Way[] {
  const { request } = query;
  if (isUrlRequest(request) || request.verb !== 'create' || request.subresource !== '') return [];
  const names = (listed: string): boolean =>
    listed !== '' && !isNobodysName(listed, request) && (resolved.name === null || listed === resolved.name);
  const adapt: Way['adapt'] = ({ grants }, asked) => ({
    grants: createdByName(
      grants,
      query,
      (change) => (asked ? rbacOf(world).grantsOf(asked, change) : rbacOf(world).holders(change)).grants,
      asked !== null,
    ),
    open: [],
  });
  const byApply = { ...holding, id: 'right-by-apply', target: null, manifest: manifestOf(resolved) };
  return [{ holding: byApply, queries: [{ ...query, names }], adapt }];
}
