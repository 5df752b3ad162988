import { type Atom, atomKey } from '../../rbac/atoms.ts';
import { missingHalf, type Part } from '../../rbac/halves.ts';
import { matchRule } from '../../rbac/match.ts';
import type { Grant, Query } from '../../rbac/rbac.ts';
import { rbacOf } from '../../rbac/rbac-of.ts';
import { formatResource } from '../../rbac/request.ts';
import type { Identity } from '../../rbac/subjects.ts';
import type { World } from '../../world/world.ts';
import type { Right } from './rights.ts';

type Request = Right['any'][number];

/** A right as far as one account holds it: in one place, for the same names. */
export interface Holding {
  right: Right;
  /** Null: in the whole cluster. */
  namespace: string | null;
  names: readonly string[] | null;
  /** The requests that it comes by. */
  requests: readonly Request[];
  grants: readonly Grant[];
}

/** The part of a rule that a request is, were it written out. */
export const atomOf = ({ verb, group, resource, subresource }: Request): Atom => ({
  verb,
  group,
  resource: subresource === '' ? resource : `${resource}/${subresource}`,
});

/**
 * How an identity holds a right: one entry a place and set of names. What a wider entry says as well is left out; an
 * entry says exactly the requests that are allowed for its names.
 */
export function holdingsOf(right: Right, identity: Identity, world: World): Holding[] {
  const held = right.any.flatMap((request) =>
    grantsOf(request, right, identity, world).map((grant) => ({ request, grant })),
  );
  const places = Map.groupBy(held, ({ grant }) => grant.binding.namespace);
  const everywhere = new Set(
    (places.get(null) ?? []).flatMap(({ request, grant }) => (grant.names === null ? [keyOf(request)] : [])),
  );
  return [...places].flatMap(([namespace, all]) => {
    const here = namespace === null ? new Set<string>() : everywhere;
    const unlimited = all.filter(({ request, grant }) => grant.names === null && !here.has(keyOf(request)));
    const wider = new Set([...here, ...unlimited.map(({ request }) => keyOf(request))]);
    const limited = all.filter(({ request, grant }) => grant.names !== null && !wider.has(keyOf(request)));
    const named = [...new Set(limited.flatMap(({ grant }) => grant.names ?? []))].map((name) => {
      const its = limited.filter(({ grant }) => grant.names?.includes(name));
      return { name, its, key: requestsIn(its).map(keyOf).join() };
    });
    return [
      ...(unlimited.length > 0 ? [entry(right, namespace, null, unlimited)] : []),
      ...[...Map.groupBy(named, ({ key }) => key).values()].map((same) =>
        entry(
          right,
          namespace,
          same.map(({ name }) => name),
          same.flatMap(({ its }) => its),
        ),
      ),
    ];
  });
}

/** What is missing for any of its requests to be good for something; null where one is. */
export function missingOf(
  { right, requests, namespace }: Pick<Holding, 'right' | 'requests' | 'namespace'>,
  identity: Identity,
  world: World,
): { lacks: string; request: 'same' | 'another' } | null {
  const missing = requests.map((request) => missingFor(atomOf(request), namespace, identity, world));
  return right.any.length > 0 && missing.every((each) => each !== null) ? (missing[0] ?? null) : null;
}

/** What is missing for a part of a rule that is held in a place. */
export const missingFor = (
  atom: Atom,
  namespace: string | null,
  identity: Identity,
  world: World,
): ReturnType<typeof missingHalf> =>
  missingHalf(atom, world.facts.version, (needed) => holds(needed, namespace, identity, world));

/** Whether the identity holds a part somewhere where it meets what is held in `namespace`. */
function holds(
  { clusterScoped, ...request }: Part,
  namespace: string | null,
  identity: Identity,
  world: World,
): boolean {
  if (clusterScoped && namespace !== null) return false;
  const query: Query = {
    request: { ...request, namespace: '', name: '' },
    names: 'any',
    reach: clusterScoped ? 'request' : 'anywhere',
  };
  const { grants } = rbacOf(world).grantsOf(identity, query);
  return grants.some(
    ({ binding }) => namespace === null || binding.namespace === null || binding.namespace === namespace,
  );
}

/** The words of a right, with what is held of what stands in braces. */
export function wordsOf({ right, requests }: Pick<Holding, 'right' | 'requests'>): string {
  const resources = (all: readonly Request[]): string[] => [
    ...new Set(all.map((each) => formatResource(each).replace(/\/proxy$/, ''))),
  ];
  const held = resources(requests);
  return right.words.replace(/\{([^{}]*)\}/, (_, all: string) =>
    held.length === resources(right.any).length ? all : held.join(', '),
  );
}

/** The grants of one request, every rule that gives it. */
function grantsOf(request: Request, { clusterScoped }: Right, identity: Identity, world: World): Grant[] {
  const rbac = rbacOf(world);
  const asked = { ...request, namespace: '', name: '' };
  const { grants } = rbac.grantsOf(identity, {
    request: asked,
    names: 'any',
    reach: clusterScoped ? 'request' : 'anywhere',
  });
  // If several rules of a role are not limited to names, the engine gives one of them.
  return grants.flatMap((grant) =>
    rbac.rulesOf(grant.role).flatMap((rule, index) => {
      const match = matchRule(rule, asked, 'any');
      return match ? [{ ...grant, rule: index, names: match.names }] : [];
    }),
  );
}

const keyOf = (request: Request): string => atomKey(atomOf(request));

const requestsIn = (held: readonly { request: Request }[]): Request[] => [
  ...new Map(held.map(({ request }) => [keyOf(request), request])).values(),
];

function entry(
  right: Right,
  namespace: string | null,
  names: readonly string[] | null,
  held: readonly { request: Request; grant: Grant }[],
): Holding {
  const grants = new Map(
    held.map(({ grant }) => [JSON.stringify([grant.binding.kind, grant.binding.name, grant.rule]), grant]),
  );
  return { right, namespace, names, requests: requestsIn(held), grants: [...grants.values()] };
}
