import type { Wanted } from '../spawn/rights/holder.ts';

/** A right that is looked for, as RBAC spells the resource: `pods/exec`. */
export function right(verbs: string | readonly string[], resource: string, group = '', clusterScoped = false): Wanted {
  const [name = '', subresource = ''] = resource.split('/');
  return {
    verbs: typeof verbs === 'string' ? [verbs] : verbs,
    ...{ group, resource: name, subresource },
    ...(clusterScoped ? { clusterScoped: true } : {}),
  };
}

export const RBAC_GROUP = 'rbac.authorization.k8s.io';
