import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allowPrivileged, privilegedAllowed } from '../../../src/admission/built-in/allow-privileged.ts';
import { defaultsOf } from '../../../src/admission/pod-security/cluster-default.ts';
import { podSecurity } from '../../../src/admission/pod-security/layer.ts';
import { podTemplateOf, warnings } from '../../../src/admission/pod-security/warnings.ts';
import type { AdmissionRequest } from '../../../src/admission/request/request.ts';
import { get, list } from '../../../src/world/needs.ts';
import type { Labels } from '../../../src/world/objects.ts';
import type { Raw } from '../../../src/world/raw.ts';
import type { World } from '../../../src/world/world.ts';
import { type ClusterBuilder, cluster } from '../../helpers/cluster.ts';

const enforce = (level: string, version?: string): Labels => ({
  'pod-security.kubernetes.io/enforce': level,
  ...(version && { 'pod-security.kubernetes.io/enforce-version': version }),
});

const PRIVILEGED = pod({ privileged: true });
const GOOD = pod({
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
});

function pod(securityContext: Raw, more: Raw = {}, image = 'i'): Raw {
  return { metadata: { name: 'web' }, spec: { containers: [{ name: 'app', image, securityContext }], ...more } };
}

const create = (object: Raw, more: Partial<AdmissionRequest> = {}): AdmissionRequest => ({
  operation: 'CREATE',
  kind: { group: '', version: 'v1', kind: 'Pod' },
  resource: { group: '', version: 'v1', resource: 'pods' },
  ...{ subresource: '', namespace: 'shop', name: 'web', object, oldObject: null, user: { name: 'jane', groups: [] } },
  ...more,
});
const update = (object: Raw, oldObject: Raw, subresource = '') =>
  create(object, { operation: 'UPDATE', oldObject, subresource });

const shop = (labels: Labels): World => cluster().namespace('shop', labels).world();
const said = (request: AdmissionRequest, world: World) => {
  const { value, leaning } = podSecurity.admits(request, world);
  return leaning === null ? value : `${value}, ${leaning}`;
};

test('a refusal names the check, the words, the namespace, and the fields that it rests on', () => {
  assert.deepEqual(podSecurity.admits(create(PRIVILEGED), shop(enforce('baseline'))).evidence, [
    {
      layer: 'pod-security',
      by: { kind: 'Namespace', namespace: null, name: 'shop' },
      check: 'privileged',
      reason: 'privileged',
      detail: 'container "app" must not set securityContext.privileged=true',
      rests: ['containers', 'initContainers', 'ephemeralContainers'].map(
        (field) => `spec.${field}[*].securityContext.privileged`,
      ),
    },
  ]);
});

const DEBUG = { ephemeralContainers: [{ name: 'debug', image: 'i' }] };
const DEBUG2 = {
  ephemeralContainers: [
    { name: 'debug', image: 'i' },
    { name: 'debug2', image: 'i' },
  ],
};
const INIT = { initContainers: [{ name: 'init', image: 'i' }] };

const requests: [AdmissionRequest, verdict: string, why: string][] = [
  [create(PRIVILEGED), 'no', 'a pod that is created'],
  [create(GOOD), 'yes', 'one that has nothing to hide'],
  [update(PRIVILEGED, PRIVILEGED), 'yes', 'an update that changes nothing that counts'],
  [update({ ...PRIVILEGED, metadata: { labels: { a: 'b' } } }, PRIVILEGED), 'yes', 'labels do not count'],
  [update(PRIVILEGED, GOOD), 'yes', 'not even what the check looks at: the API does not let it change'],
  [update(pod({ privileged: true }, {}, 'other'), PRIVILEGED), 'no', 'an image counts, and then the whole pod'],
  [update(pod({ privileged: true }, INIT), PRIVILEGED), 'no', 'so does a container more'],
  [update(pod({ privileged: true }, DEBUG), PRIVILEGED, 'ephemeralcontainers'), 'no', 'so does an ephemeral container'],
  [
    update(pod({ privileged: true }, DEBUG), pod({ privileged: true }, DEBUG), 'ephemeralcontainers'),
    'yes',
    'but not one that was there',
  ],
  [
    update(pod({ privileged: true }, DEBUG2), pod({ privileged: true }, DEBUG), 'ephemeralcontainers'),
    'no',
    'a second one is new',
  ],
  [update(PRIVILEGED, pod({ privileged: true }, DEBUG)), 'yes', 'an ephemeral container less does not count'],
  [update(PRIVILEGED, PRIVILEGED, 'resize'), 'yes', 'resize never changes what counts'],
  [update(pod({ privileged: true }, {}, 'other'), PRIVILEGED, 'status'), 'yes', 'status is not looked at'],
  [create(PRIVILEGED, { subresource: 'binding' }), 'yes', 'binding is not looked at'],
  [create(PRIVILEGED, { subresource: 'eviction' }), 'yes', 'eviction is not looked at'],
  [create(PRIVILEGED, { operation: 'CONNECT', subresource: 'exec' }), 'yes', 'exec is not looked at'],
  [create(PRIVILEGED, { operation: 'DELETE', object: null }), 'yes', 'deletion is not looked at'],
  [
    create({ spec: { template: PRIVILEGED } }, { resource: { group: 'apps', version: 'v1', resource: 'deployments' } }),
    'yes',
    'workloads are let through',
  ],
  [
    create(PRIVILEGED, { resource: { group: 'metrics.k8s.io', version: 'v1', resource: 'pods' } }),
    'yes',
    'pods of another group are no pods',
  ],
  [create({ spec: { containers: 'all' } }), 'no', 'what is no pod is refused'],
  [create(PRIVILEGED, { user: { name: null, groups: ['system:masters'] } }), 'no', 'even for system:masters'],
];
for (const [request, verdict, why] of requests) {
  test(`baseline is enforced, ${request.operation} of ${request.resource.resource}/${request.subresource}: ${verdict}, ${why}`, () =>
    assert.equal(said(request, shop(enforce('baseline'))), verdict));
}

test('a namespace that cannot be read leaves it open, but for a pod that no label keeps out', () => {
  const world = cluster()
    .refuse(list('namespaces'))
    .refuse(get('namespaces', null, 'shop'))
    .world();
  assert.equal(said(create(PRIVILEGED), world), 'depends');
  assert.equal(podSecurity.admits(create(PRIVILEGED), world).unknowns[0]?.what, 'namespace shop');
  assert.equal(said(create(GOOD), world), 'yes');
  assert.equal(
    said(
      create(
        pod(
          {
            ...(GOOD.spec as { containers: [{ securityContext: Raw }] }).containers[0].securityContext,
            procMount: 'Unmasked',
          },
          { hostUsers: false },
        ),
      ),
      world,
    ),
    'depends',
  );
});

test('labels that are called as our own fields are labels', () => {
  assert.equal(said(create(PRIVILEGED), shop({ unknown: 'x', affects: 'x', why: 'x', what: 'x' })), 'yes');
});

test('an unknown version of the server is open only where versions differ', () => {
  const world = cluster({ version: null }).namespace('shop', enforce('baseline')).world();
  const probing = pod({});
  Object.assign((probing.spec as { containers: [Raw] }).containers[0], { livenessProbe: { httpGet: { host: 'h' } } });
  assert.equal(said(create(probing), world), 'depends');
  assert.equal(said(create(PRIVILEGED), world), 'no');
  assert.equal(said(create(GOOD), world), 'yes');
});

const apiServer =
  (...flags: string[]) =>
  (builder: ClusterBuilder): ClusterBuilder =>
    builder.pod('kube-system', 'kube-apiserver-n1', { flags: ['kube-apiserver', ...flags], serviceAccount: null });
const FILE = '--admission-control-config-file=/etc/kubernetes/psa.yaml';
const witness = (builder: ClusterBuilder) => builder.namespace('old').pod('old', 'agent', { beyond: 'baseline' });
const nothing = (builder: ClusterBuilder): ClusterBuilder => builder;

/**
 * What stands in the cluster, and what becomes of a privileged pod in a namespace that says nothing, and in one that
 * enforces baseline.
 */
const defaults: [
  why: string,
  stage: (builder: ClusterBuilder) => ClusterBuilder,
  source: string,
  unlabelled: string,
  labelled: string,
  assumes: boolean,
][] = [
  ['nothing is seen', nothing, 'upstream', 'yes', 'no', true],
  ['a server without a configuration', apiServer('--allow-privileged=true'), 'flags', 'yes', 'no', false],
  ['a server with a configuration that cannot be read', apiServer(FILE), 'file', 'depends, yes', 'depends, no', false],
  [
    'the same, with the file in an argument of its own',
    apiServer('--admission-control-config-file', '/x'),
    'file',
    'depends, yes',
    'depends, no',
    false,
  ],
  [
    'a configuration, and a pod that a stricter default would have kept out',
    (b) => witness(apiServer(FILE)(b)),
    'evidence',
    'yes',
    'depends, no',
    false,
  ],
  [
    'the plug-in is off',
    apiServer('--disable-admission-plugins=AlwaysPullImages,PodSecurity'),
    'flags',
    'yes',
    'yes',
    false,
  ],
  [
    'the plug-in is off on one server of two',
    (b) =>
      apiServer('--disable-admission-plugins=PodSecurity')(b).pod('kube-system', 'kube-apiserver-n2', { flags: [] }),
    'flags',
    'yes',
    'yes',
    false,
  ],
  ['Talos', (b) => b.node('n1', { osImage: 'Talos (v1.11.0)' }), 'distribution', 'no', 'no', true],
  [
    'Talos, whose file cannot be read but is known',
    (b) => apiServer(FILE)(b).node('n1', { osImage: 'Talos (v1.11.0)' }),
    'distribution',
    'no',
    'no',
    true,
  ],
  [
    'Talos with another default, as a pod shows',
    (b) => witness(b.node('n1', { osImage: 'Talos (v1.11.0)' })),
    'evidence',
    'yes',
    'no',
    true,
  ],
  ['a pod that bears witness', witness, 'evidence', 'yes', 'no', true],
];
for (const [why, stage, source, unlabelled, labelled, assumes] of defaults) {
  test(`the cluster's default: ${why}`, () => {
    const world = stage(cluster().namespace('shop').namespace('strict', enforce('baseline'))).world();
    assert.equal(defaultsOf(world).source, source);
    assert.equal(said(create(PRIVILEGED), world), unlabelled);
    assert.equal(said(create(PRIVILEGED, { namespace: 'strict' }), world), labelled);
    assert.equal(said(create(GOOD), world), 'yes', 'what no default keeps out is in');
    assert.equal(defaultsOf(world).assumption !== null, assumes);
    if (unlabelled.startsWith('depends'))
      assert.equal(podSecurity.admits(create(PRIVILEGED), world).unknowns[0]?.kind, 'invisible');
  });
}

const noWitness: [why: string, (builder: ClusterBuilder) => ClusterBuilder][] = [
  ['it does not run', (b) => b.namespace('old').pod('old', 'x', { beyond: 'baseline', phase: 'Pending' })],
  ['it is a static pod', (b) => b.namespace('old').pod('old', 'x', { beyond: 'baseline', serviceAccount: null })],
  [
    'its namespace is labelled',
    (b) => b.namespace('old', enforce('privileged')).pod('old', 'x', { beyond: 'baseline' }),
  ],
  ['its namespace is likely exempt', (b) => b.namespace('kube-system').pod('kube-system', 'x', { beyond: 'baseline' })],
  ['its namespace was not read', (b) => b.pod('old', 'x', { beyond: 'baseline' })],
  ['baseline would have let it in', (b) => b.namespace('old').pod('old', 'x', { beyond: 'restricted' })],
];
for (const [why, stage] of noWitness) {
  test(`a pod bears no witness: ${why}`, () =>
    assert.equal(defaultsOf(stage(apiServer(FILE)(cluster())).world()).source, 'file'));
}

test('the default grows with the world', () => {
  const world = cluster().namespace('shop').world();
  assert.equal(said(create(PRIVILEGED), world), 'yes');
  world.put('nodes', cluster().node('n1', { osImage: 'Talos (v1.11.0)' }).world().list('nodes'));
  assert.equal(said(create(PRIVILEGED), world), 'no');
});

test('exemptions let pass by namespace, by name of the user, by runtime class', () => {
  const talos = cluster()
    .node('n1', { osImage: 'Talos (v1.11.0)' })
    .namespace('kube-system', enforce('restricted'))
    .world();
  assert.equal(said(create(PRIVILEGED, { namespace: 'kube-system' }), talos), 'yes');
  const openShift = cluster({ discovery: [resource('security.openshift.io')] })
    .namespace('shop', enforce('restricted'))
    .world();
  const builder = { name: 'system:serviceaccount:openshift-infra:build-controller', groups: [] };
  assert.equal(said(create(PRIVILEGED, { user: builder }), openShift), 'yes');
  assert.equal(said(create(PRIVILEGED), openShift), 'no');
});

test('workloads are warned about by the level of warn, which follows a stated enforce', () => {
  const request = create(
    { spec: { template: PRIVILEGED } },
    { resource: { group: 'apps', version: 'v1', resource: 'deployments' } },
  );
  assert.deepEqual(warnings(request, shop(enforce('baseline'))), [
    'would violate PodSecurity "baseline:latest": privileged (container "app" must not set securityContext.privileged=true)',
  ]);
  assert.deepEqual(warnings(request, shop({})), []);
  assert.deepEqual(warnings({ ...request, subresource: 'scale' }, shop(enforce('baseline'))), []);
  assert.deepEqual(warnings(create(PRIVILEGED), shop(enforce('baseline'))), [], 'a pod is refused instead');
});

test('where a workload has its template', () => {
  const at = (resource: string, group: string, object: Raw) => podTemplateOf({ group, resource }, object);
  assert.deepEqual(at('cronjobs', 'batch', { spec: { jobTemplate: { spec: { template: GOOD } } } }), GOOD);
  assert.deepEqual(at('podtemplates', '', { template: GOOD }), GOOD);
  assert.equal(at('replicationcontrollers', '', { spec: {} }), null, 'a template may be missing');
  assert.equal(at('deployments', 'example.com', { spec: { template: GOOD } }), null, 'of another group');
});

const privilegedFlags: [flags: string[] | null, allowed: boolean | 'unknown', verdict: string, why: string][] = [
  [null, 'unknown', 'yes', 'no server shows its flags'],
  [['--allow-privileged=true'], true, 'yes', 'said'],
  [['--allow-privileged'], true, 'yes', 'said without a value'],
  [['--allow-privileged=false'], false, 'no', 'denied'],
  [['--secure-port=6443'], false, 'no', 'not said is false'],
  [['--allow-privileged=true', '--allow-privileged=false'], false, 'no', 'the last one counts'],
];
for (const [flags, allowed, verdict, why] of privilegedFlags) {
  test(`--allow-privileged: ${why}`, () => {
    const world = (flags ? apiServer(...flags) : nothing)(cluster().namespace('shop')).world();
    assert.equal(allowPrivileged(world), allowed);
    assert.equal(privilegedAllowed.admits(create(PRIVILEGED), world).value, verdict);
    assert.equal(privilegedAllowed.admits(create(GOOD), world).value, 'yes');
  });
}

function resource(group: string) {
  return {
    group,
    version: 'v1',
    resource: 'x',
    kind: 'X',
    singular: 'x',
    shortNames: [],
    namespaced: false,
    verbs: [],
    subresources: {},
  };
}
