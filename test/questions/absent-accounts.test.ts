import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exec, who } from '../../src/questions/index.ts';
import { get, list } from '../../src/world/needs.ts';
import type { Subject } from '../../src/world/objects.ts';
import { World } from '../../src/world/world.ts';
import { account, allow, cluster, group, user } from '../helpers/cluster.ts';
import { answer, OPTIONS, objects, right } from '../helpers/question.ts';

const RULE = allow('get', 'configmaps');
const story = (...subjects: Subject[]) =>
  cluster({ origin: 'live' })
    .namespace('a')
    .namespace('b')
    .account('a', 'web')
    .role('a', 'r', [RULE])
    .binding('a', 'rb', 'Role/r', ...subjects);

const cases: [why: string, subjects: Subject[], absent: (string | undefined)[], words: RegExp][] = [
  ['an account that is there', [account('a', 'web')], [undefined], /configmaps in namespace a$/],
  ['one that is not', [account('a', 'ghost')], ['account'], /; 1 holder is an account that does not exist: whoever creates it has this$/],
  ['one of the namespace of its binding', [account(null, 'ghost')], ['account'], /; 1 holder is /],
  ['one of another namespace', [account('b', 'web')], ['account'], /; 1 holder is /],
  ['one whose namespace is not there either', [account('gone', 'web')], ['namespace'], /; 1 holder is /],
  ['one that is spelled as a user', [user('system:serviceaccount:a:ghost')], ['account'], /; 1 holder is /],
  [
    'several',
    [account('a', 'x'), account('a', 'y'), account('a', 'web')],
    [undefined, 'account', 'account'],
    /; 2 holders are accounts that do not/,
  ],
  ['users and groups, whom no cluster knows', [user('jane'), group('ops')], [undefined, undefined], /configmaps in namespace a$/],
];
for (const [why, subjects, absent, words] of cases)
  test(`${why}: ${absent.map((each) => each ?? 'not marked').join(', ')}`, () => {
    for (const namespace of ['a', null]) {
      const { findings, summary, verdict } = answer(who, right('get configmaps', namespace), story(...subjects).world());
      const own = findings.filter(({ accepted }) => !accepted);
      assert.deepEqual(own.map((each) => each.absent).sort(), [...absent].sort());
      assert.equal(verdict, 'yes', 'a right that nobody has yet is a right all the same');
      assert.match(summary.replace('any namespace', 'namespace a'), words);
      for (const each of own) assert.equal(each.reason.includes('whoever creates it has this'), each.absent !== undefined);
    }
  });

test('who is accepted is not counted', () => {
  const { summary } = answer(who, right('get configmaps', 'a'), story(account('a', 'ghost')).world(), {
    accepts: ({ name }) => name === 'ghost',
  });
  assert.doesNotMatch(summary, /does not exist/);
});

test('what may not be read marks nobody, is said, and changes no verdict', () => {
  const world = story(account('a', 'ghost'))
    .refuse(list('serviceaccounts'))
    .refuse(list('serviceaccounts', 'a'))
    .refuse(get('serviceaccounts', 'a', 'ghost'))
    .world();
  const { findings, verdict, unknowns } = answer(who, right('get configmaps', 'a'), world);
  assert.deepEqual([verdict, findings.filter(({ accepted }) => !accepted).map(({ absent }) => absent)], ['yes', [undefined]]);
  assert.ok(unknowns.some(({ what, affects }) => what === 'serviceaccounts in namespace a' && affects.includes('exist')));
});

/** What is still to be read of a live world in which all but accounts were. */
function needs(namespace: string | null, subjects: Subject[], direct = false): string[] {
  const whole = story(...subjects)
    .pod('a', 'web-0')
    .world();
  const world = new World({ ...whole.facts, readAt: '2026-01-01T00:00:00Z' });
  for (const kind of ['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings', 'namespaces', 'pods'] as const)
    world.add({ ...list(kind), kind }, { read: true }, whole.list(kind));
  return who
    .needs(right('get configmaps', namespace), world, { ...OPTIONS, direct })
    .filter(({ kind }) => kind === 'serviceaccounts')
    .map((need) => need.namespace ?? 'everywhere');
}

test('of a live cluster the accounts of few namespaces are read, and only for a question of one namespace', () => {
  const many = Array.from({ length: 30 }, (_, index) => account(`ns-${index}`, 'x'));
  assert.deepEqual(needs('a', [account('a', 'x'), account('b', 'y'), user('jane')]), ['a', 'b']);
  assert.deepEqual(needs('a', [user('jane'), group('ops')]), []);
  assert.deepEqual(needs('a', many), []);
  assert.deepEqual(needs(null, [account('a', 'x')]), []);
  assert.deepEqual(needs('a', [account('a', 'x')], true), []);
});

test('where nobody looked, that they exist is an assumption', () => {
  const whole = story(account('a', 'x')).pod('a', 'web-0').world();
  const world = new World(whole.facts);
  for (const kind of ['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings', 'namespaces', 'pods'] as const)
    world.add({ ...list(kind), kind }, { read: true }, whole.list(kind));
  const says = (...args: Parameters<typeof answer<Parameters<typeof who.needs>[0]>>): boolean =>
    answer(...args).assumptions.some((each) => each.includes('was not looked up'));
  assert.equal(says(who, right('get configmaps', null), world), true);
  assert.equal(says(who, right('get configmaps', 'a'), story(account('a', 'x')).world()), false);
  assert.equal(says(who, right('get secrets', null), world), false, 'no account holds it');
});

test('doors into pods mark them too', () => {
  const world = story()
    .pod('a', 'web-0')
    .role('a', 'e', [allow('create', 'pods/exec')])
    .binding('a', 'e', 'Role/e', account('a', 'ghost'))
    .world();
  assert.match(
    answer(exec, objects('a', 'web-0'), world).summary,
    /^1 subject can exec into pod a\/web-0; 1 holder is an account that does not/,
  );
});
