import assert from 'node:assert/strict';
import { test } from 'node:test';
import { covers } from '../../src/rbac/covers.ts';
import type { Rule } from '../../src/world/objects.ts';
import { allow, allowUrls } from '../helpers/cluster.ts';

const rbac = { groups: ['rbac.authorization.k8s.io'] };
const any = { groups: ['*'] };

const cases: [owned: Rule[], wanted: Rule[], covered: boolean, why: string][] = [
  [[allow('get', 'pods')], [allow('get', 'pods')], true, 'the same'],
  [[allow('get list', 'pods services')], [allow('list', 'services')], true, 'a part of a rule'],
  [
    [allow('get', 'pods'), allow('list', 'pods')],
    [allow('get list', 'pods')],
    true,
    'the parts of one rule may come from several',
  ],
  [[allow('get', 'pods')], [allow('get list', 'pods')], false, 'a verb more'],
  [[allow('*', 'pods')], [allow('escalate', 'pods')], true, 'a star covers every verb'],
  [[allow('get', 'pods')], [allow('*', 'pods')], false, 'no verb covers a star'],
  [[allow('get', '*')], [allow('get', 'pods/exec')], true, 'a star covers subresources'],
  [[allow('get', '*/exec')], [allow('get', 'pods/exec')], true, 'a star before the slash'],
  [[allow('get', 'pods/exec')], [allow('get', '*/exec')], false, 'and is not covered by one of them'],
  [[allow('get', 'pods/*')], [allow('get', 'pods/exec')], false, 'a star after the slash is a name'],
  [[allow('get', 'pods/*')], [allow('get', 'pods/*')], true, 'which covers itself'],
  [[allow('get', 'pods')], [allow('get', 'pods/exec')], false, 'a resource is not its subresource'],
  [[allow('get', 'pods', any)], [allow('get', 'pods')], true, 'a star covers every group'],
  [[allow('get', 'roles')], [allow('get', 'roles', rbac)], false, 'another group'],
  [[allow('get', 'secrets')], [allow('get', 'secrets', { names: ['a'] })], true, 'a name of all'],
  [[allow('get', 'secrets', { names: ['a'] })], [allow('get', 'secrets')], false, 'all of a name'],
  [
    [allow('get', 'secrets', { names: ['a', 'b'] })],
    [allow('get', 'secrets', { names: ['b'] })],
    true,
    'a name of two',
  ],
  [
    [allow('get', 'secrets', { names: ['a'] }), allow('get', 'secrets', { names: ['b'] })],
    [allow('get', 'secrets', { names: ['a', 'b'] })],
    true,
    'each name by a rule of its own',
  ],
  [[allow('get', 'secrets', { names: ['*'] })], [allow('get', 'secrets', { names: ['a'] })], false, 'a star is a name'],
  [[allowUrls('get', '/healthz')], [allowUrls('get', '/healthz')], true, 'a URL'],
  [[allowUrls('get', '/healthz/*')], [allowUrls('get', '/healthz/etcd')], true, 'a URL under a star'],
  [[allowUrls('get', '*')], [allowUrls('get', '/metrics')], true, 'every URL'],
  [[allowUrls('get', '/metrics')], [allowUrls('get', '*')], false, 'no URL is all of them'],
  [[allow('*', '*', any)], [allowUrls('get', '/metrics')], false, 'resources are no URLs'],
  [[], [], true, 'nothing needs nothing'],
  [[], [allow('', '')], true, 'a rule without verbs needs nothing'],
];
for (const [owned, wanted, covered, why] of cases)
  test(`rules ${covered ? 'cover' : 'do not cover'}: ${why}`, () => assert.equal(covers(owned, wanted), covered));
