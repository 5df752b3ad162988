import type { Rule } from '../../world/objects.ts';

const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'];
const READ = ['get', 'list', 'watch'];

const rule = (apiGroup: string, resources: readonly string[], verbs: readonly string[]): Rule => ({
  ...{ verbs, apiGroups: [apiGroup], resources, resourceNames: [], nonResourceURLs: [] },
});

/**
 * The part of upstream's ClusterRole admin that has been in it in all versions, and by which it controls a namespace:
 * pods, workloads, Secrets, accounts, and who else may do so. Source: kubernetes
 * plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go.
 */
export const ADMIN: readonly Rule[] = [
  rule('', ['pods', 'pods/exec', 'pods/attach', 'pods/portforward', 'pods/proxy'], [...WRITE, ...READ]),
  rule('', ['secrets', 'configmaps', 'services', 'persistentvolumeclaims', 'serviceaccounts'], [...WRITE, ...READ]),
  rule('', ['serviceaccounts/token'], ['create']),
  rule('', ['serviceaccounts'], ['impersonate']),
  rule('apps', ['deployments', 'daemonsets', 'statefulsets', 'replicasets'], [...WRITE, ...READ]),
  rule('batch', ['jobs', 'cronjobs'], [...WRITE, ...READ]),
  rule('rbac.authorization.k8s.io', ['roles', 'rolebindings'], [...WRITE, ...READ]),
];
