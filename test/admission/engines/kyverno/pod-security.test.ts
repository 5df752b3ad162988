import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kyverno } from '../../../../src/admission/engines/kyverno/layer.ts';
import { kyvernoTools } from '../../../../src/admission/engines/tools.ts';
import { yes } from '../../../../src/answer/verdict.ts';
import { worldOf } from '../../../helpers/world-of.ts';
import { creating } from '../../objects.ts';
import { policyOf } from './policies.ts';

const layer = kyverno({ ...kyvernoTools, isEnforced: () => yes() });

type Exclusion = { controlName: string; images?: string[]; restrictedField?: string; values?: string[] };

const judge = (level: string, exclude: readonly Exclusion[], spec: object, metadata: object = {}) => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'shop', ...metadata }, spec };
  return layer.admits(creating(pod), worldOf([policyOf('p', { podSecurity: { level, version: 'latest', exclude } })]));
};

/** What passes `restricted` but for what is on top. */
const container = (name: string, image: string, more: { add?: string[]; [field: string]: unknown } = {}) => {
  const { add, ...context } = more;
  return {
    ...{ name, image },
    securityContext: {
      allowPrivilegeEscalation: false,
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
      capabilities: { drop: ['ALL'], ...(add && { add }) },
      ...context,
    },
  };
};
const nginx = (more: Parameters<typeof container>[2] = {}) => container('one', 'nginx:latest', more);
const busybox = (more: Parameters<typeof container>[2] = {}) => container('two', 'busybox:1.28', more);
const ADD = 'spec.containers[*].securityContext.capabilities.add';

const CASES: readonly (readonly [exclude: Exclusion, spec: object, admitted: boolean, why: string])[] = [
  [
    { controlName: 'Capabilities', images: ['nginx*'] },
    { containers: [nginx({ add: ['SYS_ADMIN'] })] },
    true,
    'an image that is excluded',
  ],
  [
    { controlName: 'Capabilities', images: ['nginx*'] },
    { containers: [busybox({ add: ['SYS_ADMIN'] })] },
    false,
    'one that no exclusion names',
  ],
  [
    { controlName: 'Capabilities', images: ['nginx*'] },
    { containers: [nginx({ add: ['SYS_ADMIN'] }), busybox({ add: ['SYS_ADMIN'] })] },
    false,
    'one of two containers is not excluded',
  ],
  [
    { controlName: 'Capabilities', images: ['redis*'] },
    { initContainers: [container('i', 'redis:6', { add: ['NET_RAW'] })], containers: [busybox()] },
    true,
    'an init container',
  ],
  [
    { controlName: 'Capabilities', images: ['nginx*'] },
    { containers: [nginx({ privileged: true })] },
    false,
    'another control',
  ],
  [
    { controlName: 'Capabilities', images: ['nginx*'] },
    { hostPID: true, containers: [nginx()] },
    false,
    'a field of the pod',
  ],
  [
    { controlName: 'Capabilities', images: ['nginx*'], restrictedField: ADD },
    { containers: [nginx({ add: ['SYS_ADMIN'] })] },
    true,
    'the field that is wrong',
  ],
  [
    {
      controlName: 'Capabilities',
      images: ['nginx*'],
      restrictedField: 'spec.containers[*].securityContext.capabilities.drop',
    },
    { containers: [nginx({ add: ['SYS_ADMIN'] })] },
    false,
    'another field',
  ],
  [
    { controlName: 'Capabilities', images: ['nginx*'], restrictedField: ADD, values: ['NET_*'] },
    { containers: [nginx({ add: ['NET_ADMIN', 'NET_RAW'] })] },
    true,
    'each value is named',
  ],
  [
    { controlName: 'Capabilities', images: ['nginx*'], restrictedField: ADD, values: ['NET_ADMIN'] },
    { containers: [nginx({ add: ['NET_ADMIN', 'SYS_ADMIN'] })] },
    false,
    'one value is not named',
  ],
  [
    { controlName: 'Privileged Containers', images: ['nginx*'] },
    { containers: [nginx({ privileged: true })] },
    true,
    'privileged',
  ],
  [
    { controlName: 'Privileged Containers', images: ['nginx*'] },
    { containers: [busybox({ privileged: true })] },
    false,
    'privileged elsewhere',
  ],
  [
    { controlName: 'Host Namespaces' },
    { hostPID: true, hostNetwork: true, containers: [nginx()] },
    true,
    'a control as a whole',
  ],
  [
    { controlName: 'Host Namespaces', restrictedField: 'spec.hostPID' },
    { hostPID: true, containers: [nginx()] },
    true,
    'one field of it',
  ],
  [
    { controlName: 'Host Namespaces', restrictedField: 'spec.hostPID' },
    { hostPID: true, hostNetwork: true, containers: [nginx()] },
    false,
    'not the other field',
  ],
  [
    { controlName: 'Seccomp' },
    { securityContext: { seccompProfile: { type: 'Unconfined' } }, containers: [nginx()] },
    true,
    'the profile of the pod',
  ],
  [
    { controlName: 'Seccomp' },
    { containers: [nginx({ seccompProfile: { type: 'Unconfined' } })] },
    false,
    'not that of a container, without images',
  ],
  [
    { controlName: 'Privilege Escalation' },
    { containers: [nginx({ allowPrivilegeEscalation: true })] },
    true,
    'without images that of one container, since one that says nothing is wrong in the same field',
  ],
  [
    { controlName: 'Privilege Escalation' },
    { containers: [nginx({ allowPrivilegeEscalation: true }), busybox({ allowPrivilegeEscalation: true })] },
    false,
    'but not of two',
  ],
  [
    { controlName: 'Running as Non-root', images: ['*'] },
    { containers: [nginx({ runAsNonRoot: false })] },
    true,
    'a container as root',
  ],
  [
    { controlName: 'Running as Non-root', images: ['*'] },
    { securityContext: { runAsNonRoot: false }, containers: [nginx()] },
    false,
    'not the pod, which has no image',
  ],
  [
    { controlName: 'Privilege Escalation', images: ['*'] },
    { containers: [nginx({ allowPrivilegeEscalation: undefined })] },
    true,
    'what is not said',
  ],
  [
    { controlName: 'Host Ports', images: ['*'], values: ['80??'] },
    { containers: [{ ...nginx(), ports: [{ containerPort: 80, hostPort: 8080 }] }] },
    true,
    'a port by a wildcard',
  ],
  [
    { controlName: 'Host Ports', images: ['*'], values: ['80??'] },
    {
      containers: [
        {
          ...nginx(),
          ports: [
            { containerPort: 80, hostPort: 8080 },
            { containerPort: 81, hostPort: 9090 },
          ],
        },
      ],
    },
    false,
    'one of two ports',
  ],
  [
    { controlName: 'Sysctls', values: ['kernel.shm*'] },
    { securityContext: { sysctls: [{ name: 'kernel.shmmax', value: '1' }] }, containers: [nginx()] },
    true,
    'a sysctl by its name',
  ],
  [
    { controlName: 'Sysctls', values: ['kernel.shm*'] },
    { securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] }, containers: [nginx()] },
    false,
    'another one',
  ],
  [
    {
      controlName: 'SELinux',
      images: ['*'],
      restrictedField: 'spec.containers[*].securityContext.seLinuxOptions.type',
      values: ['spc_t'],
    },
    { containers: [nginx({ seLinuxOptions: { type: 'spc_t' } })] },
    true,
    'a type',
  ],
  [
    {
      controlName: 'SELinux',
      images: ['*'],
      restrictedField: 'spec.containers[*].securityContext.seLinuxOptions.type',
      values: ['spc_t'],
    },
    { containers: [nginx({ seLinuxOptions: { type: 'spc_t', user: 'u' } })] },
    false,
    'not the user',
  ],
  [
    { controlName: 'AppArmor', images: ['*'] },
    { containers: [nginx({ appArmorProfile: { type: 'Unconfined' } })] },
    true,
    'AppArmor',
  ],
  [
    { controlName: '/proc Mount Type', images: ['*'], values: ['Unmasked'] },
    { containers: [nginx({ procMount: 'Unmasked' })] },
    true,
    'procMount',
  ],
  [
    { controlName: 'Volume Types' },
    { volumes: [{ name: 'v', nfs: {} }], containers: [nginx()] },
    true,
    'a type of volume',
  ],
  [
    { controlName: 'Volume Types' },
    { volumes: [{ name: 'v', hostPath: { path: '/' } }], containers: [nginx()] },
    false,
    'at restricted the control of baseline counts as well',
  ],
  [{ controlName: 'Nothing of the kind' }, { hostPID: true, containers: [nginx()] }, false, 'a control that is none'],
];
for (const [exclude, spec, admitted, why] of CASES) {
  test(`${JSON.stringify(exclude)} ${admitted ? 'admits' : 'refuses'} ${JSON.stringify(spec)}: ${why}`, () =>
    assert.equal(judge('restricted', [exclude], spec).value, admitted ? 'yes' : 'no'));
}

test('a container that says nothing at all has no wrong value, one that leaves a field out has the value nil', () => {
  const exclude = [{ controlName: 'Privilege Escalation', images: ['*'], values: ['true'] }];
  assert.equal(
    judge('restricted', exclude, { containers: [nginx({ allowPrivilegeEscalation: undefined })] }).value,
    'no',
  );
  const silent = { ...nginx(), securityContext: undefined };
  const rest = ['Capabilities', 'Running as Non-root', 'Seccomp'].map((controlName) => ({
    controlName,
    images: ['*'],
  }));
  assert.equal(judge('restricted', [...exclude, ...rest], { containers: [silent] }).value, 'yes');
});

test('exclusions add up', () => {
  const spec = { volumes: [{ name: 'v', hostPath: { path: '/' } }], hostPID: true, containers: [nginx()] };
  const exclude = ['Volume Types', 'HostPath Volumes', 'Host Namespaces'].map((controlName) => ({ controlName }));
  assert.equal(judge('restricted', exclude, spec).value, 'yes');
  for (const each of exclude)
    assert.equal(
      judge(
        'restricted',
        exclude.filter((other) => other !== each),
        spec,
      ).value,
      'no',
      `without ${each.controlName}`,
    );
  assert.equal(judge('privileged', [], spec).value, 'yes');
});

test('annotations of AppArmor are of the pod', () => {
  const metadata = { annotations: { 'container.apparmor.security.beta.kubernetes.io/one': 'unconfined' } };
  assert.equal(judge('baseline', [], { containers: [nginx()] }, metadata).value, 'no');
  assert.equal(judge('baseline', [{ controlName: 'AppArmor' }], { containers: [nginx()] }, metadata).value, 'yes');
  assert.equal(
    judge('baseline', [{ controlName: 'AppArmor', images: ['*'] }], { containers: [nginx()] }, metadata).value,
    'no',
  );
});

test('a refusal names a check once, and what is left', () => {
  const { evidence } = judge('restricted', [{ controlName: 'Capabilities', images: ['nginx*'] }], {
    containers: [nginx({ add: ['SYS_ADMIN'] }), busybox({ add: ['SYS_ADMIN'] })],
  });
  assert.equal(evidence.length, 1);
  assert.equal(evidence[0]?.detail.match(/capabilities/g)?.length, 2, 'in the reason and in the detail of one check');
});
