import { child, children, Malformed, type Raw, requiredText, text, texts } from '../../../world/raw.ts';
import { hasNoRequests } from './usage.ts';

/**
 * The fields of the object that decide whether it is in the scopes of a quota; null where the quota does not apply to
 * it. Objects other than pods are in no scope. The default priority class is not looked up for a pod without a class.
 * Mirrors kubernetes pkg/quota/v1/evaluator/core/pods.go podMatchesScopeFunc.
 */
export function matchedScopes(spec: Raw, pod: Raw | null): readonly string[] | null {
  const named = texts(spec, 'scopes').map((scope) => ({ scope, operator: 'Exists', values: [] as readonly string[] }));
  const selected = children(child(spec, 'scopeSelector'), 'matchExpressions').map((each) => ({
    scope: requiredText(each, 'scopeName'),
    operator: requiredText(each, 'operator'),
    values: texts(each, 'values'),
  }));
  const all = [...named, ...selected];
  if (all.length === 0) return [];
  if (pod === null) return null;
  const matches = all.map(({ scope, operator, values }) => {
    const known = Object.hasOwn(SCOPES, scope) ? SCOPES[scope] : undefined;
    if (!known) throw new Malformed(`scope ${scope} is not known`);
    return known.matches(pod, operator, values) ? known.rests : null;
  });
  return matches.every((each) => each !== null) ? matches : null;
}

interface Scope {
  matches: (pod: Raw, operator: string, values: readonly string[]) => boolean;
  rests: string;
}

const hasDeadline = (pod: Raw): boolean => typeof child(pod, 'spec').activeDeadlineSeconds === 'number';
const DEADLINE = 'spec.activeDeadlineSeconds';
const RESOURCES = 'spec.containers[*].resources';

const SCOPES: Readonly<Record<string, Scope>> = {
  Terminating: { matches: hasDeadline, rests: DEADLINE },
  NotTerminating: { matches: (pod) => !hasDeadline(pod), rests: DEADLINE },
  BestEffort: { matches: hasNoRequests, rests: RESOURCES },
  NotBestEffort: { matches: (pod) => !hasNoRequests(pod), rests: RESOURCES },
  PriorityClass: {
    matches: (pod, operator, values) =>
      matchesClass(text(child(pod, 'spec'), 'priorityClassName') ?? '', operator, values),
    rests: 'spec.priorityClassName',
  },
  CrossNamespacePodAffinity: { matches: hasCrossNamespaceAffinity, rests: 'spec.affinity' },
  VolumeAttributesClass: { matches: () => false, rests: '' },
};

function matchesClass(name: string, operator: string, values: readonly string[]): boolean {
  switch (operator) {
    case 'In':
      return values.includes(name);
    case 'NotIn':
      return !values.includes(name);
    case 'Exists':
      return name !== '';
    case 'DoesNotExist':
      return name === '';
    default:
      throw new Malformed(`operator ${operator} is not known`);
  }
}

function hasCrossNamespaceAffinity(pod: Raw): boolean {
  const affinity = child(child(pod, 'spec'), 'affinity');
  return ['podAffinity', 'podAntiAffinity'].some((kind) => {
    const terms = child(affinity, kind);
    const required = children(terms, 'requiredDuringSchedulingIgnoredDuringExecution');
    const preferred = children(terms, 'preferredDuringSchedulingIgnoredDuringExecution').map((each) =>
      child(each, 'podAffinityTerm'),
    );
    return [...required, ...preferred].some(
      (term) => texts(term, 'namespaces').length > 0 || child(term, 'namespaceSelector') === term.namespaceSelector,
    );
  });
}
