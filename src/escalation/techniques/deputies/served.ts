import { matchRule } from '../../../rbac/match.ts';
import { rbacOf } from '../../../rbac/rbac-of.ts';
import { POD_MAKERS } from '../../../spawn/writes/makers.ts';
import { knownResources } from '../../../world/known-resources.ts';
import type { CustomResource, Role, Rule } from '../../../world/objects.ts';
import { oncePerState } from '../../../world/once.ts';
import type { World } from '../../../world/world.ts';
import type { Actor } from '../../actor.ts';
import { type Deputy, nameOf, VERBS } from './deputy.ts';
import { DEPUTIES } from './table.ts';

/** A resource of a CustomResourceDefinition that embeds a PodSpec and that no row of the table is about. */
export interface Unmodelled extends Deputy {
  /** Where the schema embeds it. */
  podSpec: string;
}

export const isUnmodelled = (deputy: Deputy): deputy is Unmodelled => 'podSpec' in deputy;

/** The rows whose resource the server has, and the resources of no row that embed a PodSpec. */
export interface Served {
  deputies: readonly Deputy[];
  unmodelled: readonly Unmodelled[];
}

export const servedIn = oncePerState((world: World): Served => {
  const known = new Set(knownResources(world).map(nameOf));
  const definitions = world.list('customresourcedefinitions');
  for (const { group, plural } of definitions) known.add(nameOf({ group, resource: plural }));
  return {
    deputies: DEPUTIES.filter((each) => known.has(nameOf(each)) && each.effect.kind !== 'nothing'),
    unmodelled: definitions.flatMap((definition) => asUnmodelled(definition) ?? []),
  };
});

function asUnmodelled({ group, plural, kind, namespaced, podSpec }: CustomResource): Unmodelled | null {
  if (podSpec === undefined || IN_TABLE.has(nameOf({ group, resource: plural }))) return null;
  return {
    ...{ group, resource: plural, product: `whatever controls ${kind}`, podSpec },
    ...(namespaced ? {} : { clusterScoped: true }),
    controller: { images: [], names: [] },
    effect: { kind: 'pods', makes: POD_MAKERS.map(({ resource }) => resource), isWhole: true },
    references: [],
  };
}

/** The names of all resources that the table has a row about. */
export const IN_TABLE: ReadonlySet<string> = new Set(DEPUTIES.map(nameOf));

/** Of these rows those whose resource somebody may write by its own roles: most may write none, which is found at once. */
export function writableBy<D extends Deputy>({ entries }: Actor, deputies: readonly D[], world: World): readonly D[] {
  if (deputies.length === 0) return deputies;
  const rbac = rbacOf(world);
  const known = writableIn(world);
  const found = new Set<Deputy>();
  for (const { binding } of entries) {
    const role = rbac.roleOf(binding);
    if (typeof role === 'string') continue;
    const there = known.get(role) ?? writableByRules(rbac.rulesOf(role), world);
    known.set(role, there);
    for (const each of there) found.add(each);
  }
  return found.size === 0 ? [] : deputies.filter((each) => found.has(each));
}

const writableIn = oncePerState((_world: World) => new Map<Role, readonly Deputy[]>());

function writableByRules(rules: readonly Rule[], world: World): readonly Deputy[] {
  const { deputies, unmodelled } = servedIn(world);
  return [...deputies, ...unmodelled].filter(({ group, resource, verbs = VERBS }) =>
    rules.some((rule) =>
      verbs.some((verb) =>
        matchRule(rule, { verb, group, resource, subresource: '', namespace: '', name: '' }, () => true),
      ),
    ),
  );
}
