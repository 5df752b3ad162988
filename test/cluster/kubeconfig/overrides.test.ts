import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ConnectFlags } from '../../../src/cluster/connect/connection.ts';
import type { Cluster, User } from '../../../src/cluster/connect/kubeconfig/config.ts';
import { resolveTarget } from '../../../src/cluster/connect/kubeconfig/overrides.ts';

const data = Buffer.from('data');
const target = (cluster: Cluster, user: User, flags: ConnectFlags) =>
  resolveTarget(
    {
      currentContext: 'x',
      clusters: new Map([['c', cluster]]),
      users: new Map([['u', user]]),
      contexts: new Map([['x', { cluster: 'c', user: 'u', namespace: 'shop' }]]),
    },
    flags,
  );

// biome-ignore format: a table
const clusters: [why: string, Cluster, ConnectFlags, Cluster][] = [
  ['flags that say nothing change nothing', { server: 's', 'tls-server-name': 'n' }, { server: '', insecureSkipTlsVerify: false }, { server: 's', 'tls-server-name': 'n' }],
  ['--server forgets the name of the old one', { server: 's', 'tls-server-name': 'n' }, { server: 't' }, { server: 't', 'tls-server-name': '' }],
  ['--server with its own name', { server: 's', 'tls-server-name': 'n' }, { server: 't', tlsServerName: 'm' }, { server: 't', 'tls-server-name': 'm' }],
  ['--certificate-authority replaces all trust', { 'certificate-authority-data': data, 'insecure-skip-tls-verify': true }, { certificateAuthority: 'f' }, { 'certificate-authority': 'f' }],
  ['--insecure-skip-tls-verify replaces all trust', { 'certificate-authority': 'f', 'certificate-authority-data': data }, { insecureSkipTlsVerify: true }, { 'insecure-skip-tls-verify': true }],
  ['--proxy-url', { 'proxy-url': 'p' }, { proxyUrl: 'q' }, { 'proxy-url': 'q' }],
  ['--disable-compression cannot be taken back', { 'disable-compression': true }, { disableCompression: false }, { 'disable-compression': true }],
];
for (const [why, cluster, flags, expected] of clusters)
  test(why, () => assert.deepEqual(target(cluster, {}, flags).cluster, expected));

// biome-ignore format: a table
const users: [why: string, User, ConnectFlags, User][] = [
  ['--token leaves the token file', { tokenFile: 'f' }, { token: 't' }, { tokenFile: 'f', token: 't' }],
  ['--token leaves a certificate', { 'client-certificate': 'f', 'client-key': 'k' }, { token: 't' }, { 'client-certificate': 'f', 'client-key': 'k', token: 't' }],
  ['--client-certificate and --client-key replace the data', { 'client-certificate-data': data, 'client-key-data': data }, { clientCertificate: 'f', clientKey: 'k' }, { 'client-certificate': 'f', 'client-key': 'k' }],
  ['--client-key alone keeps the certificate', { 'client-certificate-data': data, 'client-key-data': data }, { clientKey: 'k' }, { 'client-certificate-data': data, 'client-key': 'k' }],
  ['--as keeps uid and groups', { as: 'a', 'as-uid': '1', 'as-groups': ['g'] }, { as: 'b' }, { as: 'b', 'as-uid': '1', 'as-groups': ['g'] }],
  ['--as-group replaces groups', { 'as-groups': ['g'] }, { asGroup: ['h'] }, { 'as-groups': ['h'] }],
  ['--as-user-extra replaces key by key', { 'as-user-extra': { a: ['1'], b: ['2'] } }, { asUserExtra: ['b=3', 'b=4=5', 'none'] }, { 'as-user-extra': { a: ['1'], b: ['3', '4=5'] } }],
  ['--username and --password', { token: 't' }, { username: 'u', password: 'p' }, { token: 't', username: 'u', password: 'p' }],
];
for (const [why, user, flags, expected] of users)
  test(why, () => assert.deepEqual(target({}, user, flags).user, expected));

test('names of flags have to exist, the user first and the cluster last', () => {
  assert.throws(() => target({}, {}, { user: 'n', context: 'n', cluster: 'n' }), {
    message: 'error: auth info "n" does not exist',
  });
  assert.throws(() => target({}, {}, { context: 'n', cluster: 'n' }), { message: 'error: context "n" does not exist' });
  assert.throws(() => target({}, {}, { cluster: 'n' }), { message: 'error: cluster "n" does not exist' });
});

test('the namespace: -n, else of the context, else default', () => {
  assert.equal(target({}, {}, { namespace: 'a' }).namespace, 'a');
  assert.equal(target({}, {}, {}).namespace, 'shop');
  const none = { currentContext: '', clusters: new Map(), users: new Map(), contexts: new Map() };
  assert.deepEqual([resolveTarget(none, {}).namespace, resolveTarget(none, {}).contextName], ['default', null]);
});
