import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ConnectFlags } from '../../../src/cluster/connect/connection.ts';
import { findTarget } from '../../../src/cluster/connect/kubeconfig/target.ts';
import { folderWith, kubeconfig } from '../../helpers/kubeconfig.ts';

const find = (t: TestContext, flags: ConnectFlags, env: NodeJS.ProcessEnv, files: Record<string, string> = {}) => {
  const folder = folderWith(t, files);
  const here = Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, value?.replaceAll('HERE', folder)]),
  );
  return {
    folder,
    find: () =>
      findTarget(flags, {
        env: { HOME: folder, ...here },
        stdinIsTerminal: false,
        version: '',
        serviceAccountFolder: folder,
      }),
  };
};

// biome-ignore format: a table
const sentences: [why: string, text: string | undefined, message: RegExp][] = [
  ['nothing at all', undefined, /^error: no configuration has been provided: nothing in .*\.kube\/config, and this is not a pod; use --kubeconfig, KUBECONFIG or --server$/],
  ['an empty file', '', /^error: no configuration has been provided: /],
  ['no current-context', 'clusters: [{name: c, cluster: {server: x}}]', /^error: current-context is not set; choose a context with --context$/],
  ['a context without a cluster', 'contexts: [{name: x, context: {user: u}}]\ncurrent-context: x', /^error: cluster was not specified for context "x"$/],
  ['a context of a cluster that is missing', 'contexts: [{name: x, context: {cluster: c}}]\ncurrent-context: x', /^error: cluster "c" was not found for context "x"$/],
  ['a cluster without a server', kubeconfig({}), /^error: no server found for cluster "c"$/],
];
for (const [why, text, message] of sentences) {
  test(`${why}: a sentence, and not localhost:8080`, (t) => {
    assert.throws(find(t, {}, {}, text === undefined ? {} : { '.kube/config': text }).find, {
      name: 'UserError',
      message,
    });
  });
}

const pod = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };
const account = { token: 'sesame', 'ca.crt': 'x', namespace: 'shop\n' };

test('in a pod without a kubeconfig: its service account', (t) => {
  const { folder, find: target } = find(t, {}, pod, account);
  const { contextName, namespace, cluster, user } = target();
  assert.deepEqual([contextName, namespace], [null, 'shop']);
  assert.deepEqual(cluster, { server: 'https://10.0.0.1:443', 'certificate-authority': join(folder, 'ca.crt') });
  assert.deepEqual(user, { tokenFile: join(folder, 'token') });
});

// biome-ignore format: a table
const pods: [why: string, ConnectFlags, NodeJS.ProcessEnv, Record<string, string>, (target: ReturnType<typeof findTarget>) => unknown, unknown][] = [
  ['-n', { namespace: 'a' }, pod, account, ({ namespace }) => namespace, 'a'],
  ['POD_NAMESPACE', {}, { ...pod, POD_NAMESPACE: 'b' }, account, ({ namespace }) => namespace, 'b'],
  ['--token replaces the token file', { token: 't' }, pod, account, ({ user }) => user, { token: 't' }],
  ['--as', { as: 'jane' }, pod, account, ({ user }) => user.as, 'jane'],
  ['--server is no pod any more', { server: 'https://a' }, pod, account, ({ cluster, user }) => [cluster, user], [{ server: 'https://a', 'tls-server-name': '' }, {}]],
  ['a kubeconfig wins', {}, pod, { ...account, '.kube/config': kubeconfig({ server: 'https://a' }) }, ({ cluster }) => cluster.server, 'https://a'],
  ['a kubeconfig without a context does not', {}, pod, { ...account, '.kube/config': 'users: []' }, ({ cluster }) => cluster.server, 'https://10.0.0.1:443'],
  ['an IPv6 service', {}, { ...pod, KUBERNETES_SERVICE_HOST: 'fd00::1' }, account, ({ cluster }) => cluster.server, 'https://[fd00::1]:443'],
  ['KUBERNETES_MASTER comes after the pod', {}, { ...pod, KUBERNETES_MASTER: 'http://a' }, account, ({ cluster }) => cluster.server, 'https://10.0.0.1:443'],
  ['KUBERNETES_MASTER', {}, { KUBERNETES_MASTER: 'http://a' }, {}, ({ cluster }) => cluster.server, 'http://a'],
];
for (const [why, flags, env, files, part, expected] of pods)
  test(`in a pod: ${why}`, (t) => assert.deepEqual(part(find(t, flags, env, files).find()), expected));

// biome-ignore format: a table
const notPods: [why: string, NodeJS.ProcessEnv, Record<string, string>][] = [
  ['a token without a service', {}, account],
  ['a service without a port', { KUBERNETES_SERVICE_HOST: '10.0.0.1' }, account],
  ['a service without a token', pod, {}],
];
for (const [why, env, files] of notPods)
  test(`${why} makes no pod`, (t) => assert.throws(find(t, {}, env, files).find, { name: 'UserError' }));
