import { ownValue } from '../../answer/own-value.ts';
import type { Atom } from '../../rbac/atoms.ts';
import { RESOURCE_VERBS } from '../../rbac/request.ts';
import builtIn from '../../world/resources.json' with { type: 'json' };
import type { World } from '../../world/world.ts';
import { isNamespaceObject } from '../who/requests.ts';
import { VIRTUAL_RESOURCES } from '../who/virtual.ts';

/**
 * Why a part of a rule allows nothing where it stands; null where it allows something. `inNamespace`: granted by a
 * RoleBinding; `names`: those that the rule is limited to. What nobody knows may be there, and counts.
 */
export function whyDead(atom: Atom, inNamespace: boolean, names: readonly string[], world: World): string | null {
  const { verb, resource } = atom;
  if (resource.endsWith('/*')) return `${resource} is no wildcard and matches nothing`;
  if (inNamespace && !isNamespaced(atom, world)) return 'a RoleBinding grants nothing that is cluster-scoped';
  const isNamed = names.length > 0 && !names.includes('');
  if (isNamed && verb === 'deletecollection' && isTopLevel(resource))
    return 'deletecollection carries no name, so that resourceNames never match it';
  return hasNoSuchRequest(atom) ? `the API has no ${verb} of ${resource}` : null;
}

export const isTopLevel = (resource: string): boolean => resource !== '*' && !resource.includes('/');

/** Whether a RoleBinding may grant it: by any kind of that name in the group. */
function isNamespaced({ verb, group, resource }: Atom, world: World): boolean {
  const [name = ''] = resource.split('/');
  if (name === '*') return true;
  const isIt = (each: { group: string; resource: string }): boolean =>
    each.resource === name && (group === '*' || each.group === group);
  const virtual = VIRTUAL_RESOURCES.filter((each) => isIt(each) && (verb === '*' || each.verbs.test(verb)));
  const definitions = world.list('customresourcedefinitions').map((each) => ({ ...each, resource: each.plural }));
  const known = [
    ...virtual,
    ...(virtual.length > 0 && verb !== '*'
      ? []
      : [...builtIn, ...(world.facts.discovery ?? []), ...definitions].filter(isIt)),
  ];
  if (known.length === 0 || known.some(({ namespaced }) => namespaced)) return true;
  return known.some((each) => isNamespaceObject(verb, each));
}

/** Whether no request has this verb on this resource. It is known of upstream's own resources alone. */
function hasNoSuchRequest({ verb, group, resource }: Atom): boolean {
  const [name = '', subresource = ''] = resource.split('/');
  const known = RESOURCE_VERBS.has(verb)
    ? builtIn.find((each) => each.group === group && each.resource === name)
    : undefined;
  if (!known) return false;
  if (subresource === '') return !known.verbs.includes(verb);
  // A subresource that nobody lists may be one that a check asks about, as deployments/finalizers is.
  const verbs = ownValue<readonly string[]>(known.subresources, subresource);
  return verbs !== undefined && !verbs.includes(verb);
}
