import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultFields } from '../../../src/admission/request/defaults/pod.ts';
import { describeProblems, validatePod } from '../../../src/admission/request/validation/pod.ts';
import type { Raw } from '../../../src/world/raw.ts';

const options = { isNew: true, allowPrivileged: true };
const app = (more: Raw = {}): Raw => ({ name: 'app', image: 'i', ...more });
const problems = (spec: Raw, more: Partial<typeof options> = {}, metadata: Raw = {}): string[] =>
  validatePod(defaultFields({ metadata: { name: 'web', ...metadata }, spec: { containers: [app()], ...spec } }), {
    ...options,
    ...more,
  }).map(({ field, message }) => `${field}: ${message}`);

// What generated pods exercise is compared with the real server in test/cluster/pod-security.test.ts; these are the
// traps.
const cases: [why: string, problems: string[], expected: string[]][] = [
  ['nothing is wrong', problems({}), []],
  ['no image', problems({ containers: [{ name: 'app' }] }), ['spec.containers[0].image: Required value']],
  ['no containers', problems({ containers: [] }), ['spec.containers: Required value']],
  [
    'init containers alone are not enough',
    problems({ containers: [], initContainers: [app()] }),
    ['spec.containers: Required value'],
  ],
  [
    'a name twice, across kinds',
    problems({ initContainers: [app()] }),
    ['spec.initContainers[0].name: Duplicate value: "app"'],
  ],
  [
    'ephemeral containers of a pod that is created',
    problems({ ephemeralContainers: [{ name: 'd', image: 'i' }] }),
    ['spec.ephemeralContainers: Forbidden: cannot be set on create'],
  ],
  [
    'but not of one that is updated',
    problems({ ephemeralContainers: [{ name: 'd', image: 'i' }] }, { isNew: false }),
    [],
  ],
  [
    'privileged where the cluster allows none',
    problems({ containers: [app({ securityContext: { privileged: true } })] }, { allowPrivileged: false }),
    ['spec.containers[0].securityContext.privileged: Forbidden: disallowed by cluster policy'],
  ],
  [
    'CAP_SYS_ADMIN is spelled so, and SYS_ADMIN is not meant',
    problems({
      containers: [app({ securityContext: { allowPrivilegeEscalation: false, capabilities: { add: ['SYS_ADMIN'] } } })],
    }),
    [],
  ],
  [
    'Unmasked needs users of its own',
    problems({ containers: [app({ securityContext: { procMount: 'Unmasked' } })] }),
    [
      'spec.containers[0].securityContext.procMount: Invalid value: "Unmasked": `hostUsers` must be false to use `Unmasked`',
    ],
  ],
  [
    'capitals as the server has them',
    problems({ hostUsers: false, hostPID: true }),
    ['spec.HostPID: Forbidden: when `hostUsers` is false'],
  ],
  [
    'slashes in the name of a sysctl of the network',
    problems({ hostNetwork: true, securityContext: { sysctls: [{ name: 'net/ipv4/x' }] } }),
    [
      'spec.securityContext.sysctls[0].name: Invalid value: "net/ipv4/x": may not be specified when \'hostNetwork\' is true',
    ],
  ],
  [
    'a volume that is wrong is not there for mounts',
    problems({
      volumes: [{ name: 'v', emptyDir: {}, nfs: {} }],
      containers: [app({ volumeMounts: [{ name: 'v', mountPath: '/v' }] })],
    }),
    [
      'spec.volumes[0].nfs: Forbidden: may not specify more than 1 volume type',
      'spec.containers[0].volumeMounts[0].name: Not found: "v"',
    ],
  ],
  ['a generated name may end in a dash', problems({}, {}, { name: '', generateName: 'web-' }), []],
  [
    'no name at all',
    problems({}, {}, { name: '' }),
    ['metadata.name: Required value: name or generateName is required'],
  ],
  [
    'HostProcess without the network of the node',
    problems({ securityContext: { windowsOptions: { hostProcess: true } } }),
    ['spec.hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers'],
  ],
];
for (const [why, actual, expected] of cases) test(`validation: ${why}`, () => assert.deepEqual(actual, expected));

test('one problem stands alone, several stand in brackets', () => {
  const two = [
    { field: 'a', message: 'Required value' },
    { field: 'b', message: 'Forbidden: x' },
  ];
  assert.equal(describeProblems(two.slice(0, 1)), 'a: Required value');
  assert.equal(describeProblems(two), '[a: Required value, b: Forbidden: x]');
});
