import assert from 'node:assert/strict';
import { test } from 'node:test';
import { impersonationHeaders, impersonationOf } from '../../../src/cluster/connect/kubeconfig/impersonation.ts';

const utf8 = (text: string) => Buffer.from(text).toString('latin1');

test('user, groups, uid and extras become headers', () => {
  assert.deepEqual(
    impersonationHeaders({ user: 'jane', groups: ['a', 'b'], uid: '7', extra: { scopes: ['x', 'y'] } }),
    {
      'impersonate-user': 'jane',
      'impersonate-uid': '7',
      'impersonate-group': ['a', 'b'],
      'impersonate-extra-scopes': ['x', 'y'],
    },
  );
  assert.deepEqual(impersonationHeaders({ user: 'jane' }), { 'impersonate-user': 'jane' });
});

// key                  header, after impersonate-extra-
const keys = [
  ['Scopes', 'scopes'],
  ['example.com/a b', 'example.com%2fa%20b'],
  ['100%', '100%25'],
  ['ü', '%c3%bc'],
  ["!#$&'*+-.^_`|~", "!#$&'*+-.^_`|~"],
];
for (const [key = '', name] of keys) {
  test(`the extra ${key}`, () => {
    const [, header] = Object.keys(impersonationHeaders({ user: 'a', extra: { [key]: ['v'] } }));
    assert.equal(header, `impersonate-extra-${name}`);
  });
}

test('keys that differ in case are one, with all their values', () => {
  const { 'impersonate-extra-a': values } = impersonationHeaders({ user: 'x', extra: { A: ['1'], a: ['2'] } });
  assert.deepEqual(values, ['1', '2']);
});

test('values are sent in UTF-8, and none that would end the header', () => {
  assert.equal(impersonationHeaders({ user: 'größe ☃' })['impersonate-user'], utf8('größe ☃'));
  for (const group of ['a\r\nImpersonate-Group: system:masters', 'a\0', '\x7f']) {
    const message = 'Unable to connect to the server: net/http: invalid header field value for "Impersonate-Group"';
    assert.throws(() => impersonationHeaders({ user: 'a', groups: [group] }), { name: 'UserError', message });
  }
});

test('nobody is impersonated without a user', () => {
  assert.equal(impersonationOf({ 'as-groups': ['a'] }), undefined);
});
