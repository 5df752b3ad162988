import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Premises } from '../../src/admission/assumption.ts';
import { ADMISSION_ASSUMPTIONS } from '../../src/questions/admission-assumptions.ts';
import { exec, portForward } from '../../src/questions/index.ts';
import { privileged } from '../../src/questions/privileged/privileged.ts';
import type { Raw } from '../../src/world/raw.ts';
import type { World } from '../../src/world/world.ts';
import { constraintOf, templateOf } from '../admission/engines/gatekeeper/templates.ts';
import { policyOf } from '../admission/engines/kyverno/policies.ts';
import { SCCS } from '../admission/scc/openshift.ts';
import { allow, cluster, user } from '../helpers/cluster.ts';
import { answer, objects } from '../helpers/question.ts';
import { worldOf } from '../helpers/world-of.ts';

const NODE = { name: 'system:node:n1', groups: ['system:nodes', 'system:authenticated'] };
const JANE = { name: 'jane', groups: ['system:authenticated'] };

/** A kube-apiserver that shows its command line. */
const server = (...flags: string[]): Raw => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'kube-apiserver-n1',
    namespace: 'kube-system',
    labels: { component: 'kube-apiserver', tier: 'control-plane' },
    annotations: { 'kubernetes.io/config.mirror': 'x', 'kubernetes.io/config.source': 'file' },
  },
  spec: { containers: [{ name: 'kube-apiserver', image: 'a', command: ['kube-apiserver', ...flags] }] },
});
const hook = (kind: string, name: string, operation = 'CREATE', resources = ['pods']): Raw => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind,
  metadata: { name: 'hooks' },
  webhooks: [
    {
      ...{ name, clientConfig: { url: 'https://x' }, sideEffects: 'None', admissionReviewVersions: ['v1'] },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: [operation], resources }],
    },
  ],
});
const at = (minor: number, ...raws: Raw[]): World => {
  const world = worldOf(raws);
  return Object.defineProperty(world, 'facts', { value: { ...world.facts, version: { major: 1, minor } } });
};
const of = (world: World, ...users: Premises['users']): Premises => ({ world, users });

/** Of each row where an answer rests on it, and where it does not. */
const CASES: Readonly<Record<string, { rests: Premises; free: Premises; words: RegExp }>> = {
  'pod-security-default': { rests: of(at(37)), free: of(at(37, server())), words: /Pod Security's default/ },
  'pod-security-policies': { rests: of(at(24)), free: of(at(25)), words: /PodSecurityPolicy/ },
  'allow-privileged': {
    rests: of(at(37)),
    free: of(at(37, server('--allow-privileged=true'))),
    words: /--allow-privileged=true/,
  },
  'default-plugins': { rests: of(at(37)), free: of(at(37, server())), words: /plug-ins that are on by default/ },
  'node-restriction': { rests: of(at(37), JANE, NODE), free: of(at(37), JANE), words: /NodeRestriction is on/ },
  'controller-accounts': {
    rests: of(at(37, policyOf('p', {}))),
    free: of(at(37)),
    words: /--use-service-account-credentials/,
  },
  'openshift-plugins': {
    rests: of(at(37, SCCS.restricted)),
    free: of(at(37)),
    words: /OpenShift's other admission plug-ins/,
  },
  injectors: {
    rests: of(at(37, hook('MutatingWebhookConfiguration', 'namespace.sidecar-injector.istio.io'))),
    free: of(at(37, hook('MutatingWebhookConfiguration', 'mutate.example.com'))),
    words: /webhook of Istio/,
  },
  'kyverno-configuration': { rests: of(at(37, policyOf('p', {}))), free: of(at(37)), words: /Kyverno leaves alone/ },
  'gatekeeper-library': {
    rests: of(at(37, templateOf('K8sPSPPrivilegedContainer'), constraintOf('K8sPSPPrivilegedContainer'))),
    free: of(
      at(
        37,
        templateOf('K8sPSPPrivilegedContainer', { rego: 'package other' }),
        constraintOf('K8sPSPPrivilegedContainer'),
      ),
    ),
    words: /gatekeeper-library/,
  },
  'gatekeeper-mutation': {
    rests: of(at(37, templateOf('K8sPSPPrivilegedContainer'), constraintOf('K8sPSPPrivilegedContainer'))),
    free: of(at(37, templateOf('K8sPSPPrivilegedContainer'))),
    words: /Gatekeeper changes no pods/,
  },
  'manifest-policies': { rests: of(at(37)), free: of(at(36)), words: /files of its own/ },
};
for (const { id, of: said } of ADMISSION_ASSUMPTIONS) {
  test(`${id} is said where an answer rests on it, and only there`, () => {
    const { rests, free, words } = CASES[id] ?? assert.fail(`no case for ${id}`);
    assert.match(said(rests).join('\n'), words);
    assert.deepEqual(said(free), []);
  });
}

test('NodeRestriction is not assumed where a server shows whether it is on', () => {
  const [row] = ADMISSION_ASSUMPTIONS.filter(({ id }) => id === 'node-restriction');
  for (const flags of [[], ['--enable-admission-plugins=NodeRestriction']])
    assert.deepEqual(row?.of(of(at(37, server(...flags)), NODE)), []);
});

test('no assumption of the engines is written down and left unsaid', () => {
  const admission = join(import.meta.dirname, '..', '..', 'src');
  const sources = readdirSync(admission, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const text = sources.map((file) => readFileSync(join(admission, file), 'utf8')).join('\n');
  const defined = [...text.matchAll(/const (\w+_ASSUMPTION)\b/g)].map(([, name = '']) => name);
  assert.ok(defined.length > 5);
  for (const name of defined) assert.ok(new RegExp(`\\[${name}\\]`).test(text), `${name} is in no row`);
});

const nodes = cluster()
  .namespace('shop')
  .node('n1')
  .clusterRole('c', [allow('create', 'pods')])
  .clusterBinding('c', 'ClusterRole/c', user('system:node:n1'), user('jane'));
const about = (name: string) => ({ subjects: [user(name)], pods: null, namespace: null });

test('privileged says it of a node, and of everybody where one is a node', () => {
  const isSaid = (target: Parameters<typeof privileged.answer>[0]): boolean =>
    answer(privileged, target, nodes.world()).assumptions.some((each) => each.includes('NodeRestriction'));
  assert.equal(isSaid(about('system:node:n1')), true);
  assert.equal(isSaid(about('jane')), false);
  assert.equal(isSaid({ subjects: [], pods: null, namespace: null }), true);
});

test('a connection says what it takes for granted of an engine that is asked about it', () => {
  const world = (resources: string[]): World => {
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { containers: [] },
    };
    const asking = hook('ValidatingWebhookConfiguration', 'validate.kyverno.svc-fail', 'CONNECT', resources);
    return worldOf([pod, asking, policyOf('p', {})]);
  };
  const isSaid = (question: typeof exec, resources: string[]): boolean =>
    answer(question, objects('shop', 'web'), world(resources)).assumptions.some((each) => each.startsWith('Kyverno'));
  assert.equal(isSaid(exec, ['pods/exec']), true);
  assert.equal(isSaid(portForward, ['pods/*']), true);
  assert.equal(isSaid(exec, ['services/proxy']), true, 'of an engine that is asked about any connection');
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop' }, spec: { containers: [] } };
  const { assumptions } = answer(exec, objects('shop', 'web'), worldOf([pod, policyOf('p', {})]));
  assert.ok(!assumptions.some((each) => each.startsWith('Kyverno')));
});
