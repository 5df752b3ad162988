import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer } from '../../src/answer/answer.ts';
import { UserError } from '../../src/answer/user-error.ts';
import { needsDiscovery } from '../../src/questions/who/resolve.ts';
import { who } from '../../src/questions/who/who.ts';
import { list } from '../../src/world/needs.ts';
import type { Rule } from '../../src/world/objects.ts';
import type { ApiResource } from '../../src/world/resources.ts';
import type { Facts } from '../../src/world/world.ts';
import { allow, cluster, user } from '../helpers/cluster.ts';
import { answer, asked, holders, right } from '../helpers/question.ts';

const acme = (verbs: string, resources: string, names?: string[]): Rule =>
  allow(verbs, resources, { groups: ['acme.io'], ...(names && { names }) });
const WIDGETS = acme('create patch', 'widgets widgets/status gateways policies meshes');

/**
 * jane by a RoleBinding, eve by a ClusterRoleBinding, otto by a RoleBinding in another namespace; zoe for one name by
 * both kinds.
 */
const story = (facts: Partial<Facts> = {}) =>
  cluster({ origin: 'file', discovery: null, ...facts })
    .namespace('a')
    .namespace('b')
    .role('a', 'r', [WIDGETS])
    .binding('a', 'rb', 'Role/r', user('jane'))
    .role('b', 'r', [WIDGETS])
    .binding('b', 'rb', 'Role/r', user('otto'))
    .clusterRole('w', [WIDGETS])
    .clusterBinding('crb', 'ClusterRole/w', user('eve'));

const both = (given: Answer): string => `${given.verdict} ${holders(given).sort()} ${holders(given, 'depends').sort()}`;
const names = (...users: string[]): string => users.map((each) => `User/${each}`).join();

const inA = `yes ${names('eve')} ${names('jane')}`;
const anywhere = `yes ${names('eve')} ${names('jane', 'otto')}`;
const cases: [what: string, namespace: string | null, expected: string][] = [
  ['patch widgets.acme.io', 'a', inA],
  ['patch widgets.acme.io', null, anywhere],
  ['patch widgets.acme.io/one', 'a', inA],
  ['patch widgets.acme.io/status', 'a', inA],
  ['patch widgets.v1.acme.io', 'a', inA],
  ['patch widgets.v1beta2.acme.io', 'a', inA],
  ['create widgets.acme.io', 'a', inA],
  // A kind, and a singular, where rules name the plural.
  ['patch Widget.acme.io', 'a', inA],
  ['patch Widgets.acme.io', 'a', inA],
  ['patch widget.acme.io', 'a', inA],
  ['patch Widget.v1.acme.io', null, anywhere],
  ['patch Gateway.acme.io', 'a', inA],
  ['patch Policy.acme.io', 'a', inA],
  ['patch Mesh.acme.io', 'a', inA],
  ['patch gateways.acme.io', 'a', inA],
  // Without its group, where rules name it in one group alone.
  ['patch widgets', 'a', inA],
  ['patch Widget', 'a', inA],
  // A no from everybody is a no, whatever the scope.
  ['delete widgets.acme.io', 'a', 'no  '],
  ['patch widgets.other.io', 'a', 'no  '],
  ['delete widgets.acme.io', null, 'no  '],
];
for (const [what, namespace, expected] of cases)
  test(`nothing tells the scope: who ${what} ${namespace === null ? '-A' : `-n ${namespace}`}: ${expected}`, () => {
    const given = answer(who, right(what, namespace), story().world());
    assert.equal(both(given), expected);
    const isSaid = given.unknowns.some(
      (each) => each.kind === 'unmodelled' && /^whether \S+ is namespaced$/.test(each.what),
    );
    assert.equal(isSaid, expected !== 'no  ');
  });

const subjects: [subject: string, verdict: Answer['verdict'], leaning: Answer['leaning'], namespace: string | null][] =
  [
    ['eve', 'yes', null, 'a'],
    ['jane', 'depends', 'yes', 'a'],
    ['otto', 'no', null, 'a'],
    ['otto', 'depends', 'yes', null],
    ['bob', 'no', null, 'a'],
    ['bob', 'no', null, null],
  ];
for (const [name, verdict, leaning, namespace] of subjects)
  test(`about ${name} alone ${namespace === null ? '-A' : `-n ${namespace}`}: ${verdict}`, () => {
    const given = answer(who, right('patch widgets.acme.io', namespace), story().world(), { subject: user(name) });
    assert.deepEqual([given.verdict, given.leaning], [verdict, leaning]);
    assert.equal(
      given.nearMisses.some(({ id }) => id === 'near-miss-namespace'),
      name === 'otto' && namespace !== null,
    );
  });

test('create limited to names: by a ClusterRoleBinding it works in either scope, by a RoleBinding in one', () => {
  const rule = [acme('create patch', 'widgets', ['one'])];
  const world = cluster({ origin: 'file', discovery: null })
    .namespace('a')
    .role('a', 'r', rule)
    .binding('a', 'rb', 'Role/r', user('jane'))
    .clusterRole('w', rule)
    .clusterBinding('crb', 'ClusterRole/w', user('eve'))
    .world();
  assert.equal(both(answer(who, right('create widgets.acme.io', 'a'), world)), inA);
});

test('who has it by both kinds of binding has it for sure, once', () => {
  const given = answer(
    who,
    right('patch widgets.acme.io', 'a'),
    story().clusterBinding('too', 'ClusterRole/w', user('jane')).world(),
  );
  assert.deepEqual(holders(given).sort(), ['User/eve', 'User/jane']);
});

test('bindings that could not be read make a no depend, as for what is namespaced', () => {
  const world = story().refuse(list('rolebindings', 'a')).refuse(list('rolebindings')).world();
  assert.equal(answer(who, right('delete widgets.acme.io', 'a'), world).verdict, 'depends');
});

const definition = (namespaced: boolean) => ({
  ...{
    namespace: null,
    name: 'widgets.acme.io',
    group: 'acme.io',
    version: 'v1',
    plural: 'widgets',
    singular: 'widget',
    kind: 'Widget',
  },
  ...{ shortNames: ['wd'], namespaced, subresources: [] },
});
for (const [namespaced, expected] of [
  [true, `yes ${names('eve', 'jane')} `],
  [false, `yes ${names('eve')} `],
] as const)
  for (const what of ['widgets.acme.io', 'Widget.acme.io', 'wd', 'widget'])
    test(`a CustomResourceDefinition tells the scope: ${namespaced ? 'namespaced' : 'cluster-scoped'}, ${what}`, () => {
      const world = story().with('customresourcedefinitions', definition(namespaced)).world();
      const given = answer(who, right(`patch ${what}`, 'a'), world);
      assert.equal(both(given), expected);
      assert.equal(
        given.unknowns.some((each) => each.what.includes('namespaced')),
        false,
      );
    });

const listed: ApiResource = {
  ...{
    group: 'apps',
    version: 'v1',
    resource: 'deployments',
    kind: 'Deployment',
    singular: 'deployment',
    shortNames: ['deploy'],
  },
  ...{ namespaced: true, verbs: ['get'], subresources: {} },
};
const live = (undiscovered?: string[]): Partial<Facts> => ({
  origin: 'live',
  discovery: [listed],
  ...(undiscovered && { undiscovered }),
});

test('a group that discovery does not tell about leaves the scope of its resources open', () => {
  const given = answer(who, right('patch widgets.acme.io', 'a'), story(live(['acme.io'])).world());
  assert.equal(both(given), inA);
  const [open] = given.unknowns.filter(({ what }) => what.includes('namespaced'));
  assert.deepEqual([open?.kind, open?.why], ['unreadable', 'discovery does not tell what group acme.io has']);
  assert.equal(both(answer(who, right('patch widgets', 'a'), story(live(['acme.io'])).world())), inA);
  const whole = answer(who, right('patch widgets.acme.io', 'a'), story({ origin: 'live' }).world());
  assert.ok(whole.unknowns.some(({ kind, why }) => kind === 'unreadable' && why === 'discovery could not be read'));
});

const errors: [facts: Partial<Facts>, what: string, message: RegExp][] = [
  [live(), 'patch widgets.acme.io', /doesn't have a resource type "widgets.acme.io"$/],
  [live(['other.io']), 'patch widgets.acme.io', /doesn't have a resource type "widgets.acme.io"$/],
  [
    live(['other.io']),
    'patch things',
    /"things"; discovery does not tell what other.io has: name it with its group, as things.other.io$/,
  ],
  [live(['x.io', 'y.io']), 'patch things', /; discovery does not tell what x.io and y.io have: /],
  [{}, 'patch things', /doesn't have a resource type "things"/],
  [{}, 'patch foos.apps', /doesn't have a resource type "foos.apps"/],
];
for (const [facts, what, message] of errors)
  test(`what is surely not there is an error: ${what}`, () => {
    assert.equal(needsDiscovery(right(what)), true);
    assert.throws(
      () => asked(who, right(what, 'a'), story(facts).world()),
      (error) => error instanceof UserError && message.test(error.message),
    );
  });

test('what a kind was taken for is said', () => {
  const said = (what: string): string[] => asked(who, right(what, 'a'), story().world()).warnings;
  assert.deepEqual(said('patch Widget.acme.io'), [
    'resource type "Widget.acme.io" is not known here: taken for widgets.acme.io',
  ]);
  assert.deepEqual(said('patch widgets.acme.io'), [
    'resource type "widgets.acme.io" is not known here: taken as it stands',
  ]);
});
