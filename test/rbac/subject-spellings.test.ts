import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meantAs, mistakenSubject } from '../../src/rbac/spellings/subjects.ts';
import { identityKeys, identityOf, subjectKey } from '../../src/rbac/subjects.ts';
import { account, group, user } from '../helpers/cluster.ts';
import { NO_MISSPELT_SUBJECTS, SUBJECT_ROWS } from '../helpers/near-miss-rows.ts';

for (const { id, written, asked, everywhere } of SUBJECT_ROWS) {
  const place = everywhere ? null : 'shop';
  test(`${JSON.stringify(written)} is nearly ${asked.kind} ${asked.name}: ${id}`, () => {
    const reading = meantAs(asked, identityOf(asked))(written, place);
    assert.equal(reading?.id, id);
    assert.equal(
      identityKeys(identityOf(asked)).includes(subjectKey(written, place) ?? ''),
      false,
      'it does not apply',
    );
    assert.ok(reading.says !== '' || id.startsWith('other-'));
  });
}

for (const [written, asked, why] of NO_MISSPELT_SUBJECTS) {
  test(`${written.kind} ${written.name} is no misspelling of ${asked.kind} ${asked.name}: ${why}`, () => {
    const reading = meantAs(asked, identityOf(asked))(written, 'shop');
    assert.equal(reading && !reading.id.startsWith('other-'), null);
  });
}

test('of everybody, only what can be nobody is a mistake', () => {
  for (const written of [
    user('Jane'),
    user('oidc:jane'),
    group('/devs'),
    account('shop', 'web'),
    user('system:serviceaccount:shop:web'),
  ])
    assert.equal(mistakenSubject(written, 'shop'), null, written.name);
  assert.equal(
    mistakenSubject(account(null, 'web'), 'shop'),
    null,
    'an account without namespace is of that of its RoleBinding',
  );
  for (const name of [
    'system:authenticated',
    'system:serviceaccounts',
    'system:serviceaccounts:shop',
    'system:masters',
    'system:nodes',
  ])
    assert.equal(mistakenSubject(group(name), 'shop'), null, name);
  for (const name of ['system:anonymous', 'system:node:n1', 'system:kube-scheduler', 'system:admin'])
    assert.equal(mistakenSubject(user(name), 'shop'), null, name);
});

test('names of any length and shape are read in no time', () => {
  const meant = meantAs(user('jane'), identityOf(user('jane')));
  for (const name of [
    '',
    ':',
    '#',
    '@',
    '/',
    `${'a:'.repeat(5000)}jane`,
    `${'/'.repeat(5000)}jane`,
    `${'*j'.repeat(5000)}`,
    'jane@'.repeat(50),
  ]) {
    meant(user(name), 'shop');
    meant(account('shop', name), 'shop');
    mistakenSubject(group(`system:serviceaccount:${name}`), null);
    meantAs(user(name), identityOf(user(name)))(user('jane'), 'shop');
  }
});
