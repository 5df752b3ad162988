import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../src/answer/answer.ts';
import { withIndirect } from '../../src/questions/holders/indirect/index.ts';
import { privileged } from '../../src/questions/privileged/privileged.ts';
import type { Options } from '../../src/questions/question.ts';
import { list } from '../../src/world/needs.ts';
import type { Subject } from '../../src/world/objects.ts';
import { account, allow, type ClusterBuilder, cluster, group, user } from '../helpers/cluster.ts';
import { answer } from '../helpers/question.ts';
import { enforce } from './privileged-worlds.ts';

const jane = user('jane');
const RBAC = { groups: ['rbac.authorization.k8s.io'] };
/** sa/ci/builder may create pods in ci, which enforces nothing; in shop baseline is enforced. */
const base = (level?: string): ClusterBuilder =>
  cluster()
    .namespace('ci', level ? enforce(level) : {})
    .namespace('shop', enforce('baseline'))
    .account('ci', 'builder')
    .account('shop', 'web')
    .node('n1')
    .clusterRole('pods', [allow('create', 'pods')])
    .binding('ci', 'builder', 'ClusterRole/pods', account('ci', 'builder'));

function ask(builder: ClusterBuilder, subject: Subject = jane, options: Partial<Options> = {}): Answer {
  const target = { subjects: [subject], pods: null, namespace: null };
  return answer(withIndirect(privileged), target, builder.world(), options);
}

const token = allow('create', 'serviceaccounts/token', { names: ['builder'] });
const rows: [why: string, world: ClusterBuilder, verdict: Answer['verdict'], steps: string[] | null][] = [
  ['no right at all', base(), 'no', null],
  [
    'a token of somebody who does',
    base().role('ci', 't', [token]).binding('ci', 't', 'Role/t', jane),
    'yes',
    ['sa-token-request', 'pod-create-privileged'],
  ],
  [
    'a token of somebody whom admission holds back',
    base('baseline').role('ci', 't', [token]).binding('ci', 't', 'Role/t', jane),
    'no',
    null,
  ],
  [
    'a chain of three',
    base()
      .role('shop', 't', [allow('create', 'serviceaccounts/token')])
      .binding('shop', 't', 'Role/t', jane)
      .role('ci', 't', [token])
      .binding('ci', 't', 'Role/t', account('shop', 'web')),
    'yes',
    ['sa-token-request', 'sa-token-request', 'pod-create-privileged'],
  ],
  [
    'a pod that baseline lets through, as an account that goes further',
    base()
      .binding('shop', 'pods', 'ClusterRole/pods', jane)
      .role('ci', 't', [token])
      .binding('ci', 't', 'Role/t', account('shop', 'web')),
    'yes',
    ['pod-create', 'pod-create', 'sa-token-request', 'pod-create-privileged'],
  ],
  [
    'rights that it hands to itself',
    base()
      .clusterRole('binder', [allow('create', 'rolebindings', RBAC), allow('bind', 'clusterroles', RBAC)])
      .clusterBinding('binder', 'ClusterRole/binder', jane),
    'yes',
    ['rbac-bind', 'pod-create-privileged'],
  ],
  [
    'impersonating somebody who does',
    base()
      .clusterRole('as', [allow('impersonate', 'users', { names: ['otto'] })])
      .clusterBinding('as', 'ClusterRole/as', jane)
      .binding('ci', 'otto', 'ClusterRole/pods', user('otto')),
    'yes',
    ['impersonate-user', 'pod-create-privileged'],
  ],
  [
    'impersonating groups alone is no request',
    base()
      .clusterRole('as', [allow('impersonate', 'groups', { names: ['devs'] })])
      .clusterBinding('as', 'ClusterRole/as', jane)
      .binding('ci', 'devs', 'ClusterRole/pods', group('devs')),
    'no',
    null,
  ],
  ['its own pod takes no detour', base().binding('ci', 'own', 'ClusterRole/pods', jane), 'yes', null],
];
for (const [why, world, verdict, steps] of rows)
  test(`${why}: ${verdict}`, () => {
    const found = ask(world);
    assert.equal(found.verdict, verdict, found.summary);
    const reached = found.findings.filter((finding) => finding.steps !== undefined);
    assert.deepEqual(
      reached.map(({ evidence }) => evidence.map(({ technique }) => technique)),
      steps === null ? [] : [steps],
    );
    for (const finding of reached) {
      assert.deepEqual([finding.direct, finding.steps], [false, steps?.length]);
      assert.match(
        found.summary,
        new RegExp(`^User jane can get .* reaches the node, indirectly, in ${steps?.length} steps$`),
      );
    }
    assert.equal(found.notFollowed, undefined, 'every way was followed');
  });

test('--direct leaves it out, and what only another identity does', () => {
  const target = { subjects: [jane], pods: null, namespace: null };
  const world = base().role('ci', 't', [token]).binding('ci', 't', 'Role/t', jane).world();
  const direct = answer(privileged, target, world, { direct: true });
  assert.equal(direct.verdict, 'no', direct.summary);
  assert.deepEqual(
    direct.findings.filter((each) => !each.direct),
    [],
  );
  assert.deepEqual(
    direct.notFollowed?.map(({ right }) => right),
    ['create serviceaccounts/token'],
  );
});

test('the account of a pod is followed as well', () => {
  const world = base()
    .pod('shop', 'web-0', { serviceAccount: 'web' })
    .role('ci', 't', [token])
    .binding('ci', 't', 'Role/t', account('shop', 'web'));
  const target = {
    subjects: [],
    pods: { refs: [{ kind: 'pods' as const, name: 'web-0' }], selector: null, namespace: 'shop' },
    namespace: null,
  };
  const found = answer(withIndirect(privileged), target, world.world());
  assert.equal(found.verdict, 'yes');
  assert.match(found.summary, /^pod shop\/web-0, as ServiceAccount shop\/web can get a pod .* indirectly, in 2 steps$/);
});

test('accepted: its verdict does not count', () => {
  const world = base().role('ci', 't', [token]).binding('ci', 't', 'Role/t', jane);
  const found = ask(world, jane, { accepts: ({ name }) => name === 'jane' });
  assert.equal(found.verdict, 'no', found.summary);
});

test('what could not be read of its ways turns a no into depends, and no yes', () => {
  const open = (subject: Subject) => {
    const world = base()
      .binding('shop', 'token', 'Role/t', jane)
      .role('shop', 't', [allow('create', 'serviceaccounts/token')])
      .binding('ci', 'own', 'ClusterRole/pods', user('otto'))
      .refuse(list('serviceaccounts'));
    return ask(world, subject);
  };
  const found = open(jane);
  assert.equal(found.verdict, 'depends', found.summary);
  assert.ok(found.unknowns.some(({ affects }) => affects === 'who can become somebody that holds it'));
  assert.equal(open(user('otto')).verdict, 'yes');
});
