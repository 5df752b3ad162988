import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deadConstraints, gatekeeper } from '../../../../src/admission/engines/gatekeeper/layer.ts';
import { PSP_KINDS } from '../../../../src/admission/engines/gatekeeper/psp/index.ts';
import type { Admission } from '../../../../src/admission/layer.ts';
import type { AdmissionRequest } from '../../../../src/admission/request/request.ts';
import { depends, no, yes } from '../../../../src/answer/verdict.ts';
import { list } from '../../../../src/world/needs.ts';
import type { Raw } from '../../../../src/world/raw.ts';
import { worldOf } from '../../../helpers/world-of.ts';
import { creating, creatingDeployment, HOSTILE, podOf, updating } from '../../objects.ts';
import { MATCH_CASES, PSP_CASES } from './cases.ts';
import { constraintOf, SOURCES, templateOf } from './templates.ts';

const PRIVILEGED = 'K8sPSPPrivilegedContainer';
const privileged = podOf({ securityContext: { privileged: true } }, {}, { labels: { app: 'web' } });
const shop = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { team: 'a' } } };
const layer = gatekeeper(() => yes());
const judge = (objects: readonly Raw[], request: AdmissionRequest = creating(privileged)): Admission =>
  layer.admits(request, worldOf([shop, ...objects]));
const judgeSpec = (spec: object) => judge([templateOf(PRIVILEGED), constraintOf(PRIVILEGED, {}, spec)]).value;

for (const [kind, parameters, pod, admitted, why] of PSP_CASES) {
  test(`${kind} ${admitted ? 'admits' : 'refuses'}: ${why}`, () => {
    const verdict = judge([templateOf(kind), constraintOf(kind, parameters)], creating(pod));
    assert.equal(verdict.value, admitted ? 'yes' : 'no');
    if (!admitted) assert.equal(verdict.evidence[0]?.by?.kind, kind);
  });
}

test('each kind that is understood has a template here, and a case that it admits and one that it refuses', () => {
  assert.deepEqual(PSP_KINDS.map(({ kind }) => kind).toSorted(), Object.keys(SOURCES).toSorted());
  for (const { kind } of PSP_KINDS)
    assert.equal(new Set(PSP_CASES.filter((each) => each[0] === kind).map((each) => each[3])).size, 2, kind);
});

for (const [match, applies, why] of MATCH_CASES) {
  test(`match ${JSON.stringify(match)} ${applies ? 'applies' : 'does not apply'}: ${why}`, () => {
    assert.equal(judgeSpec({ match }), applies ? 'no' : 'yes');
  });
}

const scoped = (action: string, ...points: string[]) => ({
  enforcementAction: 'scoped',
  scopedEnforcementActions: [{ action, enforcementPoints: points.map((name) => ({ name })) }],
});
const ACTIONS: [object, boolean, string][] = [
  [{}, true, 'deny is the default'],
  [{ enforcementAction: '' }, true, 'empty is the default'],
  [{ enforcementAction: 'deny' }, true, 'deny'],
  [{ enforcementAction: 'dryrun' }, false, 'a dry run'],
  [{ enforcementAction: 'warn' }, false, 'a warning'],
  [{ enforcementAction: 'Deny' }, false, 'an action that is none does nothing'],
  [scoped('deny', 'validation.gatekeeper.sh'), true, 'denies at the webhook'],
  [scoped('deny', '*'), true, 'denies everywhere'],
  [scoped('deny', 'audit.gatekeeper.sh'), false, 'denies in the audit alone'],
  [scoped('warn', 'validation.gatekeeper.sh'), false, 'warns at the webhook'],
  [{ enforcementAction: 'scoped' }, false, 'scoped to nothing'],
  [{ ...scoped('deny', '*'), enforcementAction: 'dryrun' }, false, 'scopes count for scoped alone'],
];
for (const [spec, refuses, why] of ACTIONS) {
  test(`${why}: ${refuses ? 'refuses' : 'admits'}`, () => assert.equal(judgeSpec(spec), refuses ? 'no' : 'yes'));
}

const config = (processes: string[], excludedNamespaces: string[], name = 'config'): Raw => ({
  apiVersion: 'config.gatekeeper.sh/v1alpha1',
  kind: 'Config',
  metadata: { name, namespace: 'gatekeeper-system' },
  spec: { match: [{ processes, excludedNamespaces }] },
});
const CONFIGS: [Raw, boolean, string][] = [
  [config(['webhook'], ['shop']), false, 'excluded from the webhook'],
  [config(['*'], ['sh*']), false, 'from everything'],
  [config(['audit'], ['shop']), true, 'from the audit alone'],
  [config(['mutation-webhook'], ['shop']), true, 'from mutation alone'],
  [config(['webhook'], ['ci']), true, 'another namespace'],
  [config(['webhook'], ['shop'], 'mine'), true, 'only the Config named config counts'],
];
for (const [object, refuses, why] of CONFIGS) {
  test(`a namespace is ${refuses ? 'not ' : ''}left alone: ${why}`, () => {
    assert.equal(judge([templateOf(PRIVILEGED), constraintOf(PRIVILEGED), object]).value, refuses ? 'no' : 'yes');
  });
}

const rego = SOURCES[PRIVILEGED]?.rego ?? '';
const STRANGERS: [Raw, string][] = [
  [templateOf(PRIVILEGED, {}, { annotations: {} }), 'nothing describes it'],
  [templateOf(PRIVILEGED, {}, { name: 'other' }), 'another name'],
  [templateOf(PRIVILEGED, { package: 'mine' }), 'another package'],
  [templateOf(PRIVILEGED, { parameters: ['except'] }), 'another parameter'],
  [templateOf(PRIVILEGED, { rego: 'violation[{"msg": "x"}] { false }' }), 'reads nothing'],
  [
    templateOf(PRIVILEGED, { rego: `${rego}\nviolation[{"msg": "x"}] { input.review.object.spec.x }` }),
    'a further rule',
  ],
  [
    templateOf(PRIVILEGED, {
      rego: rego.replace('not is_exempt(c)', 'not is_exempt(c)\n not input.review.object.metadata.labels.free'),
    }),
    'lets a label decide',
  ],
  [templateOf(PRIVILEGED, { rego: rego.replace('not is_exempt(c)', 'not data.inventory.x') }), 'looks at the cluster'],
  [
    templateOf(PRIVILEGED, { rego: rego.replace('c.securityContext.privileged', '# c.securityContext.privileged') }),
    'the rule is a comment',
  ],
];
for (const [template, why] of STRANGERS) {
  test(`a template that is not the library's is opaque: ${why}`, () => {
    const verdict = judge([template, constraintOf(PRIVILEGED)]);
    assert.deepEqual([verdict.value, verdict.unknowns[0]?.kind], ['depends', 'opaque']);
    assert.equal(verdict.unknowns[0]?.what, `Gatekeeper constraint ${PRIVILEGED}/it`);
  });
}

test('a kind that is not known is opaque, and what is injected may decide', () => {
  const objects = [
    templateOf('K8sRequiredLabels', { package: 'x', parameters: [], rego: '' }),
    constraintOf('K8sRequiredLabels'),
  ];
  assert.equal(judge(objects).unknowns[0]?.what, 'Gatekeeper constraint K8sRequiredLabels/it');
  const refuses = gatekeeper(
    () => yes(),
    (_, { name }) => no({ layer: 'x', by: null, check: name, reason: '', detail: '', rests: [] }),
  );
  assert.equal(refuses.admits(creating(podOf()), worldOf(objects)).evidence[0]?.check, 'it');
});

test('Rego beside CEL is read', () => {
  const template = templateOf(PRIVILEGED);
  const [target] = (template.spec as { targets: Raw[] }).targets;
  const code = [
    { engine: 'K8sNativeValidation', source: { validations: [] } },
    { engine: 'Rego', source: { rego: target?.rego, libs: target?.libs } },
  ];
  const both = {
    ...template,
    spec: { ...(template.spec as Raw), targets: [{ target: 'admission.k8s.gatekeeper.sh', code }] },
  };
  assert.equal(judge([both, constraintOf(PRIVILEGED)]).value, 'no');
  const cel = {
    ...template,
    spec: { ...(template.spec as Raw), targets: [{ target: 'admission.k8s.gatekeeper.sh', code: code.slice(0, 1) }] },
  };
  assert.match(judge([cel, constraintOf(PRIVILEGED)]).unknowns[0]?.why ?? '', /K8sNativeValidation/);
});

test('a constraint whose kind has no template is dead', () => {
  const world = worldOf([shop, constraintOf(PRIVILEGED)]);
  assert.equal(layer.admits(creating(privileged), world).value, 'yes');
  assert.deepEqual(
    deadConstraints(world).map(({ name }) => name),
    ['it'],
  );
  assert.deepEqual(deadConstraints(worldOf([templateOf(PRIVILEGED), constraintOf(PRIVILEGED)])), []);
});

test('templates that leave updates alone do so', () => {
  const lenient = templateOf(PRIVILEGED, {
    rego: rego.replace('not is_exempt(c)', 'not is_exempt(c)\n  not is_update(input.review)'),
  });
  const request = updating(podOf(), privileged);
  assert.equal(judge([lenient, constraintOf(PRIVILEGED)], request).value, 'yes');
  assert.equal(judge([templateOf(PRIVILEGED), constraintOf(PRIVILEGED)], request).value, 'no');
});

test('older templates look at fewer containers, and forgive more', () => {
  const pod = podOf({}, { ephemeralContainers: [{ name: 'd', image: 'd', securityContext: { privileged: true } }] });
  const old = templateOf(PRIVILEGED, {
    rego: rego.replace('containers_of[c] { c := input.review.object.spec.ephemeralContainers[_] }', ''),
  });
  assert.equal(judge([old, constraintOf(PRIVILEGED)], creating(pod)).value, 'yes');
  const kind = 'K8sPSPAllowPrivilegeEscalationContainer';
  const source = SOURCES[kind]?.rego.replace(
    'not c.securityContext.allowPrivilegeEscalation == false',
    'c.securityContext.allowPrivilegeEscalation == true',
  );
  assert.equal(judge([templateOf(kind, { rego: source ?? '' }), constraintOf(kind)], creating(podOf())).value, 'yes');
});

test('a message that quotes a parameter which is not given is no message, and refuses nothing', () => {
  const kind = 'K8sPSPVolumeTypes';
  const source =
    SOURCES[kind]?.rego.replace(
      'sprintf("volume: %v", [type])',
      'sprintf("volume: %v of %v", [type, input.parameters.volumes])',
    ) ?? '';
  const request = creating(podOf({}, { volumes: [{ name: 'v', hostPath: { path: '/' } }] }));
  assert.equal(judge([templateOf(kind, { rego: source }), constraintOf(kind)], request).value, 'yes');
  assert.equal(judge([templateOf(kind, { rego: source }), constraintOf(kind, { volumes: [] })], request).value, 'no');
  assert.equal(judge([templateOf(kind), constraintOf(kind)], request).value, 'no');
});

test('the token is mounted unless somebody says otherwise, and the account may', () => {
  const kind = 'K8sPSPAutomountServiceAccountTokenPod';
  const verdict = judge([templateOf(kind), constraintOf(kind)], creating(podOf()));
  assert.deepEqual([verdict.value, verdict.leaning], ['depends', 'no']);
});

test('where nobody asks Gatekeeper it refuses nothing; where that is open its refusal is', () => {
  const world = worldOf([shop, templateOf(PRIVILEGED), constraintOf(PRIVILEGED)]);
  assert.equal(gatekeeper(() => no()).admits(creating(privileged), world).value, 'yes');
  const unknown = { kind: 'unreadable', what: 'validatingwebhookconfigurations', why: '403', affects: '' } as const;
  const open = gatekeeper(() => depends([unknown], 'yes')).admits(creating(privileged), world);
  assert.deepEqual([open.value, open.leaning, open.evidence.length], ['depends', 'no', 1]);
});

test('workloads have no containers of their own', () => {
  const constraint = constraintOf(PRIVILEGED, {}, { match: {} });
  assert.equal(judge([templateOf(PRIVILEGED), constraint], creatingDeployment(privileged)).value, 'yes');
});

test('a namespace that was not read leaves a selector open', () => {
  const constraint = constraintOf(PRIVILEGED, {}, { match: { namespaceSelector: { matchLabels: { a: 'b' } } } });
  assert.equal(layer.admits(creating(privileged), worldOf([templateOf(PRIVILEGED), constraint])).value, 'depends');
});

test('lists that were refused leave it open', () => {
  const world = worldOf([shop, constraintOf(PRIVILEGED)]);
  const api = {
    group: 'templates.gatekeeper.sh',
    version: 'v1',
    resource: 'constrainttemplates',
    kind: 'ConstraintTemplate',
    namespaced: false,
    pageSize: 1,
  };
  const failure = { kind: 'forbidden', status: 403, message: '403 Forbidden' } as const;
  world.add({ ...list('ConstraintTemplate.templates.gatekeeper.sh'), api }, { read: false, failure });
  assert.equal(layer.admits(creating(privileged), world).unknowns[0]?.what, 'constrainttemplates');
  assert.deepEqual(deadConstraints(world), []);
});

test('hostile objects never crash it, and none of them makes a constraint admit', () => {
  for (const value of HOSTILE) {
    const spec = {
      match: { kinds: value, namespaces: value, labelSelector: value, scope: value, name: value, source: value },
    };
    for (const [field, wrong] of Object.entries(spec.match)) judgeSpec({ match: { [field]: wrong } });
    for (const field of ['enforcementAction', 'scopedEnforcementActions', 'match', 'parameters'])
      judgeSpec({ [field]: value });
    for (const kind of Object.keys(SOURCES)) {
      for (const parameter of SOURCES[kind]?.parameters ?? [])
        judge([templateOf(kind), constraintOf(kind, { [parameter]: value })]);
      for (const field of ['containers', 'volumes', 'securityContext', 'hostPID'])
        judge([templateOf(kind), constraintOf(kind)], creating(podOf({}, { [field]: value })));
    }
    judge([{ ...templateOf(PRIVILEGED), spec: value }, constraintOf(PRIVILEGED)]);
    judge([templateOf(PRIVILEGED), constraintOf(PRIVILEGED), { ...config([], []), spec: { match: value } }]);
  }
});

const RANK = { no: 0, depends: 1, yes: 2 } as const;
test('the order of constraints decides nothing, and one more never admits more', () => {
  const some = fc.constantFrom(...PSP_CASES);
  fc.assert(
    fc.property(fc.array(some, { minLength: 1, maxLength: 4 }), some, (cases, extra) => {
      const objects = cases.flatMap(([kind, parameters], index) => [
        templateOf(kind),
        constraintOf(kind, parameters, {}, `c${index}`),
      ]);
      const request = creating(extra[2]);
      const before = judge(objects, request).value;
      assert.equal(judge(objects.toReversed(), request).value, before);
      const after = judge(
        [...objects, templateOf(extra[0]), constraintOf(extra[0], extra[1], {}, 'extra')],
        request,
      ).value;
      assert.ok(RANK[after] <= RANK[before]);
    }),
  );
});
