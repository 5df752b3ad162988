import { placeOf } from './grants.ts';
import type { Grant, Query } from './rbac.ts';
import { isUrlRequest } from './request.ts';
import { identityKeys, identityOf, subjectKey } from './subjects.ts';

/**
 * The grants of `create` that are limited to resourceNames and still work. A POST carries no name, but server-side
 * apply needs `create` with the name and `patch`, and a PUT needs `create` and `update` for the kinds that it may
 * create. The two rights may come from different bindings, to one subject or to a group and a member of it. A subject
 * that may create without a name does not need this. `grantsOf` finds the grants of another request; `isOne` says that
 * all of them are of one identity. Source: apiserver pkg/endpoints/handlers/patch.go and update.go.
 */
export function createdByName(
  creates: readonly Grant[],
  query: Query,
  grantsOf: (query: Query) => readonly Grant[],
  isOne: boolean,
): Grant[] {
  const { request } = query;
  const { limited = [], plain = [] } = Object.groupBy(creates.map(held), ({ grant }) =>
    grant.names === null ? 'plain' : 'limited',
  );
  if (isUrlRequest(request) || limited.length === 0) return [];
  const puts = isCreatedByPut(request.group, request.resource);
  const changes = ['patch', ...(puts ? ['update'] : [])].flatMap((verb) => {
    const change: Query = { ...query, request: { ...request, verb }, names: () => true };
    return grantsOf(change).map((grant) => ({ verb, ...held(grant) }));
  });
  const pairs = limited.flatMap((create) => {
    const own = changes
      .filter(({ key }) => isOne || create.keys.has(key))
      .flatMap((change) => both(create, change, change.verb));
    const isTold = own.some(
      (pair) => placeOf(pair) === placeOf(create.grant) && pair.names?.length === create.grant.names?.length,
    );
    const members =
      isOne || isTold ? [] : changes.filter(({ key, keys }) => key !== create.key && keys.has(create.key));
    return [...own, ...members.flatMap((change) => both(change, create, change.verb))];
  });
  const placed = (grant: Grant, place: string | null): string => JSON.stringify([isOne ? '' : keyOf(grant), place]);
  const needless = new Set(plain.map(({ grant }) => placed(grant, placeOf(grant))));
  return pairs.filter((pair) => !needless.has(placed(pair, null)) && !needless.has(placed(pair, placeOf(pair))));
}

/** A grant with the key of its subject, and the keys of everything that its subject is. */
interface Holder {
  grant: Grant;
  key: string | undefined;
  keys: ReadonlySet<string | undefined>;
}

function held(grant: Grant): Holder {
  const { subject, binding } = grant;
  const identity = identityOf({ ...subject, namespace: subject.namespace ?? binding.namespace });
  return { grant, key: keyOf(grant), keys: new Set(identityKeys(identity)) };
}

const keyOf = ({ subject, binding }: Grant): string | undefined => subjectKey(subject, binding.namespace);

/** The grant that two grants give together to the subject of the first, where both count, for the names in both. */
function both({ grant }: Holder, { grant: other }: Holder, verb: string): Grant[] {
  const [here, there] = [grant.binding.namespace, other.binding.namespace];
  const names = grant.names === null ? other.names : grant.names.filter((name) => other.names?.includes(name) ?? true);
  if ((here !== null && there !== null && here !== there) || names?.length === 0) return [];
  return [{ ...grant, names, also: { grant: other, verbs: ['create', verb] } }];
}

/** Whether a PUT creates an object of this kind where it is missing. */
export const isCreatedByPut = (group: string, resource: string): boolean =>
  PUT_CREATES.has(group === '' ? resource : `${resource}.${group}`);

/** The kinds that a PUT creates (AllowCreateOnUpdate). */
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
