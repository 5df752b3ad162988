import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkIds, evaluatePod } from '../../../src/admission/pod-security/evaluate.ts';
import { type Level, parsePolicyVersion } from '../../../src/admission/pod-security/level.ts';
import type { Raw } from '../../../src/world/raw.ts';
import type { Version } from '../../../src/world/version.ts';

const NEWEST: Version = { major: 1, minor: 37 };
const GOOD = {
  allowPrivilegeEscalation: false,
  runAsNonRoot: true,
  capabilities: { drop: ['ALL'] },
  seccompProfile: { type: 'RuntimeDefault' },
};

const app = (securityContext: Raw, more: Raw = {}) => ({
  containers: [{ name: 'app', image: 'i', securityContext, ...more }],
});
const two = (one: Raw, other: Raw) => ({
  initContainers: [{ name: 'init', securityContext: one }],
  containers: [{ name: 'app', securityContext: other }],
});

const cases: [level: Level, version: string, spec: Raw, detail: string | null, why: string][] = [
  ['baseline', 'latest', app({}), null, 'a plain pod'],
  ['restricted', 'latest', app(GOOD), null, 'one that says all that it is asked for'],
  ['privileged', 'latest', app({ privileged: true }), null, 'nothing is asked'],

  [
    'baseline',
    'latest',
    { ...app({}), hostPID: true, hostNetwork: true },
    'host namespaces (hostNetwork=true, hostPID=true)',
    'in the order of the fields',
  ],
  ['baseline', 'latest', app({ privileged: false }), null, 'privileged false is not privileged'],
  [
    'baseline',
    'latest',
    two({ privileged: true }, { privileged: true }),
    'privileged (containers "init", "app" must not set securityContext.privileged=true)',
    'init containers come first',
  ],
  [
    'baseline',
    'latest',
    { ephemeralContainers: [{ name: 'debug', securityContext: { privileged: true } }] },
    'privileged (container "debug" must not set securityContext.privileged=true)',
    'ephemeral containers count',
  ],
  [
    'baseline',
    'latest',
    app({ capabilities: { add: ['CHOWN', 'cap_chown', 'NET_ADMIN', 'ALL'] } }),
    'non-default capabilities (container "app" must not include "ALL", "NET_ADMIN", "cap_chown" in securityContext.capabilities.add)',
    'names are compared as written, and sorted by byte',
  ],
  [
    'baseline',
    'latest',
    { ...app({}), volumes: [{ name: 'h', hostPath: { path: '/' } }, { name: 'e' }] },
    'hostPath volumes (volume "h")',
    'a hostPath beside an emptyDir',
  ],
  ['baseline', 'latest', { ...app({}), volumes: [{ name: 'h', hostPath: null }] }, null, 'null is not there'],
  [
    'baseline',
    'latest',
    app({}, { ports: [{ hostPort: 9 }, { hostPort: 80 }, { hostPort: 0 }] }),
    'hostPort (container "app" uses hostPorts 80, 9)',
    'in the order of their digits',
  ],
  [
    'baseline',
    'latest',
    { ...app({ appArmorProfile: { type: 'Unconfined' } }), securityContext: { appArmorProfile: { type: 'Other' } } },
    'forbidden AppArmor profiles (pod and container "app" must not set AppArmor profile type to "Other", "Unconfined")',
    'pod and container',
  ],
  ['baseline', 'latest', app({ seLinuxOptions: {} }), null, 'no type is the default type'],
  [
    'baseline',
    'latest',
    app({ seLinuxOptions: { type: 't', user: 'u', role: 'r' } }),
    'seLinuxOptions (container "app" set forbidden securityContext.seLinuxOptions: type "t"; user may not be set; role may not be set)',
    'all three',
  ],
  [
    'baseline',
    'v1.30',
    app({ seLinuxOptions: { type: 'container_engine_t' } }),
    'seLinuxOptions (container "app" set forbidden securityContext.seLinuxOptions: type "container_engine_t")',
    'before 1.31',
  ],
  ['baseline', 'v1.31', app({ seLinuxOptions: { type: 'container_engine_t' } }), null, 'since 1.31'],
  [
    'baseline',
    'v1.34',
    { ...app({ procMount: 'Unmasked' }), hostUsers: false },
    'procMount (container "app" must not set securityContext.procMount to "Unmasked")',
    'no relaxation before 1.35',
  ],
  ['baseline', 'v1.35', { ...app({ procMount: 'Unmasked' }), hostUsers: false }, null, 'relaxed since 1.35'],
  [
    'baseline',
    'v1.35',
    { ...app({ procMount: 'Unmasked' }), hostUsers: true },
    'procMount (container "app" must not set securityContext.procMount to "Unmasked")',
    'relaxed only for users of its own',
  ],
  [
    'restricted',
    'v1.35',
    { ...app({ ...GOOD, procMount: 'Unmasked' }), hostUsers: false },
    'procMount (container "app" must not set securityContext.procMount to "Unmasked")',
    'restricted stays strict',
  ],
  [
    'restricted',
    'v1.35',
    { ...app({ ...GOOD, procMount: 'Unmasked' }), hostUsers: true },
    'procMount (container "app" must not set securityContext.procMount to "Unmasked")',
    'and says it once',
  ],
  [
    'baseline',
    'v1.18',
    { ...app({ seccompProfile: { type: 'Unconfined' } }) },
    null,
    'before 1.19 fields are not looked at',
  ],
  [
    'baseline',
    'v1.19',
    { ...app({ seccompProfile: { type: 'Unconfined' } }) },
    'seccompProfile (container "app" must not set securityContext.seccompProfile.type to "Unconfined")',
    'since 1.19 they are',
  ],
  [
    'baseline',
    'v1.19',
    { ...app({ seccompProfile: {} }) },
    'seccompProfile (container "app" must not set securityContext.seccompProfile.type to "")',
    'a profile without a type is none of the good ones',
  ],
  [
    'baseline',
    'v1.36',
    {
      ...app({}),
      securityContext: { sysctls: [{ name: 'net.ipv4.tcp_notsent_lowat' }, { name: 'x' }, { name: 'x' }] },
    },
    'forbidden sysctls (net.ipv4.tcp_notsent_lowat, x, x)',
    'in the order of the pod, repetitions too',
  ],
  [
    'baseline',
    'v1.37',
    { ...app({}), securityContext: { sysctls: [{ name: 'net.ipv4.tcp_notsent_lowat' }] } },
    null,
    'new in 1.37',
  ],
  [
    'baseline',
    'latest',
    { ...app({}), securityContext: { windowsOptions: { hostProcess: true } } },
    'hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)',
    'the pod as a whole',
  ],
  [
    'baseline',
    'v1.33',
    app({}, { livenessProbe: { httpGet: { host: 'h' } } }),
    null,
    'before 1.34 probes go where they like',
  ],
  [
    'baseline',
    'v1.34',
    app({}, { livenessProbe: { httpGet: { host: 'h' } }, lifecycle: { preStop: { tcpSocket: { host: 'a' } } } }),
    'probe or lifecycle host (container "app" uses probe or lifecycle hosts "a", "h")',
    'probes and hooks',
  ],

  [
    'restricted',
    'latest',
    { ...app(GOOD), volumes: [{ name: 'bare' }, { name: 'later', notYetInvented: {} }] },
    null,
    'a volume without a known source is an emptyDir',
  ],
  [
    'restricted',
    'latest',
    {
      ...app(GOOD),
      volumes: [
        { name: 'n', nfs: {} },
        { name: 'h', hostPath: {} },
      ],
    },
    'restricted volume types (volumes "n", "h" use restricted volume types "hostPath", "nfs")',
    'hostPath is told once',
  ],
  [
    'restricted',
    'latest',
    { ...app({ ...GOOD, runAsNonRoot: false }), securityContext: { runAsNonRoot: true } },
    'runAsNonRoot != true (container "app" must not set securityContext.runAsNonRoot=false)',
    'the container undoes the pod',
  ],
  [
    'restricted',
    'latest',
    { ...app(GOOD), securityContext: { runAsNonRoot: false } },
    'runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)',
    'the pod says false although no container follows',
  ],
  [
    'restricted',
    'latest',
    app({ ...GOOD, runAsNonRoot: null }),
    'runAsNonRoot != true (pod or container "app" must set securityContext.runAsNonRoot=true)',
    'nobody says anything',
  ],
  ['restricted', 'v1.22', app({ ...GOOD, runAsUser: 0 }), null, 'before 1.23 the number is not looked at'],
  [
    'restricted',
    'v1.23',
    { ...app({ ...GOOD, runAsUser: 0 }), hostUsers: false },
    'runAsUser=0 (container "app" must not set runAsUser=0)',
    'since 1.23 it is',
  ],
  [
    'restricted',
    'v1.35',
    { ...app({ ...GOOD, runAsUser: 0, runAsNonRoot: false }), hostUsers: false },
    null,
    'root is nobody outside of its own users',
  ],
  [
    'restricted',
    'v1.24',
    { ...app({ runAsNonRoot: true }), os: { name: 'windows' } },
    'allowPrivilegeEscalation != false (container "app" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "app" must set securityContext.capabilities.drop=["ALL"]), seccompProfile (pod or container "app" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    'Windows before 1.25',
  ],
  ['restricted', 'v1.25', { ...app({ runAsNonRoot: true }), os: { name: 'windows' } }, null, 'Windows since 1.25'],
  [
    'restricted',
    'latest',
    app({ ...GOOD, capabilities: { add: ['CHOWN', 'NET_BIND_SERVICE'] } }),
    'unrestricted capabilities (container "app" must set securityContext.capabilities.drop=["ALL"]; container "app" must not include "CHOWN" in securityContext.capabilities.add)',
    'both halves',
  ],
  [
    'restricted',
    'v1.21',
    app({ ...GOOD, capabilities: { add: ['SYS_ADMIN'] } }),
    'non-default capabilities (container "app" must not include "SYS_ADMIN" in securityContext.capabilities.add)',
    'before 1.22 baseline speaks',
  ],
  ['restricted', 'v1.99', app(GOOD), null, 'a version of the future is the newest known'],
];

for (const [level, version, spec, detail, why] of cases) {
  test(`${level}:${version} ${detail === null ? 'admits' : 'refuses'}: ${why}`, () => {
    const evaluation = evaluatePod({ spec }, level, parsePolicyVersion(version) ?? 'latest', NEWEST);
    assert.equal(evaluation.forbiddenDetail(), detail ?? '');
    assert.equal(evaluation.allowed, detail === null);
    assert.equal(evaluation.violations.length > 0, detail !== null);
  });
}

const annotated: [version: string, annotations: Raw, detail: string, why: string][] = [
  [
    'latest',
    { 'container.apparmor.security.beta.kubernetes.io/app': 'unconfined' },
    'forbidden AppArmor profile (annotation must not set AppArmor profile type to "container.apparmor.security.beta.kubernetes.io/app="unconfined"")',
    'quotes within quotes',
  ],
  [
    'latest',
    { 'container.apparmor.security.beta.kubernetes.io/gone': 'a"\\\n\u0001\u00a0é' },
    'forbidden AppArmor profile (annotation must not set AppArmor profile type to "container.apparmor.security.beta.kubernetes.io/gone="a\\"\\\\\\n\\x01\\u00a0é"")',
    'as Go quotes; of a container that is not there',
  ],
  ['latest', { 'container.apparmor.security.beta.kubernetes.io/app': '' }, '', 'an empty one says nothing'],
  [
    'v1.18',
    {
      'seccomp.security.alpha.kubernetes.io/pod': 'unconfined',
      'container.seccomp.security.alpha.kubernetes.io/gone': 'unconfined',
    },
    'seccompProfile (forbidden annotation seccomp.security.alpha.kubernetes.io/pod="unconfined")',
    'of the pod, and of its own containers alone',
  ],
  [
    'v1.19',
    { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' },
    '',
    'since 1.19 seccomp annotations are nothing',
  ],
];
for (const [version, annotations, detail, why] of annotated) {
  test(`annotations, baseline:${version}: ${why}`, () => {
    const evaluation = evaluatePod(
      { metadata: { annotations }, spec: app({}) },
      'baseline',
      parsePolicyVersion(version) ?? 'latest',
      NEWEST,
    );
    assert.equal(evaluation.forbiddenDetail(), detail);
  });
}

test('checks run in the order of the server: baseline first, each part by id, capitals before small letters', () => {
  assert.deepEqual(checkIds('restricted', 37), [
    ...[
      'appArmorProfile',
      'hostNamespaces',
      'hostPorts',
      'hostProbesAndHostLifecycle',
      'privileged',
      'seLinuxOptions',
      'sysctls',
      'windowsHostProcess',
    ],
    ...[
      'allowPrivilegeEscalation',
      'capabilities_restricted',
      'procMount_restricted',
      'restrictedVolumes',
      'runAsNonRoot',
      'runAsUser',
    ],
    'seccompProfile_restricted',
  ]);
  assert.deepEqual(checkIds('restricted', 0), [
    ...[
      'appArmorProfile',
      'capabilities_baseline',
      'hostNamespaces',
      'hostPorts',
      'privileged',
      'procMount',
      'seLinuxOptions',
      'seccompProfile_baseline',
    ],
    ...['sysctls', 'windowsHostProcess', 'restrictedVolumes', 'runAsNonRoot'],
  ]);
});

test('what a check reads is told with what it refuses', () => {
  const { violations, forbiddenReason } = evaluatePod(
    { spec: { ...app({ privileged: true }), hostIPC: true } },
    'baseline',
    'latest',
    NEWEST,
  );
  assert.equal(forbiddenReason(), 'host namespaces, privileged');
  assert.ok(violations[1]?.fields.includes('spec.initContainers[*].securityContext.privileged'));
});

test('latest is what the server knows', () => {
  const pod = { spec: app({}, { startupProbe: { tcpSocket: { host: 'h' } } }) };
  assert.equal(evaluatePod(pod, 'baseline', 'latest', { major: 1, minor: 33 }).allowed, true);
  assert.equal(evaluatePod(pod, 'baseline', { major: 1, minor: 37 }, { major: 1, minor: 33 }).allowed, true);
  assert.equal(evaluatePod(pod, 'baseline', 'latest', { major: 1, minor: 99 }).allowed, false);
});
