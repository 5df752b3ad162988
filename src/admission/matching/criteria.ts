import type { LabelSelector } from '../../world/objects.ts';
import { child, children, type Raw, text, texts } from '../../world/raw.ts';
import { labelSelector } from '../../world/reduce/metadata.ts';
import { formatSelector } from '../../world/selectors.ts';

/** The criteria by which a policy, a binding or a webhook selects requests. */
export interface Criteria {
  /** Null where there are no rules, so that everything matches. */
  rules: readonly ResourceRule[] | null;
  excluded: readonly ResourceRule[];
  namespaces: LabelSelector;
  objects: LabelSelector;
  /** Whether a rule for another version of the resource also matches. */
  equivalent: boolean;
}

export interface ResourceRule {
  operations: readonly string[];
  groups: readonly string[];
  versions: readonly string[];
  resources: readonly string[];
  scope: string;
  names: readonly string[];
}

/** The MatchResources of a policy or binding, with the API's defaults. Throws Malformed. */
export function matchResources(raw: Raw): Criteria {
  const rules = children(raw, 'resourceRules').map(resourceRule);
  return {
    ...selectors(raw),
    rules: rules.length > 0 ? rules : null,
    excluded: children(raw, 'excludeResourceRules').map(resourceRule),
  };
}

/** The criteria of one webhook of a configuration. A webhook without rules is never called. Throws Malformed. */
export function webhookCriteria(raw: Raw): Criteria {
  return { ...selectors(raw), rules: children(raw, 'rules').map(resourceRule), excluded: [] };
}

function selectors(raw: Raw): Pick<Criteria, 'namespaces' | 'objects' | 'equivalent'> {
  return {
    namespaces: labelSelector(child(raw, 'namespaceSelector')),
    objects: labelSelector(child(raw, 'objectSelector')),
    equivalent: text(raw, 'matchPolicy') !== 'Exact',
  };
}

function resourceRule(raw: Raw): ResourceRule {
  return {
    operations: texts(raw, 'operations'),
    groups: texts(raw, 'apiGroups'),
    versions: texts(raw, 'apiVersions'),
    resources: texts(raw, 'resources'),
    scope: text(raw, 'scope') ?? '*',
    names: texts(raw, 'resourceNames'),
  };
}

/** The selectors in words: `objects with labels app=web`, `namespaces with labels env in (prod)`. */
export function selectorsOf({ namespaces, objects }: Criteria): string[] {
  return [
    ...(isEmpty(namespaces) ? [] : [`namespaces with labels ${formatSelector(namespaces)}`]),
    ...(isEmpty(objects) ? [] : [`objects with labels ${formatSelector(objects)}`]),
  ];
}

export const isEmpty = ({ matchLabels, matchExpressions }: LabelSelector): boolean =>
  Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
