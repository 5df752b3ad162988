import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Admission } from '../../../src/admission/layer.ts';
import { policies } from '../../../src/admission/policies/layer.ts';
import { paramNeeds } from '../../../src/admission/policies/params.ts';
import type { AdmissionRequest } from '../../../src/admission/request/request.ts';
import { describeNeed, get, list } from '../../../src/world/needs.ts';
import type { Raw } from '../../../src/world/raw.ts';
import type { ApiResource } from '../../../src/world/resources.ts';
import { binding, configMap, denyIf, PODS, pod, policy, request, worldWith } from './objects.ts';

const admits = (objects: readonly Raw[], asked: AdmissionRequest = request()): Admission =>
  policies.admits(asked, worldWith(objects));
const bound = (spec: Raw, more: Raw = {}): Raw[] => [policy('p', spec), binding('b', 'p', more)];
const never = denyIf('true', { message: 'never' });
const asNamespace = (labels: Raw): AdmissionRequest =>
  request(
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'new', labels } },
    { ...NAMESPACE, namespace: 'new', name: 'new' },
  );
const NAMESPACE = {
  kind: { group: '', version: 'v1', kind: 'Namespace' },
  resource: { group: '', version: 'v1', resource: 'namespaces' },
};
const onNamespaces = {
  resourceRules: [{ ...PODS, resources: ['namespaces'] }],
  namespaceSelector: { matchLabels: { env: 'prod' } },
};

describe('ValidatingAdmissionPolicies', () => {
  const cases: readonly [string, 'yes' | 'no' | 'depends', Raw[], AdmissionRequest?][] = [
    ['a policy without a binding does nothing', 'yes', [policy('p', never)]],
    ['a binding without its policy does nothing', 'yes', [binding('b', 'p')]],
    ['a bound policy refuses', 'no', bound(never)],
    ['a binding that only warns does not', 'yes', bound(never, { validationActions: ['Warn', 'Audit'] })],
    [
      'one of two bindings is enough',
      'no',
      [policy('p', never), binding('a', 'p', { validationActions: ['Audit'] }), binding('b', 'p')],
    ],
    [
      'it is for pods, not for their subresources',
      'yes',
      bound(never),
      request(pod(), { subresource: 'ephemeralcontainers' }),
    ],
    [
      'a policy never looks at policies',
      'yes',
      bound({ ...never, matchConstraints: { resourceRules: [{ ...PODS, apiGroups: ['*'], resources: ['*'] }] } }),
      request(
        {},
        { resource: { group: 'admissionregistration.k8s.io', version: 'v1', resource: 'validatingadmissionpolicies' } },
      ),
    ],
    [
      'nor at questions about rights',
      'yes',
      bound({ ...never, matchConstraints: { resourceRules: [{ ...PODS, apiGroups: ['*'], resources: ['*'] }] } }),
      request({}, { resource: { group: 'authorization.k8s.io', version: 'v1', resource: 'subjectaccessreviews' } }),
    ],
    [
      'namespaces are selected by their labels',
      'no',
      bound({
        ...never,
        matchConstraints: { resourceRules: [PODS], namespaceSelector: { matchLabels: { env: 'prod' } } },
      }),
    ],
    [
      'others are let be',
      'yes',
      bound(never, { matchResources: { namespaceSelector: { matchLabels: { env: 'prod' } } } }),
      request(pod(), { namespace: 'play' }),
    ],
    [
      'the name of a namespace is a label of it',
      'no',
      bound(never, {
        matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'play' } } },
      }),
      request(pod(), { namespace: 'play' }),
    ],
    [
      'a Namespace that is written brings its own labels',
      'no',
      bound({ ...never, matchConstraints: onNamespaces }),
      asNamespace({ env: 'prod' }),
    ],
    ['and may leave them out', 'yes', bound({ ...never, matchConstraints: onNamespaces }), asNamespace({})],
    [
      'a Namespace has no namespaceObject',
      'no',
      bound({
        ...denyIf('namespaceObject == null'),
        matchConstraints: { resourceRules: [{ ...PODS, resources: ['namespaces'] }] },
      }),
      asNamespace({}),
    ],
    [
      'an unknown namespace may have any labels',
      'depends',
      bound({
        ...never,
        matchConstraints: { resourceRules: [PODS], namespaceSelector: { matchLabels: { env: 'prod' } } },
      }),
      request(pod(), { namespace: 'unseen' }),
    ],
    ['a failure refuses', 'no', bound({ validations: [{ expression: 'object.spec.zzz' }] })],
    [
      'unless it is to be ignored',
      'yes',
      bound({ failurePolicy: 'Ignore', validations: [{ expression: 'object.spec.zzz' }] }),
    ],
    [
      'a failing annotation refuses even where only audited',
      'no',
      bound(
        { validations: [], auditAnnotations: [{ key: 'k', valueExpression: 'string(object.spec.zzz)' }] },
        { validationActions: ['Audit'] },
      ),
    ],
    ['what cannot be read is not guessed', 'depends', bound({ validations: [{ expression: 'object.spec.(' }] })],
    [
      'not even where failures are ignored',
      'depends',
      bound({ failurePolicy: 'Ignore', validations: [{ expression: 'unheard_of(object)' }] }),
    ],
    [
      'another validation that refuses decides',
      'no',
      bound({ validations: [{ expression: 'unheard_of(object)' }, { expression: 'false' }] }),
    ],
    [
      'a variable that refers to itself ends',
      'depends',
      bound({
        variables: [
          { name: 'a', expression: 'variables.b' },
          { name: 'b', expression: 'variables.a' },
        ],
        validations: [{ expression: 'variables.a' }],
      }),
    ],
    ['the uid of a new object is there, and not known', 'depends', bound(denyIf('object.metadata.uid != "x"'))],
    ['the uid of a user is not known', 'depends', bound(denyIf('request.userInfo.uid == "x"'))],
    [
      'a member of a group has some name',
      'depends',
      bound(denyIf('request.userInfo.username == "root"')),
      request(pod(), { user: { name: null, groups: ['devs'] } }),
    ],
    [
      'and its groups',
      'no',
      bound(denyIf('"devs" in request.userInfo.groups')),
      request(pod(), { user: { name: null, groups: ['devs'] } }),
    ],
    [
      'a member of a group may have more rights',
      'depends',
      bound(denyIf('authorizer.group("").resource("pods").check("get").allowed()')),
      request(pod(), { user: { name: null, groups: ['devs'] } }),
    ],
    [
      'objects have another shape: not understood',
      'depends',
      bound({ ...never, matchConstraints: { resourceRules: [PODS], objectSelector: { matchLabels: { a: 'b' } } } }),
      request({ metadata: { labels: 5 } }),
    ],
    [
      'a rule for a version that is not served',
      'yes',
      bound({ ...never, matchConstraints: { resourceRules: [{ ...PODS, apiVersions: ['v1beta1'] }] } }),
    ],
    [
      'one that may be served too',
      'depends',
      bound({
        ...never,
        matchConstraints: {
          resourceRules: [{ ...PODS, apiGroups: ['*'], apiVersions: ['v1beta1'], resources: ['*'] }],
        },
      }),
      request({}, { resource: { group: 'example.com', version: 'v1', resource: 'widgets' } }),
    ],
    [
      'the same with matchPolicy Exact',
      'yes',
      bound({
        ...never,
        matchConstraints: {
          matchPolicy: 'Exact',
          resourceRules: [{ ...PODS, apiGroups: ['*'], apiVersions: ['v1beta1'], resources: ['*'] }],
        },
      }),
      request({}, { resource: { group: 'example.com', version: 'v1', resource: 'widgets' } }),
    ],
    [
      'a deletion is judged by what is there',
      'no',
      bound({
        ...denyIf('oldObject.metadata.name == "web" && object == null'),
        matchConstraints: {
          resourceRules: [{ ...PODS, operations: ['DELETE'] }],
          objectSelector: { matchLabels: { a: 'b' } },
        },
      }),
      request(null, { operation: 'DELETE', oldObject: pod({}, { labels: { a: 'b' } }) }),
    ],
  ];
  for (const [why, value, objects, asked] of cases) test(why, () => assert.equal(admits(objects, asked).value, value));

  test('the refusal is in the words of the server, and says what it rests on', () => {
    const spec = {
      ...denyIf('object.spec.containers.exists(c, c.image == "app")', { message: 'no app' }),
      matchConditions: [{ name: 'c', expression: '!has(object.spec.nodeName)' }],
    };
    assert.deepEqual(admits(bound(spec)).evidence, [
      {
        layer: 'policies',
        by: { kind: 'ValidatingAdmissionPolicy', namespace: null, name: 'p' },
        check: 'p',
        reason: 'no app',
        detail: "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no app",
        rests: ['spec.nodeName', 'spec.containers[*].image'],
      },
    ]);
  });

  const escapes: readonly [Raw, Raw, Record<string, string | null>][] = [
    [{ matchLabels: { app: 'web' } }, { app: 'web' }, { app: null }],
    [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['web'] }] }, { app: 'web' }, { app: null }],
    [{ matchExpressions: [{ key: 'app', operator: 'Exists' }] }, { app: 'web' }, { app: null }],
    [{ matchExpressions: [{ key: 'skip', operator: 'NotIn', values: ['yes', 'true'] }] }, {}, { skip: 'yes' }],
    [{ matchExpressions: [{ key: 'skip', operator: 'DoesNotExist' }] }, {}, { skip: 'true' }],
  ];
  for (const [objectSelector, labels, way] of escapes) {
    test(`${JSON.stringify(objectSelector)} is got around by ${JSON.stringify(way)}`, () => {
      for (const objects of [
        bound({ ...never, matchConstraints: { resourceRules: [PODS], objectSelector } }),
        bound(never, { matchResources: { objectSelector } }),
      ]) {
        const [refusal] = admits(objects, request(pod({}, { labels }))).evidence;
        assert.deepEqual([refusal?.exemptLabels, refusal?.rests], [way, ['metadata.labels']]);
        const changed = Object.fromEntries(Object.entries({ ...labels, ...way }).filter(([, value]) => value !== null));
        assert.equal(admits(objects, request(pod({}, { labels: changed }))).value, 'yes');
        const updated = admits(
          [...objects.map((each) => JSON.parse(JSON.stringify(each).replaceAll('"CREATE"', '"UPDATE"')))],
          request(pod({}, { labels }), { operation: 'UPDATE', oldObject: pod({}, { labels }) }),
        );
        assert.equal(updated.evidence[0]?.exemptLabels, undefined, 'an update is looked at by its old labels too');
      }
    });
  }

  test('lists that were not read make it depend; a kind that the API does not have is none', () => {
    const kind = 'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io';
    const refused = policies.admits(request(), worldWith([], { refused: [list(kind)] }));
    assert.deepEqual([refused.value, refused.unknowns[0]?.kind], ['depends', 'unreadable']);
    assert.equal(policies.admits(request(), worldWith([])).value, 'yes');
  });

  test('before 1.30 it is off by default', () => {
    const verdict = policies.admits(
      request(),
      worldWith(bound(never), { facts: { version: { major: 1, minor: 29 } } }),
    );
    assert.deepEqual([verdict.value, verdict.unknowns.map(({ kind }) => kind)], ['depends', ['invisible']]);
    assert.equal(
      policies.admits(request(), worldWith(bound(denyIf('false')), { facts: { version: { major: 1, minor: 29 } } }))
        .value,
      'yes',
    );
  });

  test('an unknown names the policy', () => {
    assert.deepEqual(admits(bound({ validations: [{ expression: 'unheard_of(object)' }] })).unknowns, [
      {
        ...{ kind: 'opaque', what: 'ValidatingAdmissionPolicy p', affects: 'whether it refuses' },
        why: 'it rests on the CEL function unheard_of: it is not known here',
      },
    ]);
  });
});

describe('parameters', () => {
  const CONFIG = { apiVersion: 'v1', kind: 'ConfigMap' };
  const limits = (spec: Raw, ...more: Raw[]): Raw[] => [
    ...bound({ paramKind: CONFIG, ...denyIf('params == null || params.data.x == "bad"') }, spec),
    ...more,
  ];
  const ref = (paramRef: Raw): Raw => ({ paramRef: { parameterNotFoundAction: 'Deny', ...paramRef } });
  const cases: readonly [string, string, Raw[], AdmissionRequest?][] = [
    [
      'are found in the namespace of the request',
      'admitted',
      limits(ref({ name: 'a' }), configMap('shop', 'a', { x: 'good' }), configMap('play', 'a', { x: 'bad' })),
    ],
    [
      'or in the one that is named',
      'failed expression',
      limits(
        ref({ name: 'a', namespace: 'play' }),
        configMap('shop', 'a', { x: 'good' }),
        configMap('play', 'a', { x: 'bad' }),
      ),
    ],
    [
      'that are missing refuse',
      'failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction',
      limits(ref({ name: 'a' })),
    ],
    ['unless that is allowed', 'admitted', limits(ref({ name: 'a', parameterNotFoundAction: 'Allow' }))],
    ['that no binding names are null', 'failed expression', limits({})],
    [
      'of several each is asked',
      'failed expression',
      limits(
        ref({ selector: { matchLabels: { l: 'm' } } }),
        configMap('shop', 'a', { x: 'good' }, { l: 'm' }),
        configMap('shop', 'b', { x: 'bad' }, { l: 'm' }),
      ),
    ],
    [
      'others are not',
      'admitted',
      limits(
        ref({ selector: { matchLabels: { l: 'm' } } }),
        configMap('shop', 'a', { x: 'good' }, { l: 'm' }),
        configMap('shop', 'b', { x: 'bad' }),
      ),
    ],
    ['cannot be both named and selected', 'mutually exclusive', limits(ref({ name: 'a', selector: {} }))],
    [
      'of what is cluster-scoped have no namespace',
      'cannot use namespaced paramRef',
      [
        policy('p', {
          paramKind: CONFIG,
          ...never,
          matchConstraints: { resourceRules: [{ ...PODS, resources: ['nodes'] }] },
        }),
        binding('b', 'p', ref({ name: 'a' })),
      ],
      request({}, { resource: { group: '', version: 'v1', resource: 'nodes' }, namespace: '' }),
    ],
    [
      'whose data is a text are not understood',
      'depends',
      limits(ref({ name: 'a' }), { ...configMap('shop', 'a', {}), data: 'good' }),
    ],
    [
      'whose values are no texts are not understood',
      'depends',
      limits(ref({ name: 'a' }), configMap('shop', 'a', { x: 7 })),
    ],
    [
      'that are odd and of another name do not matter',
      'admitted',
      limits(ref({ name: 'a' }), configMap('shop', 'a', { x: 'good' }), configMap('shop', 'b', { x: 7 })),
    ],
    [
      'of a kind that nothing tells are not known',
      'depends',
      bound({ paramKind: { apiVersion: 'example.com/v1', kind: 'Limit' }, ...never }, ref({ name: 'a' })),
    ],
  ];
  for (const [why, said, objects, asked] of cases) {
    test(why, () => {
      const verdict = admits(objects, asked);
      const ours =
        verdict.value === 'yes'
          ? 'admitted'
          : verdict.value === 'depends'
            ? 'depends'
            : (verdict.evidence[0]?.reason ?? '');
      assert.ok(ours.includes(said), ours);
    });
  }

  test('that were not read make it depend', () => {
    const world = worldWith(limits(ref({ name: 'a' })), {
      refused: [list('ConfigMap.'), get('ConfigMap.', 'shop', 'a')],
    });
    const verdict = policies.admits(request(), world);
    assert.deepEqual([verdict.value, verdict.unknowns[0]?.what], ['depends', 'configmap shop/a']);
  });

  test('of custom kinds are found where discovery has them, and refused where it has not', () => {
    const limit: ApiResource = {
      group: 'example.com',
      version: 'v1',
      resource: 'limits',
      kind: 'Limit',
      singular: 'limit',
      shortNames: [],
      namespaced: false,
      verbs: [],
      subresources: {},
    };
    const objects = bound(
      {
        paramKind: { apiVersion: 'example.com/v1', kind: 'Limit' },
        ...denyIf('object.spec.containers.size() >= params.max'),
      },
      ref({ name: 'a' }),
    );
    const world = worldWith(
      [...objects, { apiVersion: 'example.com/v1', kind: 'Limit', metadata: { name: 'a' }, max: 1 }],
      {
        facts: { discovery: [limit] },
      },
    );
    assert.equal(policies.admits(request(), world).value, 'no');
    const missing = policies.admits(request(), worldWith(objects, { facts: { discovery: [] } }));
    assert.match(
      missing.evidence[0]?.detail ?? '',
      /^ValidatingAdmissionPolicy 'p' denied request: failed to configure policy: /,
    );
    assert.deepEqual(paramNeeds(world).map(describeNeed), ['limit a']);
  });

  test('are what has to be read, and secrets never', () => {
    const objects = [
      ...bound({ paramKind: CONFIG, ...never }, ref({ name: 'a', namespace: 'play' })),
      ...[
        binding('c', 'p', ref({ name: 'b' })),
        binding('d', 'p', ref({ selector: {}, namespace: 'play' })),
        binding('e', 'p'),
      ],
      ...[
        policy('q', { paramKind: { apiVersion: 'v1', kind: 'Secret' }, ...never }),
        binding('f', 'q', ref({ name: 'a', namespace: 'play' })),
      ],
    ];
    const secrets: ApiResource = {
      group: '',
      version: 'v1',
      resource: 'secrets',
      kind: 'Secret',
      singular: '',
      shortNames: [],
      namespaced: true,
      verbs: [],
      subresources: {},
    };
    const world = worldWith(objects, { facts: { discovery: [secrets] } });
    assert.deepEqual(paramNeeds(world, ['shop', 'x']).map(describeNeed), [
      'configmap play/a',
      'configmap shop/b',
      'configmap x/b',
      'configmaps in namespace play',
    ]);
    assert.deepEqual(paramNeeds(world).map(describeNeed), [
      'configmap play/a',
      'configmaps',
      'configmaps in namespace play',
    ]);
  });
});

test('policies and bindings of any shape are answered for', () => {
  const junk = fc.anything({ withDate: false, withBigInt: false, maxDepth: 3 });
  const spec = fc.record(
    {
      matchConstraints: junk,
      matchConditions: junk,
      variables: junk,
      validations: junk,
      paramKind: junk,
      failurePolicy: junk,
    },
    { requiredKeys: [] },
  );
  const likely = fc.record(
    {
      validations: fc.array(
        fc.record(
          {
            expression: fc.oneof(
              fc.constantFrom('object.spec', 'false', 'params.x', 'object.metadata.labels.all(k, k)'),
              fc.string(),
            ),
            messageExpression: fc.constantFrom('object', '"x"', ''),
          },
          { requiredKeys: ['expression'] },
        ),
      ),
      matchConstraints: fc.constant({ resourceRules: [PODS] }),
      paramKind: fc.constantFrom({ apiVersion: 'v1', kind: 'ConfigMap' }, null, { apiVersion: '/', kind: '' }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(
      fc.oneof(spec, likely),
      fc.oneof(junk, fc.constant({ name: 'x' })),
      junk,
      (broken, paramRef, matchResources) => {
        const plain = (value: unknown): Raw => JSON.parse(JSON.stringify(value ?? null)) as Raw;
        const objects = [
          { ...policy('p', {}), spec: plain(broken) },
          binding('b', 'p', { paramRef: plain(paramRef) }),
          binding('c', 'p', { matchResources: plain(matchResources) }),
        ];
        for (const object of [pod(), plain(broken)]) {
          const verdict = policies.admits(request(object), worldWith(objects));
          assert.ok(verdict.value !== 'depends' || verdict.unknowns.length > 0);
          assert.ok(verdict.value !== 'no' || verdict.evidence.length > 0);
        }
      },
    ),
    { numRuns: 300 },
  );
});
