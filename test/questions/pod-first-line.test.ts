import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Truth } from '../../src/answer/verdict.ts';
import { pod } from '../../src/questions/pod/pod.ts';
import { get, list } from '../../src/world/needs.ts';
import { account, allow, type ClusterBuilder, cluster, user } from '../helpers/cluster.ts';
import { answer, objects } from '../helpers/question.ts';

/**
 * Who gets in, what of it counts, what hides others, and what the account of the pod holds: the first line agrees with
 * the verdict in every combination.
 */
type Part = readonly [name: string, add: (builder: ClusterBuilder) => ClusterBuilder];

const grant = (who: string, verb: string, what: string) => (builder: ClusterBuilder) =>
  builder
    .role('shop', what.replace('/', '-'), [allow(verb, what)])
    .binding('shop', `${who}-${what.replace('/', '-')}`, `Role/${what.replace('/', '-')}`, user(who));

const unread = (builder: ClusterBuilder): ClusterBuilder =>
  builder
    .binding('shop', 'unread', 'ClusterRole/unread', user('otto'))
    .refuse(list('clusterroles'))
    .refuse(get('clusterroles', null, 'unread'));

const ENTRIES: readonly Part[] = [
  ['nobody', (builder) => builder],
  ['one by exec', grant('jane', 'create', 'pods/exec')],
  ['one by changing the image', grant('jane', 'patch', 'pods')],
  ['only an accepted one', grant('ops', 'create', 'pods/exec')],
  ['one who reads the logs', grant('lena', 'get', 'pods/log')],
  ['one who may', (builder) => unread(builder)],
  ['one who can and one who may', (builder) => unread(grant('jane', 'create', 'pods/exec')(builder))],
];
const HIDDEN: readonly Part[] = [
  ['nothing', (builder) => builder],
  ['ClusterRoleBindings', (builder) => builder.refuse(list('clusterrolebindings'))],
  ['RoleBindings', (builder) => builder.refuse(list('rolebindings')).refuse(list('rolebindings', 'shop'))],
];
const RIGHTS: readonly Part[] = [
  ['nothing', (builder) => builder],
  [
    'much',
    (builder) =>
      builder.role('shop', 'own', [allow('get', 'secrets')]).binding('shop', 'own', 'Role/own', account('shop', 'web')),
  ],
];

const SURE = new Set(['one by exec', 'one by changing the image', 'one who can and one who may']);
const MAY = new Set(['one who may']);

for (const [who, enter] of ENTRIES) {
  for (const [what, hide] of HIDDEN) {
    for (const [holds, give] of RIGHTS) {
      test(`in comes ${who}, hidden is ${what}, the account holds ${holds}`, () => {
        const builder = cluster()
          .namespace('shop')
          .node('n1')
          .pod('shop', 'web', { node: 'n1', serviceAccount: 'web' });
        const world = give(hide(enter(builder))).world();
        const options = { accepts: ({ name }: { name: string }) => name === 'ops' };
        const { verdict, summary } = answer(pod, objects('shop', 'web'), world, options);
        const expected: Truth = SURE.has(who) ? 'yes' : MAY.has(who) || what !== 'nothing' ? 'depends' : 'no';
        assert.equal(verdict, expected);
        assert.match(summary, SENTENCES[verdict]);
        assert.match(summary, holds === 'much' ? /holds 1 right of note/ : /holds no right of note/);
      });
    }
  }
}

const SENTENCES: Record<Truth, RegExp> = {
  yes: /^\d+ subjects? can(, and \d+ more may,)? get into pod shop\/web/,
  no: /^nobody can get into pod shop\/web/,
  depends:
    /^(\d+ subjects? may be able to get into pod shop\/web: it depends|nobody that could be seen can get into pod shop\/web.*, but not everything could be seen)/,
};

test('bindings that could not be seen in another namespace let nobody in, and may give the account more', () => {
  const world = cluster()
    .namespace('shop')
    .namespace('other')
    .pod('shop', 'web', { serviceAccount: 'web' })
    .refuse(list('rolebindings'))
    .refuse(list('rolebindings', 'other'))
    .world();
  world.add(list('rolebindings', 'shop'), { read: true });
  const { verdict, summary } = answer(pod, objects('shop', 'web'), world);
  assert.equal(verdict, 'no');
  assert.match(summary, /^nobody can get into.*holds no right of note that could be seen$/);
});

test('who reads the logs is told of, and not counted', () => {
  const world = grant(
    'lena',
    'get',
    'pods/log',
  )(cluster().namespace('shop').pod('shop', 'web', { serviceAccount: 'web' })).world();
  const card = answer(pod, objects('shop', 'web'), world);
  assert.equal(card.verdict, 'no');
  assert.ok(card.findings.some(({ id, subject }) => id === 'pod-log-read' && subject.name === 'lena'));
});

test('of one subject: the same sentence about it alone', () => {
  const world = grant(
    'jane',
    'create',
    'pods/exec',
  )(cluster().namespace('shop').pod('shop', 'web', { serviceAccount: 'web' })).world();
  const about = (name: string) => answer(pod, objects('shop', 'web'), world, { subject: user(name) });
  assert.match(`${about('jane').verdict}: ${about('jane').summary}`, /^yes: User jane can get into pod shop\/web/);
  assert.match(`${about('otto').verdict}: ${about('otto').summary}`, /^no: User otto cannot get into pod shop\/web/);
});
