import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  podSecurityPolicies,
  podSecurityPolicyAssumptions,
  podSecurityPolicyNeeds,
} from '../../src/admission/built-in/pod-security-policies.ts';
import { defaultsOf } from '../../src/admission/pod-security/cluster-default.ts';
import { enforcedIn, podSecurity } from '../../src/admission/pod-security/layer.ts';
import { policies } from '../../src/admission/policies/layer.ts';
import type { AdmissionRequest } from '../../src/admission/request/request.ts';
import { privileged } from '../../src/questions/privileged/privileged.ts';
import { kindOf } from '../../src/world/kinds.ts';
import { list } from '../../src/world/needs.ts';
import type { Version } from '../../src/world/version.ts';
import { allow, type ClusterBuilder, cluster, user } from '../helpers/cluster.ts';
import { asked } from '../helpers/question.ts';

const version = (minor: number | null): Version | null => (minor === null ? null : { major: 1, minor });
const BASELINE = { 'pod-security.kubernetes.io/enforce': 'baseline' };
const clusterOf = (minor: number | null, flags: string[] | null = null): ClusterBuilder =>
  cluster({ version: version(minor), flags }).namespace('shop', BASELINE);

const create = (more: Partial<AdmissionRequest> = {}): AdmissionRequest => ({
  operation: 'CREATE',
  kind: { group: '', version: 'v1', kind: 'Pod' },
  resource: { group: '', version: 'v1', resource: 'pods' },
  ...{ subresource: '', namespace: 'shop', name: 'web', oldObject: null, user: { name: 'jane', groups: [] } },
  object: {
    metadata: { name: 'web' },
    spec: { containers: [{ name: 'app', image: 'i', securityContext: { privileged: true } }] },
  },
  ...more,
});

const OFF_IN_22 = 'it is off by default in Kubernetes 1.22';
const GATE = (value: string) => ['kube-apiserver', `--feature-gates=Other=true,PodSecurity=${value}`];
const podSecurityOf: [
  minor: number | null,
  flags: string[] | null,
  verdict: string,
  offBecause: string | null,
  assumption: RegExp | null,
][] = [
  [8, null, 'yes', 'Kubernetes 1.8 does not have it yet', null],
  [21, null, 'yes', 'Kubernetes 1.21 does not have it yet', null],
  [21, GATE('true'), 'yes', 'Kubernetes 1.21 does not have it yet', null],
  [22, null, 'yes', OFF_IN_22, /^the feature gate PodSecurity is off, as by default in Kubernetes 1.22$/],
  [22, ['kube-apiserver'], 'yes', OFF_IN_22, null],
  [22, GATE('false'), 'yes', OFF_IN_22, null],
  [22, GATE('true'), 'no', null, null],
  [23, null, 'no', null, /upstream/],
  [23, ['kube-apiserver'], 'no', null, null],
  [23, GATE('false'), 'yes', 'kube-apiserver runs with --feature-gates=PodSecurity=false', null],
  [24, GATE('0'), 'yes', 'kube-apiserver runs with --feature-gates=PodSecurity=false', null],
  [25, GATE('false'), 'no', null, null],
  [37, null, 'no', null, /upstream/],
  [
    37,
    ['kube-apiserver', '--disable-admission-plugins=PodSecurity'],
    'yes',
    'kube-apiserver runs with --disable-admission-plugins=PodSecurity',
    null,
  ],
  [null, null, 'no', null, /upstream/],
];
for (const [minor, flags, verdict, offBecause, assumption] of podSecurityOf)
  test(`Pod Security of 1.${minor ?? '?'} with ${flags?.slice(1).join(' ') ?? 'flags that nobody sees'}: ${verdict}`, () => {
    const world = clusterOf(minor, flags).world();
    const defaults = defaultsOf(world);
    assert.equal(podSecurity.admits(create(), world).value, verdict);
    assert.equal(defaults.offBecause, offBecause);
    assert.equal(defaults.isOff, offBecause !== null);
    assert.equal(enforcedIn('shop', world), offBecause === null ? 'baseline:latest' : 'privileged:latest');
    if (assumption === null) assert.equal(defaults.assumption, null);
    else assert.match(defaults.assumption ?? '', assumption);
  });

test('what does not enforce is said, and no label is proposed as a fix', () => {
  const holds = (minor: number) =>
    asked(
      privileged,
      { subjects: [user('jane')], pods: null, namespace: null },
      clusterOf(minor)
        .namespace('open')
        .role('open', 'r', [allow('create', 'pods')])
        .binding('open', 'b', 'Role/r', user('jane'))
        .role('shop', 'r', [allow('create', 'pods')])
        .binding('shop', 'b', 'Role/r', user('jane'))
        .world(),
    );
  const fixes = ({ asked: answers }: ReturnType<typeof holds>) =>
    answers.flatMap(({ answer }) => answer.findings.flatMap(({ fix }) => fix));
  const old = holds(21);
  assert.deepEqual(old.warnings, ['Pod Security refuses nothing here: Kubernetes 1.21 does not have it yet']);
  assert.deepEqual([old.asked[0]?.answer.verdict, fixes(old)], ['yes', []]);
  const young = holds(23);
  assert.deepEqual([young.warnings, fixes(young).length], [[], 2], 'tried, and done');
});

const PSP = 'PodSecurityPolicy.policy';
const withPolicy = (builder: ClusterBuilder) =>
  builder.with(PSP, {
    namespace: null,
    name: 'restricted',
    group: 'policy',
    version: 'v1beta1',
    kind: 'PodSecurityPolicy',
    raw: {},
  });
const PLUGIN = ['kube-apiserver', '--enable-admission-plugins=PodSecurityPolicy'];
const policiesOf: [minor: number | null, flags: string[] | null, has: boolean, verdict: string, assumes: boolean][] = [
  [21, null, false, 'yes', true],
  [24, null, false, 'yes', true],
  [24, null, true, 'depends', false],
  [24, ['kube-apiserver'], true, 'yes', false],
  [24, ['kube-apiserver'], false, 'yes', false],
  [24, PLUGIN, false, 'depends', false],
  [24, PLUGIN, true, 'depends', false],
  [25, null, true, 'yes', false],
  [25, PLUGIN, true, 'yes', false],
  [37, null, false, 'yes', false],
  [null, null, true, 'depends', false],
  [null, null, false, 'yes', false],
];
for (const [minor, flags, has, verdict, assumes] of policiesOf)
  test(`${has ? 'a PodSecurityPolicy' : 'no PodSecurityPolicy'} on 1.${minor ?? '?'} with ${flags?.slice(1).join(' ') ?? 'flags that nobody sees'}: ${verdict}`, () => {
    const builder = clusterOf(minor, flags);
    const world = (has ? withPolicy(builder) : builder).world();
    assert.equal(podSecurityPolicies.admits(create(), world).value, verdict);
    assert.equal(podSecurityPolicyAssumptions(world).length, assumes ? 1 : 0);
    assert.equal(podSecurityPolicyNeeds(world).length, minor !== null && minor < 25 ? 1 : 0);
  });

const NO_POLICIES: [minor: number | null, verdict: string][] = [
  [8, 'yes'],
  [21, 'yes'],
  [25, 'yes'],
  [26, 'depends'],
  [29, 'depends'],
  [30, 'depends'],
  [37, 'depends'],
  [null, 'depends'],
];
for (const [minor, verdict] of NO_POLICIES)
  test(`ValidatingAdmissionPolicies of 1.${minor ?? '?'} that could not be read: ${verdict}`, () => {
    const world = clusterOf(minor).refuse(list('ValidatingAdmissionPolicy.admissionregistration.k8s.io')).world();
    assert.equal(policies.admits(create(), world).value, verdict);
  });

test('PodSecurityPolicies look at pods alone', () => {
  const world = withPolicy(clusterOf(24)).world();
  const verdict = (more: Partial<AdmissionRequest>) => podSecurityPolicies.admits(create(more), world).value;
  assert.equal(verdict({ resource: { group: 'apps', version: 'v1', resource: 'deployments' } }), 'yes');
  assert.equal(verdict({ operation: 'DELETE', object: null }), 'yes');
  assert.equal(verdict({ operation: 'UPDATE', subresource: 'ephemeralcontainers' }), 'depends');
  assert.equal(verdict({ operation: 'UPDATE', subresource: 'status' }), 'yes');
  assert.equal(kindOf('policy/v1beta1', 'PodSecurityPolicy'), PSP);
});
