import type { Rule } from '../../world/objects.ts';
import builtIn from '../../world/resources.json' with { type: 'json' };

/** What of a rule a RoleBinding can grant: cluster-scoped kinds and URLs fall away. Null where nothing is left. */
export function namespacedPart(rule: Rule): Rule | null {
  const resources = rule.resources.filter(
    (resource) => !rule.apiGroups.every((group) => CLUSTER_SCOPED.has(`${group}/${resource.split('/')[0]}`)),
  );
  return rule.nonResourceURLs.length > 0 || resources.length === 0 ? null : { ...rule, resources };
}

/** But for namespaces: a RoleBinding may grant rights over its own Namespace object. */
const CLUSTER_SCOPED: ReadonlySet<string> = new Set(
  builtIn
    .filter(({ namespaced, resource }) => !namespaced && resource !== 'namespaces')
    .map(({ group, resource }) => `${group}/${resource}`),
);
