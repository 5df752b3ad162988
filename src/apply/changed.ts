import { bootstrapKey } from '../rbac/bootstrap-digest.ts';
import type { Applied } from '../world/applied.ts';
import type { CustomResource } from '../world/objects.ts';
import type { ApiResource } from '../world/resources.ts';
import { formatVersion, NEWEST } from '../world/version.ts';
import type { Facts, SelfReview, World } from '../world/world.ts';
import { type Added, addAll } from './added.ts';
import { aggregateChanged } from './aggregated.ts';
import type { Change } from './change.ts';
import { Draft } from './draft.ts';
import { removeAll } from './removed.ts';

/** A world as it would be after a change, and what is worth knowing about how it got there, as sentences. */
export interface Changed {
  world: World;
  notes: string[];
}

/**
 * The world after objects are deleted and others applied, once all controllers have done what they do about that. The
 * world before stays as it is. Pure. Throws Malformed for an object that does not have the API's shape.
 */
export function changed(before: World, { removals, additions }: Change): Changed {
  const draft = new Draft(before);
  const notes = removeAll(removals, draft);
  const added = addAll(additions, draft);
  const touchesRoles = [...removals, ...additions].some(({ kind }) => kind === 'clusterroles');
  const aggregated = touchesRoles ? aggregateChanged(draft) : new Set<string>();
  const world = draft.finish();
  world.facts = factsAfter(before.facts, { removals, additions }, added, aggregated, draft);
  return { world, notes };
}

function factsAfter(
  facts: Facts,
  { removals, additions }: Change,
  added: Added,
  aggregated: ReadonlySet<string>,
  draft: Draft,
): Facts {
  const { self, discovery } = facts;
  const defined = draft
    .list('customresourcedefinitions')
    .filter(({ name }) => additions.some((each) => each.kind === 'customresourcedefinitions' && each.name === name));
  return {
    ...facts,
    self: self && (removals.length > 0 || additions.some(({ kind }) => RBAC.has(kind)) ? withoutRules(self) : self),
    discovery: discovery && [...discovery.filter((each) => !defined.some(isSame(each))), ...defined.map(resourceOf)],
    applied: appliedAfter(facts, added, aggregated),
  };
}

const RBAC: ReadonlySet<string> = new Set(['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings']);

/** What the server said of the caller may be true no more. */
const withoutRules = (self: SelfReview): SelfReview => ({ ...self, rules: [] });

const isSame =
  ({ group, resource }: ApiResource) =>
  (each: CustomResource): boolean =>
    each.group === group && each.plural === resource;

const resourceOf = ({
  group,
  version,
  plural,
  kind,
  singular,
  shortNames,
  namespaced,
  subresources,
}: CustomResource) => ({
  ...{ group, version, resource: plural, kind, shortNames, namespaced },
  singular: singular || kind.toLowerCase(),
  verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
  subresources: Object.fromEntries(subresources.map((name) => [name, ['get', 'patch', 'update']])),
});

function appliedAfter(
  { applied, version }: Facts,
  { made, defaulted, namespaces }: Added,
  filled: ReadonlySet<string>,
): Applied {
  const aggregated = [...filled].map((name) => bootstrapKey({ kind: 'ClusterRole', namespace: null, name }));
  return {
    version: applied?.version ?? { text: formatVersion(version ?? NEWEST), isSaid: true },
    upstream: applied?.upstream ?? new Set(),
    home: applied?.home ?? null,
    isLaidOver: applied?.isLaidOver ?? false,
    open: applied?.open ?? new Set(),
    aggregated: new Set([...(applied?.aggregated ?? []), ...aggregated]),
    namespaces: new Set([...(applied?.namespaces ?? []), ...namespaces]),
    made: new Map([...(applied?.made ?? []), ...made]),
    defaulted: new Set([...(applied?.defaulted ?? []), ...defaulted]),
  };
}
