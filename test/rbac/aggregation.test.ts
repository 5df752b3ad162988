import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aggregatedFrom, aggregateRules, mayHaveMore } from '../../src/rbac/aggregation.ts';
import type { LabelSelector, Labels, Role } from '../../src/world/objects.ts';
import { allow, cluster } from '../helpers/cluster.ts';

const pods = allow('get', 'pods');
const nodes = allow('get', 'nodes');
const secrets = allow('get', 'secrets');
const labelled = (label: string): LabelSelector => ({ matchLabels: { [label]: 'true' }, matchExpressions: [] });
const sum = { selectors: [labelled('to-sum')] };
const toSum = { labels: { 'to-sum': 'true' } };

function roles(
  ...all: [name: string, rules: Role['rules'], more?: Partial<Pick<Role, 'labels' | 'selectors'>>][]
): readonly Role[] {
  const builder = cluster();
  for (const [name, rules, more] of all) builder.clusterRole(name, rules, more);
  return builder.world().list('clusterroles');
}

const cases: [why: string, roles: readonly Role[], rules: Role['rules']][] = [
  [
    'the union of what the selector matches',
    roles(['sum', [], sum], ['a', [pods], toSum], ['b', [nodes], toSum], ['c', [secrets]]),
    [pods, nodes],
  ],
  ['a selector that matches nothing', roles(['sum', [], sum], ['a', [pods]]), []],
  [
    'any of several selectors',
    roles(['sum', [], { selectors: [labelled('x'), labelled('y')] }], ['a', [pods], { labels: { y: 'true' } }]),
    [pods],
  ],
  ['no selectors', roles(['sum', [], { selectors: [] }], ['a', [pods], toSum]), []],
  [
    'an empty selector matches everything but the role itself',
    roles(['sum', [], { selectors: [{ matchLabels: {}, matchExpressions: [] }] }], ['a', [pods]]),
    [pods],
  ],
  [
    'sources that are sums themselves',
    roles(
      ['sum', [], sum],
      ['b', [], { ...toSum, selectors: [labelled('to-b')] }],
      ['c', [pods], { labels: { 'to-b': 'true' } }],
    ),
    [pods],
  ],
  [
    'sources that are filled already',
    roles(['sum', [], sum], ['b', [pods], { ...toSum, selectors: [labelled('to-b')] }]),
    [pods],
  ],
  [
    'two that select each other',
    roles(
      ['sum', [], { ...sum, labels: { 'to-b': 'true' } }],
      ['b', [], { ...toSum, selectors: [labelled('to-b')] }],
      ['a', [pods], toSum],
    ),
    [pods],
  ],
  ['a role that is not aggregated keeps its rules', roles(['sum', [secrets]], ['a', [pods], toSum]), [secrets]],
];

for (const [why, all, rules] of cases) {
  test(`an aggregated role has ${why}`, () => {
    const role = all.find(({ name }) => name === 'sum');
    assert.ok(role);
    assert.deepEqual(aggregateRules(role, all), rules);
  });
}

test('a rule of an aggregated role names the roles that it comes from', () => {
  const all = roles(['sum', [pods, nodes], sum], ['a', [pods], toSum], ['b', [nodes, pods], toSum], ['c', [pods]]);
  const from = all.flatMap((role) =>
    role.rules.map((rule) => [role.name, rule.resources[0], aggregatedFrom(role, rule, all)]),
  );
  assert.deepEqual(from, [
    ['sum', 'pods', ['a', 'b']],
    ['sum', 'nodes', ['b']],
    ['a', 'pods', null],
    ['b', 'nodes', null],
    ['b', 'pods', null],
    ['c', 'pods', null],
  ]);
});

const ODD_PART = { 'to-sum': 'true' };
const more: [why: string, roles: readonly Role[], odd: readonly (Labels | null)[], expected: boolean][] = [
  ['nothing is odd', roles(['sum', [], sum], ['a', [pods], toSum]), [], false],
  ['an odd one that it selects', roles(['sum', [], sum]), [ODD_PART], true],
  ['an odd one that it does not select', roles(['sum', [], sum]), [{ other: 'true' }], false],
  ['an odd one of which nobody knows the labels', roles(['sum', [], sum]), [null], true],
  ['one of two', roles(['sum', [], sum]), [{}, ODD_PART], true],
  ['no selectors at all', roles(['sum', [], { selectors: [] }]), [null], false],
  ['a role that is not aggregated', roles(['sum', [pods]]), [null], false],
  ['one of two selectors', roles(['sum', [], { selectors: [labelled('x'), labelled('to-sum')] }]), [ODD_PART], true],
  [
    'a sum of sums',
    roles(['sum', [], sum], ['b', [], { ...toSum, selectors: [labelled('to-b')] }]),
    [{ 'to-b': 'true' }],
    true,
  ],
  [
    'a sum that it does not select',
    roles(['sum', [], sum], ['b', [], { selectors: [labelled('to-b')] }]),
    [{ 'to-b': 'true' }],
    false,
  ],
  [
    'a sum that somebody filled',
    roles(['sum', [], sum], ['b', [pods], { ...toSum, selectors: [labelled('to-b')] }]),
    [{ 'to-b': 'true' }],
    false,
  ],
  [
    'two that select each other',
    roles(['sum', [], { ...sum, labels: { 'to-b': 'true' } }], ['b', [], { ...toSum, selectors: [labelled('to-b')] }]),
    [{ other: 'true' }],
    false,
  ],
];
for (const [why, all, odd, expected] of more)
  test(`an aggregated role ${expected ? 'may have' : 'has no'} more rules: ${why}`, () => {
    const role = all.find(({ name }) => name === 'sum');
    assert.ok(role);
    assert.equal(
      mayHaveMore(role, all, odd, ({ rules }) => rules.length === 0),
      expected,
    );
  });
