import { maxOf } from '../../answer/many.ts';
import type { Unknown } from '../../answer/unknown.ts';
import type { Leaning } from '../../answer/verdict.ts';
import type { Family } from '../runtimes/runtime.ts';
import type { Gain } from './escape.ts';

/** A place in the file system of a node that is useful to an attacker. */
export interface NodePath {
  /** The id of the escape. */
  id: string;
  paths: readonly string[];
  /** Places inside of them that are something else. */
  except?: readonly string[];
  /**
   * What is behind it. `files` are also shared with a guest's kernel, and with a user namespace through ID-mapped
   * mounts. What the `kernel` shows as files, a `socket` and `devices` are not.
   */
  kind: 'files' | 'kernel' | 'socket' | 'devices';
  /** Whether the paths are single files; otherwise they are directories or sockets. */
  isFile?: true;
  /**
   * Whether a file system is mounted there on every node, so that a read-only mount of a directory above does not
   * protect it.
   */
  isMountPoint?: true;
  /** The runtimes that have it; absent where every node has it, and empty where no runtime of a kubelet brings it. */
  runtimes?: readonly Family[];
  /** What writing and reading there gives; null for nothing of note. */
  write: Effect | null;
  read: Effect | null;
}

export interface Effect {
  gain: Gain;
  words: string;
  doubt?: Doubt;
}

/** A further condition. */
export interface Doubt {
  leaning: Leaning;
  words: string;
  unknown: Unknown;
  /** Whether the labels of a control plane node settle it. */
  isSettledByControlPlane?: true;
}

/**
 * The rows of the catalogue for a mounted path: those that contain it, and those inside it. Where a part of a directory
 * has a row of its own, the row of the directory does not count for that part. For the root of the node only its own
 * row counts, with sockets and what `readOnly` does not protect. Pure.
 */
export function nodePathsAt(path: string, readOnly = false): readonly NodePath[] {
  if (path === '/') return readOnly ? [...WHOLE, ...KERNEL_SETTINGS] : WHOLE;
  const below = NODE_PATHS.filter(({ paths }) => paths.some((each) => each !== path && isInside(each, path)));
  const above = NODE_PATHS.filter(
    ({ paths, except = [] }) =>
      !except.some((each) => isInside(path, each)) && paths.some((each) => isInside(path, each)),
  );
  const deepest = maxOf(above.map((row) => depthOver(row, path)));
  return NODE_PATHS.filter((row) => below.includes(row) || (above.includes(row) && depthOver(row, path) === deepest));
}

/** The length of the row's path that contains `path`. */
const depthOver = ({ paths }: NodePath, path: string): number =>
  maxOf(paths.filter((each) => isInside(path, each)).map(({ length }) => length));

/**
 * Whether the row is below a mounted path on a mount of its own, which stays writable under a read-only mount that is
 * not recursive.
 */
export const isMountedBelow = ({ paths, isMountPoint }: NodePath, path: string): boolean =>
  isMountPoint === true && paths.some((each) => mountPointOf(each) !== path && isInside(mountPointOf(each), path));

/** The mount point of a path: for everything in /proc it is /proc itself. */
const mountPointOf = (path: string): string => (isInside(path, '/proc') ? '/proc' : path);

/**
 * The canonical spelling of a path of the node: without `//`, `/.`, a slash at the end, the link from /var/run to /run,
 * the /proc root of a process of the node, and on Windows the drive. `..` is resolved, although the API refuses it.
 */
export function normalPath(path: string): string {
  const parts: string[] = [];
  for (const part of path
    .replaceAll('\\', '/')
    .replace(/^[a-z]:/i, '')
    .split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return (
    `/${parts.join('/')}`.replace(/^\/proc\/(?:\d+|self)\/root(?=\/|$)/, '').replace(/^\/var\/run(?=\/|$)/, '/run') ||
    '/'
  );
}

/** The places where k3s and RKE2 both keep the same things. */
function rancher(...parts: string[]): string[] {
  return ['k3s', 'rke2'].map((name) => ['/var/lib/rancher', name, ...parts].join('/'));
}

const isInside = (path: string, folder: string): boolean => folder === '/' || `${path}/`.startsWith(`${folder}/`);

const effect = (gain: Gain, words: string, doubt?: Doubt): Effect => ({ gain, words, ...(doubt ? { doubt } : {}) });

const ROOT: NodePath = {
  ...{ id: 'hostpath-root', paths: ['/'], kind: 'files' },
  write: effect('node root', 'all files of the node: its cron jobs, SSH keys, static pods'),
  read: effect('node data', "all files of the node: tokens of its pods, the kubelet's key, SSH keys"),
};

/** A socket works on a read-only mount too. dockerd includes containerd; podman serves no kubelet. */
function socketOf(name: string, runtimes: readonly Family[], paths: readonly string[]): NodePath {
  const socket = effect('node root', `the socket of ${name}, read-only or not`);
  return { id: 'hostpath-runtime-socket', paths, kind: 'socket', runtimes, write: socket, read: socket };
}

const RUNTIME_SOCKETS: readonly NodePath[] = [
  socketOf(
    'containerd',
    ['containerd', 'docker'],
    [
      ...[
        '/run/containerd/containerd.sock',
        '/run/k3s/containerd/containerd.sock',
        '/run/k0s/containerd.sock',
        '/pipe/containerd-containerd',
      ],
    ],
  ),
  socketOf('CRI-O', ['cri-o'], ['/run/crio/crio.sock']),
  socketOf(
    'docker',
    ['docker'],
    ['/run/docker.sock', '/run/cri-dockerd.sock', '/run/dockershim.sock', '/pipe/docker_engine'],
  ),
  socketOf('podman', [], ['/run/podman/podman.sock']),
];

const BUS = effect('node root', "the node's system bus, by which systemd obeys root", {
  leaning: 'yes',
  words: 'if its policy lets it',
  unknown: {
    kind: 'invisible',
    what: 'what the system bus of the node lets through',
    why: 'its policy, and AppArmor, are on the node',
    affects: 'containers that mount it',
  },
});

const KERNEL_BUILD: Unknown = {
  kind: 'invisible',
  what: 'how the kernel of the node is built and locked down',
  why: 'it is not in the API',
  affects: 'what writing to it does',
};

const CGROUP: Unknown = {
  kind: 'invisible',
  what: 'whether the node still has cgroup v1',
  why: 'it is not in the API',
  affects: 'release_agent, which cgroup v2 does not have',
};

const LOG_READERS: Unknown = {
  kind: 'unmodelled',
  what: 'who reads logs of the node (nodes/log), or of this pod (pods/log), through the kubelet',
  why: 'the kubelet follows the links that it finds there',
  affects: 'containers that write to /var/log',
};

/**
 * The places where runtimes keep images and container layers, and where the root file systems of running containers are
 * mounted.
 */
const STORAGE: readonly [paths: string[], runtimes: Family[]][] = [
  [['/var/lib/containerd'], ['containerd', 'docker']],
  [['/var/lib/docker'], ['docker']],
  [['/var/lib/containers'], ['cri-o']],
];
const RUNNING: typeof STORAGE = [
  [['/run/containerd/io.containerd.runtime.v2.task'], ['containerd', 'docker']],
  [['/var/lib/docker/overlay2'], ['docker']],
  [['/var/lib/containers/storage/overlay'], ['cri-o']],
];

const CONTROL_PLANE: Unknown = {
  kind: 'invisible',
  what: 'whether the node is one of the control plane',
  why: 'no label of it says so',
  affects: 'what is there',
};

const ON_CONTROL_PLANE = {
  leaning: null,
  words: 'if the node is one of the control plane',
  unknown: CONTROL_PLANE,
  isSettledByControlPlane: true,
} as const;

const CLUSTER_KEYS = 'the keys of the CA, by which one becomes cluster-admin';

/**
 * The catalogue of hostPath. Sources: kubeadm, k3s, RKE2 and k0s for their directories; core(5), cgroups(7), proc(5);
 * kubelet server.go, which serves /var/log. Writing gives more than reading, so that a writable mount has both gains
 * where that of writing depends on something.
 */
export const NODE_PATHS: readonly NodePath[] = [
  {
    id: 'hostpath-kubelet',
    paths: ['/var/lib/kubelet/pods'],
    kind: 'files',
    write: effect(
      'node root',
      'volumes of all pods of the node, among them their tokens; a link in the place of one leads to any directory of the node',
    ),
    read: effect('node data', 'tokens, Secrets and other volumes of all pods of the node'),
  },
  {
    id: 'hostpath-kubelet',
    paths: ['/var/lib/kubelet/pki'],
    kind: 'files',
    write: effect('node data', "the kubelet's client certificate and key"),
    read: effect('node data', "the kubelet's client certificate and key"),
  },
  {
    id: 'hostpath-kubelet',
    paths: ['/var/lib/kubelet/kubeconfig', '/var/lib/kubelet/bootstrap-kubeconfig', '/etc/kubernetes/kubelet.conf'],
    kind: 'files',
    isFile: true,
    write: effect('node root', 'the credentials of the kubelet, and which API server it obeys'),
    read: effect('node data', 'the credentials of the kubelet'),
  },
  {
    id: 'hostpath-kubelet',
    paths: [
      '/var/lib/kubelet/config.yaml',
      '/var/lib/kubelet/kubeadm-flags.env',
      '/etc/default/kubelet',
      '/etc/sysconfig/kubelet',
    ],
    kind: 'files',
    isFile: true,
    write: effect('node root', 'the configuration of the kubelet: where its static pods are, and whom it lets in'),
    read: effect('help', 'the configuration of the kubelet'),
  },
  {
    id: 'hostpath-etc-kubernetes',
    paths: [
      '/etc/kubernetes/manifests',
      '/var/lib/k0s/manifests',
      ...rancher('server', 'manifests'),
      ...rancher('agent', 'pod-manifests'),
    ],
    kind: 'files',
    write: effect('node root', 'static pods and manifests, which no admission sees'),
    read: effect('help', 'manifests of static pods, with the flags of the control plane where it runs here'),
  },
  {
    id: 'hostpath-etc-kubernetes',
    paths: [
      '/etc/kubernetes/pki',
      '/etc/kubernetes/ssl',
      '/var/lib/k0s/pki',
      '/srv/kubernetes',
      ...rancher('server', 'tls'),
    ],
    kind: 'files',
    write: effect('node root', CLUSTER_KEYS, ON_CONTROL_PLANE),
    read: effect('node data', 'keys and certificates, where the node is one of the control plane those of the CA'),
  },
  {
    id: 'hostpath-etc-kubernetes',
    paths: ['admin.conf', 'super-admin.conf', 'controller-manager.conf', 'scheduler.conf'].map(
      (name) => `/etc/kubernetes/${name}`,
    ),
    kind: 'files',
    isFile: true,
    write: effect('node data', 'credentials of the control plane, where the node is one of it'),
    read: effect('node data', 'credentials of the control plane, where the node is one of it'),
  },
  {
    id: 'hostpath-etc-kubernetes',
    paths: ['/etc/kubernetes', '/etc/rancher', ...rancher('server'), ...rancher('agent')],
    kind: 'files',
    write: effect(
      'node root',
      'static pods, which no admission sees, and credentials of the node and the control plane',
    ),
    read: effect('node data', 'credentials of the node, and of the control plane where it is one'),
  },
  ...RUNTIME_SOCKETS,
  {
    id: 'hostpath-system-bus',
    paths: ['/run/dbus/system_bus_socket', '/run/systemd/private'],
    kind: 'socket',
    write: BUS,
    read: BUS,
  },
  {
    id: 'hostpath-etcd',
    paths: ['/var/lib/etcd'],
    kind: 'files',
    write: effect('node root', 'the state of the whole cluster', ON_CONTROL_PLANE),
    read: effect('node data', 'the state of the whole cluster, its Secrets included, where the node keeps it'),
  },
  ...STORAGE.map(
    ([paths, runtimes]): NodePath => ({
      ...{ id: 'hostpath-container-storage', paths, kind: 'files', runtimes },
      write: effect('node root', 'the files of all containers of the node, privileged ones included'),
      read: effect('other pods', 'the files of all containers of the node'),
    }),
  ),
  ...RUNNING.map(
    ([paths, runtimes]): NodePath => ({
      ...{ id: 'hostpath-container-storage', paths, kind: 'files', runtimes, isMountPoint: true },
      write: effect(
        'node root',
        'the root file systems of all running containers of the node, privileged ones included',
      ),
      read: effect('other pods', 'the root file systems of all running containers of the node'),
    }),
  ),
  {
    ...{ id: 'hostpath-container-storage', paths: ['/var/lib/docker/containers'], kind: 'files', runtimes: ['docker'] },
    write: effect('node root', 'the configuration of all containers of the node, by which docker starts them again'),
    read: effect('other pods', 'logs, configuration and environment of all containers of the node'),
  },
  {
    id: 'hostpath-passwords',
    paths: ['/etc/shadow', '/etc/gshadow'],
    kind: 'files',
    isFile: true,
    write: effect('node root', 'who may log in on the node as root'),
    read: effect('node data', 'password hashes of the users of the node'),
  },
  {
    id: 'hostpath-passwords',
    paths: ['/etc/passwd', '/etc/group', '/etc/sudoers', '/etc/ld.so.preload', '/etc/crontab'],
    kind: 'files',
    isFile: true,
    write: effect('node root', 'who is root on the node, or what runs there as root'),
    read: effect('help', 'users of the node and what they may run'),
  },
  {
    id: 'hostpath-ssh',
    paths: ['/etc/ssh'],
    kind: 'files',
    write: effect('node root', 'whom the SSH server of the node lets in'),
    read: effect('node data', 'the host keys of the node'),
  },
  {
    id: 'hostpath-programs',
    paths: [
      ...['/bin', '/sbin', '/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/opt/cni/bin', '/opt/bin'],
      ...['/lib', '/lib64', '/usr/lib', '/usr/lib64', '/usr/libexec'],
    ],
    kind: 'files',
    write: effect('node root', 'programs and libraries that the node runs as root'),
    read: null,
  },
  {
    id: 'hostpath-programs',
    paths: [
      ...['/etc/systemd', '/lib/systemd/system', '/usr/lib/systemd/system', '/run/systemd/system'],
      ...[
        '/etc/udev/rules.d',
        '/run/udev/rules.d',
        '/etc/init.d',
        '/etc/profile.d',
        '/etc/pam.d',
        '/etc/sudoers.d',
        '/etc/cni/net.d',
      ],
    ],
    kind: 'files',
    write: effect('node root', 'what the node starts as root: units, rules and scripts'),
    read: null,
  },
  {
    id: 'hostpath-cron',
    paths: [
      '/etc/cron.d',
      '/etc/cron.hourly',
      '/etc/cron.daily',
      '/etc/cron.weekly',
      '/etc/cron.monthly',
      '/var/spool/cron',
    ],
    kind: 'files',
    write: effect('node root', 'cron jobs of the node'),
    read: null,
  },
  {
    id: 'hostpath-home-root',
    paths: ['/root', '/home'],
    kind: 'files',
    write: effect('node root', 'SSH keys that the node lets in'),
    read: effect('node data', 'private keys and kubeconfigs of those who administer the node'),
  },
  {
    id: 'hostpath-proc',
    paths: ['/proc/sys/kernel', '/proc/sys/fs/binfmt_misc', '/proc/sysrq-trigger'],
    kind: 'kernel',
    isMountPoint: true,
    write: effect('node root', 'core_pattern, by which a crash starts a program as root of the node'),
    read: null,
  },
  {
    id: 'hostpath-proc',
    paths: ['/proc/1'],
    kind: 'kernel',
    isMountPoint: true,
    write: null,
    read: effect('other pods', 'processes of the node; files and environment of those of its user'),
  },
  {
    id: 'hostpath-sys',
    paths: ['/sys/kernel'],
    kind: 'kernel',
    write: effect('node root', 'settings of the kernel, such as uevent_helper', {
      leaning: null,
      words: 'if the kernel has it',
      unknown: KERNEL_BUILD,
    }),
    read: null,
  },
  {
    id: 'hostpath-cgroup',
    paths: ['/sys/fs/cgroup'],
    kind: 'kernel',
    isMountPoint: true,
    write: effect('node root', 'release_agent of cgroup v1', {
      leaning: 'no',
      words: 'if the node still has that',
      unknown: CGROUP,
    }),
    read: null,
  },
  {
    id: 'hostpath-varlog',
    paths: ['/var/log/pods', '/var/log/containers'],
    kind: 'files',
    write: effect('node data', 'links from logs to files, which the kubelet follows', {
      leaning: null,
      words: 'for somebody who may read logs of the node',
      unknown: LOG_READERS,
    }),
    read: effect('other pods', 'the logs of all pods of the node'),
  },
  {
    id: 'hostpath-dev',
    paths: ['/dev'],
    except: [
      'shm',
      'log',
      'pts',
      'mqueue',
      'hugepages',
      'termination-log',
      'null',
      'zero',
      'full',
      'random',
      'urandom',
      'tty',
    ].map((name) => `/dev/${name}`),
    kind: 'devices',
    write: effect('node root', 'disks and memory of the node'),
    read: effect('node data', 'disks and memory of the node'),
  },
];

const WHOLE: readonly NodePath[] = [ROOT, ...RUNTIME_SOCKETS];
const KERNEL_SETTINGS: readonly NodePath[] = NODE_PATHS.filter(
  ({ id, write }) => id === 'hostpath-proc' && write !== null,
);
