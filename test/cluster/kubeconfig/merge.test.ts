import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { mergeKubeconfigs, resolvePaths } from '../../../src/cluster/connect/kubeconfig/merge.ts';
import { parseKubeconfig } from '../../../src/cluster/connect/kubeconfig/parse.ts';

test('of equal names the first whole entry wins, and the first current-context that is not empty', () => {
  const first = parseKubeconfig('users: [{name: a, user: {token: one}}]');
  const second = parseKubeconfig(
    'current-context: second\nusers: [{name: a, user: {token: two, username: x}}, {name: b, user: {token: three}}]',
  );
  const third = parseKubeconfig('current-context: third\nusers: [{name: b, user: {token: four}}]');
  const { users, currentContext } = mergeKubeconfigs([first, second, third]);
  assert.equal(currentContext, 'second');
  assert.deepEqual(Object.fromEntries(users), { a: { token: 'one' }, b: { token: 'three' } });
});

test('no file at all is an empty configuration', () => {
  assert.deepEqual(mergeKubeconfigs([]), {
    currentContext: '',
    clusters: new Map(),
    users: new Map(),
    contexts: new Map(),
  });
});

// command            resolved
const commands = [
  ['aws', 'aws'],
  ['./aws', '/home/me/.kube/aws'],
  ['bin/aws', '/home/me/.kube/bin/aws'],
  ['../aws', '/home/me/aws'],
  ['/usr/bin/aws', '/usr/bin/aws'],
];
for (const [command, resolved] of commands) {
  test(`the command ${command} of a plugin`, () => {
    const config = parseKubeconfig(JSON.stringify({ users: [{ name: 'u', user: { exec: { command } } }] }));
    assert.equal(resolvePaths(config, '/home/me/.kube/config').users.get('u')?.exec?.command, resolved);
  });
}

test('paths are relative to the folder of their file, which may be relative to ours', () => {
  const user = { 'client-certificate': 'a', 'client-key': '/b', tokenFile: '../c' };
  const config = parseKubeconfig(
    JSON.stringify({
      clusters: [{ name: 'c', cluster: { 'certificate-authority': 'd' } }],
      users: [{ name: 'u', user }],
    }),
  );
  const { clusters, users } = resolvePaths(config, join('sub', 'config'));
  assert.deepEqual(clusters.get('c'), { 'certificate-authority': resolve('sub/d') });
  assert.deepEqual(users.get('u'), {
    'client-certificate': resolve('sub/a'),
    'client-key': '/b',
    tokenFile: resolve('c'),
    origin: join('sub', 'config'),
  });
});
