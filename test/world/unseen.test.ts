import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { get, list, type Need, whole } from '../../src/world/needs.ts';
import type { World } from '../../src/world/world.ts';
import * as engine from '../../src/world/world.ts';
import { type ClusterBuilder, cluster } from '../helpers/cluster.ts';
import { importMutant, mistakes } from '../helpers/mutate.ts';

type Unseen = typeof engine.unseen;

const PODS = list('pods', 'shop');
const story = (): ClusterBuilder => cluster().namespace('shop').pod('shop', 'web');

const cases: [what: string, builder: ClusterBuilder, need: Need, unseen: string[]][] = [
  ['a list that was read', story(), PODS, []],
  ['the same of the whole cluster', story(), list('pods'), []],
  ['a list that was refused', story().refuse(list('pods')), PODS, ['pods in namespace shop']],
  ['a kind that the server does not have', story().refuse(list('pods'), 404), PODS, []],
  ['an object that nobody understands', story().odd('pods', 'shop/odd'), PODS, ['pods shop/odd']],
  ['the same, asked for in the whole cluster', story().odd('pods', 'shop/odd'), list('pods'), ['pods shop/odd']],
  ['the same, where whole pods are asked for', story().odd('pods', 'shop/odd'), whole(PODS), ['pods shop/odd']],
  ['one of another namespace', story().odd('pods', 'shops/odd'), PODS, []],
  ['one of another kind', story().odd('services', 'shop/odd'), PODS, []],
  ['one that is cluster-scoped', story().odd('nodes', 'n1'), list('nodes'), ['nodes n1']],
  ['both', story().odd('pods', 'shop/odd').refuse(list('pods')), PODS, ['pods in namespace shop', 'pods shop/odd']],
  ['an object that was read', story(), get('pods', 'shop', 'web'), []],
  ['an object that is not there', story(), get('pods', 'shop', 'gone'), []],
  ['an object in a list that broke off', story().refuse(list('pods')), get('pods', 'shop', 'web'), []],
  ['an object that was refused', story().refuse(list('pods')), get('pods', 'shop', 'api'), ['pod shop/api']],
  [
    'the object that nobody understands',
    story().odd('pods', 'shop/odd'),
    get('pods', 'shop', 'odd'),
    ['pods shop/odd'],
  ],
  ['another object beside it', story().odd('pods', 'shop/odd'), get('pods', 'shop', 'web'), []],
];

const said = (unseen: Unseen, world: World, need: Need): string[] => unseen(world, need, 'x').map(({ what }) => what);

for (const [what, builder, need, unseen] of cases)
  test(`what was not seen of ${what}: ${unseen.join(', ') || 'nothing'}`, () => {
    assert.deepEqual(said(engine.unseen, builder.world(), need), unseen);
    for (const each of engine.unseen(builder.world(), need, 'x'))
      assert.deepEqual([each.kind, each.affects], ['unreadable', 'x']);
  });

const MUTATIONS = mistakes('world/world.ts', [
  ['what nobody understands was seen', 'return isKnown ? malformed : [', 'return isKnown ? [] : ['],
  ['what nobody understands is all', '[unreadable(world, need, affects), ...malformed]', 'malformed'],
  [
    'a kind that is not there was not read',
    "outcome.read || outcome.failure.kind === 'notFound');\n  if (name",
    'outcome.read);\n  if (name',
  ],
  ['what is there was not read', 'isKnown || world.find(kind, namespace, name) ? []', 'isKnown ? []'],
  ['the object itself was understood', 'if (malformed) return [{ ...malformed, affects }];', ''],
]);

test('each deliberate mistake is noticed', async () => {
  for (const mutation of MUTATIONS) {
    const mutant = await importMutant<{ unseen: Unseen }>(
      join(import.meta.dirname, '../../src'),
      ['world/world.ts'],
      mutation,
    );
    const isNoticed = cases.some(
      ([, builder, need, unseen]) => String(said(mutant.unseen, builder.world(), need)) !== String(unseen),
    );
    assert.ok(isNoticed, mutation.name);
  }
});
