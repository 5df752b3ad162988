import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchRule } from '../../src/rbac/match.ts';
import { nearMisses } from '../../src/rbac/near-misses.ts';
import { rbacOf } from '../../src/rbac/rbac-of.ts';
import { isUrlRequest, type Request } from '../../src/rbac/request.ts';
import { GROUP_SPELLINGS } from '../../src/rbac/spellings/groups.ts';
import { NAME_SPELLINGS } from '../../src/rbac/spellings/names.ts';
import { NAME_IN_RESOURCE, RESOURCE_SPELLINGS } from '../../src/rbac/spellings/resources.ts';
import { URL_SPELLINGS } from '../../src/rbac/spellings/urls.ts';
import { VERB_SPELLINGS } from '../../src/rbac/spellings/verbs.ts';
import { knownResources } from '../../src/world/known-resources.ts';
import type { Rule } from '../../src/world/objects.ts';
import type { World } from '../../src/world/world.ts';
import { allow, allowUrls, cluster, user } from '../helpers/cluster.ts';
import { NO_MISSPELLINGS, RULE_ROWS, repaired, requestOf } from '../helpers/near-miss-rows.ts';
import { request } from '../helpers/request.ts';

const JANE = user('jane');

/** Jane with this one rule, where it counts. */
const worldWith = (rule: Rule, asked: Request): World => {
  const builder = cluster().namespace('shop').clusterRole('r', [rule]);
  const isEverywhere = isUrlRequest(asked) || asked.namespace === '';
  return (
    isEverywhere
      ? builder.clusterBinding('b', 'ClusterRole/r', JANE)
      : builder.binding('shop', 'b', 'ClusterRole/r', JANE)
  ).world();
};

const missesOf = (rule: Rule, asked: Request, world = worldWith(rule, asked)) =>
  nearMisses(
    rbacOf(world),
    [...world.list('clusterrolebindings'), ...world.list('rolebindings')].map((binding) => ({
      binding,
      subjects: binding.subjects,
    })),
    [{ request: asked }],
    { known: knownResources(world), rules: true },
  );

const words = ({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: Rule): string =>
  JSON.stringify([verbs, apiGroups, resources, resourceNames, nonResourceURLs]);

for (const row of RULE_ROWS) {
  test(`${words(row.rule)} is nearly ${row.asked}: ${row.id}`, () => {
    const asked = requestOf(row);
    const [miss, ...more] = missesOf(row.rule, asked);
    assert.deepEqual([miss?.miss, miss?.misspelt[0]?.id, more.length], ['spelling', row.id, 0]);
    assert.equal(matchRule(row.rule, asked), undefined, 'it grants nothing');
    assert.ok(
      matchRule(repaired(row.rule, miss?.misspelt ?? [], asked), asked),
      'and does once it is spelled as it was meant',
    );
  });
}

for (const [asked, rule, why] of NO_MISSPELLINGS) {
  test(`${words(rule)} is no misspelling of ${asked}: ${why}`, () => {
    const misses = missesOf(rule, request(asked));
    assert.deepEqual(
      misses.filter(({ miss }) => miss === 'spelling'),
      [],
    );
  });
}

test('every kind of misspelling has a row', () => {
  const tables = [VERB_SPELLINGS, GROUP_SPELLINGS, RESOURCE_SPELLINGS, NAME_SPELLINGS, URL_SPELLINGS];
  const ids = new Set([...tables.flatMap((table) => table.map(({ id }) => id)), NAME_IN_RESOURCE.id]);
  assert.deepEqual([...ids].sort(), [...new Set(RULE_ROWS.map(({ id }) => id))].sort());
});

test('a rule is told by its misspelling, not by the right word beside it that is another resource', () => {
  const [miss] = missesOf(allow('create', 'pods pods/execs'), request('create pods/exec in shop'));
  assert.equal(miss?.misspelt[0]?.id, 'plural-subresource');
});

test('who holds the right by one rule misses nothing by a misspelt one', () => {
  const world = cluster()
    .namespace('shop')
    .role('shop', 'r', [allow('get', 'po'), allow('get', 'pods')])
    .binding('shop', 'b', 'Role/r', JANE)
    .world();
  assert.deepEqual(missesOf(allow('get', 'po'), request('get pods in shop'), world), []);
});

test('a misspelling in another namespace is two mistakes', () => {
  const world = cluster()
    .namespace('shop')
    .role('dev', 'r', [allow('get', 'po')])
    .binding('dev', 'b', 'Role/r', JANE)
    .world();
  assert.deepEqual(missesOf(allow('get', 'po'), request('get pods in shop'), world), []);
});

test('names of custom resources are those that their definition has', () => {
  const widgets = {
    ...{
      namespace: null,
      name: 'widgets.example.org',
      group: 'example.org',
      version: 'v1',
      plural: 'widgets',
      singular: 'widget',
    },
    ...{ kind: 'Widget', shortNames: ['wd'], namespaced: true, subresources: ['scale'] },
  };
  for (const [word, id, group] of [
    ['wd', 'short-name', 'example.org'],
    ['Widget', 'kind', 'example.org'],
    ['widget/scale', 'singular', 'example.org'],
    ['widgets.example.org', 'group-in-resource', ''],
    ['widgets', 'version-in-group', 'example.org/v1'],
  ] as const) {
    const rule = allow('get', word, { groups: [group] });
    const asked = request(`get widgets.example.org${word.includes('/') ? '/scale' : ''} in shop`);
    const builder = cluster().with('customresourcedefinitions', widgets).namespace('shop').role('shop', 'r', [rule]);
    const world = builder.binding('shop', 'b', 'Role/r', JANE).world();
    const [miss] = missesOf(rule, asked, world);
    assert.equal(miss?.misspelt[0]?.id, id, word);
  }
});

test('a group that a custom resource has is no short name of another', () => {
  const widgets = {
    ...{
      namespace: null,
      name: 'widgets.networking',
      group: 'networking',
      version: 'v1',
      plural: 'widgets',
      singular: 'widget',
    },
    ...{ kind: 'Widget', shortNames: [], namespaced: true, subresources: [] },
  };
  const rule = allow('get', 'networkpolicies', { groups: ['networking'] });
  const builder = cluster().with('customresourcedefinitions', widgets).namespace('shop').role('shop', 'r', [rule]);
  const world = builder.binding('shop', 'b', 'Role/r', JANE).world();
  const [miss] = missesOf(rule, request('get networkpolicies.networking.k8s.io in shop'), world);
  assert.equal(miss?.miss, 'api-group');
});

test('words that an attacker writes cost no time and end no question', () => {
  const stars = '*a'.repeat(20_000);
  for (const word of [
    stars,
    '('.repeat(5000),
    'pods/'.repeat(5000),
    '*a'.repeat(140),
    ' '.repeat(299),
    '\u0000',
    '__proto__',
    'constructor',
  ]) {
    const rule = allow('get', 'pods');
    for (const part of ['verbs', 'resources', 'apiGroups', 'resourceNames'] as const) {
      const asked = { ...request('get pods/exec in shop'), name: 'a'.repeat(253) } as Request;
      assert.deepEqual(
        missesOf({ ...rule, [part]: [word] }, asked).filter(({ miss }) => miss === 'spelling').length <= 1,
        true,
      );
    }
    missesOf({ ...allowUrls('get', '/x'), nonResourceURLs: [word] }, request('get /aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'));
  }
  for (const what of ['*', '(', '[a', 'constructor', '__proto__'])
    missesOf(allow('get', 'po'), {
      verb: what,
      group: what,
      resource: what,
      subresource: what,
      namespace: 'shop',
      name: '',
    });
});
