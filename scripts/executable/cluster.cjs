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

const ITEMS = {
  namespaces: [named('default')],
  clusterroles: [
    { ...named('admin'), rules: RULES },
    { ...named('cluster-admin'), rules: EVERYTHING },
    { ...named('system:node'), rules: NEAR },
  ],
  clusterrolebindings: [
    { ...named('admin'), ...bindingTo('ClusterRole', 'admin', SUBJECTS) },
    { ...named('cluster-admin'), ...bindingTo('ClusterRole', 'cluster-admin', MASTERS) },
  ],
  roles: [{ ...named('near', 'default'), rules: NEAR }],
  rolebindings: [
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

/** The body of what the API server would answer. */
exports.answerTo = ({ method, url }) => {
  if (method === 'POST')
    return {
      status: {
        userInfo: { username: 'jane', groups: [] },
        resourceRules: [],
        nonResourceRules: [],
        incomplete: false,
      },
    };
  if (url === '/version') return { major: '1', minor: '37', gitVersion: 'v1.37.2' };
  const kind = url.split('?')[0].split('/').pop();
  if (kind === 'web')
    return { apiVersion: 'v1', kind: 'Pod', ...named('web', 'default'), spec: POD, status: { phase: 'Running' } };
  return { metadata: {}, items: ITEMS[kind] ?? [] };
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
