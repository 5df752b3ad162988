import { type Mutation, mistakes } from '../helpers/mutate.ts';

/**
 * Deliberate mistakes in what is made of a container's capabilities, user and state, each of which some case has to
 * notice.
 */
export const MUTATIONS: readonly Mutation[] = [
  ...mistakes('capabilities/containerd.ts', [
    ['ALL is told by its case', "upper(name) === 'ALL'", "name === 'ALL'"],
    [
      'what is added goes last',
      'without(added, drop.map(upper))',
      'without(start, drop.map(upper)).union(added.difference(start))',
    ],
    [
      'CAP_ is taken off',
      'add.map(upper).filter(isCapability)',
      "add.map((name) => upper(name).replace(/^CAP_/, '')).filter(isCapability)",
    ],
    ['privileged looks at drop', 'if (privileged) return', 'if (privileged && drop.length === 0) return'],
    [
      'adding ALL beats dropping ALL',
      'all(drop) ? EMPTY : all(add) ? new Set(CAPABILITIES) : DEFAULTS',
      'all(add) ? new Set(CAPABILITIES) : all(drop) ? EMPTY : DEFAULTS',
    ],
    ['NET_RAW is no default', "'MKNOD', 'NET_RAW', 'SETGID'", "'MKNOD', 'SETGID'"],
  ]),
  ...mistakes('capabilities/cri-o.ts', [
    ['the default never changed', 'before(18) ? OLD_DEFAULTS : DEFAULTS', 'OLD_DEFAULTS'],
    ['the default changed one version later', 'before(18)', 'before(19)'],
    ['dropping ALL always worked', 'before(22)', 'before(1)'],
    ['dropping ALL works one version later', 'before(22)', 'before(23)'],
    ['privileged is not ambient', 'ambient: all, inheritable: all', 'ambient: EMPTY, inheritable: all'],
    ['everything is ambient', 'capabilities, ambient: EMPTY', 'capabilities, ambient: capabilities'],
    ['unknown names are passed over', 'if (unknown !== undefined) return', 'if (unknown === null) return'],
  ]),
  ...mistakes('capabilities/docker.ts', [
    ['what is dropped goes last', 'DEFAULTS.difference(drops).union(adds)', 'DEFAULTS.union(adds).difference(drops)'],
    ['dropping ALL beats adding ALL', "adds.has('ALL') ? all", "adds.has('ALL') && !drops.has('ALL') ? all"],
    ['its list was always the kernel’s', 'isOlder(version, 23, 0)', 'isOlder(version, 1, 0)'],
    [
      'privileged may be written anyhow',
      'if (unknown !== undefined) return',
      'if (unknown !== undefined && !privileged) return',
    ],
  ]),
  ...mistakes('capabilities/arithmetic.ts', [
    ['CAP_ALL is ALL', "written.startsWith('CAP_') && written !== 'CAP_ALL'", "written.startsWith('CAP_')"],
    ['CAP_ is a name of its own', "written.slice('CAP_'.length)", 'written'],
  ]),
  ...mistakes('rows.ts', [
    ['Windows has capabilities', "environment.os === 'windows' && !settings.hostProcess", 'false'],
    [
      'hostProcess is like any other',
      "environment.os === 'windows' && !settings.hostProcess",
      "environment.os === 'windows'",
    ],
    ["the node's network is the user namespace's", '!settings.hostUsers && settings.hostNetwork', 'false'],
    ['a user namespace protects the network', '!settings.hostUsers && settings.hostNetwork', '!settings.hostUsers'],
    ['the kubelet starts anybody', 'settings.neverStarts', 'false'],
    ['no_new_privs binds root', 'settings.user.nonRoot && settings.noNewPrivileges', 'settings.noNewPrivileges'],
    ['whoever is not root has nothing', 'settings.user.nonRoot && settings.noNewPrivileges', 'settings.user.nonRoot'],
    ['no_new_privs takes what is ambient', ' && !sets.ambient.has(capability),', ','],
    ['gVisor is like any other', "capability === 'NET_RAW' && environment.handler.kind === 'gvisor'", 'false'],
    ['an unknown handler is like any other', "environment.handler.kind === 'unknown'", 'false'],
    ['Sysbox drops what it is told', "source === null && environment.handler.kind !== 'sysbox'", 'source === null'],
    [
      'nothing is ambient',
      '=> sets.ambient.has(capability)',
      '=> capability.length === 0 && sets.ambient.has(capability)',
    ],
    ['an unknown user is root', 'settings.user.uid === 0', 'settings.user.uid === 0 || settings.user.uid === null'],
    [
      'an unknown user is never root',
      "when: ({ settings }) => settings.user.nonRoot,\n    reach: 'via-binary'",
      "when: ({ settings }) => settings.user.uid !== 0,\n    reach: 'via-binary'",
    ],
  ]),
  ...mistakes('power.ts', [
    ['several places are as the first', 'all.every(({ reach }) => reach === power.reach)', 'all.length > 0'],
    ['a profile gives something back', 'row.isSubjectToProfiles', 'true'],
    ['no profile binds', 'row.isSubjectToProfiles', 'false'],
    ['every profile binds privileged', 'settings.privileged ? ofPrivileged(settings, runtime) : settings', 'settings'],
    ['no profile binds privileged', "appArmor: family === 'cri-o' ? null : appArmor", 'appArmor: null'],
    ['AppArmor is forgotten', "appArmor?.type === 'Localhost'", 'false'],
    ['types of container-selinux are foreign', "'container_engine_t', 'spc_t'", "'container_engine_t'"],
    ['nothing is added', "adds.includes(capability) ? ['added']", "!adds ? ['added']"],
  ]),
  ...mistakes('container.ts', [
    ['the pod wins over the container', 'own.runAsUser ?? shared.runAsUser', 'shared.runAsUser ?? own.runAsUser'],
    ['the status is not looked at', 'runAsUser ?? status?.uid ?? null', 'runAsUser ?? null'],
    ['runAsNonRoot tells nothing', 'uid === null ? runAsNonRoot : uid !== 0', 'uid !== null && uid !== 0'],
    ['what is not said is false', 'own.allowPrivilegeEscalation === false', 'own.allowPrivilegeEscalation !== true'],
    ['seccomp of the pod is not looked at', 'own.seccomp ?? shared.seccomp', 'own.seccomp'],
    [
      'a pod that has ended goes on',
      "pod.phase === 'Succeeded' || pod.phase === 'Failed'",
      "pod.phase === 'Succeeded'",
    ],
    [
      'what is being deleted has ended',
      "status?.state === 'running' && !hasEnded",
      "status?.state === 'running' && !hasEnded && !pod.deleting",
    ],
    ['what is being deleted starts again', 'hasEnded || pod.deleting', 'hasEnded'],
    ['init containers start again', "if (kind === 'init' && exitCode === 0) return false;\n", ''],
    ['ephemeral ones start again', "if (kind === 'ephemeral') return false;\n", ''],
    ['OnFailure is Always', "(policy === 'OnFailure' && exitCode !== 0)", "policy === 'OnFailure'"],
    ['a policy of its own is not looked at', 'restartPolicy ?? pod.context.restartPolicy', 'pod.context.restartPolicy'],
  ]),
];
