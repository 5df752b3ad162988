import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identityKeys, identityOf, parseAccountUser, subjectKey } from '../../src/rbac/subjects.ts';
import type { Subject } from '../../src/world/objects.ts';
import { account, group, user } from '../helpers/cluster.ts';

const identities: [subject: Subject, groups: string[], user: string | null, known: string[], why: string][] = [
  [user('jane'), [], 'jane', ['system:authenticated'], 'who has a name is authenticated'],
  [user('jane'), ['dev'], 'jane', ['dev', 'system:authenticated'], 'the groups of humans are known to no cluster'],
  [user('jane'), ['dev', 'dev'], 'jane', ['dev', 'system:authenticated'], 'each group once'],
  [user('jane'), ['system:unauthenticated'], 'jane', ['system:unauthenticated'], 'nobody is both'],
  [user('system:anonymous'), [], 'system:anonymous', ['system:unauthenticated'], 'the anonymous is not authenticated'],
  [
    user('system:node:n1'),
    [],
    'system:node:n1',
    ['system:nodes', 'system:authenticated'],
    'a node is in the group of nodes',
  ],
  [
    account('shop', 'ci'),
    [],
    'system:serviceaccount:shop:ci',
    ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'],
    'an account is in three groups',
  ],
  [
    user('system:serviceaccount:shop:ci'),
    [],
    'system:serviceaccount:shop:ci',
    ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'],
    'also where its user name is given',
  ],
  [
    user('system:serviceaccount:shop'),
    [],
    'system:serviceaccount:shop',
    ['system:authenticated'],
    'half a name is no account',
  ],
  [group('ops'), [], null, ['ops', 'system:authenticated'], 'of a member nothing but the group is known'],
  [
    group('system:serviceaccounts:shop'),
    [],
    null,
    ['system:serviceaccounts:shop', 'system:serviceaccounts', 'system:authenticated'],
    'the accounts of a namespace are accounts',
  ],
  [
    group('system:serviceaccounts'),
    [],
    null,
    ['system:serviceaccounts', 'system:authenticated'],
    'of no namespace that is known',
  ],
  [group('system:unauthenticated'), [], null, ['system:unauthenticated'], 'not authenticated'],
  [group('system:authenticated'), [], null, ['system:authenticated'], 'once'],
];

for (const [subject, groups, name, known, why] of identities) {
  test(`identity of ${subject.kind} ${subject.name} ${groups}: ${why}`, () => {
    assert.deepEqual(identityOf(subject, groups), { user: name, groups: known });
  });
}

const applies: [subject: Subject, binding: string | null, who: Subject, applies: boolean, why: string][] = [
  [user('jane'), 'shop', user('jane'), true, 'the user'],
  [user('jane'), null, user('Jane'), false, 'names are compared with their case'],
  [user('ops'), null, group('ops'), false, 'a user is not the group of its name'],
  [group('ops'), null, user('ops'), false, 'nor the other way round'],
  [user('ci'), 'shop', account('shop', 'ci'), false, 'a user is not the account of its name'],
  [account('shop', 'ci'), 'shop', user('ci'), false, 'nor the other way round'],
  [user('*'), null, user('jane'), false, 'a star is a name'],
  [group('*'), null, user('jane'), false, 'for groups too'],
  [account('shop', 'ci'), 'prod', account('shop', 'ci'), true, 'the account of another namespace, in a RoleBinding'],
  [account('shop', 'ci'), 'shop', account('prod', 'ci'), false, 'accounts of one name in two namespaces'],
  [account(null, 'ci'), 'shop', account('shop', 'ci'), true, 'without a namespace: of the namespace of the binding'],
  [account(null, 'ci'), 'shop', account('prod', 'ci'), false, 'and of no other'],
  [account(null, 'ci'), null, account('shop', 'ci'), false, 'in a ClusterRoleBinding: nobody'],
  [user('system:serviceaccount:shop:ci'), null, account('shop', 'ci'), true, 'an account may be spelled as a user'],
  [group('system:serviceaccounts'), null, account('shop', 'ci'), true, 'the group of all accounts'],
  [group('system:serviceaccounts:shop'), null, account('shop', 'ci'), true, 'the group of its namespace'],
  [group('system:serviceaccounts:prod'), null, account('shop', 'ci'), false, 'not that of another'],
  [group('system:authenticated'), null, account('shop', 'ci'), true, 'everybody'],
  [group('system:authenticated'), null, user('system:anonymous'), false, 'but the anonymous'],
  [{ kind: 'SystemUser', namespace: null, name: 'jane' }, null, user('jane'), false, 'a kind that RBAC does not know'],
  [{ ...user('jane'), namespace: 'prod' }, 'shop', user('jane'), true, 'the namespace of a user means nothing'],
];

for (const [subject, binding, who, expected, why] of applies) {
  test(`${subject.kind} ${subject.namespace}/${subject.name} in a binding of ${binding}, ${who.kind} ${who.name}: ${why}`, () => {
    const key = subjectKey(subject, binding);
    assert.equal(key !== undefined && identityKeys(identityOf(who)).includes(key), expected);
  });
}

const accounts: [user: string, account: { namespace: string; name: string } | null][] = [
  ['system:serviceaccount:shop:ci', { namespace: 'shop', name: 'ci' }],
  ['system:serviceaccount:shop:', null],
  ['system:serviceaccount::ci', null],
  ['system:serviceaccount:shop:ci:x', null],
  ['system:serviceaccounts:shop:ci', null],
  ['ci', null],
];

for (const [name, expected] of accounts) {
  test(`${name} is ${expected ? 'an' : 'no'} account`, () => assert.deepEqual(parseAccountUser(name), expected));
}
