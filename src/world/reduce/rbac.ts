import type { Binding, Role, Rule, Subject } from '../objects.ts';
import { child, children, type Raw, requiredText, text, texts } from '../raw.ts';
import { labelSelector, labelsOf, named, provenance } from './metadata.ts';

/** Reduces a Role or ClusterRole. */
export function reduceRole(raw: Raw, kind: 'Role' | 'ClusterRole'): Role {
  const aggregation = child(raw, 'aggregationRule');
  const { namespace, name } = named(raw);
  const { created, changed, manager } = provenance(raw);
  return {
    kind,
    namespace,
    name,
    created,
    changed,
    manager,
    labels: labelsOf(raw),
    rules: children(raw, 'rules').map(reduceRule),
    selectors:
      'clusterRoleSelectors' in aggregation ? children(aggregation, 'clusterRoleSelectors').map(labelSelector) : null,
  };
}

/** Reduces a RoleBinding or ClusterRoleBinding. */
export function reduceBinding(raw: Raw, kind: 'RoleBinding' | 'ClusterRoleBinding'): Binding {
  const roleRef = child(raw, 'roleRef');
  const { namespace, name } = named(raw);
  const { created, changed, manager } = provenance(raw);
  return {
    kind,
    namespace,
    name,
    created,
    changed,
    manager,
    roleRef: { kind: requiredText(roleRef, 'kind'), name: requiredText(roleRef, 'name') },
    subjects: children(raw, 'subjects').map(reduceSubject),
  };
}

export const reduceRule = (raw: Raw): Rule => ({
  verbs: texts(raw, 'verbs'),
  apiGroups: texts(raw, 'apiGroups'),
  resources: texts(raw, 'resources'),
  resourceNames: texts(raw, 'resourceNames'),
  nonResourceURLs: texts(raw, 'nonResourceURLs'),
});

const reduceSubject = (raw: Raw): Subject => ({
  kind: requiredText(raw, 'kind'),
  namespace: text(raw, 'namespace') || null,
  name: requiredText(raw, 'name'),
});
