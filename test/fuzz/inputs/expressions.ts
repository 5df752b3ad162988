import { policyOf } from '../../admission/engines/kyverno/policies.ts';
import { binding, policy, webhooks } from '../../admission/policies/objects.ts';
import type { Random } from '../../helpers/random.ts';
import type { Input } from '../ask.ts';
import { sentence } from '../grammar.ts';
import { CEL, JMESPATH, MUTATION, PATTERN } from '../grammars.ts';
import { HOSTILE, withOwn } from '../hostile.ts';
import { stored } from './base.ts';
import { questionAbout } from './questions.ts';
import { behind, type Scene } from './scenes.ts';

type Fields = Record<string, unknown>;

/** Some sentences, and what is made of each. */
const some = <T>(choose: Random, make: () => T, most = 3): T[] => Array.from({ length: 1 + choose.below(most) }, make);
const maybe = (choose: Random, fields: () => Fields): Fields => (choose.chance(0.3) ? fields() : {});

function celPolicy(choose: Random): object[] {
  const write = (symbol = 'root'): string => sentence(CEL, symbol, choose);
  const spec = {
    failurePolicy: choose.pick(['Fail', 'Ignore']),
    variables: some(choose, () => ({ name: choose.pick(['name', 'x', 'image']), expression: write('any') }), 2),
    validations: some(choose, () => ({
      expression: write(),
      ...maybe(choose, () => ({ messageExpression: write('string') })),
    })),
    ...maybe(choose, () => ({ matchConditions: some(choose, () => ({ name: 'c', expression: write() })) })),
    ...maybe(choose, () => ({ auditAnnotations: [{ key: 'k', valueExpression: write('string') }] })),
  };
  return [policy('p', spec), binding('p', 'p')];
}

function mutatingPolicy(choose: Random): object[] {
  const mutations = some(choose, () => {
    const expression = sentence(MUTATION, choose.chance(0.5) ? 'root' : choose.pick(['apply', 'patch']), choose);
    return choose.chance(0.5)
      ? { patchType: 'JSONPatch', jsonPatch: { expression } }
      : { patchType: 'ApplyConfiguration', applyConfiguration: { expression } };
  });
  const spec = { mutations, reinvocationPolicy: choose.pick(['Never', 'IfNeeded']) };
  return [policy('m', spec, 'MutatingAdmissionPolicy'), binding('m', 'm', {}, 'MutatingAdmissionPolicyBinding')];
}

const conditionedWebhook = (choose: Random): object[] => [
  webhooks(
    'w',
    [{ matchConditions: some(choose, () => ({ name: 'c', expression: sentence(CEL, 'root', choose) })) }],
    choose.pick(['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration']),
  ),
];

const OPERATORS = [
  'Equals',
  'NotEquals',
  'In',
  'AnyIn',
  'AllIn',
  'NotIn',
  'AnyNotIn',
  'AllNotIn',
  'GreaterThan',
  'LessThanOrEquals',
  'DurationGreaterThan',
  'In ',
  '',
];

function conditions(choose: Random): Fields {
  const write = (): string => sentence(JMESPATH, 'root', choose);
  const value = (): unknown =>
    choose.pick<() => unknown>([
      write,
      () => sentence(PATTERN, 'root', choose),
      () => [write(), 'a'],
      () => choose.below(9),
      () => sentence(JMESPATH, 'quantity', choose),
      () => null,
    ])();
  return {
    [choose.pick(['any', 'all'])]: some(choose, () => ({
      key: write(),
      operator: choose.pick(OPERATORS),
      value: value(),
    })),
  };
}

function jmespathPolicy(choose: Random): object[] {
  const write = (): string => sentence(JMESPATH, 'root', choose);
  const deny = { deny: { conditions: conditions(choose) } };
  const validate = choose.pick<object>([
    deny,
    deny,
    { foreach: [{ list: sentence(JMESPATH, 'expression', choose), ...deny }] },
    { message: write(), pattern: { metadata: { name: write() } } },
  ]);
  const context = some(choose, () =>
    choose.pick<object>([
      { name: 'x', variable: { value: write() } },
      { name: 'x', variable: { jmesPath: sentence(JMESPATH, 'expression', choose), default: write() } },
    ]),
  );
  return [
    policyOf('k', validate, {
      ...maybe(choose, () => ({ preconditions: conditions(choose) })),
      ...maybe(choose, () => ({ context })),
    }),
  ];
}

function pattern(choose: Random, depth: number): unknown {
  if (depth === 0 || choose.chance(0.3))
    return choose.chance(0.8) ? sentence(PATTERN, 'root', choose) : choose.pick([0, true, null, 1.5, [], {}]);
  if (choose.chance(0.25)) return some(choose, () => pattern(choose, depth - 1), 2);
  return withOwn(some(choose, () => [sentence(PATTERN, 'key', choose), pattern(choose, depth - 1)] as const));
}

function patternPolicy(choose: Random): object[] {
  const spec = {
    spec: choose.chance(0.5) ? { containers: [pattern(choose, 2)] } : pattern(choose, 3),
    ...maybe(choose, () => ({ metadata: pattern(choose, 2) })),
  };
  return [policyOf('k', choose.chance(0.7) ? { pattern: spec } : { anyPattern: [spec, pattern(choose, 3)] })];
}

/** A selector in an object, mostly with the shape of one. */
function selector(choose: Random): object {
  const word = (): string => choose.pick(['env', 'app', 'prod', 'web', 'a*', '?', ...HOSTILE]);
  const expression = (): object => ({
    key: word(),
    operator: choose.pick(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'in', '']),
    ...maybe(choose, () => ({ values: some(choose, word) })),
  });
  return {
    ...maybe(choose, () => ({ matchLabels: withOwn(some(choose, () => [word(), word()] as const)) })),
    ...maybe(choose, () => ({ matchExpressions: some(choose, expression) })),
  };
}

function selecting(choose: Random): object[] {
  const both = { namespaceSelector: selector(choose), objectSelector: selector(choose) };
  return choose.pick<() => object[]>([
    () => [policy('p', { validations: [{ expression: 'false' }] }), binding('p', 'p', { matchResources: both })],
    () => [webhooks('w', [both])],
    () => [
      policyOf(
        'k',
        { deny: {} },
        {
          match: {
            any: [{ resources: { kinds: ['Pod'], selector: selector(choose), namespaceSelector: selector(choose) } }],
          },
        },
      ),
    ],
    () => [
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: 'all' },
        aggregationRule: { clusterRoleSelectors: some(choose, () => selector(choose)) },
      },
    ],
  ])();
}

function measured(choose: Random): object[] {
  const amounts = (): Fields =>
    withOwn(
      some(
        choose,
        () =>
          [
            choose.pick([
              'cpu',
              'memory',
              'pods',
              'requests.cpu',
              'limits.memory',
              'count/pods',
              'hugepages-2Mi',
              ...HOSTILE,
            ]),
            sentence(CEL, 'quantity', choose),
          ] as const,
      ),
    );
  const metadata = { name: 'l', namespace: 'dev' };
  return choose.pick<() => object[]>([
    () => [
      {
        apiVersion: 'v1',
        kind: 'ResourceQuota',
        metadata,
        spec: { hard: amounts() },
        status: { hard: amounts(), used: amounts() },
      },
    ],
    () => [
      {
        apiVersion: 'v1',
        kind: 'LimitRange',
        metadata,
        spec: {
          limits: some(choose, () => ({
            type: choose.pick(['Container', 'Pod', '']),
            max: amounts(),
            min: amounts(),
            default: amounts(),
            maxLimitRequestRatio: amounts(),
          })),
        },
      },
    ],
  ])();
}

/** What is written in a language of its own, by that language. */
export const LANGUAGES: Readonly<Record<string, (choose: Random) => object[]>> = {
  CEL: celPolicy,
  'CEL that mutates': mutatingPolicy,
  'CEL of webhooks': conditionedWebhook,
  JMESPath: jmespathPolicy,
  "Kyverno's patterns": patternPolicy,
  selectors: selecting,
  quantities: measured,
};

const { objects: SURROUNDINGS }: Scene = behind('kyverno');
const TEXT = SURROUNDINGS.map((each) => JSON.stringify(each)).join('\n');

/** A policy with sentences of a language in it, and a question that it is evaluated for. */
export function expressionOf(language: keyof typeof LANGUAGES, choose: Random): Input {
  const objects = LANGUAGES[language]?.(choose) ?? [];
  const text = objects.map((each, index) => JSON.stringify(stored(each, 100 + index))).join('\n');
  return {
    words: [...questionAbout('', choose), '--input', '-', '--complete', '--server-version', '1.37'],
    stdin: Buffer.from(`${TEXT}\n${text}\n`),
  };
}
