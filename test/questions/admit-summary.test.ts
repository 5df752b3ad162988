import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../src/answer/answer.ts';
import type { Leaning, Truth } from '../../src/answer/verdict.ts';
import { summaryOf } from '../../src/questions/admit/summary.ts';
import type { AdmitTarget, PodObject } from '../../src/questions/admit/target.ts';
import { finding } from '../helpers/answers.ts';

const kind = { group: '', version: 'v1', resource: 'pods', kind: 'Pod' };
const object = (namespace: string): PodObject => ({
  kind,
  raw: { metadata: { name: 'p', namespace } },
  from: 'x.yaml:1',
});
const target = (namespaces: readonly string[], level: AdmitTarget['level'] = null): AdmitTarget => ({
  ...{ namespaces: [], accounts: [], errors: [], warnings: [], namespace: 'shop', given: null },
  objects: namespaces.map(object),
  level,
});

/** `yes no depends:no`: what becomes of each pod. */
const findings = (words: string): Finding[] =>
  words.split(' ').map((word) => {
    const [verdict, leaning = null] = word.split(':') as [Truth, Leaning?];
    return finding({
      verdict,
      leaning,
      object: { kind: 'Pod', namespace: 'shop', name: 'p', container: null },
      reason: 'why',
    });
  });

const shop = target(['shop']);
const cases: [verdicts: string, where: AdmitTarget, summary: string][] = [
  ['yes', shop, 'pod p would be admitted into namespace shop'],
  ['no', shop, 'pod p would not be admitted into namespace shop: why'],
  ['depends', shop, 'pod p may be admitted into namespace shop: why'],
  ['depends:yes', shop, 'pod p would likely be admitted into namespace shop: why'],
  ['depends:no', shop, 'pod p would likely not be admitted into namespace shop: why'],
  ['yes yes yes', shop, 'all 3 pods would be admitted into namespace shop'],
  ['no no', shop, 'all 2 pods would be refused in namespace shop'],
  ['yes no yes', shop, '1 of 3 would be refused in namespace shop'],
  ['no no yes yes yes yes yes yes yes yes', shop, '2 of 10 would be refused in namespace shop'],
  ['no depends yes', shop, '1 of 3 would be refused in namespace shop, and 1 more may be'],
  ['no depends:yes depends:no yes', shop, '1 of 4 would be refused in namespace shop, and 2 more may be'],
  ['depends yes', shop, '1 of 2 may be refused in namespace shop'],
  ['depends depends', shop, '2 of 2 may be refused in namespace shop'],
  ['depends:no yes', shop, '1 of 2 would likely be refused in namespace shop'],
  ['depends:yes yes', shop, '1 of 2 may be, but probably would not be, refused in namespace shop'],
  ['depends:yes depends:no yes', shop, '1 of 3 would likely be refused in namespace shop, and 1 more may be'],
  ['depends:no depends:no depends', shop, '2 of 3 would likely be refused in namespace shop, and 1 more may be'],
  ['depends:yes depends yes', shop, '2 of 3 may be refused in namespace shop'],
  ['yes no', target(['shop', 'ops']), '1 of 2 would be refused in namespaces ops and shop'],
  ['yes yes', target(['shop', 'ops']), 'all 2 pods would be admitted into namespaces ops and shop'],
  ['yes no', target(['a', 'b', 'c', 'd']), '1 of 2 would be refused in 4 namespaces'],
  ['yes no', target([], { level: 'baseline', version: 'latest' }), '1 of 2 would be refused at baseline:latest'],
  [
    'yes yes',
    target([], { level: 'restricted', version: { major: 1, minor: 30 } }),
    'all 2 pods would be admitted at restricted:v1.30',
  ],
];
for (const [verdicts, where, summary] of cases)
  test(`${verdicts}: ${summary}`, () => assert.equal(summaryOf(findings(verdicts), where), summary));
