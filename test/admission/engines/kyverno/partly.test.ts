import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kyverno } from '../../../../src/admission/engines/kyverno/layer.ts';
import { kyvernoTools } from '../../../../src/admission/engines/tools.ts';
import type { AdmissionRequest } from '../../../../src/admission/request/request.ts';
import { yes } from '../../../../src/answer/verdict.ts';
import type { Raw } from '../../../../src/world/raw.ts';
import { worldOf } from '../../../helpers/world-of.ts';
import { creating, podOf } from '../../objects.ts';
import { policyOf, policyWith } from './policies.ts';

const layer = kyverno({ ...kyvernoTools, isEnforced: () => yes() });
const shop = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: {} } };
const judge = (objects: readonly Raw[], request: AdmissionRequest = creating(podOf())) =>
  layer.admits(request, worldOf([shop, ...objects]));

type Verdict = 'yes' | 'no' | 'depends';

/** A key that is not understood, one that holds and one that does not. */
const UNKNOWN = { key: '{{ x509_decode(request.name) }}', operator: 'Equals', value: 'x' };
const TRUE = { key: '{{ request.name }}', operator: 'Equals', value: 'web' };
const FALSE = { key: '{{ request.name }}', operator: 'Equals', value: 'other' };
const READS = { key: '{{ allowed.data.names }}', operator: 'Equals', value: 'x' };
const CONFIG = [{ name: 'allowed', configMap: { name: 'a', namespace: 'b' } }];

const deny = (conditions: unknown) => ({ deny: { conditions } });
const CONDITIONS: readonly (readonly [conditions: unknown, refused: Verdict, why: string])[] = [
  [{ any: [UNKNOWN, TRUE] }, 'no', 'one that holds is enough'],
  [{ any: [TRUE, UNKNOWN] }, 'no', 'in any order'],
  [{ any: [UNKNOWN, FALSE] }, 'depends', 'none that is understood holds'],
  [{ all: [UNKNOWN, FALSE] }, 'yes', 'one that does not hold is enough'],
  [{ all: [FALSE, UNKNOWN] }, 'yes', 'in any order'],
  [{ all: [UNKNOWN, TRUE] }, 'depends', 'all that is understood holds'],
  [{ any: [UNKNOWN], all: [FALSE] }, 'yes', 'any and all both have to hold'],
  [{ any: [FALSE], all: [UNKNOWN] }, 'yes', 'of both one is enough'],
  [{ any: [UNKNOWN, TRUE], all: [TRUE] }, 'no', 'both are decided'],
  [[UNKNOWN, FALSE], 'yes', 'a list is all of them'],
  [[{ any: [UNKNOWN, TRUE] }, { all: [FALSE, UNKNOWN] }], 'yes', 'nested'],
  [{ any: [{ ...TRUE, operator: 'Resembles' }, TRUE] }, 'no', 'an operator that is not known'],
];
for (const [conditions, verdict, why] of CONDITIONS) {
  test(`deny ${JSON.stringify(conditions)} ${verdict}: ${why}`, () =>
    assert.equal(judge([policyOf('p', deny(conditions))]).value, verdict));
  const opposite = { yes: 'yes', no: 'no', depends: 'depends' } as const;
  test(`a rule with preconditions ${JSON.stringify(conditions)} ${verdict}: ${why}`, () =>
    assert.equal(
      judge([policyOf('p', deny({ all: [TRUE] }), { preconditions: conditions })]).value,
      opposite[verdict],
    ));
}

const RULES: readonly (readonly [rule: object, verdict: Verdict, why: string])[] = [
  [{ preconditions: [UNKNOWN], validate: deny({ all: [FALSE] }) }, 'yes', 'what refuses nothing may apply or not'],
  [
    { celPreconditions: [{ name: 'x', expression: 'true' }], validate: deny({ all: [FALSE] }) },
    'yes',
    'the same in CEL',
  ],
  [
    { celPreconditions: [{ name: 'x', expression: 'true' }], validate: deny({ all: [TRUE] }) },
    'depends',
    'what refuses may not apply',
  ],
  [{ context: CONFIG, validate: deny({ all: [TRUE] }) }, 'no', 'a variable that nobody uses'],
  [{ context: CONFIG, validate: deny({ all: [READS] }) }, 'depends', 'one that decides'],
  [{ context: CONFIG, validate: deny({ any: [READS, TRUE] }) }, 'no', 'one that decides no more'],
  [
    { context: CONFIG, preconditions: [FALSE], validate: deny({ all: [READS] }) },
    'yes',
    'in a rule that does not apply',
  ],
  [
    { context: CONFIG, validate: deny({ all: [{ ...TRUE, key: '{{ request.object.allowed || `web` }}' }] }) },
    'no',
    'a field of that name',
  ],
  [
    { context: [{ name: 'me', variable: { value: 'web' } }], validate: deny({ all: [{ ...TRUE, key: '{{ me }}' }] }) },
    'no',
    'a variable with its value',
  ],
  [
    {
      context: [{ name: 'me', variable: { jmesPath: 'request.object.metadata.name' } }],
      validate: deny({ all: [{ ...TRUE, key: '{{ me }}' }] }),
    },
    'no',
    'a variable that is computed',
  ],
  [
    {
      context: [{ name: 'me', variable: { jmesPath: 'request.object.metadata.nope', default: 'web' } }],
      validate: deny({ all: [{ ...TRUE, key: '{{ me }}' }] }),
    },
    'no',
    'its default',
  ],
  [
    {
      context: [...CONFIG, { name: 'me', variable: { jmesPath: 'allowed.data.x' } }],
      validate: deny({ all: [{ ...TRUE, key: '{{ me }}' }] }),
    },
    'depends',
    'computed from what is not known',
  ],
  [
    { validate: { pattern: { spec: { a: '{{@}}', containers: [{ image: 'other' }] } } } },
    'no',
    'a pattern that fails elsewhere',
  ],
  [{ validate: { pattern: { spec: { containers: [{ image: '{{@}}' }] } } } }, 'depends', 'a pattern that hangs on it'],
  [{ validate: { pattern: { spec: { '=(a)': '{{@}}' } } } }, 'yes', 'a pattern of what is not there'],
  [
    { validate: { pattern: { spec: { containers: [{ '(image)': '{{@}}', name: 'other' }] } } } },
    'depends',
    'a condition',
  ],
  [
    { validate: { pattern: { spec: { containers: [{ '(image)': '{{@}}', name: 'app' }] } } } },
    'yes',
    'a condition of what holds anyway',
  ],
  [
    { validate: { pattern: { spec: { '{{request.object.metadata.name}}': 'x' } } } },
    'no',
    'a key that is made, and is not there',
  ],
  [{ validate: { pattern: { metadata: { '{{ `name` }}': 'web' } } } }, 'yes', 'a key that is made, and is there'],
  [{ validate: { pattern: { spec: { '{{request.object.spec}}': 'x' } } } }, 'depends', 'a key that would be an object'],
  [
    { validate: { pattern: { spec: { '{{request.object.spec.containers}}': 'x' } } } },
    'depends',
    'a key that would be a list',
  ],
  [{ validate: { pattern: { metadata: { labels: { team: '{{@}}' } } } } }, 'no', 'a label of what has none'],
  [{ validate: { pattern: { metadata: { '=(labels)': { team: '{{@}}' } } } } }, 'yes', 'a label, where there are any'],
  [
    { validate: { anyPattern: [{ spec: { a: '{{@}}' } }, { spec: { containers: [{ name: 'app' }] } }] } },
    'yes',
    'one of several passes',
  ],
  [
    {
      validate: {
        anyPattern: [{ spec: { containers: [{ image: '{{@}}' }] } }, { spec: { containers: [{ name: 'x' }] } }],
      },
    },
    'depends',
    'none does',
  ],
  [
    {
      validate: {
        foreach: [
          { list: 'images', deny: {} },
          { list: 'request.object.spec.containers', ...deny({ all: [TRUE] }) },
        ],
      },
    },
    'no',
    'another loop fails',
  ],
  [
    {
      validate: {
        foreach: [
          {
            list: 'request.object.spec.containers',
            context: CONFIG,
            ...deny({ any: [READS, { ...TRUE, key: '{{ element.name }}', value: 'app' }] }),
          },
        ],
      },
    },
    'no',
    'a loop that is decided without its context',
  ],
  [
    { validate: { foreach: [{ list: 'request.object.spec.containers', context: CONFIG, ...deny({ all: [READS] }) }] } },
    'depends',
    'or is not',
  ],
  [
    { validate: undefined, verifyImages: [{ imageReferences: ['ghcr.io/kyverno/*'] }] },
    'yes',
    'signatures of other images',
  ],
  [
    { validate: undefined, verifyImages: [{ imageReferences: ['registry.example/*'] }] },
    'depends',
    'signatures of this one',
  ],
  [
    { validate: undefined, verifyImages: [{ imageReferences: ['*'], skipImageReferences: ['registry.example/*'] }] },
    'yes',
    'which are not asked for',
  ],
  [
    { validate: undefined, preconditions: [FALSE], verifyImages: [{ imageReferences: ['*'] }] },
    'yes',
    'in a rule that does not apply',
  ],
  [
    { exclude: { any: [{ resources: { kinds: ['Pod'], names: ['other'] } }] }, validate: deny({ all: [TRUE] }) },
    'no',
    'no exclusion names it',
  ],
  [
    {
      exclude: { all: [{ subjects: [{ kind: 'User', name: 'ann' }] }, { clusterRoles: ['admin'] }] },
      validate: deny({ all: [TRUE] }),
    },
    'no',
    'one whose other half is not met',
  ],
  [
    {
      exclude: { any: [{ subjects: [{ kind: 'User', name: 'jane' }] }, { clusterRoles: ['admin'] }] },
      validate: deny({ all: [TRUE] }),
    },
    'yes',
    'one whose other half is',
  ],
];
for (const [rule, verdict, why] of RULES) {
  test(`${JSON.stringify(rule)} ${verdict}: ${why}`, () =>
    assert.equal(judge([policyOf('p', {}, rule)]).value, verdict));
}

test('a rule that is not understood says nothing of another one', () => {
  const kinds = { match: { any: [{ resources: { kinds: ['Pod'] } }] } };
  const rules = [
    { name: 'open', ...kinds, validate: deny({ all: [UNKNOWN] }) },
    { name: 'fails', ...kinds, validate: deny({ all: [TRUE] }) },
  ];
  const { value, evidence } = judge([policyWith('p', rules)]);
  assert.deepEqual([value, evidence.map(({ check }) => check)], ['no', ['fails']]);
});

const CALLED: readonly (readonly [expression: string, verdict: Verdict, why: string])[] = [
  ['true', 'no', 'conditions that hold'],
  ["object.metadata.name == 'other'", 'yes', 'conditions that do not: nobody asks'],
  ["request.userInfo.extra['a'] == ['b']", 'depends', 'conditions on what is not known'],
];
for (const [expression, verdict, why] of CALLED) {
  test(`matchConditions ${expression} of a policy ${verdict}: ${why}`, () => {
    const webhookConfiguration = { matchConditions: [{ name: 'x', expression }] };
    assert.equal(judge([policyOf('p', deny({ all: [TRUE] }), {}, { webhookConfiguration })]).value, verdict);
  });
}

const exception = (spec: object): Raw => ({
  apiVersion: 'kyverno.io/v2',
  kind: 'PolicyException',
  metadata: { name: 'let-me', namespace: 'shop' },
  spec: {
    match: { any: [{ resources: { kinds: ['Pod'] } }] },
    exceptions: [{ policyName: 'p', ruleNames: ['*'] }],
    ...spec,
  },
});
const EXCEPTIONS: readonly (readonly [spec: object, verdict: Verdict, why: string])[] = [
  [{ conditions: { all: [FALSE] } }, 'no', 'its conditions do not hold'],
  [{ conditions: { all: [UNKNOWN, FALSE] } }, 'no', 'one of them does not'],
  [{ conditions: { all: [TRUE] } }, 'depends', 'they hold'],
  [{ conditions: { any: [UNKNOWN] } }, 'depends', 'they are not understood'],
  [{ conditions: { all: [{ ...TRUE, key: '{{ request.object.nope }}' }] } }, 'no', 'they end in an error'],
];
for (const [spec, verdict, why] of EXCEPTIONS) {
  test(`an exception ${JSON.stringify(spec)} leaves ${verdict}: ${why}`, () =>
    assert.equal(judge([policyOf('p', deny({ all: [TRUE] })), exception(spec)]).value, verdict));
}
const OF_PODS: readonly (readonly [podSecurity: object[], verdict: Verdict, why: string])[] = [
  [[{ controlName: 'Host Namespaces' }], 'depends', 'all that the pod does not pass is excluded'],
  [[{ controlName: 'Sysctls' }], 'no', 'something else is'],
  [[{ controlName: 'Host Namespaces', restrictedField: 'spec.hostPID' }], 'no', 'one field is left'],
  [
    [
      { controlName: 'Host Namespaces', restrictedField: 'spec.hostPID' },
      { controlName: 'Host Namespaces', restrictedField: 'spec.hostIPC' },
    ],
    'depends',
    'none is left',
  ],
];
for (const [podSecurity, verdict, why] of OF_PODS) {
  test(`an exception from Pod Security ${JSON.stringify(podSecurity)} leaves ${verdict}: ${why}`, () => {
    const policy = policyOf('p', { podSecurity: { level: 'baseline' } });
    assert.equal(
      judge([policy, exception({ podSecurity })], creating(podOf({}, { hostPID: true, hostIPC: true }))).value,
      verdict,
    );
  });
}
