// node cache.cjs BUNDLE CACHE: asks a small server what is asked most, and writes the code of all functions that ran.
const { readFileSync, writeFileSync } = require('node:fs');
const { createServer } = require('node:http');
const { Script } = require('node:vm');

const [, , bundle, cache] = process.argv;
const script = new Script(readFileSync(bundle, 'utf8'), { filename: 'cli.cjs' });
// Nobody's cluster is asked.
process.env.KUBECONFIG = '/dev/null';

const server = createServer((request, response) => {
  request.resume();
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(answerTo(request)));
}).unref();
server.listen(0, '127.0.0.1', () => {
  const url = `--server=http://127.0.0.1:${server.address().port}`;
  // All code that is kept is read at each start: what judges pods costs less to compile when it is asked for.
  const runs = [
    ['who', 'create', 'pods/portforward', '-A', url],
    ['port-forward', 'web', '--direct', url],
  ];
  // Each run begins when the one before has nothing more to do. Code is shared by all of them.
  const next = () => {
    const args = runs.shift();
    if (!args) return process.off('beforeExit', next);
    process.argv = [process.execPath, 'kubectl-whocan_escalate', ...args];
    script.runInThisContext()(exports, require, module, __filename, __dirname);
  };
  process.on('beforeExit', next);
  next();
});
const POD = { nodeName: 'node', containers: [{ name: 'web' }] };
const RULES = [
  { apiGroups: [''], resources: ['pods', 'pods/portforward'], verbs: ['get', 'list', 'create'] },
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
];
const SUBJECTS = [
  { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'jane' },
  { kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'team' },
  { kind: 'ServiceAccount', name: 'web', namespace: 'default' },
];
const NEAR = [{ apiGroups: [''], resources: ['pods/portforward'], verbs: ['get'] }];
const LENA = [{ ...SUBJECTS[0], name: 'lena' }];
const bindingTo = (kind, name, subjects) => ({ roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name }, subjects });
const ITEMS = {
  namespaces: [{ metadata: metadataOf('default') }],
  clusterroles: [{ metadata: metadataOf('admin'), rules: RULES }],
  clusterrolebindings: [{ metadata: metadataOf('admin'), ...bindingTo('ClusterRole', 'admin', SUBJECTS) }],
  roles: [{ metadata: metadataOf('near', 'default'), rules: NEAR }],
  rolebindings: [
    { metadata: metadataOf('near', 'default'), ...bindingTo('Role', 'near', LENA) },
    { metadata: metadataOf('gone', 'default'), ...bindingTo('Role', 'gone', LENA) },
  ],
};

process.once('exit', () => writeFileSync(cache, script.createCachedData()));

function answerTo({ method, url }) {
  if (method === 'POST')
    return { status: { userInfo: { username: 'jane', groups: [] }, resourceRules: [], nonResourceRules: [], incomplete: false } };
  if (url === '/version') return { major: '1', minor: '37', gitVersion: 'v1.37.2' };
  const kind = url.split('?')[0].split('/').pop();
  if (kind === 'web')
    return { apiVersion: 'v1', kind: 'Pod', metadata: metadataOf('web', 'default'), spec: POD, status: { phase: 'Running' } };
  return { metadata: {}, items: ITEMS[kind] ?? [] };
}

function metadataOf(name, namespace) {
  const creationTimestamp = '2026-01-01T00:00:00Z';
  const managedFields = [{ manager: 'kubectl', operation: 'Update', apiVersion: 'v1', time: creationTimestamp }];
  return { name, namespace, uid: name, resourceVersion: '1', creationTimestamp, labels: { app: name }, managedFields };
}
