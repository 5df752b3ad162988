import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AttemptResult, attempt, podOf } from '../../../src/spawn/probes/attempt.ts';
import { HARMLESS, PROBES } from '../../../src/spawn/probes/probes.ts';
import { makerOf, writesOf } from '../../../src/spawn/writes/makers.ts';
import { child, children, type Raw } from '../../../src/world/raw.ts';
import { JANE } from '../../admission/objects.ts';
import { binding, PODS, policy, webhooks, worldWith } from '../../admission/policies/objects.ts';

const [privileged] = PROBES;
const rooted = PROBES.find(({ id }) => id === 'container-root');
const tried = (
  objects: readonly Raw[],
  { specs } = privileged ?? HARMLESS,
  resource = 'pods',
  isHarmlessRefused = false,
): AttemptResult =>
  attempt(
    { namespace: 'shop', writes: (pod) => writesOf(makerOf(resource) ?? assert.fail(), pod, 'shop', JANE) },
    specs,
    worldWith(objects),
    () => isHarmlessRefused,
  );
const only = (...expressions: string[]): Raw[] =>
  expressions.flatMap((expression, index) => [
    policy(`p${index}`, { validations: [{ expression }] }),
    binding(`p${index}`, `p${index}`),
  ]);
const selecting = (objectSelector: Raw): Raw[] => [
  policy('p', { matchConstraints: { resourceRules: [PODS], objectSelector }, validations: [{ expression: 'false' }] }),
  binding('p', 'p'),
];
const labelsOf = ({ pod }: AttemptResult) => child(child(pod, 'metadata'), 'labels');
const imageOf = ({ pod }: AttemptResult) => children(child(pod, 'spec'), 'containers')[0]?.image;

test('nothing refuses: the first variant, as it is', () => {
  const { admission, pod } = tried([]);
  assert.equal(admission.value, 'yes');
  assert.deepEqual(pod, podOf(privileged?.specs[0] ?? {}, 'shop'));
});

test('the obedient variant where the plain one is refused', () => {
  const { admission, pod } = tried(only('object.spec.containers.all(c, has(c.resources) && has(c.resources.limits))'));
  assert.equal(admission.value, 'yes');
  assert.deepEqual(child(pod, 'spec'), privileged?.specs[1]);
});

const escapes: [why: string, selector: Raw, labels: Raw][] = [
  ['a label is left out', { matchLabels: { app: 'whocan-escalate' } }, {}],
  ['a label is left out that only has to be there', { matchExpressions: [{ key: 'app', operator: 'Exists' }] }, {}],
  [
    'a label is put on',
    { matchExpressions: [{ key: 'exempt', operator: 'DoesNotExist' }] },
    { app: 'whocan-escalate', exempt: 'true' },
  ],
  [
    'the value that is let pass',
    { matchExpressions: [{ key: 'mode', operator: 'NotIn', values: ['off'] }] },
    { app: 'whocan-escalate', mode: 'off' },
  ],
];
for (const [why, selector, labels] of escapes)
  test(`a policy looks away: ${why}`, () => {
    const done = tried(selecting(selector));
    assert.equal(done.admission.value, 'yes');
    assert.deepEqual(labelsOf(done), labels);
  });

test('a webhook looks away as well', () => {
  const done = tried([
    webhooks('w', [{ objectSelector: { matchExpressions: [{ key: 'skip', operator: 'NotIn', values: ['yes'] }] } }]),
  ]);
  assert.deepEqual([done.admission.value, labelsOf(done).skip], ['yes', 'yes']);
});

test('labels that lead from one policy to another are not tried in circles', () => {
  const other = policy('q', {
    matchConstraints: { resourceRules: [PODS], objectSelector: { matchLabels: { exempt: 'true' } } },
    validations: [{ expression: 'false' }],
  });
  const { admission } = tried([
    ...selecting({ matchExpressions: [{ key: 'exempt', operator: 'DoesNotExist' }] }),
    other,
    binding('q', 'q'),
  ]);
  assert.notEqual(admission.value, 'yes');
});

test('an image that the policy likes', () =>
  assert.equal(
    imageOf(tried(only("object.spec.containers.all(c, c.image.startsWith('good.example/'))"))),
    'good.example/whocan-escalate:1',
  ));

test('several policies are pleased one after the other', () => {
  const done = tried(
    only(
      "object.spec.containers.all(c, c.image.startsWith('good.example/'))",
      "object.metadata.?labels.?team.orValue('') == 'shop'",
    ),
  );
  assert.deepEqual(
    [done.admission.value, imageOf(done), labelsOf(done).team],
    ['yes', 'good.example/whocan-escalate:1', 'shop'],
  );
});

test('another user, who is not root', () => {
  const rule = only('object.spec.containers.all(c, c.?securityContext.?runAsUser.orValue(0) > 20000)');
  const { admission, pod } = tried(rule, privileged, 'pods', true);
  assert.equal(admission.value, 'yes');
  assert.deepEqual(
    children(child(pod, 'spec'), 'containers').map((each) => child(each, 'securityContext').runAsUser),
    [20001],
  );
  assert.notEqual(tried(rule, rooted, 'pods', true).admission.value, 'yes', 'whoever is to be root stays root');
});

test('a workload keeps the labels that it selects by', () => {
  const { admission } = tried(
    selecting({ matchExpressions: [{ key: 'exempt', operator: 'DoesNotExist' }] }),
    privileged,
    'deployments',
  );
  assert.equal(admission.value, 'yes');
});

test('a refusal of the privilege itself is a no, with its reason', () => {
  const { admission } = tried(only('object.spec.containers.all(c, !c.?securityContext.?privileged.orValue(false))'));
  assert.deepEqual([admission.value, admission.evidence[0]?.by?.name], ['no', 'p0']);
});

const softened: [why: string, expression: string, isHarmlessRefused: boolean, expected: (string | null)[]][] = [
  ['what the author chooses', "object.spec.?hostname.orValue('').endsWith('x')", false, ['depends', 'yes']],
  [
    'what the author chooses, or the privilege',
    "object.spec.?hostname.orValue('').endsWith('x') || !object.spec.containers.exists(c, c.?securityContext.?privileged.orValue(false))",
    false,
    ['depends', null],
  ],
  [
    'the same, but harmless pods are refused too',
    "object.spec.?hostname.orValue('').endsWith('x') || !object.spec.containers.exists(c, c.?securityContext.?privileged.orValue(false))",
    true,
    ['depends', 'yes'],
  ],
  [
    'a field of the security context',
    "object.spec.?securityContext.?seLinuxOptions.?level.orValue('') == 'x'",
    false,
    ['no', null],
  ],
  [
    'the same, but harmless pods are refused too',
    "object.spec.?securityContext.?seLinuxOptions.?level.orValue('') == 'x'",
    true,
    ['depends', 'yes'],
  ],
  ['nothing of the pod', "request.userInfo.username == 'bob'", false, ['no', null]],
  ['nothing of the pod, and of no other either', "request.userInfo.username == 'bob'", true, ['no', null]],
  ['the namespace', "object.metadata.namespace == 'x'", true, ['no', null]],
];
for (const [why, expression, isHarmlessRefused, expected] of softened)
  test(`a refusal that rests on ${why}: ${expected.filter((each) => each !== null).join(' ')}`, () => {
    const { admission } = tried(only(expression), privileged, 'pods', isHarmlessRefused);
    assert.deepEqual([admission.value, admission.leaning], expected);
    assert.equal(admission.unknowns.length > 0, admission.value === 'depends');
  });

test('what is chosen is said', () => {
  const { admission } = tried(only("object.spec.?hostname.orValue('').endsWith('x')"));
  assert.match(admission.unknowns[0]?.what ?? '', /^what else ValidatingAdmissionPolicy p0 would let through$/);
  assert.match(admission.unknowns[0]?.why ?? '', /spec\.hostname, which the author of a pod chooses/);
});

test('an attempt without a pod is a mistake of ours', () =>
  assert.throws(() => tried([], { ...HARMLESS, specs: [] }), /an attempt without a pod/));
