import type { Rule } from '../../world/objects.ts';
import builtIn from '../../world/resources.json' with { type: 'json' };
import { isNamespaceObject } from '../who/requests.ts';
import { VIRTUAL_RESOURCES } from '../who/virtual.ts';

/** What of a rule a RoleBinding can grant: cluster-scoped kinds and URLs fall away. Null where nothing is left. */
export function namespacedPart(rule: Rule): Rule | null {
  const resources = rule.resources.filter((resource) => !rule.apiGroups.every((group) => isDead(group, resource, rule.verbs)));
  return rule.nonResourceURLs.length > 0 || resources.length === 0 ? null : { ...rule, resources };
}

/** But for namespaces: a RoleBinding may grant rights over its own Namespace object. */
function isDead(group: string, words: string, verbs: readonly string[]): boolean {
  const [resource = ''] = words.split('/');
  return CLUSTER_SCOPED.has(`${group}/${resource}`) && !verbs.some((verb) => isNamespaceObject(verb, { group, resource }));
}

const CLUSTER_SCOPED: ReadonlySet<string> = new Set(
  [...builtIn, ...VIRTUAL_RESOURCES].filter(({ namespaced }) => !namespaced).map(({ group, resource }) => `${group}/${resource}`),
);
