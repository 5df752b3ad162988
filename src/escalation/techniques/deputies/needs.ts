import type { Kind } from '../../../world/kinds.ts';
import { BUILT_IN, knownResources } from '../../../world/known-resources.ts';
import { get, list, listOf, type Need } from '../../../world/needs.ts';
import type { Rule } from '../../../world/objects.ts';
import { oncePerObject, oncePerState } from '../../../world/once.ts';
import type { World } from '../../../world/world.ts';
import type { Actor } from '../../actor.ts';
import type { Attacker } from '../../attacker.ts';
import { apiOf, writesOf } from './api.ts';
import { type Deputy, nameOf, VERBS } from './deputy.ts';
import { IN_TABLE, servedIn, writableBy } from './served.ts';

/**
 * What has to be read to know which controllers act for those who are held: which custom resources there are and what
 * they describe, as far as somebody may write them; and of each that a row is about what bounds its controller. The
 * controllers themselves are pods. `needsPods`: somebody may write such a resource.
 */
export function deputyNeeds(attacker: Attacker): { needs: Need[]; needsPods: boolean } {
  const { world } = attacker;
  const actors = attacker.actors.filter((actor) => writesCustom(actor, attacker));
  if (actors.length === 0 || attacker.has({ kind: 'cluster' })) return { needs: [], needsPods: false };
  const { deputies, unmodelled } = servedIn(world);
  const all = [...deputies, ...unmodelled];
  const writable = new Set(actors.flatMap((actor) => writableBy(actor, all, world)));
  return {
    needs: [
      ...definitionNeeds(actors, attacker),
      ...[...writable].flatMap((deputy) => needsOf(deputy, actors, attacker)),
    ],
    needsPods: writable.size > 0,
  };
}

/** The same for everybody: who may write something is then looked at role by role. */
export function deputyNeedsOfAll(attacker: Attacker): Need[] {
  const { world, rbac } = attacker;
  const rules = [...world.list('clusterroles'), ...world.list('roles')].map((role) => rbac.rulesOf(role));
  const isChanged = ({ group, resource }: Deputy): boolean =>
    rules.some((each) => {
      const about = each.filter((rule) => mayWrite(rule, group, resource));
      return about.length > 0 && !about.some(({ verbs }) => verbs.includes('create') || verbs.includes('*'));
    });
  return [
    ...definitionNeeds('everybody', attacker),
    ...servedIn(world).deputies.flatMap((deputy) => boundsOf(deputy, isChanged(deputy), world)),
  ];
}

/** The definitions of custom resources: without discovery all of them, which then tell what the server has. */
function definitionNeeds(actors: readonly Actor[] | 'everybody', { world, rbac }: Attacker): Need[] {
  if (world.facts.discovery === null) return [list('customresourcedefinitions')];
  const unknown = unknownIn(world);
  const rules =
    actors === 'everybody'
      ? null
      : new Set(
          actors.flatMap(({ entries }) =>
            entries.flatMap(({ binding }) => {
              const role = rbac.roleOf(binding);
              return typeof role === 'string' ? [] : rbac.rulesOf(role);
            }),
          ),
        );
  const wanted = unknown.filter(
    ({ group, resource }) => rules === null || [...rules].some((rule) => mayWrite(rule, group, resource)),
  );
  if (wanted.length > FEW) return [list('customresourcedefinitions')];
  return wanted.map((each) => get('customresourcedefinitions', null, nameOf(each)));
}

/** With more resources than these one list is read, which is large. */
const FEW = 20;

/** The custom resources of discovery that no row is about. */
const unknownIn = oncePerState((world: World): readonly Pick<Kind, 'group' | 'resource'>[] =>
  knownResources(world).filter((each) => !IS_BUILT_IN.has(nameOf(each)) && !IN_TABLE.has(nameOf(each))),
);

const IS_BUILT_IN: ReadonlySet<string> = new Set(BUILT_IN.map(nameOf));

const mayWrite = ({ verbs, apiGroups, resources }: Rule, group: string, resource: string): boolean =>
  isWriting(verbs) &&
  (apiGroups.includes('*') || apiGroups.includes(group)) &&
  (resources.includes('*') || resources.includes(resource));

const isWriting = (verbs: readonly string[]): boolean =>
  verbs.includes('*') || VERBS.some((verb) => verbs.includes(verb));

/** Whether an identity has a rule by which it writes anything in a group that is not Kubernetes' own. */
const writesCustom = ({ entries }: Actor, { rbac }: Attacker): boolean =>
  entries.some(({ binding }) => {
    const role = rbac.roleOf(binding);
    return typeof role !== 'string' && rbac.rulesOf(role).some(isAboutCustom);
  });

const isAboutCustom = oncePerObject(
  ({ verbs, apiGroups }: Rule): boolean =>
    isWriting(verbs) && apiGroups.some((group) => group === '*' || (group.includes('.') && !OWN.has(group))),
);

/** The groups of Kubernetes itself. */
const OWN: ReadonlySet<string> = new Set(BUILT_IN.map(({ group }) => group));

/** The objects that bound a controller, and those that somebody may change who may not create one. */
function needsOf(deputy: Deputy, actors: readonly Actor[], attacker: Attacker): Need[] {
  const { create, change } = writesOf(deputy);
  const isChanged =
    change !== null &&
    actors.some(
      (actor) =>
        attacker.rights(actor, change).length > 0 &&
        (create === null || attacker.rights(actor, create, true).length === 0),
    );
  return boundsOf(deputy, isChanged, attacker.world);
}

function boundsOf(deputy: Deputy, isChanged: boolean, world: World): Need[] {
  const limits = deputy.limits && apiOf(deputy.limits, world);
  const api = apiOf(deputy, world);
  return [...(limits ? [listOf(limits)] : []), ...(api && isChanged ? [listOf(api)] : [])];
}
