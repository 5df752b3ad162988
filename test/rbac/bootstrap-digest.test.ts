import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isBootstrap } from '../../src/rbac/bootstrap.ts';
import { bootstrapDigest } from '../../src/rbac/bootstrap-digest.ts';
import type { Binding, Role, Rule } from '../../src/world/objects.ts';

const rule = (verbs: string, resources: string, names = '', groups = 'apps'): Rule => ({
  verbs: verbs.split(' '),
  apiGroups: groups.split(' '),
  resources: resources.split(' '),
  resourceNames: names === '' ? [] : names.split(' '),
  nonResourceURLs: [],
});
const url = (verbs: string, urls: string): Rule => ({
  ...{ verbs: verbs.split(' '), apiGroups: [], resources: [], resourceNames: [] },
  nonResourceURLs: urls.split(' '),
});

const roles: [Rule[], Rule[], boolean, string][] = [
  [[rule('get list', 'pods')], [rule('list get', 'pods')], true, 'verbs in another order'],
  [
    [rule('get', 'pods'), rule('get', 'jobs')],
    [rule('get', 'jobs'), rule('get', 'pods')],
    true,
    'rules in another order',
  ],
  [[rule('get list', 'pods')], [rule('get', 'pods'), rule('list', 'pods list')], false, 'a resource more'],
  [
    [rule('get list', 'pods')],
    [rule('get', 'pods'), rule('list', 'pods')],
    true,
    'one rule cut in two, as an upgrade appends rights',
  ],
  [[rule('get', 'pods')], [rule('get', 'pods'), rule('get', 'pods')], true, 'a rule twice'],
  [[rule('get', 'pods')], [rule('get get', 'pods')], true, 'a verb twice'],
  [[rule('get', 'pods')], [rule('get list', 'pods')], false, 'a verb more'],
  [[rule('get list', 'pods')], [rule('get', 'pods')], false, 'a verb less'],
  [[rule('get', 'pods')], [rule('get', 'pods', 'web')], false, 'a name that narrows'],
  [
    [rule('get', 'pods')],
    [rule('get', 'pods'), rule('get', 'pods', 'web')],
    true,
    'a name where any name is allowed already',
  ],
  [[rule('get', 'pods', 'web')], [rule('get', 'pods', 'web *')], false, 'a star is a literal name'],
  [
    [rule('get', 'pods', 'web')],
    [{ ...rule('get', 'pods'), resourceNames: ['web', ''] }],
    false,
    'the empty name is a name',
  ],
  [[rule('get', 'pods')], [{ ...rule('get', 'pods'), resourceNames: [''] }], false, 'the empty name is not any name'],
  [[rule('*', 'pods')], [rule('* get', 'pods')], true, 'a verb where every verb is allowed already'],
  [[rule('get', 'pods')], [rule('get', 'pods'), rule('*', 'pods')], false, 'every verb'],
  [
    [rule('get', 'pods', '', '*')],
    [rule('get', 'pods', '', '* apps')],
    true,
    'a group where every group is allowed already',
  ],
  [[rule('get', '*')], [rule('get', '* pods/exec')], true, 'star includes subresources'],
  [[rule('get', '*/exec')], [rule('get', '*/exec pods/exec')], true, 'star slash subresource includes each'],
  [[rule('get', '*/exec')], [rule('get', '*/exec pods/attach')], false, 'star slash subresource includes no other'],
  [[rule('get', 'pods')], [rule('get', 'pods pods/*')], false, 'pods slash star is not pods'],
  [[rule('get', 'pods')], [rule('get', 'pods'), rule('get', 'pods', '', '')], false, 'another group'],
  [[url('get', '/api*')], [url('get', '/api* /api/v1')], true, 'a URL under a prefix'],
  [[url('get', '/api/*')], [url('get', '/api/* /api')], false, 'a prefix with a slash leaves the bare path out'],
  [
    [url('get', '/api')],
    [url('get', '/api /s* /s**')],
    false,
    'two prefixes that include each other do not vanish together',
  ],
  [[url('get', '/a*')], [url('get', '/a* /a**')], true, 'two spellings of one prefix'],
  [[url('get', '/api')], [rule('get', '/api', '', '')], false, 'a URL is not a resource'],
  [
    [rule('get', 'pods')],
    [rule('get', 'pods', '', ''), rule('list', 'pods')],
    false,
    'verbs and groups do not mix across rules',
  ],
  [[], [{ ...rule('get', 'pods'), apiGroups: [] }], true, 'a rule without a group grants nothing'],
];
for (const [one, other, same, why] of roles) {
  test(`${same ? 'the same' : 'another'} role: ${why}`, () => {
    const [first, second] = [bootstrapDigest({ rules: one }), bootstrapDigest({ rules: other })];
    assert.match(first ?? '', /^[0-9a-f]{32}$/);
    assert.equal(first === second, same);
  });
}

const roleRef = { kind: 'ClusterRole', name: 'view' };
const jane = { kind: 'User', namespace: null, name: 'jane' };
const builder = { kind: 'ServiceAccount', namespace: 'ci', name: 'builder' };
const bindings: [Pick<Binding, 'roleRef' | 'subjects'>, boolean, string][] = [
  [{ roleRef, subjects: [builder, jane] }, true, 'subjects in another order'],
  [{ roleRef, subjects: [jane, builder, jane] }, true, 'a subject twice'],
  [{ roleRef, subjects: [jane] }, false, 'a subject less'],
  [{ roleRef, subjects: [jane, builder, { ...jane, kind: 'Group' }] }, false, 'a group of the name of a user'],
  [{ roleRef, subjects: [jane, { ...builder, namespace: 'cd' }] }, false, 'an account of another namespace'],
  [{ roleRef: { ...roleRef, name: 'edit' }, subjects: [jane, builder] }, false, 'another role'],
  [{ roleRef: { ...roleRef, kind: 'Role' }, subjects: [jane, builder] }, false, 'a Role of the name of a ClusterRole'],
];
for (const [other, same, why] of bindings) {
  test(`${same ? 'the same' : 'another'} binding: ${why}`, () => {
    assert.equal(bootstrapDigest({ roleRef, subjects: [jane, builder] }) === bootstrapDigest(other), same);
  });
}

test('a role that would expand to billions of rights has no digest', () => {
  const many = Array.from({ length: 100_000 }, (_, index) => `r${index}`);
  assert.equal(bootstrapDigest({ rules: [{ ...rule('get', 'pods'), verbs: many, resources: many }] }), null);
});

const provenance = { created: null, changed: null, manager: null };
const clusterAdmin: Role = {
  ...{ kind: 'ClusterRole', namespace: null, name: 'cluster-admin', labels: {}, selectors: null, ...provenance },
  rules: [rule('*', '*', '', '*'), url('*', '*')],
};
const masters: Binding = {
  ...{ kind: 'ClusterRoleBinding', namespace: null, name: 'cluster-admin', ...provenance },
  ...{
    roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'Group', namespace: null, name: 'system:masters' }],
  },
};
const objects: [Role | Binding, boolean, string][] = [
  [clusterAdmin, true, 'cluster-admin'],
  [{ ...clusterAdmin, name: 'cluster-admin2' }, false, 'its rules under another name'],
  [{ ...clusterAdmin, kind: 'Role', namespace: 'kube-system' }, false, 'its name in a namespace'],
  [{ ...clusterAdmin, name: 'constructor' }, false, 'the name of a property that every object has'],
  [
    { ...clusterAdmin, name: 'view', labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } },
    false,
    'its label on a stronger role',
  ],
  [masters, true, 'the binding of system:masters'],
  [{ ...masters, subjects: [...masters.subjects, { ...jane }] }, false, 'a user added to it'],
  [{ ...masters, name: 'masters' }, false, 'a copy of it'],
];
for (const [object, expected, why] of objects) {
  test(`${why} is ${expected ? '' : 'not '}upstream's own`, () => assert.equal(isBootstrap(object), expected));
}
