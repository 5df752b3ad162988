import { createHash } from 'node:crypto';
import type { Labels } from '../../src/world/objects.ts';
import type { Raw } from '../../src/world/raw.ts';
import { type Story, timeOn } from './story.ts';

export interface Container {
  raw: Raw;
  /** The user that the image or the spec says, as the runtime reports it in the status. */
  uid: number;
}

/** What pods of one kind have in common. */
export interface Template {
  account?: string;
  labels?: Labels;
  containers: readonly Container[];
  init?: readonly Container[];
  /** Any other field of the spec. */
  spec?: Raw;
}

/** A pod, and where it is. `node` null: it waits for one. */
export interface Place {
  node: string | null;
  /** The day of its creation, or the date with its time. */
  since: string;
}

export interface Owner {
  apiVersion: string;
  kind: string;
  name: string;
}

export const NODES: Readonly<Record<string, { address: string; runtime: string }>> = {
  'cp-1': { address: '10.20.0.11', runtime: 'containerd://2.2.1' },
  'worker-1': { address: '10.20.0.21', runtime: 'containerd://2.2.1' },
  'worker-2': { address: '10.20.0.22', runtime: 'cri-o://1.37.0' },
};

/** `more`: any other field of the container. An image without a user of its own runs as root. */
export const container = (name: string, image: string, more: Raw = {}, uid = 0): Container => ({
  raw: { name, image, ...more },
  uid,
});

/** Of the company's own registry. */
export const image = (path: string): string => `registry.example/${path}`;

export const on = (node: string, since: string): Place & { node: string } => ({ node, since });

/** A container that gives up what it does not need. */
export const LOCKED = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

export function podSpec({ account, containers, init, spec }: Template): Raw {
  return {
    ...(account === undefined ? {} : { serviceAccountName: account }),
    ...(init ? { initContainers: init.map(({ raw }) => raw) } : {}),
    containers: containers.map(({ raw }) => raw),
    ...spec,
  };
}

/** Adds a pod that runs, has run (`Succeeded`), or waits. */
export function addPod(
  story: Story,
  namespace: string,
  name: string,
  template: Template,
  { node, since }: Place,
  more: { owner?: Owner; labels?: Labels; annotations?: Labels; done?: boolean } = {},
): void {
  const labels = { ...template.labels, ...more.labels };
  const spec = { ...podSpec(template), ...(node === null ? {} : { nodeName: node }) };
  const metadata = {
    ...(Object.keys(labels).length > 0 ? { labels } : {}),
    ...(more.annotations ? { annotations: more.annotations } : {}),
    ...(more.owner ? ownedBy(more.owner, more.owner.kind === 'Node' ? null : namespace) : {}),
  };
  const status =
    node === null ? UNSCHEDULABLE : runningStatus(`${namespace}/${name}`, template, node, since, more.done === true);
  story.on(since, 'kube-controller-manager').add('v1', 'Pod', namespace, name, { spec }, metadata, status);
}

const UNSCHEDULABLE = {
  phase: 'Pending',
  conditions: [
    {
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message: '0/3 nodes are available: 1 node(s) had untolerated taint(s), 2 Insufficient memory.',
      lastTransitionTime: '2026-11-19T08:32:11Z',
    },
  ],
};

function runningStatus(
  key: string,
  { containers, init = [], spec }: Template,
  node: string,
  since: string,
  done: boolean,
): Raw {
  const { address: hostIP, runtime } = NODES[node] ?? { address: '', runtime: 'containerd://' };
  const podIP = spec?.hostNetwork === true ? hostIP : podAddress(key, node);
  const startedAt = timeOn(since, `Pod/${key}`);
  const runsFor = (container: Container): Raw => containerStatus(key, container, runtime, startedAt, done);
  return {
    phase: done ? 'Succeeded' : 'Running',
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...(done ? {} : { podIP, podIPs: [{ ip: podIP }] }),
    startTime: startedAt,
    ...(init.length > 0
      ? { initContainerStatuses: init.map((each) => containerStatus(key, each, runtime, startedAt, true)) }
      : {}),
    containerStatuses: containers.map(runsFor),
  };
}

function containerStatus(key: string, { raw, uid: user }: Container, runtime: string, at: string, done: boolean): Raw {
  const containerID = `${runtime.replace(/\/\/.*/, '//')}${digest(`${key}/${raw.name}`)}`;
  const ended = { exitCode: 0, reason: 'Completed', startedAt: at, finishedAt: at, containerID };
  return {
    name: raw.name,
    image: raw.image,
    imageID: '',
    containerID,
    ready: !done,
    started: !done,
    restartCount: 0,
    state: done ? { terminated: ended } : { running: { startedAt: at } },
    user: { linux: { uid: user, gid: user, supplementalGroups: [user] } },
  };
}

const SUBNETS = Object.keys(NODES);

const podAddress = (key: string, node: string): string =>
  `10.244.${SUBNETS.indexOf(node)}.${10 + (Number.parseInt(digest(key).slice(0, 4), 16) % 240)}`;

/** The part of an object's metadata that says who controls it. */
export const ownedBy = (owner: Owner, namespace: string | null): Raw => ({
  ownerReferences: [{ ...owner, uid: uidOf(owner.kind, namespace, owner.name), controller: true }],
});

/** Random on a real cluster, the same here at each run. */
export const uidOf = (kind: string, namespace: string | null, name: string): string =>
  digest(`${kind}/${namespace ?? ''}/${name}`).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5');

/** As the API server makes up the end of a name. */
export function suffix(key: string, length = 5): string {
  return [...digest(key)]
    .flatMap((_, index, hex) => (index % 2 ? [] : [`${hex[index]}${hex[index + 1]}`]))
    .slice(0, length)
    .map((byte) => LETTERS[Number.parseInt(byte, 16) % LETTERS.length])
    .join('');
}

const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

const digest = (key: string): string => createHash('sha256').update(key).digest('hex');
