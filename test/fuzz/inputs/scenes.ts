import type { Raw } from '../../../src/world/raw.ts';
import { MATCH_CASES as GATEKEEPER_MATCHES, PSP_CASES } from '../../admission/engines/gatekeeper/cases.ts';
import { constraintOf, templateOf } from '../../admission/engines/gatekeeper/templates.ts';
import { CONDITION_CASES, MATCH_CASES, PATTERN_CASES, patternPolicy } from '../../admission/engines/kyverno/cases.ts';
import { POLICIES, policyOf } from '../../admission/engines/kyverno/policies.ts';
import { binding, policy, webhooks } from '../../admission/policies/objects.ts';
import { SCCS } from '../../admission/scc/openshift.ts';
import { CASES as MUTATIONS } from '../../cluster/mutations/table.ts';
import { CASES as VALIDATIONS } from '../../cluster/policies/table.ts';
import { cases as WEBHOOKS } from '../../cluster/policies/webhook-cases.ts';
import { clusterOfCanaries } from '../../input/canaries.ts';
import { SCENES } from '../../questions/partial/worlds.ts';
import { BASE, stored } from './base.ts';

/** Objects of which some are to be mangled. */
export interface Scene {
  objects: readonly Raw[];
  /** Those, by their place. */
  odd: readonly number[];
}

const beside = (...objects: readonly object[]): Scene => {
  const all = [...BASE, ...objects.map((each, index) => stored(each, BASE.length + index))];
  return { objects: all, odd: objects.map((_, index) => BASE.length + index) };
};

/** The webhook by which an API server asks an engine, without which its policies refuse nothing. */
const ENGINES = {
  kyverno: webhooks('kyverno-resource-validating-webhook-cfg', [
    {
      name: 'validate.kyverno.svc-fail',
      clientConfig: { service: { namespace: 'kyverno', name: 'kyverno-svc', path: '/validate/fail' } },
    },
  ]),
  gatekeeper: webhooks('gatekeeper-validating-webhook-configuration', [
    {
      name: 'validation.gatekeeper.sh',
      clientConfig: {
        service: { namespace: 'gatekeeper-system', name: 'gatekeeper-webhook-service', path: '/v1/admit' },
      },
    },
  ]),
} as const;

/** The scene in which only the first objects are mangled, and an engine stands behind them. */
export const behind = (engine: keyof typeof ENGINES, ...objects: readonly object[]): Scene => {
  const scene = beside(...objects, ENGINES[engine]);
  return { ...scene, odd: scene.odd.slice(0, -1) };
};

const [KYVERNO_POD, GATEKEEPER_KIND] = [{ validationFailureAction: 'Enforce' }, 'K8sPSPPrivilegedContainer'];
const inDev = (objects: readonly object[] = []): object[] =>
  JSON.parse(JSON.stringify(objects).replaceAll('"NS"', '"dev"'));

/** By what is odd in them. */
export const TOPICS: Readonly<Record<string, readonly Scene[]>> = {
  rights: SCENES.map(({ objects }) => ({
    objects,
    odd: placesOf(objects, /Role|Binding$|^ServiceAccount$|^Namespace$/),
  })),
  workloads: SCENES.map(({ objects }) => ({
    objects,
    odd: placesOf(objects, /^(Pod|Node|Service|Deployment|ReplicaSet|RuntimeClass|PersistentVolume\w*)$/),
  })),
  admission: SCENES.map(({ objects }) => ({
    objects,
    odd: placesOf(objects, /Webhook|Policy|Quota|Constraint|Config|Exception|K8s/),
  })).filter(({ odd }) => odd.length > 0),
  canaries: clusterOfCanaries().map((each) => beside(each)),
  validating: VALIDATIONS.map(({ spec, binding: bound = {}, objects = [] }) =>
    beside(policy('p', spec), binding('p', 'p', bound), ...inDev(objects)),
  ),
  mutating: MUTATIONS.map(({ policies, binding: bound = {}, objects = [] }) =>
    beside(
      ...policies.flatMap((spec, index) => [
        policy(`m${index}`, spec, 'MutatingAdmissionPolicy'),
        binding(`m${index}`, `m${index}`, bound, 'MutatingAdmissionPolicyBinding'),
      ]),
      ...inDev(objects),
    ),
  ),
  webhooks: WEBHOOKS.map(({ conditions, ...hook }, index) =>
    beside(
      webhooks(
        'w',
        [{ ...hook, matchConditions: conditions, clientConfig: { url: 'https://hook.example' } }],
        index % 2 === 0 ? 'ValidatingWebhookConfiguration' : 'MutatingWebhookConfiguration',
      ),
    ),
  ),
  kyverno: [
    ...Object.values(POLICIES),
    ...PATTERN_CASES.map(([pattern]) => patternPolicy('p', pattern)),
    ...CONDITION_CASES.map(([validate]) => policyOf('p', validate)),
    ...MATCH_CASES.map(([match, exclude]) =>
      policyOf('p', { deny: {} }, { match, ...(exclude ? { exclude } : {}) }, KYVERNO_POD),
    ),
  ].map((each) => behind('kyverno', each)),
  gatekeeper: [
    ...PSP_CASES.map(([kind, parameters]) => [templateOf(kind), constraintOf(kind, parameters)]),
    ...GATEKEEPER_MATCHES.map(([match]) => [templateOf(GATEKEEPER_KIND), constraintOf(GATEKEEPER_KIND, {}, { match })]),
  ].map((each) => behind('gatekeeper', ...each)),
  openshift: Object.values(SCCS).map((each) => beside({ ...each, groups: ['system:authenticated'] }, SCCS.restricted)),
  limits: [
    {
      kind: 'ResourceQuota',
      spec: { hard: { pods: '2', 'requests.cpu': '1', 'limits.memory': '1Gi' }, scopes: ['NotTerminating'] },
      status: { hard: { pods: '2' }, used: { pods: '1' } },
    },
    {
      kind: 'ResourceQuota',
      spec: {
        hard: { pods: '2' },
        scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['high'] }] },
      },
    },
    {
      kind: 'LimitRange',
      spec: {
        limits: [
          {
            type: 'Container',
            max: { cpu: '2' },
            min: { memory: '1Mi' },
            default: { cpu: '500m' },
            defaultRequest: { cpu: '100m' },
            maxLimitRequestRatio: { cpu: '10' },
          },
          { type: 'Pod', max: { memory: '1Gi' } },
        ],
      },
    },
  ].map((each) => beside({ apiVersion: 'v1', ...each, metadata: { name: 'l', namespace: 'dev' } })),
};

function placesOf(objects: readonly Raw[], kinds: RegExp): number[] {
  return objects.flatMap(({ kind }, index) => (kinds.test(String(kind)) ? [index] : []));
}
