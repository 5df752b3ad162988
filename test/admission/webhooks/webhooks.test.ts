import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connectMatches } from '../../../src/admission/connect.ts';
import type { AdmissionRequest } from '../../../src/admission/request/request.ts';
import { INJECTORS, isEngineWebhook, isInjector } from '../../../src/admission/webhooks/known.ts';
import { webhooks as layer } from '../../../src/admission/webhooks/layer.ts';
import { list } from '../../../src/world/needs.ts';
import type { Raw } from '../../../src/world/raw.ts';
import { binding, denyIf, PODS, pod, policy, request, webhooks, worldWith } from '../policies/objects.ts';

const MUTATING = 'MutatingWebhookConfiguration';
const REVIEWS = { ...PODS, apiGroups: ['authorization.k8s.io'], resources: ['*'] };
const review = request(
  {},
  { resource: { group: 'authorization.k8s.io', version: 'v1', resource: 'subjectaccessreviews' }, namespace: '' },
);
const condition = (expression: string, more: Raw = {}): Raw[] => [
  webhooks('w', [{ ...more, matchConditions: [{ name: 'c', expression }] }]),
];

describe('webhooks', () => {
  const cases: readonly [string, string, Raw[], AdmissionRequest?][] = [
    ['one that sees the request may refuse, and leans to yes', 'depends yes', [webhooks('w', [{}])]],
    [
      'one that is to be ignored when it fails may refuse too',
      'depends yes',
      [webhooks('w', [{ failurePolicy: 'Ignore' }])],
    ],
    ['a mutating one as well', 'depends yes', [webhooks('w', [{}], MUTATING)]],
    [
      'one for other resources does not see it',
      'yes',
      [webhooks('w', [{ rules: [{ ...PODS, resources: ['services'] }] }])],
    ],
    ['one without rules sees nothing', 'yes', [webhooks('w', [{ rules: [] }])]],
    ['nor one for other namespaces', 'yes', [webhooks('w', [{ namespaceSelector: { matchLabels: { env: 'dev' } } }])]],
    ['nor one for other objects', 'yes', [webhooks('w', [{ objectSelector: { matchLabels: { a: 'b' } } }])]],
    ['a condition that is false keeps it away', 'yes', condition('has(object.spec.nodeName)')],
    ['one that is true does not', 'depends yes', condition('request.userInfo.username == "jane"')],
    ['one that fails refuses', 'no', condition('object.spec.zzz == 1')],
    [
      'or keeps it away, where failures are ignored',
      'yes',
      condition('object.spec.zzz == 1', { failurePolicy: 'Ignore' }),
    ],
    ['one that cannot be read leaves it open', 'depends yes', condition('object.spec.(')],
    ['conditions see no namespace', 'no', condition('namespaceObject.metadata.name == "shop"')],
    [
      'a webhook never sees what configures webhooks',
      'yes',
      [webhooks('w', [{ rules: [{ ...PODS, apiGroups: ['*'], resources: ['*'] }] }])],
      request(
        {},
        {
          resource: {
            group: 'admissionregistration.k8s.io',
            version: 'v1',
            resource: 'validatingwebhookconfigurations',
          },
        },
      ),
    ],
    ['nor questions about rights since 1.37', 'yes', [webhooks('w', [{ rules: [REVIEWS] }])], review],
    [
      'a configuration of another shape leaves it open',
      'depends yes',
      [{ ...webhooks('w', []), webhooks: [{ name: 5 }] }],
    ],
  ];
  for (const [why, expected, objects, asked = request()] of cases) {
    test(why, () => {
      const { value, leaning } = layer.admits(asked, worldWith(objects));
      assert.equal(leaning ? `${value} ${leaning}` : value, expected);
    });
  }

  test('questions about rights are seen before 1.37', () => {
    const world = worldWith([webhooks('w', [{ rules: [REVIEWS] }])], { facts: { version: { major: 1, minor: 36 } } });
    assert.equal(layer.admits(review, world).value, 'depends');
  });

  test('the unknown says all that can be said', () => {
    const hook = {
      name: 'v.example.com',
      namespaceSelector: { matchLabels: { env: 'prod' } },
      objectSelector: { matchExpressions: [{ key: 'skip', operator: 'DoesNotExist' }] },
    };
    const { unknowns, evidence } = layer.admits(request(), worldWith([webhooks('w', [hook])]));
    assert.deepEqual(unknowns, [
      {
        ...{
          kind: 'opaque',
          what: 'webhook v.example.com (ValidatingWebhookConfiguration w)',
          affects: 'whether it is admitted',
        },
        why: 'it may refuse: failurePolicy Fail, rules CREATE pods, namespaces with labels env=prod, objects with labels !skip',
      },
    ]);
    assert.deepEqual([evidence[0]?.exemptLabels, evidence[0]?.rests], [{ skip: 'true' }, ['metadata.labels']]);
  });

  test('lists that were not read leave it open', () => {
    const world = worldWith([], { refused: [list('ValidatingWebhookConfiguration.admissionregistration.k8s.io')] });
    assert.deepEqual(
      layer.admits(request(), world).unknowns.map(({ kind }) => kind),
      ['unreadable'],
    );
  });
});

describe('injectors refuse nothing', () => {
  /** As the projects ship them. */
  const names: readonly [string, string][] = [
    ['Istio', 'rev.namespace.sidecar-injector.istio.io'],
    ['Linkerd', 'linkerd-proxy-injector.linkerd.io'],
    ['Consul', 'consul-connect-injector.consul.hashicorp.com'],
    ['Dapr', 'sidecar-injector.dapr.io'],
    ['Vault Agent', 'vault.hashicorp.com'],
    ['Amazon EKS pod identity', 'iam-for-pods.amazonaws.com'],
    ['AWS Load Balancer Controller', 'mpod.elbv2.k8s.aws'],
    ['Azure Workload Identity', 'mutation.azure-workload-identity.io'],
    ['GKE container-native load balancing', 'pod-ready.config.common-webhooks.networking.gke.io'],
    ['Vertical Pod Autoscaler', 'vpa.k8s.io'],
  ];
  for (const [project, name] of names) {
    test(`${project}: ${name}`, () => {
      assert.ok(INJECTORS.find((each) => each.project === project)?.names.test(name));
      assert.equal(layer.admits(request(), worldWith([webhooks('w', [{ name }], MUTATING)])).value, 'yes');
      assert.equal(
        layer.admits(request(), worldWith([webhooks('w', [{ name }])])).value,
        'depends',
        'a validating one is no injector',
      );
    });
  }
  test('the table has a case for each', () =>
    assert.deepEqual(
      names.map(([project]) => project),
      INJECTORS.map(({ project }) => project),
    ));
  test('a name that only looks like one is none', () => {
    for (const name of ['xvpa.k8s.io', 'vault.hashicorp.com.evil.example', 'sidecar-injector.istio.io.example.com'])
      assert.equal(isInjector({ name, mutating: true }), false);
  });
});

describe('webhooks of policy engines', () => {
  const engines: readonly [string, string | null, 'kyverno' | 'gatekeeper' | null][] = [
    ['validate.kyverno.svc-fail', 'kyverno-svc', 'kyverno'],
    ['validate.kyverno.svc-ignore', null, 'kyverno'],
    ['mutate.kyverno.svc-fail', null, 'kyverno'],
    ['vpol.validate.kyverno.svc-fail', null, 'kyverno'],
    ['validation.gatekeeper.sh', 'gatekeeper-webhook-service', 'gatekeeper'],
    ['check-ignore-label.gatekeeper.sh', null, 'gatekeeper'],
    ['renamed.example.com', 'kyverno-svc', 'kyverno'],
    ['validate.nginx.ingress.kubernetes.io', 'ingress-nginx-controller-admission', null],
  ];
  for (const [name, service, engine] of engines) {
    test(`${name} is of ${engine ?? 'none'}`, () =>
      assert.equal(isEngineWebhook(name, service === null ? null : { name: service }), engine));
  }

  test('are left to the engine where its objects were read, and only there', () => {
    const objects = [webhooks('kyverno-resource-validating-webhook-cfg', [{ name: 'validate.kyverno.svc-fail' }])];
    assert.equal(layer.admits(request(), worldWith(objects)).value, 'depends');
    const world = worldWith(objects);
    world.add(list('ClusterPolicy.kyverno.io'), { read: true });
    assert.equal(layer.admits(request(), world).value, 'yes');
  });
});

describe('CONNECT', () => {
  const exec = (options: Raw = {}): AdmissionRequest =>
    request(
      { command: ['sh'], stdin: true, ...options },
      { operation: 'CONNECT', kind: { group: '', version: 'v1', kind: 'PodExecOptions' }, subresource: 'exec' },
    );
  const rule = (...resources: string[]): Raw => ({ ...PODS, operations: ['CONNECT'], resources });
  const noExec = (expression: string, ...resources: string[]): Raw[] => [
    policy('p', { ...denyIf(expression), matchConstraints: { resourceRules: [rule(...resources)] } }),
    binding('b', 'p'),
  ];

  test('a policy against exec into production refuses', () => {
    assert.equal(
      connectMatches(exec(), worldWith(noExec('namespaceObject.metadata.labels.env == "prod"', 'pods/exec'))).value,
      'no',
    );
    assert.equal(connectMatches(exec(), worldWith(noExec('true', 'pods'))).value, 'yes', 'pods are not pods/exec');
    assert.equal(connectMatches(exec(), worldWith(noExec('true', 'pods/*'))).value, 'no');
  });
  test('what rests on the options says so: the caller chooses them', () => {
    const verdict = connectMatches(exec(), worldWith(noExec('object.stdin && "sh" in object.command', 'pods/exec')));
    assert.deepEqual(verdict.evidence[0]?.rests, ['stdin', 'command[*]']);
  });
  test('options have no labels that a selector could match', () => {
    const objectSelector = { matchExpressions: [{ key: 'a', operator: 'DoesNotExist' }] };
    assert.equal(
      connectMatches(exec(), worldWith([webhooks('w', [{ rules: [rule('*/*')], objectSelector }])])).value,
      'yes',
    );
    assert.equal(connectMatches(exec(), worldWith([webhooks('w', [{ rules: [rule('*/*')] }])])).value, 'depends');
  });
  test('other operations are not its business', () =>
    assert.equal(connectMatches(request(pod()), worldWith([webhooks('w', [{}])])).value, 'yes'));
});
