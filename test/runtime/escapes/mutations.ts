import { mistakes as inFile, type Mutation } from '../../helpers/mutate.ts';

const mistakes = (file: string, rows: Parameters<typeof inFile>[1]): Mutation[] =>
  inFile(`runtime/escapes/${file}`, rows);

/**
 * Deliberate mistakes in the catalogue of escapes, among them those of other tools; each has to be noticed by some
 * trap.
 */
export const MUTATIONS: readonly Mutation[] = [
  ...mistakes('escapes-of.ts', [
    ['what has ended counts', "state !== 'finished'", "state !== 'waiting'"],
    ['what waits does not count', "state !== 'finished'", "state === 'running'"],
    ['what never starts counts', 'container.settings.neverStarts ? neverStarted(opening) : opening', 'opening'],
    ['Windows has everything of Linux', '!onWindows)', 'true)'],
    ['Linux has only what Windows has', 'windows || !onWindows', 'windows'],
    [
      'only regular containers',
      'containersOf(pod)',
      "containersOf(pod).filter(({ facts }) => facts.kind === 'regular')",
    ],
  ]),
  ...mistakes('bounds.ts', [
    [
      'a capability is a power for any user',
      'return isHeld ? yes() : depends(unknowns, leaning, [reason]);',
      'return yes();',
    ],
    [
      'a name of a sandbox is proof',
      "depends([handlerUnknown(handler.words)], 'no', [`${handler.words} has a kernel of its own`])",
      'no()',
    ],
    [
      'handlers do not matter',
      "if (handler.kind === 'native' || handler.kind === 'sysbox') return yes();",
      'if (handler) return yes();',
    ],
    [
      'user namespaces do not matter',
      'if (!settings.hostUsers) return no(',
      'if (settings.hostUsers === null) return no(',
    ],
    [
      'Sysbox does not matter',
      "handler.kind === 'sysbox' ? depends([handlerUnknown(handler.words)], 'no', [`${handler.words} has users of its own`]) : yes()",
      'yes()',
    ],
    [
      'images run as root',
      "if (!user.nonRoot) return depends([IMAGE_USER], 'yes', [\"if the image's user is root, else as file modes let it\"]);",
      'if (!user.nonRoot) return yes();',
    ],
    ['only an explicit user 0 is root', 'if (!user.nonRoot) return depends', 'if (user.uid === -1) return depends'],
    ['only root reaches files', 'return depends([MODES], null, ', 'return depends([MODES], "no", '],
    ['SELinux confines privileged containers', ' || privileged || ', ' || '],
    ['any type confines', "CONFINED.has(seLinuxType) ? 'no' : null", "'no'"],
  ]),
  ...mistakes('app-armor.ts', [
    ['every node has AppArmor', 'return depends([unknown], usual(osImage)', "return depends([unknown], 'no'"],
    [
      'no node has AppArmor',
      "if (privileged || appArmor?.type === 'Unconfined') return yes();",
      'if (privileged || appArmor === null) return yes();',
    ],
    [
      'RuntimeDefault may be without it',
      "if (appArmor?.type === 'RuntimeDefault') return no(",
      "if (appArmor?.type === '') return no(",
    ],
  ]),
  ...mistakes('host-path.ts', [
    ['the user is not looked at', '[isRoot(container), unlabelled(container)', '[unlabelled(container)'],
    ['a user namespace closes files', "depends([MAPPED], 'yes', ", "depends([MAPPED], 'no', "],
    ['a user namespace does not close /proc', 'kernel: overNode', 'kernel: (_, place) => sameKernel(place)'],
    [
      'sandboxes close files',
      'and(mappedFiles(container, place), sharedFiles(place))',
      'and(mappedFiles(container, place), sameKernel(place))',
    ],
    [
      'sockets work across kernels',
      'and(mappedFiles(container, place), sameKernel(place))',
      'and(mappedFiles(container, place), sharedFiles(place))',
    ],
    ['devices are files', '    container.settings.privileged\n', '    !container.settings.neverStarts\n'],
    [
      'what could not be looked through is nothing',
      "if (found.kind !== 'unknown' || mount.device) return [];",
      'return [];',
    ],
  ]),
  ...mistakes('path-gains.ts', [
    [
      'read-only is not looked at',
      'mounted.readOnly ? staysWritable(there, mounted, where) : yes<string>()',
      'yes<string>()',
    ],
    [
      'read-only is nothing',
      "if (write === null || stays.value === 'no') return reading;",
      "if (stays.value === 'no') return [];\n  if (write === null) return reading;",
    ],
    [
      'read-only covers what is mounted below',
      "if (!isMountedBelow(there, path) || recursiveReadOnly === 'Enabled') return no();",
      'return no();',
    ],
    ['recursive covers no more', " || recursiveReadOnly === 'Enabled'", ''],
    ['if possible is enough', 'recursiveReadOnly === null && !isRecursive(runtime)', '!isRecursive(runtime)'],
    [
      'docker is like the others',
      "family === 'docker' && (version === null",
      "family === 'cri-o' && (version === null",
    ],
    ['docker always did so', 'version.major >= 25', 'version.major >= 20'],
    [
      'variables are taken for nothing',
      "exact ? yes() : depends([SUB_PATH], null, ['if its subPathExpr leads there'])",
      'yes()',
    ],
    ['what is doubtful hides what can be read', '...(isDoubtful && read !== write ? reading : [])', ''],
    ['any socket is of any runtime', 'if (isChecked || hasRuntime(there, where)) return yes();', 'return yes();'],
    ['what the kubelet found is forgotten', 'if (isChecked || ', 'if ('],
    ['what it has yet to find is found', ' && where.isRunning', ''],
    ['types are not looked at', "if (type === '' || there.kind === 'devices') return yes();", 'return yes();'],
    ['a socket may be made', "(type === `${shape}OrCreate` && shape !== 'Socket')", 'type.endsWith("OrCreate")'],
    [
      'what is above may be a file',
      "isOneOf || isAbove(path, there) ? 'Directory' : null",
      "isOneOf ? 'Directory' : null",
    ],
    [
      'every node is of the control plane',
      'doubt.isSettledByControlPlane && isControlPlane',
      'doubt.isSettledByControlPlane',
    ],
    ['no node is', '!(doubt.isSettledByControlPlane && isControlPlane)', 'true'],
  ]),
  ...mistakes('mounted.ts', [
    ['volumes count that nothing mounts', 'each.name === mount.volume', 'each.name !== mount.path'],
    ['subPath is not looked at', '`${path}/${known}`', 'path'],
    ['a claim that is read-only is writable', 'readOnly: mount.readOnly || readOnly', 'readOnly: mount.readOnly'],
    ['the type is that of a part', "subPath === null ? type : ''", 'type'],
    [
      'claims are not looked through',
      "found.kind === 'path' && !mount.device ? [pathOf(mount, found, volume.readOnly)] : []",
      '[]',
    ],
    ['subPathExpr is a name', 'below.search(/\\$[$(]/)', '-1'],
  ]),
  ...mistakes('node-paths.ts', [
    ['paths as they are spelled', "else if (part !== '' && part !== '.') parts.push(part);", 'else parts.push(part);'],
    ['/var/run is another place', ".replace(/^\\/var\\/run(?=\\/|$)/, '/run')", ''],
    ['the root of a process is in /proc', ".replace(/^\\/proc\\/(?:\\d+|self)\\/root(?=\\/|$)/, '')", ''],
    ['parents do not count', 'below.includes(row) || ', ''],
    ['what is inside does not count', ' || (above.includes(row) && depthOver(row, path) === deepest)', ''],
    ['a directory speaks for what has a row of its own', ' && depthOver(row, path) === deepest', ''],
    [
      'what is above is mounted below',
      'mountPointOf(each) !== path && isInside(mountPointOf(each), path)',
      'isInside(mountPointOf(each), path)',
    ],
    ['/proc is no mount of its own', "isInside(path, '/proc') ? '/proc' : path", 'path'],
    ['names that begin alike', 'path}/`.startsWith(`${folder}/`)', 'path}`.startsWith(`${folder}`)'],
    ['/ has no socket in it', '= [ROOT, ...RUNTIME_SOCKETS]', '= [ROOT]'],
    ['/ that is read-only has no /proc in it', 'readOnly ? [...WHOLE, ...KERNEL_SETTINGS] : WHOLE', 'WHOLE'],
    ['exceptions are forgotten', '!except.some((each) => isInside(path, each)) && ', ''],
    ['Windows has drives', ".replace(/^[a-z]:/i, '')", ''],
    ['read-only closes a socket', 'write: socket, read: socket', 'write: socket, read: null'],
    ['containerd alone has a socket', "'/run/crio/crio.sock'", "'/run/crio'.repeat(2)"],
    [
      'v1 has release_agent everywhere',
      "leaning: 'no', words: 'if the node still has that'",
      "leaning: 'yes', words: 'if the node still has that'",
    ],
  ]),
  ...mistakes('node-capabilities.ts', [
    [
      'SYS_PTRACE alone',
      "words: 'with hostPID it takes over processes of the node', needs: 'hostPID' }",
      "words: 'it takes over processes of the node' }",
    ],
    ['BPF alone', "with: ['PERFMON', 'SYS_ADMIN'] }", '}'],
    ['small letters are other names', 'written.toUpperCase().replace', 'written.replace'],
    ['the prefix is part of the name', "replace(/^CAP_/, '')", "replace(/^CAP_X/, '')"],
    ['seccomp lets kexec through', 'seccomp: true, doubt', 'doubt'],
    ['any pod is spoofed', ", needs: 'own network', doubt: WIRING }", ", needs: 'own network' }"],
    ['mounts are all', ', partly: true }', ' }'],
    [
      'defaults are told',
      "words: 'gives capabilities to files', onlyAdded: true",
      "words: 'gives capabilities to files'",
    ],
  ]),
  ...mistakes('capability.ts', [
    [
      'user namespaces take the own network',
      "needs === 'own network' || needs === 'hostNetwork' ? networkOf(place) : overNode(container, place)",
      'overNode(container, place)',
    ],
    [
      'what is asked for and denied is not told',
      "if (!asked && (reach === 'no' || onlyAdded)) return [];",
      "if (reach === 'no' || (!asked && onlyAdded)) return [];",
    ],
    ['privileged is told once more for each', 'if (settings.privileged && !OF_NETWORK.has(gain)) return [];', ''],
    [
      'privileged has no network',
      'if (settings.privileged && !OF_NETWORK.has(gain)) return [];',
      'if (settings.privileged) return [];',
    ],
    [
      'guests have a network of their own',
      "place.environments[0].handler.kind === 'vm' ? yes() : sameKernel(place)",
      'sameKernel(place)',
    ],
    [
      'AppArmor alone is enough against SYS_ADMIN',
      "if (!partly || bound.value === 'yes') return bound;",
      'return bound;',
    ],
  ]),
  ...mistakes('privileged.ts', [
    [
      'hostPID is enough',
      'container.settings.privileged && container.pod.context.hostPID',
      'container.pod.context.hostPID',
    ],
    [
      'any user is powerful',
      "[holds('SYS_ADMIN', container, place), overNode(container, place)]",
      '[overNode(container, place)]',
    ],
  ]),
  ...mistakes('host-namespaces.ts', [
    ['hostPID is root', "              'other pods',\n", "              'node root',\n"],
    ['hostNetwork is root', "opening('node network'", "opening('node root'"],
  ]),
  ...mistakes('proc-mount.ts', [
    ['AppArmor is not asked', "            unconfined(container, place, 'writing to /proc/sys'),\n", ''],
  ]),
  ...mistakes('profiles.ts', [
    [
      'no profile is a profile',
      "(seccomp !== null && seccomp.type !== 'Unconfined')",
      "seccomp?.type !== 'Unconfined'",
    ],
  ]),
  ...mistakes('shared-processes.ts', [
    [
      'users do not matter',
      'and(sameUser(container, other), hasNoLess(container, other, place))',
      'hasNoLess(container, other, place)',
    ],
    [
      'capabilities do not matter',
      'and(sameUser(container, other), hasNoLess(container, other, place))',
      'sameUser(container, other)',
    ],
    ['SYS_PTRACE is nothing', "or(holds('SYS_PTRACE', container, place), alike)", 'alike'],
    ['it is shared with what has ended', " && state !== 'finished'", ''],
    ['it needs nobody else', 'facts.name !== container.facts.name && ', ''],
  ]),
  ...mistakes('git-repo.ts', [
    ['kubelets are as new as the server', 'minor: version.minor - KUBELET_SKEW', 'minor: version.minor'],
    [
      'nobody ever closed it',
      'if (compareVersions(oldest, CLOSED) >= 0) return no(',
      'if (compareVersions(oldest, CLOSED) > 99) return no(',
    ],
  ]),
  ...mistakes('secrets.ts', [['the environment has none', '[...mounted, ...container.facts.secrets]', 'mounted']]),
  ...mistakes('sysctls.ts', [['all parameters are unsafe', '!SAFE.has', '!!SAFE.size || !SAFE.has']]),
  ...mistakes('host-ports.ts', [['hostNetwork has ports of its own', ' && !settings.hostNetwork', '']]),
  ...mistakes('windows-host-process.ts', [
    ['environments do not matter', "environments.every(({ os }) => os === 'linux')", 'environments.length === 0'],
  ]),
];
