import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type KyvernoTools, kyverno } from '../../../../src/admission/engines/kyverno/layer.ts';
import { matchesWildcard } from '../../../../src/admission/engines/kyverno/wildcard.ts';
import type { Admission } from '../../../../src/admission/layer.ts';
import type { AdmissionRequest } from '../../../../src/admission/request/request.ts';
import { depends, no, yes } from '../../../../src/answer/verdict.ts';
import { list } from '../../../../src/world/needs.ts';
import type { Raw } from '../../../../src/world/raw.ts';
import { worldOf } from '../../../helpers/world-of.ts';
import { creating, creatingDeployment, deploymentOf, HOSTILE, JANE, podOf, updating } from '../../objects.ts';
import { CONDITION_CASES, MATCH_CASES, PATTERN_CASES, POLICY_CASES } from './cases.ts';
import { POD_SECURITY, POLICIES, policyOf, policyWith } from './policies.ts';

const shop = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'a' } } };
const judge = (objects: readonly Raw[], request: AdmissionRequest, tools: Partial<KyvernoTools> = {}): Admission =>
  kyverno({ isEnforced: () => yes(), ...tools }).admits(request, worldOf([shop, ...objects]));
const privileged = podOf(
  { securityContext: { privileged: true } },
  {},
  { labels: { app: 'web' }, annotations: { a: 'b' } },
);
const NO_PRIVILEGED = { pattern: { spec: { containers: [{ '=(securityContext)': { '=(privileged)': false } }] } } };
const noPrivileged = (rule: object = {}, spec: object = {}): Raw =>
  policyOf('no-privileged', NO_PRIVILEGED, rule, spec);

for (const [name, pod, admitted, why] of POLICY_CASES) {
  test(`${name} ${admitted ? 'admits' : 'refuses'}: ${why}`, () => {
    const policy = POLICIES[name];
    assert.ok(policy);
    const { namespace } = pod.metadata as { namespace: string };
    const verdict = judge([policy], creating(pod, { namespace }));
    assert.equal(verdict.value, admitted ? 'yes' : 'no');
    if (!admitted) assert.equal(verdict.evidence[0]?.by?.name, name);
  });
}

test("each of Kyverno's pod-security policies is here, with what it admits and what it refuses", () => {
  assert.equal(POD_SECURITY.length, 17);
  for (const name of [...POD_SECURITY, ...Object.keys(POLICIES)])
    assert.equal(new Set(POLICY_CASES.filter((each) => each[0] === name).map((each) => each[2])).size, 2, name);
});

for (const [pattern, pod, admitted, why] of PATTERN_CASES) {
  test(`pattern ${JSON.stringify(pattern)} ${admitted ? 'admits' : 'refuses'}: ${why}`, () => {
    assert.equal(judge([policyOf('p', { pattern })], creating(pod)).value, admitted ? 'yes' : 'no');
  });
}

for (const [validate, pod, admitted, why] of CONDITION_CASES) {
  test(`${JSON.stringify(validate)} ${admitted ? 'admits' : 'refuses'}: ${why}`, () => {
    assert.equal(judge([policyOf('p', validate)], creating(pod)).value, admitted ? 'yes' : 'no');
  });
}

for (const [match, exclude, applies, why] of MATCH_CASES) {
  test(`match ${JSON.stringify(match)} but ${JSON.stringify(exclude)} ${applies ? 'applies' : 'does not apply'}: ${why}`, () => {
    assert.equal(
      judge([noPrivileged({ match, ...(exclude && { exclude }) })], creating(privileged)).value,
      applies ? 'no' : 'yes',
    );
  });
}

/** What no version of Kyverno that is known here has: [resources of match, of exclude, verdict, why]. */
const PODS = { kinds: ['Pod'] };
const ODD_FIELDS: readonly (readonly [match: object, exclude: object, verdict: string, why: string])[] = [
  [PODS, { phases: ['Running'] }, 'depends', 'it may exclude all'],
  [PODS, { phases: ['Running'], namespaces: ['ci'] }, 'no', 'what else is said of it does not hold'],
  [PODS, { phases: ['Running'], namespaces: ['shop'] }, 'depends', 'what else is said of it holds'],
  [PODS, { phases: [] }, 'no', 'a filter that says nothing excludes nothing'],
  [PODS, {}, 'no', 'nor does one that is empty'],
  [{ ...PODS, phases: ['Running'] }, { names: ['db'] }, 'depends', 'a rule that may not be about it'],
  [{ kinds: ['Service'], phases: ['Running'] }, { names: ['db'] }, 'yes', 'one that is not, in any case'],
];
for (const [match, exclude, verdict, why] of ODD_FIELDS)
  test(`match ${JSON.stringify(match)} but ${JSON.stringify(exclude)}: ${verdict}, ${why}`, () => {
    const rule = { match: { any: [{ resources: match }] }, exclude: { any: [{ resources: exclude }] } };
    const { value, unknowns } = judge([noPrivileged(rule)], creating(privileged));
    assert.equal(value, verdict);
    if (verdict === 'depends') assert.match(unknowns[0]?.why ?? '', /^field (match|exclude)\.resources\.phases$/);
  });

const subjects = (...items: object[]) => ({ any: [{ resources: { kinds: ['Pod'] }, subjects: items }] });
const bound = (role: string, namespace: string | null): Raw[] => [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: namespace === null ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name: 'b', ...(namespace !== null && { namespace }) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: role.split('/')[0], name: role.split('/')[1] },
    subjects: [{ kind: 'User', name: 'jane' }],
  },
];
const USERS: [match: object, objects: Raw[], applies: boolean, why: string][] = [
  [subjects({ kind: 'User', name: 'jane' }), [], true, 'the user'],
  [subjects({ kind: 'User', name: 'j*' }), [], true, 'a wildcard'],
  [subjects({ kind: 'User', name: 'bob' }), [], false, 'somebody else'],
  [subjects({ kind: 'Group', name: 'dev' }), [], true, 'a group'],
  [subjects({ kind: 'ServiceAccount', name: 'jane', namespace: 'shop' }), [], false, 'an account'],
  [
    { any: [{ resources: { kinds: ['Pod'] }, clusterRoles: ['edit'] }] },
    bound('ClusterRole/edit', 'shop'),
    true,
    'a role of the cluster',
  ],
  [
    { any: [{ resources: { kinds: ['Pod'] }, clusterRoles: ['edit'] }] },
    bound('ClusterRole/view', null),
    false,
    'another',
  ],
  [
    { any: [{ resources: { kinds: ['Pod'] }, roles: ['ci:mine'] }] },
    bound('Role/mine', 'ci'),
    true,
    'a role of any namespace',
  ],
  [
    { any: [{ resources: { kinds: ['Pod'] }, roles: ['shop:mine'] }] },
    bound('Role/mine', 'ci'),
    false,
    'the role of another namespace',
  ],
];
for (const [match, objects, applies, why] of USERS) {
  test(`a rule on users ${applies ? 'applies' : 'does not apply'}: ${why}`, () => {
    assert.equal(judge([noPrivileged({ match }), ...objects], creating(privileged)).value, applies ? 'no' : 'yes');
  });
}

const own = (more: object) => ({ validate: { ...NO_PRIVILEGED, ...more } });
const override = (action: string, more: object) => ({ validationFailureActionOverrides: [{ action, ...more }] });
const ACTIONS: [Raw, boolean, string][] = [
  [noPrivileged(), true, 'the policy enforces'],
  [noPrivileged({}, { validationFailureAction: 'enforce' }), true, 'as it was once written'],
  [noPrivileged({}, { validationFailureAction: 'Audit' }), false, 'the policy audits'],
  [
    policyWith('p', [{ name: 'r', match: { any: [{ resources: { kinds: ['Pod'] } }] }, ...own({}) }], {
      validationFailureAction: undefined,
    }),
    false,
    'auditing is the default',
  ],
  [noPrivileged(own({ failureAction: 'Audit' })), false, 'the rule audits'],
  [noPrivileged(own({ failureAction: 'Enforce' }), { validationFailureAction: 'Audit' }), true, 'the rule enforces'],
  [noPrivileged({}, override('Audit', { namespaces: ['shop'] })), false, 'an override for the namespace'],
  [noPrivileged({}, override('Audit', { namespaces: ['ci'] })), true, 'for another'],
  [noPrivileged({}, override('Audit', { namespaces: ['sh*'] })), false, 'by a wildcard'],
  [
    noPrivileged({}, override('Audit', { namespaceSelector: { matchLabels: { team: 'a' } } })),
    false,
    'by labels of the namespace',
  ],
  [noPrivileged({}, override('Audit', {})), false, 'for all'],
  [
    noPrivileged(own({ failureActionOverrides: [{ action: 'Audit', namespaces: ['shop'] }] })),
    false,
    'an override of the rule',
  ],
  [noPrivileged({}, { admission: false }), false, 'not in admission at all'],
  [noPrivileged({ validate: undefined, mutate: {} }), false, 'a rule that changes objects refuses none'],
  [
    noPrivileged({ preconditions: { all: [{ key: '{{ request.operation }}', operator: 'Equals', value: 'DELETE' }] } }),
    false,
    'preconditions',
  ],
  [
    noPrivileged({
      preconditions: { all: [{ key: '{{ request.object.spec.nope }}', operator: 'Equals', value: 'x' }] },
    }),
    true,
    'an error refuses',
  ],
  [
    noPrivileged(
      { preconditions: { all: [{ key: '{{ request.object.spec.nope }}', operator: 'Equals', value: 'x' }] } },
      { failurePolicy: 'Ignore' },
    ),
    false,
    'unless errors do not matter',
  ],
];
for (const [policy, refuses, why] of ACTIONS) {
  test(`${why}: ${refuses ? 'refuses' : 'admits'}`, () =>
    assert.equal(judge([policy], creating(privileged)).value, refuses ? 'no' : 'yes'));
}

const UNKNOWN: [object, string][] = [
  [
    {
      context: [{ name: 'x', configMap: { name: 'x', namespace: 'y' } }],
      validate: { deny: { conditions: { all: [{ key: '{{ x.data.a }}', operator: 'Equals', value: 'b' }] } } },
    },
    'variable x, which the context of the rule defines',
  ],
  [{ celPreconditions: [{ name: 'x', expression: 'true' }] }, 'celPreconditions'],
  [{ validate: { cel: { expressions: [{ expression: 'false' }] } } }, 'validate.cel'],
  [{ validate: { podSecurity: { level: 'baseline' } } }, 'validate.podSecurity'],
  [{ validate: { assert: {} } }, 'validate.assert'],
  [{ validate: { manifests: {} } }, 'validate.manifests'],
  [{ validate: {} }, 'neither pattern nor conditions'],
  [{ validate: undefined, verifyImages: [{ imageReferences: ['*'] }] }, 'verifyImages'],
  [
    {
      validate: {
        deny: {
          conditions: { all: [{ key: '{{ images.containers.app.registry }}', operator: 'Equals', value: 'x' }] },
        },
      },
    },
    'variable images',
  ],
  [
    {
      validate: {
        deny: { conditions: { all: [{ key: '{{ x509_decode(request.name) }}', operator: 'Equals', value: 'x' }] } },
      },
    },
    'JMESPath function x509_decode',
  ],
  [
    { validate: { deny: { conditions: { all: [{ key: 'a', operator: 'Resembles', value: 'b' }] } } } },
    'operator resembles',
  ],
  [{ validate: { pattern: { spec: { a: '$(./../b)' } } } }, 'reference in "$(./../b)"'],
  [{ validate: { pattern: { spec: { a: '{{@}}' } } } }, 'variable {{@}}'],
];
for (const [rule, why] of UNKNOWN) {
  test(`not understood, and said so: ${why}`, () => {
    const verdict = judge([noPrivileged(rule)], creating(privileged));
    assert.deepEqual([verdict.value, verdict.unknowns[0]?.kind, verdict.unknowns[0]?.why], ['depends', 'opaque', why]);
    assert.equal(verdict.unknowns[0]?.what, 'Kyverno ClusterPolicy no-privileged, rule check');
    const elsewhere = noPrivileged({ ...rule, match: { any: [{ resources: { kinds: ['Service'] } }] } });
    assert.equal(judge([elsewhere], creating(privileged)).value, 'yes', 'a rule that cannot apply is no matter');
    assert.equal(judge([noPrivileged(rule, { validationFailureAction: 'Audit' })], creating(privileged)).value, 'yes');
  });
}

test('matchConditions in CEL leave a refusal open', () => {
  const policy = noPrivileged({}, { webhookConfiguration: { matchConditions: [{ name: 'x', expression: 'false' }] } });
  assert.equal(judge([policy], creating(privileged)).value, 'depends');
  assert.equal(judge([policy], creating(podOf())).value, 'yes');
});

const AUTOGEN: [Raw, Raw | null, boolean, string][] = [
  [noPrivileged(), null, true, 'a policy on pods is one on workloads'],
  [annotated('none'), null, false, 'unless it says no'],
  [annotated('StatefulSet,Job'), null, false, 'or names others'],
  [annotated('Deployment'), null, true, 'or names it'],
  [
    noPrivileged({ match: { any: [{ resources: { kinds: ['Pod'], names: ['*'] } }] } }),
    null,
    false,
    'a policy that selects by name is not',
  ],
  [
    noPrivileged({ match: { any: [{ resources: { kinds: ['Pod', 'Service'] } }] } }),
    null,
    false,
    'nor one that mixes kinds',
  ],
  [
    noPrivileged({ exclude: { any: [{ resources: { selector: { matchLabels: { a: 'b' } } } }] } }),
    null,
    false,
    'nor one that excludes by label',
  ],
  [
    noPrivileged({ exclude: { any: [{ resources: { namespaces: ['shop'] } }] } }),
    null,
    false,
    'what is excluded stays so',
  ],
  [
    noPrivileged({
      match: { any: [{ resources: { kinds: ['Deployment'] } }] },
      validate: { pattern: { spec: { replicas: 1 } } },
    }),
    null,
    true,
    'a rule on deployments themselves',
  ],
];
function annotated(controllers: string): Raw {
  const policy = noPrivileged();
  return {
    ...policy,
    metadata: { name: 'no-privileged', annotations: { 'pod-policies.kyverno.io/autogen-controllers': controllers } },
  };
}
for (const [policy, , refuses, why] of AUTOGEN) {
  test(`a deployment is ${refuses ? 'refused' : 'admitted'}: ${why}`, () => {
    const verdict = judge(
      [policy],
      creatingDeployment({ metadata: { labels: { app: 'web' } }, spec: privileged.spec as Raw }),
    );
    assert.equal(verdict.value, refuses ? 'no' : 'yes');
  });
}

test('what is made of a rule has its name, and reads the template', () => {
  const policy = policyOf('p', {
    deny: {
      conditions: { any: [{ key: '{{ request.object.metadata.labels.app }}', operator: 'Equals', value: 'web' }] },
    },
  });
  const verdict = judge([policy], creatingDeployment({ metadata: { labels: { app: 'web' } }, spec: {} }));
  assert.deepEqual([verdict.value, verdict.evidence[0]?.check], ['no', 'autogen-check']);
  const job = { template: { spec: privileged.spec } };
  const cron = creating(
    { kind: 'CronJob', metadata: { name: 'c' }, spec: { jobTemplate: { spec: job } } },
    {
      kind: { group: 'batch', version: 'v1', kind: 'CronJob' },
      resource: { group: 'batch', version: 'v1', resource: 'cronjobs' },
    },
  );
  assert.equal(judge([noPrivileged()], cron).evidence[0]?.check, 'autogen-cronjob-check');
});

test('an update may leave an old failure as it is', () => {
  const image = podOf({ image: 'other', securityContext: { privileged: true } });
  assert.equal(judge([noPrivileged()], updating(privileged, image)).value, 'yes');
  assert.equal(judge([noPrivileged()], updating(podOf(), image)).value, 'no');
  assert.equal(judge([noPrivileged(own({ allowExistingViolations: false }))], updating(privileged, image)).value, 'no');
  const old = deploymentOf({ spec: privileged.spec as Raw });
  const deployments = {
    kind: { group: 'apps', version: 'v1', kind: 'Deployment' },
    resource: { group: 'apps', version: 'v1', resource: 'deployments' },
  };
  assert.equal(
    judge([noPrivileged()], updating(old, deploymentOf({ spec: image.spec as Raw }), deployments)).value,
    'yes',
  );
});

test('rules on pods are about their ephemeral containers', () => {
  const pod = podOf({}, { ephemeralContainers: [{ name: 'd', image: 'd', securityContext: { privileged: true } }] });
  const request = updating(podOf(), pod, { subresource: 'ephemeralcontainers' });
  assert.equal(judge([POLICIES['disallow-privileged-containers'] ?? {}], request).value, 'no');
});

const exception = (more: object = {}, match: object = { any: [{ resources: { kinds: ['Pod'] } }] }): Raw => ({
  apiVersion: 'kyverno.io/v2',
  kind: 'PolicyException',
  metadata: { name: 'let-me', namespace: 'shop' },
  spec: { match, exceptions: [{ policyName: 'no-privileged', ruleNames: ['check', 'autogen-*'], ...more }] },
});
const EXCEPTIONS: [Raw, 'depends' | 'no', string][] = [
  [exception(), 'depends', 'whether it is honoured is not shown'],
  [exception({ policyName: 'other' }), 'no', 'of another policy'],
  [exception({ ruleNames: ['other'] }), 'no', 'of another rule'],
  [exception({}, { any: [{ resources: { kinds: ['Pod'], namespaces: ['ci'] } }] }), 'no', 'for another namespace'],
];
for (const [object, verdict, why] of EXCEPTIONS) {
  test(`an exception makes it ${verdict}: ${why}`, () => {
    const found = judge([noPrivileged(), object], creating(privileged));
    assert.deepEqual([found.value, found.leaning], [verdict, verdict === 'depends' ? 'yes' : null]);
  });
}

test('only the first rule that applies, where the policy says so', () => {
  const kinds = { match: { any: [{ resources: { kinds: ['Pod'] } }] } };
  const rules = [
    { name: 'passes', ...kinds, validate: { pattern: { spec: { containers: '*' } } } },
    { name: 'fails', ...kinds, ...own({}) },
  ];
  assert.equal(judge([policyWith('p', rules)], creating(privileged)).value, 'no');
  assert.equal(judge([policyWith('p', rules, { applyRules: 'One' })], creating(privileged)).value, 'yes');
});

test('Pod Security at the level of the policy, without what it excludes', () => {
  const podSecurity: NonNullable<KyvernoTools['podSecurity']> = (_, level, version) =>
    level === 'baseline' && version === 'v1.30'
      ? [
          { check: 'hostPathVolumes', reason: 'hostPath volumes', detail: 'volume "v"', rests: [] },
          { check: 'privileged', reason: 'privileged', detail: 'container "app"', rests: [] },
        ]
      : [];
  const at = (rule: object) =>
    judge([policyOf('p', { podSecurity: { version: 'v1.30', ...rule } })], creating(podOf()), { podSecurity });
  assert.equal(at({ level: 'baseline' }).value, 'no');
  assert.equal(at({ level: 'restricted' }).value, 'yes');
  assert.equal(at({ level: 'baseline', exclude: [{ controlName: 'HostPath Volumes' }] }).value, 'no');
  assert.equal(at({ level: 'none' }).value, 'depends');
});

const celPolicy = (spec: object, kind = 'ValidatingPolicy'): Raw => ({
  apiVersion: 'policies.kyverno.io/v1',
  kind,
  metadata: { name: 'cel' },
  spec: {
    matchConstraints: {
      resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
    },
    ...spec,
  },
});
const CEL: [Raw, 'yes' | 'depends', string][] = [
  [celPolicy({}), 'depends', 'denying is the default'],
  [celPolicy({ validationActions: ['Deny', 'Audit'] }), 'depends', 'one of two actions denies'],
  [celPolicy({ validationActions: ['Audit'] }), 'yes', 'it audits'],
  [celPolicy({ evaluation: { admission: { enabled: false } } }), 'yes', 'not in admission'],
  [
    celPolicy({
      matchConstraints: { resourceRules: [{ apiGroups: [''], operations: ['UPDATE'], resources: ['pods'] }] },
    }),
    'yes',
    'another operation',
  ],
  [
    celPolicy({ matchConstraints: { resourceRules: [{ apiGroups: ['*'], operations: ['*'], resources: ['*'] }] } }),
    'depends',
    'anything',
  ],
  [celPolicy({}, 'ImageValidatingPolicy'), 'depends', 'signatures'],
];
for (const [policy, verdict, why] of CEL) {
  test(`a policy in CEL makes it ${verdict}: ${why}`, () =>
    assert.equal(judge([policy], creating(podOf())).value, verdict));
}

test('a policy in CEL is evaluated by who can', () => {
  const refused = no({ layer: 'kyverno', by: null, check: 'cel', reason: '', detail: '', rests: [] });
  assert.equal(judge([celPolicy({})], creating(podOf()), { validatingPolicy: () => refused }).value, 'no');
  assert.equal(
    judge([celPolicy({}, 'ImageValidatingPolicy')], creating(podOf()), { validatingPolicy: () => refused }).value,
    'depends',
  );
});

const EXEC = { group: '', version: 'v1', kind: 'PodExecOptions' };
const CONNECTS: [kinds: string[], verdict: 'yes' | 'no' | 'depends', why: string][] = [
  [['Pod/exec'], 'no', 'the subresource'],
  [['Pod/*'], 'no', 'any subresource'],
  [['*/exec'], 'no', 'of any kind'],
  [['Pod'], 'yes', 'a pod is none'],
  [['Pod/attach'], 'yes', 'another'],
  [['PodExecOptions'], 'depends', 'the kind of the options'],
];
for (const [kinds, verdict, why] of CONNECTS) {
  test(`a policy on ${kinds} makes exec ${verdict}: ${why}`, () => {
    const policy = policyOf('no-exec', { deny: {} }, { match: { any: [{ resources: { kinds } }] } });
    const request = creating({ container: 'app' }, { operation: 'CONNECT', kind: EXEC, subresource: 'exec' });
    assert.equal(judge([policy], request).value, verdict);
  });
}

const asks = (key: string) =>
  policyOf('p', { deny: { conditions: { any: [{ key, operator: 'Equals', value: 'jane' }] } } });
const somebody = creating(podOf(), { user: { name: null, groups: ['dev'] } });

test('who asks is known, or not', () => {
  assert.equal(
    judge([noPrivileged({ match: subjects({ kind: 'User', name: '*' }) })], { ...somebody, object: privileged }).value,
    'no',
  );
  assert.equal(
    judge([noPrivileged({ match: subjects({ kind: 'User', name: 'jane' }) })], { ...somebody, object: privileged })
      .value,
    'yes',
  );
  assert.equal(judge([asks('{{ request.userInfo.username }}')], creating(podOf())).value, 'no');
  assert.equal(
    judge([asks('{{ request.userInfo.username }}')], somebody).unknowns[0]?.why,
    'variable request.userInfo.username',
  );
  assert.equal(judge([asks('{{ request.roles }}')], creating(podOf())).unknowns[0]?.why, 'variable request.roles');
  assert.equal(
    judge([asks('{{ request.userInfo.uid }}')], creating(podOf())).unknowns[0]?.why,
    'variable request.userInfo.uid',
  );
  assert.equal(
    judge([asks('{{ request.oldObject.spec.nodeName }}')], creating(podOf())).value,
    'yes',
    'an old object that is not there is nothing',
  );
});

test('a Policy is about its own namespace alone', () => {
  const policy = (namespace: string): Raw => ({
    ...noPrivileged(),
    kind: 'Policy',
    metadata: { name: 'no-privileged', namespace },
  });
  assert.equal(judge([policy('shop')], creating(privileged)).value, 'no');
  assert.equal(judge([policy('ci')], creating(privileged)).value, 'yes');
});

test('where nobody asks Kyverno it refuses nothing; where that is open its refusal is', () => {
  assert.equal(judge([noPrivileged()], creating(privileged), { isEnforced: () => no() }).value, 'yes');
  const unknown = { kind: 'unreadable', what: 'validatingwebhookconfigurations', why: '403', affects: '' } as const;
  const open = judge([noPrivileged()], creating(privileged), { isEnforced: () => depends([unknown], 'yes') });
  assert.deepEqual([open.value, open.leaning, open.evidence.length], ['depends', 'no', 1]);
});

test('what Kyverno leaves alone by default', () => {
  assert.equal(judge([noPrivileged()], creating(privileged, { namespace: 'kube-system' })).value, 'yes');
  assert.equal(
    judge([noPrivileged()], creating(privileged, { user: { name: 'system:node:n1', groups: ['system:nodes'] } })).value,
    'yes',
  );
});

test('labels of a namespace that was not read, and policies that were refused, leave it open', () => {
  const match = { any: [{ resources: { kinds: ['Pod'], namespaceSelector: { matchLabels: { team: 'a' } } } }] };
  assert.equal(judge([noPrivileged({ match })], creating(privileged)).value, 'no');
  const layer = kyverno({ isEnforced: () => yes() });
  assert.equal(layer.admits(creating(privileged), worldOf([noPrivileged({ match })])).value, 'depends');
  const world = worldOf([]);
  const api = {
    group: 'kyverno.io',
    version: 'v1',
    resource: 'clusterpolicies',
    kind: 'ClusterPolicy',
    namespaced: false,
    pageSize: 1,
  };
  const failure = { kind: 'forbidden', status: 403, message: '403 Forbidden' } as const;
  world.add({ ...list('ClusterPolicy.kyverno.io'), api }, { read: false, failure });
  assert.equal(layer.admits(creating(privileged), world).unknowns[0]?.what, 'clusterpolicies');
  world.add(
    { ...list('ClusterPolicy.kyverno.io'), api },
    { read: false, failure: { kind: 'notFound', status: 404, message: '404' } },
  );
  assert.equal(layer.admits(creating(privileged), world).value, 'yes', 'what the server does not have refuses nothing');
});

test('a refusal says which fields it rests on', () => {
  assert.deepEqual(judge([noPrivileged()], creating(privileged)).evidence[0]?.rests, [
    'spec.containers[*].securityContext.privileged',
  ]);
  const labels = POLICIES['require-labels'] ?? {};
  assert.deepEqual(judge([labels], creating(podOf({}, {}, { labels: { a: 'b' } }))).evidence[0]?.rests, [
    'metadata.labels',
  ]);
});

test('hostile policies and pods never crash it', () => {
  for (const value of HOSTILE) {
    for (const field of [
      'rules',
      'validationFailureAction',
      'validationFailureActionOverrides',
      'failurePolicy',
      'webhookConfiguration',
      'applyRules',
    ])
      judge([noPrivileged({}, { [field]: value })], creating(privileged));
    for (const field of ['name', 'match', 'exclude', 'preconditions', 'validate', 'context', 'verifyImages'])
      judge([noPrivileged({ [field]: value })], creating(privileged));
    for (const field of [
      'pattern',
      'anyPattern',
      'deny',
      'foreach',
      'podSecurity',
      'cel',
      'message',
      'failureAction',
      'failureActionOverrides',
    ])
      judge([policyOf('p', { [field]: value })], creating(privileged));
    for (const field of ['kinds', 'names', 'namespaces', 'selector', 'namespaceSelector', 'annotations', 'operations'])
      judge(
        [noPrivileged({ match: { any: [{ resources: { kinds: ['Pod'], [field]: value } }] } })],
        creating(privileged),
      );
    for (const [name, policy] of Object.entries(POLICIES)) {
      for (const field of ['containers', 'volumes', 'securityContext', 'hostPID'])
        assert.ok(judge([policy], creating(podOf({}, { [field]: value }))), name);
    }
    judge([{ ...noPrivileged(), spec: value }, exception({ policyName: value })], creating(privileged));
    judge([noPrivileged(), exception({}, value as object)], creating(privileged));
    judge([celPolicy({ matchConstraints: value })], creating(privileged));
  }
});

test('patterns that are deep or long end soon', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(480)}1${'}'.repeat(480)}`);
  assert.equal(judge([policyOf('p', { pattern: deep })], creating(podOf())).value, 'no');
  assert.equal(matchesWildcard('*a'.repeat(5000), 'a'.repeat(4999)), false);
  const key = `{{ ${'('.repeat(3000)}a${')'.repeat(3000)} }}`;
  assert.equal(
    judge(
      [policyOf('p', { deny: { conditions: { all: [{ key, operator: 'Equals', value: 'x' }] } } })],
      creating(podOf()),
    ).value,
    'depends',
  );
});

const RANK = { no: 0, depends: 1, yes: 2 } as const;
test('the order of policies decides nothing, and one more never admits more', () => {
  const some = fc.constantFrom(...POLICY_CASES);
  const named = (name: string, as: string): Raw => ({ ...(POLICIES[name] ?? {}), metadata: { name: as } });
  fc.assert(
    fc.property(fc.array(some, { minLength: 1, maxLength: 4 }), some, (cases, [extra, pod]) => {
      const policies = cases.map(([name], index) => named(name, `p${index}`));
      const request = creating(pod, { user: JANE });
      const before = judge(policies, request).value;
      assert.equal(judge(policies.toReversed(), request).value, before);
      assert.ok(RANK[judge([...policies, named(extra, 'extra')], request).value] <= RANK[before]);
    }),
  );
});
