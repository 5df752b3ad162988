import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pullPolicyOf } from '../../../src/admission/request/defaults/image.ts';
import { defaultFields, defaultPod, defaultTemplate } from '../../../src/admission/request/defaults/pod.ts';
import { Malformed, type Raw } from '../../../src/world/raw.ts';

const specOf = (spec: Raw, metadata: Raw = {}): Raw =>
  defaultFields({ metadata, spec: { containers: [{ name: 'app', image: 'i' }], ...spec } }).spec as Raw;
const container = (more: Raw): Raw =>
  (specOf({ containers: [{ name: 'app', image: 'i', ...more }] }).containers as Raw[])[0] ?? {};

// The real server is asked for whole objects in test/cluster/pod-security.test.ts; these are the traps.
const cases: [why: string, actual: unknown, expected: unknown][] = [
  ['a bare volume is an emptyDir', specOf({ volumes: [{ name: 'v' }] }).volumes, [{ name: 'v', emptyDir: {} }]],
  [
    'so is one whose source nobody knows',
    specOf({ volumes: [{ name: 'v', zfs: {} }] }).volumes,
    [{ name: 'v', emptyDir: {} }],
  ],
  [
    'so is one whose source is null',
    specOf({ volumes: [{ name: 'v', hostPath: null }] }).volumes,
    [{ name: 'v', emptyDir: {} }],
  ],
  [
    'mode 0 is said',
    specOf({ volumes: [{ name: 'v', secret: { defaultMode: 0 } }] }).volumes,
    [{ name: 'v', secret: { defaultMode: 0 } }],
  ],
  [
    'with hostNetwork ports are those of the node',
    (specOf({ hostNetwork: true, containers: [{ ports: [{ containerPort: 80 }] }] }).containers as Raw[])[0]?.ports,
    [{ containerPort: 80, hostPort: 80, protocol: 'TCP' }],
  ],
  [
    'false that cannot be told from absent is absent',
    Object.hasOwn(specOf({ hostNetwork: false }), 'hostNetwork'),
    false,
  ],
  ['false that can is kept', specOf({ hostUsers: false }).hostUsers, false],
  ['no security context of the pod is an empty one', specOf({}).securityContext, {}],
  ['no security context of a container stays none', container({}).securityContext, undefined],
  ['procMount is not filled in', container({ securityContext: {} }).securityContext, {}],
  ['the older name of the account is its name', specOf({ serviceAccount: 'old' }).serviceAccountName, 'old'],
  ['the newer name wins', specOf({ serviceAccount: 'old', serviceAccountName: 'new' }).serviceAccount, 'new'],
  [
    'a negative grace period is one second',
    specOf({ terminationGracePeriodSeconds: -7 }).terminationGracePeriodSeconds,
    1,
  ],
  ['a grace period of 0 is said', specOf({ terminationGracePeriodSeconds: 0 }).terminationGracePeriodSeconds, 0],
  [
    'requests follow limits',
    container({ resources: { limits: { cpu: '1' }, requests: { memory: '1' } } }).resources,
    { limits: { cpu: '1' }, requests: { cpu: '1', memory: '1' } },
  ],
  ['an empty list is none', Object.hasOwn(container({ command: [] }), 'command'), false],
];
for (const [why, actual, expected] of cases) test(`a pod's defaults: ${why}`, () => assert.deepEqual(actual, expected));

const images: [image: string, policy: string, why: string][] = [
  ['nginx', 'Always', 'no tag is latest'],
  ['nginx:latest', 'Always', 'latest'],
  ['nginx:1', 'IfNotPresent', 'another tag'],
  ['localhost:5000/nginx', 'Always', 'a port is no tag'],
  ['host:5000/a/b:2', 'IfNotPresent', 'a port and a tag'],
  [`nginx@sha256:${'0'.repeat(64)}`, 'IfNotPresent', 'a digest'],
  [`nginx:latest@sha256:${'0'.repeat(64)}`, 'Always', 'latest beside a digest'],
  ['Nginx', 'IfNotPresent', 'no image name: capitals'],
  ['REG/nginx', 'Always', 'capitals in the first part make it a registry'],
  ['a'.repeat(100_000), 'IfNotPresent', 'no image name: too long'],
  ['f'.repeat(64), 'IfNotPresent', 'an identifier is no image name'],
];
for (const [image, policy, why] of images)
  test(`the pull policy of ${image.slice(0, 40)}: ${why}`, () => assert.equal(pullPolicyOf(image), policy));

test('plug-ins give a pod an account, its token, and patience with nodes that are lost', () => {
  const { spec } = defaultPod({
    spec: { containers: [{ name: 'app', image: 'i' }], initContainers: [{ name: 'init', image: 'i' }] },
  }) as {
    spec: Raw;
  };
  const [mounted] = (spec.containers as [Raw])[0].volumeMounts as [Raw];
  assert.equal(spec.serviceAccountName, 'default');
  assert.equal(mounted.mountPath, '/var/run/secrets/kubernetes.io/serviceaccount');
  assert.deepEqual(
    (spec.volumes as [Raw]).map(({ name }) => name),
    [mounted.name],
  );
  assert.equal((spec.tolerations as Raw[]).length, 2);
  assert.equal(spec.priority, 0);
});

test('no token where the pod wants none, where the path is taken, and for a mirror pod', () => {
  const volumes = (pod: Raw) => (defaultPod(pod).spec as Raw).volumes;
  const containers = [{ name: 'app', image: 'i' }];
  const taken = [
    {
      name: 'app',
      image: 'i',
      volumeMounts: [{ name: 'x', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
    },
  ];
  assert.equal(volumes({ spec: { containers, automountServiceAccountToken: false } }), undefined);
  assert.equal(volumes({ spec: { containers: taken } }), undefined);
  assert.equal(
    volumes({ metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } }, spec: { containers } }),
    undefined,
  );
});

test('an AppArmor annotation becomes the field, but for Windows, nonsense and what the pod says already', () => {
  const profile = (annotation: string, spec: Raw = {}, minor = 37) => {
    const annotations = { 'container.apparmor.security.beta.kubernetes.io/app': annotation };
    const pod = defaultPod(
      { metadata: { annotations }, spec: { containers: [{ name: 'app', image: 'i' }], ...spec } },
      { major: 1, minor },
    );
    return ((pod.spec as Raw).containers as Raw[])[0]?.securityContext;
  };
  assert.deepEqual(profile('unconfined'), { appArmorProfile: { type: 'Unconfined' } });
  assert.deepEqual(profile('localhost/mine'), { appArmorProfile: { type: 'Localhost', localhostProfile: 'mine' } });
  assert.equal(profile('localhost/'), undefined);
  assert.equal(profile('x'), undefined);
  assert.equal(profile('unconfined', { os: { name: 'windows' } }), undefined);
  assert.equal(profile('unconfined', { securityContext: { appArmorProfile: { type: 'Unconfined' } } }), undefined);
  assert.equal(profile('unconfined', {}, 29), undefined, 'fields are there since 1.30');
});

test('an older server drops what it does not do yet', () => {
  const pod = {
    spec: {
      hostUsers: false,
      containers: [
        {
          name: 'app',
          image: 'i',
          securityContext: { procMount: 'Unmasked' },
          volumeMounts: [{ name: 'data', mountPath: '/data' }],
        },
      ],
      volumes: [{ name: 'data', image: { reference: 'r' } }],
      automountServiceAccountToken: false,
    },
  };
  const at = (minor: number) => {
    const spec = defaultPod(pod, { major: 1, minor }).spec as Raw;
    const [app] = spec.containers as [Raw];
    return [
      spec.hostUsers,
      (app.securityContext as Raw).procMount,
      app.volumeMounts !== undefined,
      spec.volumes !== undefined,
    ];
  };
  assert.deepEqual(at(32), [undefined, 'Default', false, false]);
  assert.deepEqual(at(34), [false, 'Unmasked', false, false]);
  assert.deepEqual(at(35), [false, 'Unmasked', true, true]);
});

test('a template has fewer defaults than a pod', () => {
  const spec = defaultTemplate({
    spec: { hostNetwork: true, containers: [{ name: 'a', ports: [{ containerPort: 1 }] }] },
  }).spec as Raw;
  assert.equal(spec.enableServiceLinks, undefined);
  assert.deepEqual((spec.containers as Raw[])[0]?.ports, [{ containerPort: 1, protocol: 'TCP' }]);
});

test('what is no pod is malformed, and nothing is inherited from a field called __proto__', () => {
  assert.throws(() => defaultPod({ spec: { containers: 'all' } }), Malformed);
  assert.throws(() => defaultPod(JSON.parse(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)), Malformed);
  const pod = defaultPod(JSON.parse('{"spec":{"__proto__":{"hostPID":true}}}'));
  assert.equal((pod.spec as Raw).hostPID, undefined);
});
