import type { Unknown } from '../../answer/unknown.ts';
import type { Leaning } from '../../answer/verdict.ts';
import type { Gain } from './escape.ts';

/** A place in the file system of a node that is worth something to whoever gets at it. */
export interface NodePath {
  /** Of the escape. */
  id: string;
  paths: readonly string[];
  /** What is inside of them and is something else. */
  except?: readonly string[];
  /**
   * What is behind it. `files` are shared with a guest's kernel too, and with a user namespace by ID-mapped mounts; what the `kernel` shows as files, a
   * `socket` or `devices` are not.
   */
  kind: 'files' | 'kernel' | 'socket' | 'devices';
  /** What one gets where it is mounted to be written, or only to be read; null: nothing of note. */
  write: Effect | null;
  read: Effect | null;
}

export interface Effect {
  gain: Gain;
  words: string;
  doubt?: Doubt;
}

/** What it hangs on besides. */
export interface Doubt {
  leaning: Leaning;
  words: string;
  unknown: Unknown;
}

/** What of the catalogue a mounted path shows: what has it inside, and what is inside of it. Of the whole node only what is not the same for each. Pure. */
export function nodePathsAt(path: string): NodePath[] {
  if (path === '/') return WHOLE;
  return NODE_PATHS.filter(
    ({ paths, except = [] }) =>
      paths.some((each) => isInside(each, path) || isInside(path, each)) && !except.some((each) => isInside(path, each)),
  );
}

/** Whether who may mount this path and be root in the container has the node, for sure. From the path alone; asked of each pod of a cluster. */
export function takesNode(path: string): boolean {
  const normal = normalPath(path);
  const inside = normal === '/' ? normal : `${normal}/`;
  return TAKING.some((each) => each.startsWith(inside) || inside.startsWith(each));
}

/**
 * A path of the node without what only spells it: `//`, `/.`, a slash at the end, the link from /var/run to /run, the root of a process of the node's own; and of
 * Windows the drive. The API refuses `..`; here it means what it means.
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
  return `/${parts.join('/')}`.replace(/^\/proc\/(?:\d+|self)\/root(?=\/|$)/, '').replace(/^\/var\/run(?=\/|$)/, '/run') || '/';
}

const isInside = (path: string, folder: string): boolean => `${path}/`.startsWith(`${folder}/`);

const effect = (gain: Gain, words: string, doubt?: Doubt): Effect => ({ gain, words, ...(doubt ? { doubt } : {}) });

const ROOT: NodePath = {
  ...{ id: 'hostpath-root', paths: ['/'], kind: 'files' },
  write: effect('node root', 'all files of the node: its cron jobs, SSH keys, static pods'),
  read: effect('node data', "all files of the node: tokens of its pods, the kubelet's key, SSH keys"),
};

const SOCKET = effect('node root', 'the socket of the container runtime, read-only or not');

const RUNTIME_SOCKET: NodePath = {
  id: 'hostpath-runtime-socket',
  paths: [
    ...['/run/containerd/containerd.sock', '/run/k3s/containerd/containerd.sock', '/run/k0s/containerd.sock', '/run/crio/crio.sock'],
    ...['/run/docker.sock', '/run/cri-dockerd.sock', '/run/dockershim.sock', '/run/podman/podman.sock'],
    // Named pipes of Windows.
    ...['/pipe/containerd-containerd', '/pipe/docker_engine'],
  ],
  kind: 'socket',
  write: SOCKET,
  read: SOCKET,
};

const WHOLE = [ROOT, RUNTIME_SOCKET];

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
 * The catalogue of hostPath. Sources: kubeadm, k3s, RKE2 and k0s for where they keep things; core(5), cgroups(7), proc(5); kubelet server.go, which serves
 * /var/log. What is writable is more than what can be read there, so that a writable mount has both where the first hangs on something.
 */
export const NODE_PATHS: readonly NodePath[] = [
  {
    id: 'hostpath-kubelet',
    paths: ['pki', 'pods', 'config.yaml', 'kubeconfig', 'kubeadm-flags.env'].map((name) => `/var/lib/kubelet/${name}`),
    kind: 'files',
    write: effect('node root', "the kubelet's configuration, and volumes and tokens of all pods of the node"),
    read: effect('node data', "tokens of all pods of the node, and the kubelet's key"),
  },
  {
    id: 'hostpath-etc-kubernetes',
    paths: [
      ...['/etc/kubernetes', '/etc/rancher', '/var/lib/k0s/pki', '/var/lib/k0s/manifests'],
      ...['k3s', 'rke2'].flatMap((name) => ['server', 'agent'].map((part) => `/var/lib/rancher/${name}/${part}`)),
    ],
    kind: 'files',
    write: effect('node root', 'static pods, which no admission sees, and credentials of the node and the control plane'),
    read: effect('node data', 'credentials of the node, and of the control plane where it is one'),
  },
  RUNTIME_SOCKET,
  { id: 'hostpath-system-bus', paths: ['/run/dbus/system_bus_socket', '/run/systemd/private'], kind: 'socket', write: BUS, read: BUS },
  {
    id: 'hostpath-etcd',
    paths: ['/var/lib/etcd'],
    kind: 'files',
    write: effect('node root', 'the state of the whole cluster, where the node keeps it'),
    read: effect('node data', 'the state of the whole cluster, its Secrets included, where the node keeps it'),
  },
  {
    id: 'hostpath-container-storage',
    paths: ['/var/lib/containerd', '/var/lib/docker', '/var/lib/containers', '/run/containerd/io.containerd.runtime.v2.task'],
    kind: 'files',
    write: effect('node root', 'the files of all containers of the node, privileged ones included'),
    read: effect('other pods', 'the files of all containers of the node'),
  },
  {
    id: 'hostpath-programs',
    paths: [
      ...['/bin', '/sbin', '/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/opt/cni/bin'],
      ...['/etc/systemd/system', '/lib/systemd/system', '/usr/lib/systemd/system', '/run/systemd/system'],
      ...['/etc/ld.so.preload', '/etc/profile.d', '/etc/pam.d', '/etc/sudoers', '/etc/sudoers.d', '/etc/shadow', '/etc/passwd'],
    ],
    kind: 'files',
    write: effect('node root', 'programs that the node runs as root, or who is root there'),
    read: null,
  },
  {
    id: 'hostpath-cron',
    paths: [
      ...['/etc/crontab', '/etc/cron.d', '/etc/cron.hourly', '/etc/cron.daily', '/etc/cron.weekly', '/etc/cron.monthly'],
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
    write: effect('node root', 'core_pattern, by which a crash starts a program as root of the node'),
    read: null,
  },
  {
    id: 'hostpath-proc',
    paths: ['/proc/1'],
    kind: 'kernel',
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
    write: effect('node root', 'release_agent of cgroup v1', { leaning: 'no', words: 'if the node still has that', unknown: CGROUP }),
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
    except: ['shm', 'log', 'pts', 'mqueue', 'hugepages', 'termination-log', 'null', 'zero', 'full', 'random', 'urandom', 'tty'].map(
      (name) => `/dev/${name}`,
    ),
    kind: 'devices',
    write: effect('node root', 'disks and memory of the node'),
    read: effect('node data', 'disks and memory of the node'),
  },
];

const TAKING: readonly string[] = NODE_PATHS.filter(
  ({ kind, write }) => kind !== 'devices' && write?.gain === 'node root' && !write.doubt,
).flatMap(({ paths }) => paths.map((each) => `${each}/`));
