import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LevelVersion } from '../../src/admission/pod-security/level.ts';
import type { Answer, Finding } from '../../src/answer/answer.ts';
import { admit } from '../../src/questions/admit/admit.ts';
import { classify } from '../../src/questions/admit/kinds.ts';
import type { AdmitTarget, PodObject } from '../../src/questions/admit/target.ts';
import type { Result } from '../../src/questions/question.ts';
import { get } from '../../src/world/needs.ts';
import type { Raw } from '../../src/world/raw.ts';
import type { World } from '../../src/world/world.ts';
import { type ClusterBuilder, cluster } from '../helpers/cluster.ts';
import { OPTIONS } from '../helpers/question.ts';

const app = { name: 'app', image: 'app' };
const hardened = {
  ...app,
  securityContext: {
    ...{ allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: { drop: ['ALL'] } },
    seccompProfile: { type: 'RuntimeDefault' },
  },
};
const GOOD = { containers: [hardened] };
const BAD = { hostPID: true, containers: [app] };

const pod = (name: string, spec: object, metadata: object = {}): Raw => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...metadata },
  spec,
});
const labels = { app: 'web' };
const workload = (apiVersion: string, kind: string, spec: object, more: object = {}): Raw => ({
  apiVersion,
  kind,
  metadata: { name: 'web' },
  spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec }, ...more },
});
const deployment = (spec: object, more: object = {}): Raw => workload('apps/v1', 'Deployment', spec, more);
const cronJob = (spec: object): Raw => ({
  ...{ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'night' } },
  spec: { schedule: '0 0 * * *', jobTemplate: { spec: { template: { spec } } } },
});

const shop = (labels = {}): ClusterBuilder => cluster().namespace('shop', labels).account('shop', 'web');
const ENFORCE = 'pod-security.kubernetes.io/enforce';
const baseline = (): World => shop({ [ENFORCE]: 'baseline' }).world();

function target(objects: readonly Raw[], more: Partial<AdmitTarget> = {}): AdmitTarget {
  const found = objects.map((raw, index): PodObject => {
    const of = classify(String(raw.apiVersion), String(raw.kind));
    if (of.is !== 'pods') throw new Error(`${raw.kind} is ${of.is}`);
    return { kind: of.kind, raw, from: `file.yaml:${index + 1}` };
  });
  const nothing = { namespaces: [], accounts: [], errors: [], warnings: [] };
  return { ...nothing, objects: found, namespace: 'shop', given: null, level: null, ...more };
}

const asked = (objects: readonly Raw[], world: World, more: Partial<AdmitTarget> = {}): Result =>
  admit.answer(target(objects, more), world, OPTIONS);

function answer(objects: readonly Raw[], world: World, more: Partial<AdmitTarget> = {}): Answer {
  const [first] = asked(objects, world, more).asked;
  return first?.answer ?? assert.fail('no answer');
}

const only = (object: Raw, world: World, more: Partial<AdmitTarget> = {}): Finding =>
  answer([object], world, more).findings[0] ?? assert.fail('no finding');

const at = (level: LevelVersion['level'], version: LevelVersion['version'] = 'latest'): Partial<AdmitTarget> => ({
  level: { level, version },
});

test('one finding a pod, and one refusal decides', () => {
  const { verdict, summary, findings, scope, target: about } = answer([pod('good', GOOD), pod('bad', BAD)], baseline());
  assert.deepEqual(
    findings.map(({ id, verdict: each, object, from }) => [id, each, object.kind, object.namespace, object.name, from]),
    [
      ['pod-admission', 'yes', 'Pod', 'shop', 'good', 'file.yaml:1'],
      ['pod-admission', 'no', 'Pod', 'shop', 'bad', 'file.yaml:2'],
    ],
  );
  assert.deepEqual(
    [verdict, summary, scope.namespace, about?.name],
    ['no', '1 of 2 would be refused in namespace shop', 'shop', 'shop'],
  );
});

test('a violation has the id of the check, the reason and the detail, and the sentence is the server’s', () => {
  const { violations, reason } = only(
    pod('bad', { ...BAD, containers: [{ ...app, securityContext: { privileged: true } }] }),
    baseline(),
  );
  assert.deepEqual(violations, [
    { check: 'hostNamespaces', reason: 'host namespaces', detail: 'hostPID=true' },
    {
      check: 'privileged',
      reason: 'privileged',
      detail: 'container "app" must not set securityContext.privileged=true',
    },
  ]);
  assert.equal(
    reason,
    'violates PodSecurity "baseline:latest": host namespaces (hostPID=true), privileged (container "app" must not set securityContext.privileged=true)',
  );
});

const WARNED =
  'the Deployment is accepted with a warning, but its pods are refused: violates PodSecurity "baseline:latest": host namespaces (hostPID=true)';
const traps: [why: string, object: Raw, world: World, verdict: Finding['verdict'], reason: string | RegExp][] = [
  [
    'a namespace without labels lets everything in',
    pod('bad', BAD),
    shop().world(),
    'yes',
    'nothing in namespace shop refuses it',
  ],
  ['a workload is let in, and its pods are not', deployment(BAD), baseline(), 'no', WARNED],
  [
    'without a warning where the warn label says so',
    deployment(BAD),
    shop({ [ENFORCE]: 'baseline', 'pod-security.kubernetes.io/warn': 'privileged' }).world(),
    'no',
    /^the Deployment is accepted, but its pods are refused: violates/,
  ],
  [
    'a CronJob, two controllers away',
    cronJob({ restartPolicy: 'Never', ...BAD }),
    baseline(),
    'no',
    /^the CronJob is accepted with a warning, but its pods/,
  ],
  [
    'a volume of a StatefulSet’s claim is one',
    workload(
      'apps/v1',
      'StatefulSet',
      { containers: [{ ...app, volumeMounts: [{ name: 'data', mountPath: '/d' }] }] },
      { serviceName: 'web', volumeClaimTemplates: [{ metadata: { name: 'data' } }] },
    ),
    baseline(),
    'yes',
    /^nothing/,
  ],
  [
    'the pod’s account is not there',
    pod('a', { ...GOOD, serviceAccountName: 'nobody' }),
    baseline(),
    'no',
    'error looking up service account shop/nobody: serviceaccount "nobody" not found',
  ],
  [
    'nor a workload’s',
    deployment({ ...GOOD, serviceAccountName: 'nobody' }),
    baseline(),
    'no',
    /^the Deployment is accepted, but its pods are refused: error looking up service account/,
  ],
  ['an account that is there', pod('a', { ...GOOD, serviceAccountName: 'web' }), baseline(), 'yes', /^nothing/],
  [
    'an enforce label that is no level means restricted',
    pod('a', { containers: [app] }),
    shop({ [ENFORCE]: 'strict' }).world(),
    'no',
    /^violates PodSecurity "restricted:latest": allowPriv/,
  ],
  [
    'a container without an image',
    pod('a', { containers: [{ name: 'app' }] }),
    baseline(),
    'no',
    'the server would refuse it as invalid before admission: spec.containers[0].image: Required value',
  ],
  [
    'the same in a template, where it stands',
    deployment({ containers: [{ name: 'app' }] }),
    baseline(),
    'no',
    'the server would refuse it as invalid before admission: spec.template.spec.containers[0].image: Required value',
  ],
  [
    'no name at all',
    { apiVersion: 'v1', kind: 'Pod', spec: GOOD },
    baseline(),
    'no',
    /invalid before admission: metadata.name: Required value: name or generateName is required$/,
  ],
  [
    'a job that restarts for ever',
    cronJob(GOOD),
    baseline(),
    'no',
    /spec\.jobTemplate\.spec\.template\.spec\.restartPolicy: Required value: valid values: "OnFailure", "Never"$/,
  ],
  [
    'a Deployment that does not restart',
    deployment({ ...GOOD, restartPolicy: 'Never' }),
    baseline(),
    'no',
    /spec\.template\.spec\.restartPolicy: Unsupported value: "Never": supported values: "Always"$/,
  ],
  [
    'a selector that selects other pods',
    deployment(GOOD, { selector: { matchLabels: { app: 'x' } } }),
    baseline(),
    'no',
    /spec\.template\.metadata\.labels: Invalid value: \{"app":"web"\}: `selector` does not match template `labels`$/,
  ],
  [
    'no template',
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, spec: {} },
    baseline(),
    'no',
    /spec\.selector: Required value, .*spec\.template\.spec\.containers: Required value\]$/,
  ],
  [
    'a template that is none',
    deployment([]),
    baseline(),
    'no',
    /^the server could not read it: spec is not an object$/,
  ],
  [
    'containers that are none',
    pod('a', { containers: 5 }),
    baseline(),
    'no',
    /^the server could not read it: containers is not a list of objects$/,
  ],
  [
    'metadata that is none',
    { apiVersion: 'v1', kind: 'Pod', metadata: 'x', spec: GOOD },
    baseline(),
    'no',
    /^the server could not read it: metadata is not an object$/,
  ],
  ['labels that are none', pod('a', GOOD, { labels: { a: 1 } }), baseline(), 'no', /^the server could not read it/],
  [
    'a namespace that could not be read',
    pod('bad', BAD),
    shop()
      .refuse(get('namespaces', null, 'ops'))
      .world(),
    'yes',
    /^nothing/,
  ],
];
for (const [why, object, world, verdict, reason] of traps)
  test(why, () => {
    const found = only(object, world);
    assert.equal(found.verdict, verdict);
    if (typeof reason === 'string') assert.equal(found.reason, reason);
    else assert.match(found.reason, reason);
  });

test('a namespace that may not be read leaves every pod open: it may be going away, too', () => {
  const unread = cluster().refuse({ kind: 'namespaces', namespace: null, name: null, labelSelector: null }).world();
  const [good, bad] = answer([pod('good', GOOD), pod('bad', BAD)], unread).findings;
  assert.deepEqual([good?.verdict, bad?.verdict], ['depends', 'depends']);
  assert.match(bad?.reason ?? '', /^it depends on namespace shop$/);
});

const port = (...ports: object[]) => ({ ...app, ports });
const sharing = { hostNetwork: true, containers: [port({ containerPort: 80 })] };
const clash = {
  hostNetwork: true,
  containers: [port({ containerPort: 80 }), { ...port({ containerPort: 80 }), name: 'b' }],
};
const hostPorts: [why: string, object: Raw, verdict: Finding['verdict'], reason: RegExp][] = [
  ['a pod, whose port of the host is filled in', pod('a', sharing), 'yes', /^nothing/],
  ['a Deployment, whose pods’ is', deployment(sharing), 'yes', /^nothing/],
  ['a DaemonSet', workload('apps/v1', 'DaemonSet', sharing), 'yes', /^nothing/],
  ['a CronJob', cronJob({ ...sharing, restartPolicy: 'Never' }), 'yes', /^nothing/],
  [
    'another port of the host',
    deployment({ hostNetwork: true, containers: [port({ containerPort: 80, hostPort: 81 })] }),
    'no',
    /^the server would refuse it as invalid before admission: spec\.template\.spec\.containers\[0\]\.ports\[0\]\.hostPort: Invalid value: 81: must match/,
  ],
  [
    'two containers with one port, once it is filled in',
    pod('a', clash),
    'no',
    /^the server would refuse it .*hostPort: Duplicate value: "TCP\/\/80"$/,
  ],
  [
    'the same in a template',
    deployment(clash),
    'no',
    /^the Deployment is accepted, but the server would refuse its pods as invalid: spec\.containers\[1\]\.ports\[0\]\.hostPort: Duplicate value/,
  ],
  [
    'the same, whose pods come two controllers later',
    cronJob({ ...clash, restartPolicy: 'Never' }),
    'no',
    /^the CronJob is accepted, but the server would refuse its pods as invalid/,
  ],
];
for (const [why, object, verdict, reason] of hostPorts)
  test(`the ports of the host: ${why}`, () => {
    for (const more of [{}, at('privileged')]) {
      const found = only(object, shop().world(), more);
      assert.equal(found.verdict, verdict, found.reason);
      if (verdict === 'no') assert.match(found.reason, reason);
      assert.equal(found.refusedLater ?? false, /accepted/.test(found.reason));
    }
  });

test('a pod has the fields of the server’s version', () => {
  const profile = { type: 'Unconfined' };
  const object = pod('a', { containers: [{ ...app, securityContext: { appArmorProfile: profile } }] });
  const of = (minor: number) =>
    cluster({ version: { major: 1, minor } })
      .namespace('shop', { [ENFORCE]: 'baseline' })
      .account('shop', 'default')
      .world();
  assert.equal(only(object, of(30)).verdict, 'no');
  assert.equal(only(object, of(29)).verdict, 'yes', 'the field is dropped there');
});

const levels: [
  why: string,
  spec: object,
  more: Partial<AdmitTarget>,
  version: string | null,
  verdict: Finding['verdict'],
][] = [
  ['privileged lets everything in', BAD, at('privileged'), null, 'yes'],
  ['baseline', BAD, at('baseline'), null, 'no'],
  ['restricted', { containers: [app] }, at('restricted'), null, 'no'],
  ['what is hardened meets it', GOOD, at('restricted'), null, 'yes'],
  [
    'a check that came in 1.34',
    { containers: [{ ...app, livenessProbe: { tcpSocket: { port: 1, host: 'x' } } }] },
    at('baseline'),
    null,
    'no',
  ],
  [
    'before it came',
    { containers: [{ ...app, livenessProbe: { tcpSocket: { port: 1, host: 'x' } } }] },
    at('baseline', { major: 1, minor: 33 }),
    null,
    'yes',
  ],
  [
    'on a server that does not know it',
    { containers: [{ ...app, livenessProbe: { tcpSocket: { port: 1, host: 'x' } } }] },
    at('baseline'),
    '1.33',
    'yes',
  ],
  ['invalid all the same', { containers: [] }, at('privileged'), null, 'no'],
];
for (const [why, spec, more, version, verdict] of levels)
  test(`a level: ${why}`, () => {
    const minor = Number(version?.replace('1.', '') ?? 37);
    const world = cluster({ version: { major: 1, minor } }).world();
    for (const object of [pod('a', spec), deployment(spec)])
      assert.equal(only(object, world, more).verdict, verdict, String(object.kind));
  });

test('a level reads nothing', () => {
  assert.deepEqual(admit.needs(target([pod('a', GOOD)], at('baseline')), cluster().world(), OPTIONS), []);
  assert.equal(admit.discovery(target([], at('baseline'))), false);
  assert.equal(
    answer([pod('a', BAD)], cluster().world(), at('baseline')).summary,
    'pod a would not be admitted at baseline:latest: violates PodSecurity "baseline:latest": host namespaces (hostPID=true)',
  );
});

test('a namespace reads its labels, the accounts that pods name, and what admission is made of', () => {
  const needs = admit.needs(
    target([pod('a', { ...GOOD, serviceAccountName: 'web' }), pod('b', GOOD, { namespace: 'ops' })]),
    cluster().world(),
    OPTIONS,
  );
  const words = needs.map(({ kind, namespace, name }) =>
    [kind, namespace, name].filter((part) => part !== null).join('/'),
  );
  assert.ok(
    ['namespaces/shop', 'namespaces/ops', 'serviceaccounts/shop/web'].every((need) => words.includes(need)),
    words.join(),
  );
  assert.ok(words.includes('ValidatingAdmissionPolicy.admissionregistration.k8s.io'));
});

test('each object goes where it says', () => {
  const world = cluster()
    .namespace('shop', { [ENFORCE]: 'baseline' })
    .namespace('ops')
    .world();
  const { findings, summary, target: about } = answer([pod('a', BAD), pod('a', BAD, { namespace: 'ops' })], world);
  assert.deepEqual(
    findings.map(({ object, verdict }) => [object.namespace, verdict]),
    [
      ['shop', 'no'],
      ['ops', 'yes'],
    ],
  );
  assert.deepEqual([summary, about], ['1 of 2 would be refused in namespaces ops and shop', null]);
});

test('another namespace than -n is kubectl’s error, and the others are answered', () => {
  const { errors, asked: answers } = asked(
    [pod('a', GOOD), pod('b', GOOD, { namespace: 'ops' }), pod('c', GOOD, { namespace: 'ops' })],
    baseline(),
    { given: 'shop' },
  );
  assert.deepEqual(
    errors.map(({ message, exitCode }) => [message, exitCode]),
    [
      [
        `error: the namespace from the provided object "ops" does not match the namespace "shop". You must pass '--namespace=ops' to perform this operation.`,
        1,
      ],
    ],
  );
  assert.equal(answers[0]?.answer.findings.length, 1);
});

test('a namespace and an account that come with the files count as there', () => {
  const brought = {
    namespace: 'new',
    namespaces: [{ namespace: null, name: 'new', labels: { [ENFORCE]: 'baseline' }, deleting: false }],
    accounts: [{ namespace: null, name: 'web', created: null }],
  };
  const objects = [pod('bad', BAD), pod('good', { ...GOOD, serviceAccountName: 'web' })];
  const { findings } = answer(objects, cluster().world(), brought);
  assert.deepEqual(
    findings.map(({ verdict }) => verdict),
    ['no', 'yes'],
  );
  assert.deepEqual(
    asked(objects, cluster().world(), brought).asked[0]?.trials?.(),
    [],
    'nothing can be tried before they are',
  );
});

test('a namespace of the files does not stand for one that may not be read', () => {
  const unread = cluster().refuse({ kind: 'namespaces', namespace: null, name: null, labelSelector: null }).world();
  const brought = { namespaces: [{ namespace: null, name: 'shop', labels: {}, deleting: false }] };
  assert.equal(only(pod('bad', BAD), unread, brought).verdict, 'depends');
});

test('which version latest is, is an assumption where nothing says it', () => {
  const said = (version: World['facts']['version'], more: Partial<AdmitTarget>) =>
    answer([pod('a', GOOD)], cluster({ version }).world(), more).assumptions;
  assert.deepEqual(said(null, at('baseline')), ['latest is v1.37, the newest version known here (--server-version)']);
  assert.deepEqual(said({ major: 1, minor: 34 }, at('baseline')), []);
  assert.deepEqual(said(null, at('baseline', { major: 1, minor: 30 })), []);
});

test('what --verify tries: pods as the caller, those of workloads as the controller, none that is invalid', () => {
  const [first] = asked(
    [pod('good', GOOD), pod('bad', BAD), deployment(BAD), cronJob({ restartPolicy: 'Never', ...GOOD }), pod('x', {})],
    baseline(),
  ).asked;
  const controller = (name: string) => `system:serviceaccount:kube-system:${name}-controller`;
  assert.deepEqual(
    first?.trials?.().map(({ label, as, expected, withRights }) => [label, as?.user ?? null, expected, withRights]),
    [
      ['pod shop/good', null, 'yes', false],
      ['pod shop/bad', null, 'no', false],
      ['a pod of deployment shop/web', controller('replicaset'), 'no', false],
      ['a pod of cronjob shop/night', controller('job'), 'yes', false],
    ],
  );
});

test('no object breaks it, whatever its shape', () => {
  const fields = [
    'metadata',
    'spec',
    'template',
    'jobTemplate',
    'selector',
    'matchLabels',
    'containers',
    'volumes',
    'labels',
    'name',
    '__proto__',
  ];
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'medium' },
      fc.constantFrom(null, true, 0, -1, 1e99, '', 'x', 'constructor'),
      tie('list'),
      tie('object'),
    ),
    list: fc.array(tie('value'), { maxLength: 3 }),
    object: fc.dictionary(fc.constantFrom(...fields), tie('value'), { maxKeys: 5 }),
  }));
  const kinds = [
    pod('a', {}),
    deployment({}),
    cronJob({}),
    workload('apps/v1', 'StatefulSet', {}),
    { apiVersion: 'v1', kind: 'PodTemplate' },
  ];
  const worlds = [baseline(), cluster({ version: null }).world()];
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      value,
      value,
      fc.constantFrom(...worlds),
      fc.boolean(),
      (kind, metadata, spec, world, atLevel) => {
        const object = { ...kind, metadata, spec, template: spec };
        const { verdict, reason } = only(object, world, atLevel ? at('restricted') : {});
        assert.ok(verdict === 'no' || verdict === 'yes' || verdict === 'depends');
        assert.notEqual(reason, '');
      },
    ),
    { numRuns: 3000 },
  );
});

const classes: [apiVersion: string, kind: string, is: string, why: string][] = [
  ['v1', 'Pod', 'pods', 'itself'],
  ['v1', 'PodTemplate', 'pods', 'a template that nothing runs'],
  ['batch/v1', 'CronJob', 'pods', 'a workload'],
  ['batch/v1beta1', 'CronJob', 'unserved', 'gone in 1.25'],
  ['extensions/v1beta1', 'Deployment', 'unserved', 'gone in 1.16'],
  ['v1', 'Service', 'other', 'built in'],
  ['networking.k8s.io/v1', 'Ingress', 'other', 'built in, of a group'],
  ['argoproj.io/v1alpha1', 'Rollout', 'custom', 'may make pods'],
  ['apps.example.com/v1', 'Deployment', 'custom', 'called as a workload, and none'],
  ['gateway.networking.k8s.io/v1', 'Gateway', 'custom', 'of the community, and not built in'],
  ['v1', '__proto__', 'custom', 'a name that objects have'],
];
for (const [apiVersion, kind, is, why] of classes)
  test(`${kind} of ${apiVersion} is ${is}: ${why}`, () => assert.equal(classify(apiVersion, kind).is, is));
