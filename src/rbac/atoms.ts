import type { Rule } from '../world/objects.ts';

/** The smallest part of a rule: one verb on one resource of one group. `*` is not expanded. */
export interface Atom {
  verb: string;
  group: string;
  /** The resource with its subresource: `pods/exec`. */
  resource: string;
}

export const atomKey = ({ verb, group, resource }: Atom): string => JSON.stringify([verb, group, resource]);

/** All parts of a rule that are about resources, each once. */
export const atomsOf = ({ verbs, apiGroups, resources }: Rule): Atom[] => {
  const all = verbs.flatMap((verb) =>
    apiGroups.flatMap((group) => resources.map((resource) => ({ verb, group, resource }))),
  );
  return [...new Map(all.map((atom) => [atomKey(atom), atom])).values()];
};

/**
 * Rules with exactly these parts. Resources with the same verbs in the same groups share a rule, so that there are few
 * rules, though not always the fewest. The resourceNames are those of `rule`.
 */
export function rulesOfAtoms(atoms: readonly Atom[], { resourceNames }: Rule): Rule[] {
  const verbs = grouped(
    atoms,
    ({ group, resource }) => JSON.stringify([group, resource]),
    ({ verb }) => verb,
  );
  const places = [...verbs].map(([key, its]) => ({ place: JSON.parse(key) as [string, string], verbs: its }));
  const groups = grouped(
    places,
    ({ place: [, resource], verbs: its }) => JSON.stringify([resource, its]),
    ({ place: [group] }) => group,
  );
  const resources = grouped(
    [...groups].map(([key, its]) => ({ pair: JSON.parse(key) as [string, string[]], groups: its })),
    ({ pair: [, its], groups: apiGroups }) => JSON.stringify([its, apiGroups]),
    ({ pair: [resource] }) => resource,
  );
  return [...resources].map(([key, its]) => {
    const [ofThese, apiGroups] = JSON.parse(key) as [string[], string[]];
    return { verbs: ofThese, apiGroups, resources: its, resourceNames, nonResourceURLs: [] };
  });
}

function grouped<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  valueIn: (item: T) => string,
): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), valueIn(item)]);
  return groups;
}
