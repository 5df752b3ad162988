import type { Rule } from '../world/objects.ts';
import { oncePerObject } from '../world/once.ts';
import { EVERY, type Place } from './handed.ts';
import { isEverything } from './superusers.ts';

/** What it is worth to create under a given name; leases and the like lead nowhere. */
const CREATED: ReadonlySet<string> = new Set([
  ...['*', 'pods', 'deployments', 'replicasets', 'statefulsets', 'daemonsets', 'jobs', 'cronjobs'],
  ...['replicationcontrollers', 'secrets', 'serviceaccounts', 'namespaces', 'persistentvolumes'],
  ...['persistentvolumeclaims', 'roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
  ...['certificatesigningrequests', 'mutatingwebhookconfigurations', 'mutatingadmissionpolicies'],
]);

/**
 * Where rules that count in a place hold something that is good for nothing unless the same identity holds another right
 * too: there it may be worth handing rights from one identity that is held to another. bind and escalate need a right to
 * write bindings or roles; groups are impersonated beside a user, or an account of any namespace; the approval of a certificate needs its signer;
 * what is created under given names only also needs `patch` or `update`. Whoever may do everything lacks nothing.
 */
export function incompletePlaces(rules: readonly Rule[], place: Place): Place[] {
  const isNamespaced = rules.some((rule) => isIncomplete(rule).namespace);
  if (place !== null) return isNamespaced ? [place] : [];
  const isAnywhere = isNamespaced || rules.some((rule) => isIncomplete(rule).anywhere);
  return [...(isAnywhere ? [EVERY] : []), ...(rules.some((rule) => isIncomplete(rule).cluster) ? [null] : [])];
}

const isIncomplete = oncePerObject((rule: Rule) => {
  const { verbs, apiGroups, resources, resourceNames } = rule;
  if (isEverything(rule)) return { namespace: false, anywhere: false, cluster: false };
  const has = (verb: string): boolean => verbs.includes('*') || verbs.includes(verb);
  const names = (resource: string): boolean => resources.includes('*') || resources.includes(resource);
  const isOf = (group: string): boolean => apiGroups.includes('*') || apiGroups.includes(group);
  const isRbac = isOf('rbac.authorization.k8s.io');
  const named = verbs.includes('create') && resourceNames.length > 0 && resources.some((each) => CREATED.has(each));
  const binds = isRbac && has('bind') && (names('roles') || names('clusterroles'));
  return {
    namespace: binds || (isRbac && has('escalate') && names('roles')) || named,
    // In the whole cluster, where an account of any namespace may stand beside the group.
    anywhere: isOf('') && has('impersonate') && names('groups'),
    cluster:
      binds ||
      (isRbac && has('escalate') && names('clusterroles')) ||
      (isOf('') && has('impersonate') && (names('users') || names('groups'))) ||
      (isOf('certificates.k8s.io') &&
        ((has('approve') && names('signers')) ||
          ((has('update') || has('patch')) && names('certificatesigningrequests/approval')))) ||
      named,
  };
});
