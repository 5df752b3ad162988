import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Refusal } from '../../../src/admission/layer.ts';
import type { Unknown } from '../../../src/answer/unknown.ts';
import { depends, no, type Verdict, yes } from '../../../src/answer/verdict.ts';
import { HARMLESS, PROBES } from '../../../src/spawn/probes/probes.ts';
import {
  isMore,
  type Possible,
  reachesNode,
  type Strongest,
  strongestAmong,
  strongestOf,
  type Trial,
  tryProbes,
} from '../../../src/spawn/probes/strongest.ts';
import { makerOf, writesOf } from '../../../src/spawn/writes/makers.ts';
import { JANE } from '../../admission/objects.ts';
import { binding, policy, worldWith } from '../../admission/policies/objects.ts';

const unknown: Unknown = { kind: 'opaque', what: 'w', why: '', affects: '' };
const OUTCOMES: Readonly<Record<string, Verdict<Refusal>>> = {
  yes: yes(),
  no: no(),
  depends: depends([unknown]),
  'depends yes': depends([unknown], 'yes'),
  'depends no': depends([unknown], 'no'),
};
const trials = (outcomes: Readonly<Record<string, string>>): Trial[] =>
  PROBES.map((probe) => ({ probe, pod: {}, admission: OUTCOMES[outcomes[probe.id] ?? 'no'] ?? no() }));
const short = ({ sure, maybe }: Strongest) => [sure, maybe?.strength ?? null, maybe?.leaning ?? null];

const cases: readonly [Readonly<Record<string, string>>, (string | null)[], string][] = [
  [{}, [null, null, null], 'nothing passes'],
  [{ 'container-restricted': 'yes' }, ['restricted', null, null], 'only the harmless one'],
  [
    { 'container-restricted': 'yes', hostpid: 'yes', 'container-root': 'yes' },
    ['host namespaces only', null, null],
    'the strongest of several',
  ],
  [{ hostpid: 'yes', 'priv-container': 'depends' }, ['host namespaces only', 'node root', null], 'stronger perhaps'],
  [{ 'priv-container': 'yes', hostpid: 'depends' }, ['node root', null, null], 'weaker perhaps is no news'],
  [{ 'priv-container': 'yes', 'hostpath-root': 'depends' }, ['node root', null, null], 'nor is as strong perhaps'],
  [
    { 'priv-container': 'depends yes', 'hostpath-root': 'depends' },
    [null, 'node root', 'yes'],
    'one that leans to yes is enough',
  ],
  [{ 'priv-container': 'depends no', 'hostpath-root': 'depends' }, [null, 'node root', null], 'to no, all have to'],
  [{ 'priv-container': 'depends no', 'hostpath-root': 'depends no' }, [null, 'node root', 'no'], 'all lean to no'],
  [
    { 'priv-container': 'depends no', hostpid: 'depends yes' },
    [null, 'node root', 'yes'],
    'a weaker one that reaches the node as well is enough',
  ],
  [
    { 'priv-container': 'depends no', 'container-root': 'depends yes' },
    [null, 'node root', 'no'],
    'one that does not reach the node says nothing about that',
  ],
  [
    { hostpid: 'yes', hostipc: 'depends yes', 'priv-container': 'depends no' },
    ['host namespaces only', 'node root', 'no'],
    'a sure one does not lean',
  ],
  [
    { 'container-root': 'depends no', 'container-restricted': 'depends yes' },
    [null, 'root in a container', 'no'],
    'inside, each strength is its own',
  ],
];
for (const [outcomes, expected, why] of cases)
  test(why, () => assert.deepEqual(short(strongestOf(trials(outcomes))), expected));

test('of several the sure and the possible each', () => {
  const all = [
    strongestOf(trials({ hostpid: 'yes' })),
    strongestOf(trials({ 'container-restricted': 'yes', 'priv-container': 'depends' })),
  ];
  assert.deepEqual(short(strongestAmong(all)), ['host namespaces only', 'node root', null]);
  assert.deepEqual(short(strongestAmong([...all, strongestOf(trials({ 'priv-container': 'yes' }))])), [
    'node root',
    null,
    null,
  ]);
  assert.deepEqual(short(strongestAmong([])), [null, null, null]);
});

const several: readonly [all: readonly Readonly<Record<string, string>>[], expected: (string | null)[]][] = [
  [
    [{ 'priv-container': 'depends no' }, { 'priv-container': 'depends yes' }],
    [null, 'node root', 'yes'],
  ],
  [
    [{ 'priv-container': 'depends yes' }, { 'priv-container': 'depends no' }],
    [null, 'node root', 'yes'],
  ],
  [
    [{ 'priv-container': 'depends' }, { 'priv-container': 'depends no' }],
    [null, 'node root', null],
  ],
  [
    [{ 'priv-container': 'depends no' }, { hostpid: 'depends yes' }],
    [null, 'node root', 'yes'],
  ],
  [
    [{ 'priv-container': 'depends no' }, { hostpid: 'yes' }, { hostipc: 'depends yes' }],
    ['host namespaces only', 'node root', 'no'],
  ],
  [
    [{ 'priv-container': 'depends no' }, { 'container-root': 'depends yes' }],
    [null, 'node root', 'no'],
  ],
];
for (const [all, expected] of several)
  test(`the possible one of several is as likely as the likeliest: ${JSON.stringify(all)}`, () =>
    assert.deepEqual(short(strongestAmong(all.map((each) => strongestOf(trials(each))))), expected));

const root = (leaning: Possible['leaning']): Possible => ({ strength: 'node root', leaning, unknowns: [unknown] });
const inside = (leaning: Possible['leaning']): Possible => ({ ...root(leaning), strength: 'root in a container' });
const pairs: readonly [a: Possible, b: Possible | null, isItMore: boolean][] = [
  [root('no'), null, true],
  [root('yes'), root('no'), true],
  [root('yes'), root(null), true],
  [root(null), root('no'), true],
  [root('no'), root('yes'), false],
  [root('yes'), root('yes'), false],
  [{ ...root('yes'), strength: 'host namespaces only' }, root('no'), true],
  [{ ...root('yes'), strength: 'host namespaces only' }, root('yes'), false],
  [root('no'), inside('yes'), true],
  [inside('yes'), root('no'), false],
  [inside('yes'), inside('no'), false],
];
for (const [a, b, isItMore] of pairs)
  test(`${a.strength} ${a.leaning} ${isItMore ? 'is more' : 'is no more'} than ${b ? `${b.strength} ${b.leaning}` : 'nothing'}`, () =>
    assert.equal(isMore(a, b), isItMore));

test('what reaches the node', () => {
  assert.deepEqual(PROBES.map(({ strength }) => strength).filter(reachesNode).length, 10);
  assert.equal(reachesNode(null), false);
});

const route = {
  namespace: 'shop',
  writes: (pod: object) => writesOf(makerOf('pods') ?? assert.fail(), { ...pod }, 'shop', JANE),
};
const judged = (expressions: readonly string[], id = 'priv-container') => {
  const world = worldWith([
    policy('p', { validations: expressions.map((expression) => ({ expression })) }),
    binding('p', 'p'),
  ]);
  const { admission } = tryProbes(route, world).find(({ probe }) => probe.id === id) ?? assert.fail();
  return [admission.value, admission.leaning];
};
const NOT_PRIVILEGED = 'object.spec.containers.all(c, !c.?securityContext.?privileged.orValue(false))';

test('a policy that refuses the harmless pod by the same fields says nothing about the privilege', () => {
  assert.deepEqual(judged(["object.spec.?securityContext.?seLinuxOptions.?level.orValue('') == 's0'"]), [
    'depends',
    'yes',
  ]);
  assert.deepEqual(judged([NOT_PRIVILEGED]), ['no', null]);
});

test('a policy with a reason of each kind refuses the privilege all the same', () => {
  assert.deepEqual(
    judged([NOT_PRIVILEGED, "object.spec.?securityContext.?seLinuxOptions.?level.orValue('') == 's0'"]),
    ['no', null],
  );
  assert.deepEqual(judged([NOT_PRIVILEGED, "object.spec.?hostname.orValue('').endsWith('x')"]), ['no', null]);
});

test('the harmless pod is tried like any other', () => {
  assert.deepEqual(
    tryProbes(route, worldWith([]), [HARMLESS]).map(({ admission }) => admission.value),
    ['yes'],
  );
});
