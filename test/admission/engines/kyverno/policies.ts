import type { Raw } from '../../../../src/world/raw.ts';

/** A ClusterPolicy on pods that enforces one rule; `rule` is its `validate`, `spec` on top. */
export const policyOf = (name: string, validate: object, rule: object = {}, spec: object = {}): Raw =>
  policyWith(
    name,
    [
      {
        name: 'check',
        match: { any: [{ resources: { kinds: ['Pod'] } }] },
        validate: { message: `${name}.`, ...validate },
        ...rule,
      },
    ],
    spec,
  );

export const policyWith = (name: string, rules: readonly object[], spec: object = {}): Raw => ({
  apiVersion: 'kyverno.io/v1',
  kind: 'ClusterPolicy',
  metadata: { name },
  spec: { validationFailureAction: 'Enforce', background: true, rules, ...spec },
});

const pattern = (spec: object) => ({ pattern: { spec } });
const inAll = (container: object) => ({
  '=(ephemeralContainers)': [container],
  '=(initContainers)': [container],
  containers: [container],
});
const all = (key: string, operator: string, value: unknown) => ({
  deny: { conditions: { all: [{ key, operator, value }] } },
});
const CONTAINERS = 'request.object.spec.[ephemeralContainers, initContainers, containers][]';
const notDeleted = {
  preconditions: { all: [{ key: "{{ request.operation || 'BACKGROUND' }}", operator: 'NotEquals', value: 'DELETE' }] },
};

const BASELINE_CAPABILITIES = [
  ...[
    'AUDIT_WRITE',
    'CHOWN',
    'DAC_OVERRIDE',
    'FOWNER',
    'FSETID',
    'KILL',
    'MKNOD',
    'NET_BIND_SERVICE',
    'SETFCAP',
    'SETGID',
    'SETPCAP',
  ],
  ...['SETUID', 'SYS_CHROOT'],
];
const SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
];
const VOLUMES = [
  'name',
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
  '',
];
const profile = { '=(seccompProfile)': { '=(type)': 'RuntimeDefault | Localhost' } };
const strictProfile = { seccompProfile: { type: 'RuntimeDefault | Localhost' } };
const seLinux = {
  '=(seLinuxOptions)': {
    '=(type)': 'container_t | container_init_t | container_kvm_t',
    'X(user)': 'null',
    'X(role)': 'null',
  },
};
const nonRoot = { '=(securityContext)': { '=(runAsNonRoot)': true } };

/** Kyverno's pod-security policies and others that are common, to the same effect, in words of these tests. */
export const POLICIES: Readonly<Record<string, Raw>> = {
  'disallow-capabilities': policyOf(
    'disallow-capabilities',
    all(`{{ ${CONTAINERS}.securityContext.capabilities.add[] }}`, 'AnyNotIn', BASELINE_CAPABILITIES),
    notDeleted,
  ),
  'disallow-host-namespaces': policyOf(
    'disallow-host-namespaces',
    pattern({ '=(hostPID)': 'false', '=(hostIPC)': 'false', '=(hostNetwork)': 'false' }),
  ),
  'disallow-host-path': policyOf('disallow-host-path', pattern({ '=(volumes)': [{ 'X(hostPath)': 'null' }] })),
  'disallow-host-ports': policyOf('disallow-host-ports', pattern(inAll({ '=(ports)': [{ '=(hostPort)': 0 }] }))),
  'disallow-host-process': policyOf(
    'disallow-host-process',
    pattern({
      '=(securityContext)': { '=(windowsOptions)': { '=(hostProcess)': 'false' } },
      ...inAll({ '=(securityContext)': { '=(windowsOptions)': { '=(hostProcess)': 'false' } } }),
    }),
  ),
  'disallow-privileged-containers': policyOf(
    'disallow-privileged-containers',
    pattern(inAll({ '=(securityContext)': { '=(privileged)': 'false' } })),
  ),
  'disallow-proc-mount': policyOf(
    'disallow-proc-mount',
    pattern(inAll({ '=(securityContext)': { '=(procMount)': 'Default' } })),
  ),
  'disallow-selinux': policyOf(
    'disallow-selinux',
    pattern({ '=(securityContext)': seLinux, ...inAll({ '=(securityContext)': seLinux }) }),
  ),
  'restrict-apparmor-profiles': policyOf('restrict-apparmor-profiles', {
    pattern: {
      '=(metadata)': {
        '=(annotations)': { '=(container.apparmor.security.beta.kubernetes.io/*)': 'runtime/default | localhost/*' },
      },
    },
  }),
  'restrict-seccomp': policyOf(
    'restrict-seccomp',
    pattern({ '=(securityContext)': profile, ...inAll({ '=(securityContext)': profile }) }),
  ),
  'restrict-sysctls': policyOf(
    'restrict-sysctls',
    pattern({ '=(securityContext)': { '=(sysctls)': [{ '=(name)': SYSCTLS.join(' | ') }] } }),
  ),
  'disallow-capabilities-strict': policyWith('disallow-capabilities-strict', [
    {
      ...{ name: 'drop', match: { any: [{ resources: { kinds: ['Pod'] } }] }, ...notDeleted },
      validate: {
        foreach: [
          { list: CONTAINERS, ...all('ALL', 'AnyNotIn', "{{ element.securityContext.capabilities.drop[] || '' }}") },
        ],
      },
    },
    {
      ...{ name: 'add', match: { any: [{ resources: { kinds: ['Pod'] } }] }, ...notDeleted },
      validate: {
        foreach: [
          {
            list: CONTAINERS,
            ...all("{{ element.securityContext.capabilities.add[] || '' }}", 'AnyNotIn', ['NET_BIND_SERVICE', '']),
          },
        ],
      },
    },
  ]),
  'disallow-privilege-escalation': policyOf(
    'disallow-privilege-escalation',
    pattern({
      '=(ephemeralContainers)': [{ securityContext: { allowPrivilegeEscalation: 'false' } }],
      '=(initContainers)': [{ securityContext: { allowPrivilegeEscalation: 'false' } }],
      containers: [{ securityContext: { allowPrivilegeEscalation: 'false' } }],
    }),
  ),
  'require-run-as-non-root-user': policyOf(
    'require-run-as-non-root-user',
    pattern({
      '=(securityContext)': { '=(runAsUser)': '>0' },
      ...inAll({ '=(securityContext)': { '=(runAsUser)': '>0' } }),
    }),
  ),
  'require-run-as-nonroot': policyOf('require-run-as-nonroot', {
    anyPattern: [
      { spec: { securityContext: { runAsNonRoot: true }, ...inAll(nonRoot) } },
      {
        spec: {
          '=(ephemeralContainers)': [{ securityContext: { runAsNonRoot: true } }],
          '=(initContainers)': [{ securityContext: { runAsNonRoot: true } }],
          containers: [{ securityContext: { runAsNonRoot: true } }],
        },
      },
    ],
  }),
  'restrict-seccomp-strict': policyOf('restrict-seccomp-strict', {
    anyPattern: [
      { spec: { securityContext: strictProfile, ...inAll({ '=(securityContext)': profile }) } },
      {
        spec: {
          '=(ephemeralContainers)': [{ securityContext: strictProfile }],
          '=(initContainers)': [{ securityContext: strictProfile }],
          containers: [{ securityContext: strictProfile }],
        },
      },
    ],
  }),
  'restrict-volume-types': policyOf(
    'restrict-volume-types',
    all("{{ request.object.spec.volumes[].keys(@)[] || '' }}", 'AnyNotIn', VOLUMES),
    notDeleted,
  ),
  'disallow-latest-tag': policyWith('disallow-latest-tag', [
    {
      name: 'tag',
      match: { any: [{ resources: { kinds: ['Pod'] } }] },
      validate: pattern({ containers: [{ image: '*:*' }] }),
    },
    {
      name: 'latest',
      match: { any: [{ resources: { kinds: ['Pod'] } }] },
      validate: pattern({ containers: [{ image: '!*:latest' }] }),
    },
  ]),
  'require-labels': policyOf('require-labels', {
    pattern: { metadata: { labels: { 'app.kubernetes.io/name': '?*' } } },
  }),
  'require-requests-limits': policyOf(
    'require-requests-limits',
    pattern({ containers: [{ resources: { requests: { memory: '?*', cpu: '?*' }, limits: { memory: '?*' } } }] }),
  ),
  'restrict-image-registries': policyOf(
    'restrict-image-registries',
    pattern({
      '=(initContainers)': [{ image: 'registry.example/* | other.example/*' }],
      containers: [{ image: 'registry.example/* | other.example/*' }],
    }),
  ),
  'disallow-default-namespace': policyOf('disallow-default-namespace', {
    pattern: { metadata: { namespace: '!default' } },
  }),
  'disallow-host-ports-range': policyOf(
    'disallow-host-ports-range',
    all(`{{ ${CONTAINERS}.ports[].hostPort }}`, 'AnyNotIn', '5000-6000'),
    notDeleted,
  ),
};

/** Those of Kyverno's pod-security folder, baseline and restricted. */
export const POD_SECURITY = [
  ...[
    'disallow-capabilities',
    'disallow-host-namespaces',
    'disallow-host-path',
    'disallow-host-ports',
    'disallow-host-process',
  ],
  ...[
    'disallow-privileged-containers',
    'disallow-proc-mount',
    'disallow-selinux',
    'restrict-apparmor-profiles',
    'restrict-seccomp',
  ],
  ...[
    'restrict-sysctls',
    'disallow-capabilities-strict',
    'disallow-privilege-escalation',
    'require-run-as-non-root-user',
  ],
  ...['require-run-as-nonroot', 'restrict-seccomp-strict', 'restrict-volume-types'],
];
