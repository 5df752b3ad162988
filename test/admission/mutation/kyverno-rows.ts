import type { GroupKind } from '../../../src/world/kinds.ts';
import { list } from '../../../src/world/needs.ts';
import type { Raw } from '../../../src/world/raw.ts';
import { PODS, pod, request, webhooks, worldWith } from '../policies/objects.ts';
import type { Row } from './rows.ts';

const BASELINE: Raw = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'dev', labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } },
};
const asked = (hook: Raw = {}, kind = 'MutatingWebhookConfiguration'): Raw =>
  webhooks(
    'kyverno-resource-mutating-webhook-cfg',
    [
      {
        name: 'mutate.kyverno.svc-fail',
        clientConfig: { service: { namespace: 'kyverno', name: 'kyverno-svc' } },
        ...hook,
      },
    ],
    kind,
  );
const policy = (rule: unknown, namespace?: string): Raw => ({
  apiVersion: 'kyverno.io/v1',
  kind: namespace === undefined ? 'ClusterPolicy' : 'Policy',
  metadata: { name: 'tame', ...(namespace === undefined ? {} : { namespace }) },
  spec: { rules: [rule] },
});
const MERGE: Raw = { patchStrategicMerge: { spec: { hostPID: false } } };
const merging = (more: Raw = {}, kinds: readonly string[] = ['Pod'], namespace?: string): Raw =>
  policy({ name: 'r', match: { any: [{ resources: { kinds } }] }, mutate: { ...MERGE, ...more } }, namespace);

/**
 * A pod in a namespace that enforces baseline, of hostPID unless it says otherwise, and Kyverno with rules that change
 * objects.
 */
const cases: readonly [why: string, verdict: string, objects: readonly Raw[], spec?: Raw][] = [
  ['a rule may take it away', 'depends no', [merging(), asked()]],
  ['a rule of any kind may', 'depends no', [merging({}, ['*']), asked()]],
  ['a rule of other kinds does not', 'no', [merging({}, ['Service', 'Secret']), asked()]],
  ['a rule that matches whatever there is may', 'depends no', [policy({ name: 'r', mutate: MERGE }), asked()]],
  ['a rule that nobody understands may', 'depends no', [policy({ name: 'r', mutate: 'x' }), asked()]],
  ['a policy that nobody understands may', 'depends no', [{ ...policy({}), spec: { rules: 'x' } }, asked()]],
  ['a rule that changes other objects does not', 'no', [merging({ targets: [{ kind: 'Pod' }] }), asked()]],
  [
    'a rule that only refuses does not',
    'no',
    [policy({ name: 'r', validate: { message: 'm', pattern: { spec: {} } } }), asked()],
  ],
  ['a Policy of the namespace may', 'depends no', [merging({}, ['Pod'], 'dev'), asked()]],
  ['a Policy of another does not', 'no', [merging({}, ['Pod'], 'play'), asked()]],
  ['where nobody asks Kyverno it does not', 'no', [merging()]],
  [
    'where it is asked about services alone neither',
    'no',
    [merging(), asked({ rules: [{ ...PODS, resources: ['services'] }] })],
  ],
  ['where it only validates neither', 'no', [merging(), asked({}, 'ValidatingWebhookConfiguration')]],
  ['what is admitted may be changed', 'depends yes', [merging(), asked()], {}],
  ['what is admitted and nothing changes is', 'yes', [merging({}, ['Service']), asked()], {}],
];

export const KYVERNO_ROWS: readonly Row[] = cases.map(([why, verdict, objects, spec = { hostPID: true }]) => {
  const world = worldWith([BASELINE, ...objects]);
  // Discovery has told that these are there.
  for (const kind of ['ClusterPolicy.kyverno.io', 'Policy.kyverno.io'] as const)
    world.add(list(kind as GroupKind) as never, { read: true });
  return { why: `Kyverno: ${why}`, verdict, world, request: request(pod(spec), { namespace: 'dev' }) };
});
