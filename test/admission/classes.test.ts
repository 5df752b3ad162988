import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { isSpecial, layersReadUser, namespaceClass } from '../../src/admission/classes.ts';
import { Judge } from '../../src/admission/judge.ts';
import { POD_MAKERS } from '../../src/admission/makers.ts';
import type { Labels } from '../../src/world/objects.ts';
import type { Raw } from '../../src/world/reduce/raw.ts';
import type { World } from '../../src/world/world.ts';
import { cluster } from '../helpers/cluster.ts';
import { put } from '../questions/privileged-worlds.ts';
import { policyOf } from './kyverno/policies.ts';
import { JANE } from './objects.ts';
import { binding, policy, webhooks } from './policies/objects.ts';

const ENFORCE = 'pod-security.kubernetes.io/enforce';
const two = (a: Labels, b: Labels, ...objects: Raw[]): World => put(cluster().namespace('a', a).namespace('b', b), ...objects).world();
const isSame = (world: World): boolean => namespaceClass('a', world) === namespaceClass('b', world);
const selected = (selector: Raw): Raw[] => [
  policy('p', { validations: [{ expression: 'false' }] }),
  binding('p', 'p', { matchResources: { namespaceSelector: selector } }),
];
const says = (expression: string): Raw[] => [policy('p', { validations: [{ expression }] }), binding('p', 'p')];
const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q', namespace: 'a' }, spec: { hard: { pods: '0' } } };

const cases: [why: string, world: World, isSame: boolean][] = [
  ['nothing tells them apart', two({}, {}), true],
  ['labels that nobody looks at', two({ team: 'x' }, { team: 'y' }), true],
  ['levels of Pod Security', two({ [ENFORCE]: 'baseline' }, {}), false],
  ['a version of a level', two({ [`${ENFORCE}-version`]: 'v1.20' }, {}), false],
  ['a label that a binding selects', two({ env: 'prod' }, { env: 'dev' }, ...selected({ matchLabels: { env: 'prod' } })), false],
  ['values that no selector names', two({ env: 'test' }, { env: 'dev' }, ...selected({ matchLabels: { env: 'prod' } })), true],
  ['a label that has to be there', two({ env: 'x' }, {}, ...selected({ matchExpressions: [{ key: 'env', operator: 'Exists' }] })), false],
  [
    'values of a label that has to be there',
    two({ env: 'x' }, { env: 'y' }, ...selected({ matchExpressions: [{ key: 'env', operator: 'Exists' }] })),
    true,
  ],
  ['a namespace by its name', two({}, {}, ...selected({ matchLabels: { 'kubernetes.io/metadata.name': 'a' } })), false],
  ['another namespace by its name', two({}, {}, ...selected({ matchLabels: { 'kubernetes.io/metadata.name': 'c' } })), true],
  ['a selector of a webhook', two({ env: 'prod' }, {}, webhooks('w', [{ namespaceSelector: { matchLabels: { env: 'prod' } } }])), false],
  ['a quota', two({}, {}, quota), false],
  ['another engine', two({}, {}, policyOf('p', { pattern: {} })), false],
  ['a policy on pods alone', two({}, {}, ...says('object.spec.hostPID')), true],
  ['a policy on the namespace', two({}, {}, ...says("namespaceObject.metadata.name == 'a'")), false],
  ['on the namespace of the request', two({}, {}, ...says("request.namespace == 'a'")), false],
  ['spelled otherwise', two({}, {}, ...says('request.?namespace.orValue("") == "a"')), false],
  ['spelled as an index', two({}, {}, ...says('request["namespace"] == "a"')), false],
  ['spelled as an index with other quotation marks', two({}, {}, ...says("object.metadata['namespace'] == 'a'")), false],
  ['the rights that its author has there', two({}, {}, ...says("authorizer.requestResource.check('delete').allowed()")), false],
];
for (const [why, world, same] of cases) test(`${same ? 'alike' : 'told apart'}: ${why}`, () => assert.equal(isSame(world), same));

test('a namespace that is being deleted is told apart', () => {
  const gone = cluster().namespace('a').with('namespaces', { namespace: null, name: 'b', labels: {}, deleting: true });
  assert.ok(!isSame(gone.world()));
});

test('a namespace that is not known is like no other', () => assert.ok(!isSame(cluster().world())));

describe('whether users matter', () => {
  const users: [why: string, objects: Raw[], expected: boolean, name?: string][] = [
    ['nobody looks', says('object.spec.hostPID'), false],
    ['a node is restricted', [], true, 'system:node:n1'],
    ['a policy looks', says("request.userInfo.username == 'x'"), true],
    [
      'a condition looks',
      [
        policy('p', { matchConditions: [{ name: 'c', expression: "'ops' in request.userInfo.groups" }], validations: [] }),
        binding('p', 'p'),
      ],
      true,
    ],
    [
      'a condition of a webhook looks',
      [webhooks('w', [{ matchConditions: [{ name: 'c', expression: "'ops' in request.userInfo.groups" }] }])],
      true,
    ],
    ['rights are looked at', says("authorizer.group('').resource('x').check('use').allowed()"), true],
    ['another engine may look', [policyOf('p', { pattern: {} })], true],
  ];
  for (const [why, objects, expected, name = 'jane'] of users)
    test(`${why}: ${expected}`, () => {
      const world = two({}, {}, ...objects);
      assert.equal(layersReadUser(world) || isSpecial({ name, groups: [] }, world), expected);
    });
});

const labels = fc.dictionary(fc.constantFrom('env', 'team', ENFORCE), fc.constantFrom('prod', 'dev', 'baseline', 'restricted'), {
  maxKeys: 3,
});
const selector = fc.oneof(
  fc.record({
    matchLabels: fc.dictionary(fc.constantFrom('env', 'team', 'kubernetes.io/metadata.name'), fc.constantFrom('prod', 'dev', 'a'), {
      maxKeys: 2,
    }),
  }),
  fc.record({
    matchExpressions: fc.array(
      fc.record({
        key: fc.constantFrom('env', 'team'),
        operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
        values: fc.constantFrom(['prod'], ['dev', 'prod']),
      }),
      { maxLength: 2 },
    ),
  }),
);
const expression = fc.constantFrom(
  'false',
  'object.spec.?hostPID.orValue(false)',
  "request.namespace == 'a'",
  "namespaceObject.metadata.?labels.?env.orValue('') == 'prod'",
  'request["namespace"] == "b"',
  'has(object.spec.volumes)',
);

test('two namespaces of one class are decided alike', () => {
  let alike = 0;
  fc.assert(
    fc.property(labels, labels, selector, expression, (a, b, namespaceSelector, rule) => {
      const world = two(
        a,
        b,
        policy('p', { validations: [{ expression: rule }] }),
        binding('p', 'p', { matchResources: { namespaceSelector } }),
      );
      if (!isSame(world)) return;
      alike += 1;
      const values = (namespace: string) =>
        new Judge(world).trials({ maker: POD_MAKERS[0], operation: 'CREATE' }, namespace, JANE).map(({ admission }) => admission.value);
      assert.deepEqual(values('a'), values('b'));
    }),
    { numRuns: 1000 },
  );
  assert.ok(alike >= 50, `${alike} pairs were alike`);
});
