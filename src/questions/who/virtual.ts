/**
 * What RBAC decides on though discovery does not list it: resources that exist only to be authorized, and subresources
 * that a kubelet or a controller asks about. Sources: kubernetes apiserver endpoints/filters/impersonation,
 * pkg/apis/certificates, pkg/kubelet/server/auth.go, component-helpers' resourceclaim authorization.
 */
export interface VirtualResource {
  group: string;
  resource: string;
  kind: string;
  namespaced: boolean;
  /**
   * Verbs that mean this resource, whatever discovery lists under the same name; the rest finds it where discovery has
   * none.
   */
  verbs: RegExp;
  /** Any subresource is as good as another: `userextras/KEY`. */
  freeSubresource?: true;
}

const AUTHENTICATION = 'authentication.k8s.io';
const LEGACY = /^impersonate$/;
const CONSTRAINED = /^impersonate:/;
const ANY_FORM = /^impersonate(:|$)/;

export const VIRTUAL_RESOURCES: readonly VirtualResource[] = [
  { group: '', resource: 'users', kind: 'User', namespaced: false, verbs: LEGACY },
  { group: '', resource: 'groups', kind: 'Group', namespaced: false, verbs: LEGACY },
  { group: AUTHENTICATION, resource: 'users', kind: 'User', namespaced: false, verbs: CONSTRAINED },
  { group: AUTHENTICATION, resource: 'groups', kind: 'Group', namespaced: false, verbs: CONSTRAINED },
  { group: AUTHENTICATION, resource: 'uids', kind: 'UID', namespaced: false, verbs: ANY_FORM },
  {
    group: AUTHENTICATION,
    resource: 'userextras',
    kind: 'UserExtra',
    namespaced: false,
    verbs: ANY_FORM,
    freeSubresource: true,
  },
  { group: AUTHENTICATION, resource: 'nodes', kind: 'Node', namespaced: false, verbs: CONSTRAINED },
  { group: AUTHENTICATION, resource: 'serviceaccounts', kind: 'ServiceAccount', namespaced: true, verbs: CONSTRAINED },
  {
    group: 'certificates.k8s.io',
    resource: 'signers',
    kind: 'Signer',
    namespaced: false,
    verbs: /^(approve|sign|attest)$/,
  },
  // The namespace of a bind is that of the binding: a RoleBinding may grant it for RoleBindings there.
  {
    group: 'rbac.authorization.k8s.io',
    resource: 'clusterroles',
    kind: 'ClusterRole',
    namespaced: true,
    verbs: /^bind$/,
  },
  {
    group: 'security.openshift.io',
    resource: 'securitycontextconstraints',
    kind: 'SecurityContextConstraints',
    namespaced: true,
    verbs: /^use$/,
  },
  { group: 'policy', resource: 'podsecuritypolicies', kind: 'PodSecurityPolicy', namespaced: true, verbs: /^use$/ },
];

export const VIRTUAL_SUBRESOURCES: Readonly<Record<string, readonly string[]>> = {
  nodes: ['metrics', 'stats', 'log', 'spec', 'pods', 'healthz', 'configz', 'checkpoint', 'statusz'],
  'certificatesigningrequests.certificates.k8s.io': ['nodeclient', 'selfnodeclient'],
  'resourceclaims.resource.k8s.io': ['driver', 'binding'],
};
