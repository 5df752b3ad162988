import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { admit } from '../../src/questions/admit/admit.ts';
import { ask as askQuestion } from '../../src/questions/ask.ts';
import { list } from '../../src/world/needs.ts';
import type { Raw } from '../../src/world/raw.ts';
import { OPTIONS } from '../helpers/question.ts';
import { json, listOf, open, place, worldIn } from './inputs.ts';

type Fields = Record<string, unknown>;

const named = (apiVersion: string, kind: string, name: string, more: Fields = {}, namespace?: string): Fields => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  ...more,
});
const SHOP = named('v1', 'Namespace', 'shop');
const rules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] }];
const webhook = (name: string, more: Fields): Fields =>
  named('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', name, {
    webhooks: [
      {
        name: 'a.example.com',
        rules,
        failurePolicy: 'Fail',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        ...more,
      },
    ],
  });

const kyvernoPattern = { spec: { containers: [{ '=(securityContext)': { '=(privileged)': 'false' } }] } };
const KYVERNO = [
  named('kyverno.io/v1', 'ClusterPolicy', 'no-privileged', {
    spec: {
      validationFailureAction: 'Enforce',
      rules: [
        {
          name: 'p',
          match: { any: [{ resources: { kinds: ['Pod'] } }] },
          validate: { message: 'no', pattern: kyvernoPattern },
        },
      ],
    },
  }),
  webhook('kyverno-resource-validating-webhook-cfg', {
    name: 'validate.kyverno.svc-fail',
    clientConfig: { service: { namespace: 'kyverno', name: 'kyverno-svc', path: '/validate/fail' } },
  }),
];

const policy = (paramKind: Fields) => [
  named('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy', 'levels', {
    spec: {
      paramKind,
      matchConstraints: { resourceRules: rules },
      validations: [
        {
          expression:
            '!params.spec.refuse || !object.spec.containers.exists(c, c.?securityContext.?privileged.orValue(false))',
        },
      ],
    },
  }),
  named('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding', 'levels', {
    spec: {
      policyName: 'levels',
      validationActions: ['Deny'],
      paramRef: { name: 'shop', parameterNotFoundAction: 'Deny' },
    },
  }),
];
const LEVEL = { apiVersion: 'example.com/v1', kind: 'Level' };
const level = (refuse: boolean, namespace?: string) =>
  named('example.com/v1', 'Level', 'shop', { spec: { refuse } }, namespace);
const CRD = named('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'levels.example.com', {
  spec: {
    group: 'example.com',
    scope: 'Cluster',
    names: { plural: 'levels', kind: 'Level' },
    versions: [{ name: 'v1', storage: true }],
  },
});

const scc = (name: string, privileged: boolean, more: Fields = {}) =>
  named('security.openshift.io/v1', 'SecurityContextConstraints', name, {
    ...{
      allowPrivilegedContainer: privileged,
      allowPrivilegeEscalation: true,
      allowHostDirVolumePlugin: false,
      allowHostIPC: false,
    },
    ...{
      allowHostNetwork: false,
      allowHostPID: false,
      allowHostPorts: false,
      readOnlyRootFilesystem: false,
      volumes: ['*'],
    },
    ...{ runAsUser: { type: 'RunAsAny' }, seLinuxContext: { type: 'RunAsAny' }, fsGroup: { type: 'RunAsAny' } },
    ...{ supplementalGroups: { type: 'RunAsAny' }, users: [], groups: [] },
    ...more,
  });
const OPEN = scc('open', false, { groups: ['system:authenticated'] });
const useOf = (name: string) => [
  named('rbac.authorization.k8s.io/v1', 'ClusterRole', 'use', {
    rules: [
      {
        verbs: ['use'],
        apiGroups: ['security.openshift.io'],
        resources: ['securitycontextconstraints'],
        resourceNames: [name],
      },
    ],
  }),
  named('rbac.authorization.k8s.io/v1', 'ClusterRoleBinding', 'use', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'use' },
    subjects: [{ kind: 'Group', name: 'system:authenticated' }],
  }),
];

const container = (privileged: boolean): Raw => ({
  metadata: { name: 'a' },
  spec: { containers: [{ name: 'c', image: 'i', ...(privileged ? { securityContext: { privileged } } : {}) }] },
});
const pods = [container(false), container(true)].map((raw) => ({
  kind: { group: '', version: 'v1', resource: 'pods', kind: 'Pod' },
  raw,
  from: 'pod.yaml:1',
}));

/** The verdicts of a harmless pod and of a privileged one, and what is not known. */
async function verdicts(objects: readonly Fields[], complete: boolean) {
  const path = join(place({ 'cluster.json': json(listOf(SHOP, ...objects)) }), 'cluster.json');
  const source = await open(path, { complete, serverVersion: { major: 1, minor: 37 } });
  const nothing = { namespaces: [], accounts: [], errors: [], warnings: [] };
  const { asked } = await askQuestion(
    admit,
    { ...nothing, objects: pods, namespace: 'shop', given: null, level: null },
    source,
    OPTIONS,
  );
  const answer = asked[0]?.answer ?? assert.fail('no answer');
  return { verdicts: answer.findings.map(({ verdict }) => verdict).join(' '), unknowns: answer.unknowns };
}

const complete: [why: string, objects: Fields[], verdicts: string][] = [
  ['a ClusterPolicy', KYVERNO, 'yes no'],
  ['a ClusterPolicy without its webhook', KYVERNO.slice(0, 1), 'yes yes'],
  ['a parameter of a kind that is defined', [...policy(LEVEL), CRD, level(true)], 'yes no'],
  ['a parameter of a kind that nothing defines', [...policy(LEVEL), level(true)], 'yes no'],
  ['one that lets it be', [...policy(LEVEL), level(false)], 'yes yes'],
  ['a parameter of the namespace', [...policy(LEVEL), level(true, 'shop')], 'yes no'],
  ['a parameter of another namespace alone', [...policy(LEVEL), level(true, 'ops')], 'no no'],
  ['a parameter of a kind that is defined and that is not there', [...policy(LEVEL), CRD], 'no no'],
  ['a ConfigMap that is not there', policy({ apiVersion: 'v1', kind: 'ConfigMap' }), 'no no'],
  ['a kind that nothing defines, and of which there is nothing', policy(LEVEL), 'depends depends'],
  ['an SCC for everybody', [OPEN], 'yes no'],
  ['an SCC that nobody may use', [OPEN, scc('strong', true)], 'yes no'],
  ['an SCC that RBAC gives', [OPEN, scc('strong', true), ...useOf('strong')], 'yes yes'],
  ['RBAC that gives another', [OPEN, scc('strong', true), ...useOf('other')], 'yes no'],
];
for (const [why, objects, expected] of complete)
  test(`a complete file is read, whatever its kinds: ${why}`, async () => {
    const found = await verdicts(objects, true);
    assert.equal(found.verdicts, expected, JSON.stringify(found.unknowns));
    if (!expected.includes('depends')) assert.deepEqual(found.unknowns, []);
  });

test('without --complete a kind that occurs was read, and no text has a hole', async () => {
  for (const objects of [
    KYVERNO,
    [...policy(LEVEL), level(true)],
    [OPEN],
    [OPEN, named('v1', 'ServiceAccount', 'a', {}, 'shop')],
  ]) {
    const { unknowns } = await verdicts(objects, false);
    for (const { what, why, affects } of unknowns) {
      assert.doesNotMatch(`${what}: ${why} (${affects})`, / {2}|\bnamespaces? are\b|, ,|\(\)/);
      assert.doesNotMatch(what, /kyverno|Level|SecurityContext/, 'it is in the file');
    }
  }
});

const KIND = 'Level.example.com' as const;
const coverage: [why: string, objects: Fields[], reads: Record<string, boolean>][] = [
  ['in no namespace', [level(true)], { all: true, shop: true }],
  ['in no namespace, beside pods of one', [level(true), named('v1', 'Pod', 'p', {}, 'shop')], { all: true, ops: true }],
  ['in one namespace', [level(true, 'shop')], { all: false, shop: true, ops: false }],
  ['in two namespaces', [level(true, 'shop'), level(true, 'ops')], { all: true, other: true }],
];
for (const [why, objects, reads] of coverage)
  test(`objects of a custom kind ${why}`, async () => {
    const world = await worldIn(json(listOf(...objects)));
    const needs = Object.keys(reads).map((where) => list(KIND, where === 'all' ? null : where));
    const source = await open(join(place({ 'a.json': json(listOf(...objects)) }), 'a.json'));
    await source.read(needs, world);
    for (const [where, isRead] of Object.entries(reads))
      assert.equal(world.isRead(list(KIND, where === 'all' ? null : where)), isRead, where);
    for (const { outcome } of world.outcomes()) if (!outcome.read) assert.doesNotMatch(outcome.failure.message, / {2}/);
  });
