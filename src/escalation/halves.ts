import type { Rule } from '../world/objects.ts';
import { oncePerObject } from '../world/once.ts';

/** What it is worth to create under a given name; leases and the like lead nowhere. */
const CREATED: ReadonlySet<string> = new Set([
  ...['*', 'pods', 'deployments', 'replicasets', 'statefulsets', 'daemonsets', 'jobs', 'cronjobs'],
  ...['replicationcontrollers', 'secrets', 'serviceaccounts', 'namespaces', 'persistentvolumes'],
  ...['persistentvolumeclaims', 'roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'],
  ...['certificatesigningrequests', 'mutatingwebhookconfigurations', 'mutatingadmissionpolicies'],
]);

/**
 * Whether a rule holds something that is good for nothing unless the same identity holds another right too, in a
 * namespace or in the whole cluster: then it may be worth handing rights from one identity that is held to another. bind
 * and escalate need a right to write bindings or roles; users and groups are impersonated together; the approval of a
 * certificate needs its signer; what is created under given names only also needs `patch` or `update`. Whoever may do
 * everything lacks no half.
 */
export const isHalf = (rule: Rule, where: 'namespace' | 'cluster'): boolean => halves(rule)[where];

const halves = oncePerObject(({ verbs, apiGroups, resources, resourceNames }: Rule) => {
  const isAll = verbs.includes('*') && apiGroups.includes('*') && resources.includes('*') && resourceNames.length === 0;
  if (isAll) return { namespace: false, cluster: false };
  const has = (verb: string): boolean => verbs.includes('*') || verbs.includes(verb);
  const names = (resource: string): boolean => resources.includes('*') || resources.includes(resource);
  const isOf = (group: string): boolean => apiGroups.includes('*') || apiGroups.includes(group);
  const isRbac = isOf('rbac.authorization.k8s.io');
  const named = verbs.includes('create') && resourceNames.length > 0 && resources.some((each) => CREATED.has(each));
  const binds = isRbac && has('bind') && (names('roles') || names('clusterroles'));
  return {
    namespace: binds || (isRbac && has('escalate') && names('roles')) || named,
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
