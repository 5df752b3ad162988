import type { Mutation } from '../mutate.ts';

/**
 * Deliberate mistakes in src/admission/pod-security: each must have another answer to a recorded pod than the server
 * had.
 */
export const MUTATIONS: readonly Mutation[] = [
  ...mistakes('checks/host-namespaces.ts', [
    ['hostIPC is forgotten', "'hostNetwork', 'hostPID', 'hostIPC'] as const", "'hostNetwork', 'hostPID'] as const"],
    ['hostNetwork is forgotten', "'hostNetwork', 'hostPID', 'hostIPC'] as const", "'hostPID', 'hostIPC'] as const"],
  ]),
  ...mistakes('checks/privileged.ts', [['privileged is not looked at', 'each.privileged', 'false']]),
  ...mistakes('checks/capabilities-baseline.ts', [
    ['MKNOD is not a default', "'MKNOD', ", ''],
    ['SYS_ADMIN is a default', "'SETUID', 'SYS_CHROOT'", "'SETUID', 'SYS_CHROOT', 'SYS_ADMIN'"],
    ['ALL is a default', "'SETUID', 'SYS_CHROOT'", "'SETUID', 'SYS_CHROOT', 'ALL'"],
    [
      'case does not count',
      'add.some((each) => !DEFAULTS.has(each))',
      'add.some((each) => !DEFAULTS.has(each.toUpperCase()))',
    ],
    [
      'CAP_ may precede',
      'add.some((each) => !DEFAULTS.has(each))',
      "add.some((each) => !DEFAULTS.has(each.replace('CAP_', '')))",
    ],
  ]),
  ...mistakes('checks/capabilities-restricted.ts', [
    ['ALL need not be dropped', "!drop.includes('ALL')", 'false'],
    ['all will do', "drop.includes('ALL')", "drop.map((each) => each.toUpperCase()).includes('ALL')"],
    ['nothing at all may be added', "capability !== 'NET_BIND_SERVICE'", 'capability !== null'],
    ['one version early', "since: '1.22'", "since: '1.21'"],
    ['Windows is asked too', 'isWindows(pod) ? null : since22(pod)', 'since22(pod)'],
    ['Windows is let off early', "since: '1.25'", "since: '1.24'"],
    ['the baseline check stays', "overrides: ['capabilities_baseline']", 'overrides: []'],
  ]),
  ...mistakes('checks/host-path-volumes.ts', [['hostPath is not looked at', "sources.includes('hostPath')", 'false']]),
  ...mistakes('checks/host-ports.ts', [
    ['ports are not looked at', 'each.hostPorts.length > 0', 'false'],
    [
      'ports are sorted as numbers',
      'sorted(bad.flatMap((each) => each.hostPorts.map(String)))',
      '[...new Set(bad.flatMap((each) => each.hostPorts))].sort((a, b) => a - b)',
    ],
  ]),
  ...mistakes('checks/host-probes.ts', [['one version late', "since: '1.34'", "since: '1.35'"]]),
  ...mistakes('checks/app-armor-profile.ts', [
    ['Localhost is forbidden', " && type !== 'Localhost'", ''],
    [
      'Unconfined is allowed',
      "type !== null && type !== 'RuntimeDefault'",
      "type !== null && type !== 'Unconfined' && type !== 'RuntimeDefault'",
    ],
    ['annotations are not looked at', '!isAllowed(value)', 'false'],
    ['an empty annotation is forbidden', "annotation === '' || ", ''],
  ]),
  ...mistakes('checks/se-linux-options.ts', [
    ['the user may be set', "seLinux.user !== ''", 'false'],
    ['the role may be set', "seLinux.role !== ''", 'false'],
    ['container_kvm_t is forbidden', ", 'container_kvm_t'", ''],
    ['container_engine_t a version early', "since: '1.31'", "since: '1.30'"],
    ['no type is a bad type', "['', 'container_t'", "['container_t'"],
  ]),
  ...mistakes('checks/proc-mount.ts', [
    ['Default is forbidden', " && procMount !== 'Default'", ''],
    ['no relaxation for pods with users of their own', 'hasOwnUsers(pod) ? null : always(pod)', 'always(pod)'],
    ['relaxed a version early', "since: '1.35', run: (pod)", "since: '1.34', run: (pod)"],
    [
      'restricted is relaxed too',
      "versions: [{ since: '1.35', run: always }]",
      "versions: [{ since: '1.35', run: () => null }]",
    ],
  ]),
  ...mistakes('checks/seccomp-profile-baseline.ts', [
    ['Localhost is forbidden', "type !== 'Localhost' && ", ''],
    ['fields are looked at a version late', "since: '1.19'", "since: '1.20'"],
    ["the pod's annotation is not looked at", '[POD_ANNOTATION, ...', '[...'],
    [
      "the containers' annotations are not looked at",
      ', ...containers.map(({ name }) => CONTAINER_ANNOTATION + name)',
      '',
    ],
  ]),
  ...mistakes('checks/seccomp-profile-restricted.ts', [
    ['a profile of the pod is not enough', 'switchedOff || pod.seccomp !== null', 'switchedOff'],
    ['no profile will do', 'seccomp === null', 'seccomp === undefined'],
    ['Windows is asked too', 'isWindows(pod) ? null : since19(pod)', 'since19(pod)'],
    ['one version late', "since: '1.19'", "since: '1.20'"],
  ]),
  ...mistakes('checks/sysctls.ts', [
    ['ip_local_reserved_ports is forgotten', "since: '1.27', run: allowing(V27)", "since: '1.27', run: allowing(V0)"],
    ['tcp_fin_timeout is forgotten', "  'net.ipv4.tcp_fin_timeout',\n", ''],
    ['tcp_rmem a version early', "since: '1.32'", "since: '1.31'"],
    ['what is new in 1.37 is forgotten', 'allowing(V37)', 'allowing(V32)'],
    ['slashes will do', '!names.includes(each)', "!names.includes(each.replaceAll('/', '.'))"],
  ]),
  ...mistakes('checks/windows-host-process.ts', [
    ["the pod's is not looked at", '!hostProcess && bad', 'bad'],
    [
      "the containers' are not looked at",
      'containers.filter((each) => each.hostProcess)',
      'containers.filter(() => false)',
    ],
  ]),
  ...mistakes('checks/restricted-volumes.ts', [
    ['ephemeral volumes are restricted', ", 'ephemeral'", ''],
    ['image volumes are restricted', ", 'image'", ''],
    ['hostPath is told twice', "overrides: ['hostPathVolumes']", 'overrides: []'],
  ]),
  ...mistakes('checks/run-as-non-root.ts', [
    [
      'false in a container is outdone by the pod',
      "if (setters !== '')",
      "if (setters !== '' && pod.runAsNonRoot !== true)",
    ],
    ['a pod that says true is not enough', 'if (pod.runAsNonRoot === true) return null;', ''],
    ['no relaxation for pods with users of their own', 'hasOwnUsers(pod) ? null : always(pod)', 'always(pod)'],
    ['relaxed a version early', "since: '1.35'", "since: '1.34'"],
  ]),
  ...mistakes('checks/run-as-user.ts', [
    ["the pod's user is not looked at", 'settersNamed(pod.runAsUser === 0, bad)', 'settersNamed(false, bad)'],
    ['one version early', "since: '1.23'", "since: '1.22'"],
  ]),
  ...mistakes('checks/allow-privilege-escalation.ts', [
    ['left out is enough', 'allowPrivilegeEscalation !== false', 'allowPrivilegeEscalation === true'],
    ['one version early', "since: '1.8'", "since: '1.7'"],
    ['Windows is asked too', 'isWindows(pod) ? null : since8(pod)', 'since8(pod)'],
  ]),
  ...mistakes('pod.ts', [
    [
      'init containers are not looked at',
      "['initContainers', 'containers', 'ephemeralContainers'] as const",
      "['containers', 'ephemeralContainers'] as const",
    ],
    ['startup probes are not looked at', ", 'startupProbe'] as const", '] as const'],
    ['tcpSocket is not looked at', "['httpGet', 'tcpSocket']", "['httpGet']"],
    ['hooks before the stop are not looked at', "['postStart', 'preStop'] as const", "['postStart'] as const"],
  ]),
  ...mistakes('evaluate.ts', [
    [
      'restricted alone is asked, without baseline',
      "(level === 'restricted' || check.level === 'baseline')",
      '(check.level === level)',
    ],
    ['a version that is newer than the server counts', 'Math.min(version.minor, newest.minor)', 'version.minor'],
    ['latest is 1.36', "version === 'latest' ? newest.minor", "version === 'latest' ? Math.min(newest.minor, 36)"],
    [
      'latest is what we know, not what the server does',
      'compareVersions(serverVersion, NEWEST) < 0 ? serverVersion : NEWEST',
      'NEWEST',
    ],
    ['a check starts one version late', '<= minor)', '< minor)'],
    [
      'violations in the order of their ids alone',
      "a.level === b.level ? (a.id < b.id ? -1 : 1) : a.level === 'baseline' ? -1 : 1",
      '(a.id < b.id ? -1 : 1)',
    ],
  ]),
  ...mistakes('labels.ts', [
    ['a bad level is the default', "read('enforce', 'restricted')", "read('enforce', 'privileged')"],
    [
      'a bad version is the oldest',
      "parsePolicyVersion(version), 'latest', VERSION_MESSAGE",
      'parsePolicyVersion(version), { major: 1, minor: 0 }, VERSION_MESSAGE',
    ],
  ]),
  ...mistakes('level.ts', [
    [
      'levels in capitals',
      'LEVELS.find((level) => level === text)',
      'LEVELS.find((level) => level === text.toLowerCase())',
    ],
    ['versions without v', '/^v1', '/^v?1'],
    ['leading zeros', '(0|[1-9][0-9]*)', '([0-9]+)'],
    ['numbers beyond all bounds', 'match && minor <= MAX_INT', 'match'],
  ]),
];

/** Deliberate mistakes about which updates are looked at. */
export const UPDATE_MUTATIONS: readonly Mutation[] = [
  ...mistakes('significance.ts', [
    ['images of containers do not count', "['containers', 'initContainers'].some", "['initContainers'].some"],
    ['images of init containers do not count', "['containers', 'initContainers'].some", "['containers'].some"],
    [
      'the number of containers is all that counts',
      'imageOf(each) !== imageOf(old[index] ?? {})',
      'index < 0 && old.length < 0 && each === null',
    ],
    [
      'new ephemeral containers do not count',
      "hasNewEphemeral(children(spec, 'ephemeralContainers'),",
      'hasNewEphemeral([],',
    ],
    ['ephemeral containers that were there count', "children(oldSpec, 'ephemeralContainers'))\n", '[])\n'],
  ]),
  ...mistakes('layer.ts', [
    ['every update counts', 'isSignificantUpdate(object, oldObject)', 'oldObject !== null'],
    ['updates are not looked at', "operation === 'UPDATE' &&", "operation === 'DELETE' &&"],
  ]),
];

function mistakes(file: string, list: [name: string, from: string, to: string][]): Mutation[] {
  return list.map(([name, from, to]) => ({ name: `${file}: ${name}`, file, from, to }));
}
