// A cluster with a little of everything that is looked at whenever somebody asks who can.
const RBAC = 'rbac.authorization.k8s.io';
const POD = { nodeName: 'node', containers: [{ name: 'web' }] };
const RULES = [
  { apiGroups: [''], resources: ['pods', 'pods/portforward'], verbs: ['get', 'list', 'create'] },
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
];
const EVERYTHING = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
];
const MASTERS = [{ kind: 'Group', apiGroup: RBAC, name: 'system:masters' }];
const SUBJECTS = [
  { kind: 'User', apiGroup: RBAC, name: 'jane' },
  { kind: 'Group', apiGroup: RBAC, name: 'team' },
  { kind: 'ServiceAccount', name: 'web', namespace: 'default' },
];
const NEAR = [{ apiGroups: [''], resources: ['pods/portforward'], verbs: ['get'] }];
const LENA = [{ ...SUBJECTS[0], name: 'lena' }];
/** What most guards look at, which is no CONNECT. */
const PODS = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] }];
const SOME = {
  matchLabels: { team: 'web' },
  matchExpressions: [{ key: 'stage', operator: 'NotIn', values: ['test'] }],
};
const GUARD = {
  matchConstraints: { resourceRules: PODS, namespaceSelector: SOME },
  matchConditions: [{ name: 'people', expression: "!request.userInfo.username.startsWith('system:')" }],
  validations: [{ expression: '!object.spec.hostNetwork', message: 'not here' }],
};
const WEBHOOK = {
  name: 'guard.example.com',
  clientConfig: { url: 'https://guard.example.com' },
  rules: PODS,
  namespaceSelector: SOME,
};

/** Of an account that is no administrator. */
const BUILDING = [
  { apiGroups: [''], resources: ['pods', 'secrets', 'serviceaccounts/token', 'configmaps'], verbs: ['get', 'create'] },
  { apiGroups: ['apps', 'batch'], resources: ['deployments', 'jobs'], verbs: ['create', 'update', 'patch'] },
  { apiGroups: [RBAC], resources: ['rolebindings'], verbs: ['create'] },
];
const BUILDER = [{ kind: 'ServiceAccount', name: 'builder', namespace: 'default' }];
const DEPLOYMENT = {
  selector: { matchLabels: { app: 'web' } },
  template: { metadata: { labels: { app: 'web' } }, spec: { serviceAccountName: 'web', containers: POD.containers } },
};
const NODE = {
  nodeInfo: { containerRuntimeVersion: 'containerd://2.1.4', operatingSystem: 'linux', kubeletVersion: 'v1.37.2' },
};
const ENFORCED = { labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } };

const ITEMS = {
  namespaces: [named('default'), { metadata: { ...named('web').metadata, ...ENFORCED } }, named('kube-system')],
  serviceaccounts: [named('web', 'default'), named('builder', 'default'), named('default', 'web')],
  pods: [
    { ...named('web', 'default'), spec: { ...POD, serviceAccountName: 'web' }, status: { phase: 'Running' } },
    { ...named('builder', 'default'), spec: { ...POD, serviceAccountName: 'builder' }, status: { phase: 'Running' } },
  ],
  nodes: [{ ...named('node'), status: NODE }],
  deployments: [{ ...named('web', 'default'), spec: DEPLOYMENT }],
  clusterroles: [
    { ...named('admin'), rules: RULES },
    { ...named('cluster-admin'), rules: EVERYTHING },
    { ...named('system:node'), rules: NEAR },
  ],
  clusterrolebindings: [
    { ...named('admin'), ...bindingTo('ClusterRole', 'admin', SUBJECTS) },
    { ...named('cluster-admin'), ...bindingTo('ClusterRole', 'cluster-admin', MASTERS) },
  ],
  roles: [
    { ...named('near', 'default'), rules: NEAR },
    { ...named('builder', 'default'), rules: BUILDING },
  ],
  rolebindings: [
    { ...named('builder', 'default'), ...bindingTo('Role', 'builder', BUILDER) },
    { ...named('near', 'default'), ...bindingTo('Role', 'near', LENA) },
    { ...named('gone', 'default'), ...bindingTo('Role', 'gone', LENA) },
  ],
  validatingadmissionpolicies: [{ ...named('guard'), spec: GUARD }],
  validatingadmissionpolicybindings: [
    {
      ...named('guard'),
      spec: { policyName: 'guard', validationActions: ['Deny'], matchResources: { namespaceSelector: SOME } },
    },
  ],
  validatingwebhookconfigurations: [{ ...named('guard'), webhooks: [WEBHOOK] }],
  mutatingwebhookconfigurations: [{ ...named('guard'), webhooks: [WEBHOOK] }],
};

/** The status and the body of what the API server would answer. */
exports.answerTo = ({ method, url }) => {
  if (url === '/version') return found({ major: '1', minor: '37', gitVersion: 'v1.37.2' });
  const [, root, ...parts] = url.split('?')[0].split('/');
  const apiVersion = parts.splice(0, root === 'api' ? 1 : 2).join('/');
  const namespace = parts[0] === 'namespaces' && parts.length > 2 ? parts.splice(0, 2)[1] : null;
  const [resource, name] = parts;
  const kind = KINDS[resource];
  if (!kind) return { status: 404, body: NOT_FOUND };
  if (method === 'POST') return found({ apiVersion, kind, status: REVIEWED });
  const items = (ITEMS[resource] ?? []).filter(
    ({ metadata }) =>
      (namespace === null || metadata.namespace === namespace) && (name === undefined || metadata.name === name),
  );
  if (name === undefined) return found({ apiVersion, kind: `${kind}List`, metadata: {}, items });
  return items[0] ? found({ apiVersion, kind, ...items[0] }) : { status: 404, body: NOT_FOUND };
};

const found = (body) => ({ status: 200, body });
const NOT_FOUND = { apiVersion: 'v1', kind: 'Status', status: 'Failure', reason: 'NotFound', code: 404, message: 'no' };

/** What a resource is called in bodies. */
const KINDS = {
  namespaces: 'Namespace',
  clusterroles: 'ClusterRole',
  clusterrolebindings: 'ClusterRoleBinding',
  roles: 'Role',
  rolebindings: 'RoleBinding',
  validatingadmissionpolicies: 'ValidatingAdmissionPolicy',
  validatingadmissionpolicybindings: 'ValidatingAdmissionPolicyBinding',
  validatingwebhookconfigurations: 'ValidatingWebhookConfiguration',
  mutatingadmissionpolicies: 'MutatingAdmissionPolicy',
  mutatingadmissionpolicybindings: 'MutatingAdmissionPolicyBinding',
  mutatingwebhookconfigurations: 'MutatingWebhookConfiguration',
  pods: 'Pod',
  serviceaccounts: 'ServiceAccount',
  nodes: 'Node',
  customresourcedefinitions: 'CustomResourceDefinition',
  replicasets: 'ReplicaSet',
  statefulsets: 'StatefulSet',
  daemonsets: 'DaemonSet',
  cronjobs: 'CronJob',
  deployments: 'Deployment',
  replicationcontrollers: 'ReplicationController',
  resourcequotas: 'ResourceQuota',
  secrets: 'Secret',
  services: 'Service',
  selfsubjectreviews: 'SelfSubjectReview',
  selfsubjectrulesreviews: 'SelfSubjectRulesReview',
  selfsubjectaccessreviews: 'SelfSubjectAccessReview',
};

/** What is said of whoever asks. */
const REVIEWED = {
  userInfo: { username: 'jane', groups: [] },
  resourceRules: [],
  nonResourceRules: [],
  incomplete: false,
  allowed: true,
};

function bindingTo(kind, name, subjects) {
  return { roleRef: { apiGroup: RBAC, kind, name }, subjects };
}

function named(name, namespace) {
  const creationTimestamp = '2026-01-01T00:00:00Z';
  const managedFields = [{ manager: 'kubectl', operation: 'Update', apiVersion: 'v1', time: creationTimestamp }];
  return {
    metadata: {
      name,
      namespace,
      uid: name,
      resourceVersion: '1',
      creationTimestamp,
      labels: { app: name },
      managedFields,
    },
  };
}
