import type { Pod } from '../world/objects.ts';
import { oncePerObject } from '../world/once.ts';
import { child, children, isRaw, Malformed, type Raw, texts } from '../world/reduce/raw.ts';
import type { Strength } from './probes.ts';

/**
 * How far the code in a pod gets that is there already, by its strongest container. From the spec alone: what a runtime or a profile on the node takes
 * away again is not counted. Throws Malformed for a spec of another shape. Pure.
 */
export function strengthOf(spec: Raw): Strength {
  const containers = ['containers', 'initContainers', 'ephemeralContainers'].flatMap((field) => children(spec, field));
  const contexts = containers.map((each) => child(each, 'securityContext'));
  const added = contexts.flatMap((each) => texts(child(each, 'capabilities'), 'add'));
  const pod = child(spec, 'securityContext');
  const windows = [pod, ...contexts].some((each) => child(each, 'windowsOptions').hostProcess === true);
  if (contexts.some(({ privileged }) => privileged === true) || windows) return 'node root';
  if (children(spec, 'volumes').some(({ hostPath }) => isRaw(hostPath) && leadsToRoot(String(hostPath.path)))) return 'node root';
  if (added.some((name) => ROOT_CAPABILITIES.has(plain(name)) || (spec.hostPID === true && plain(name) === 'SYS_PTRACE')))
    return 'node root';
  if (spec.hostPID === true || spec.hostNetwork === true || spec.hostIPC === true) return 'host namespaces only';
  return contexts.every((each) => isBound(each, pod)) ? 'restricted' : 'root in a container';
}

/** What the pod's own privileges are worth; null where its spec was not read, or has another shape. */
export const strengthOfPod = oncePerObject(({ whole }: Pod): Strength | null => {
  try {
    return whole && strengthOf(child(whole, 'spec'));
  } catch (error) {
    if (error instanceof Malformed) return null;
    throw error;
  }
});

const plain = (name: string): string => name.toUpperCase().replace(/^CAP_/, '');

/** Nothing but a user that cannot become root. */
const isBound = (container: Raw, pod: Raw): boolean =>
  (container.runAsNonRoot ?? pod.runAsNonRoot) === true && container.allowPrivilegeEscalation === false;

/** A path from which the node is taken over, or one that has it inside. */
function leadsToRoot(path: string): boolean {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const inside = `/${parts.map((part) => `${part}/`).join('')}`;
  return TAKE_OVERS.some((each) => `${each}/`.startsWith(inside));
}

/** Credentials and sockets of the kubelet and the runtimes, what the node executes, where a crash handler is named. */
const TAKE_OVERS = [
  ...['/etc/cron.d', '/etc/kubernetes/manifests', '/etc/kubernetes/pki', '/etc/systemd/system', '/lib/systemd/system', '/root/.ssh'],
  ...['/bin', '/sbin', '/usr/bin', '/usr/sbin', '/proc/sys/kernel', '/var/lib/etcd', '/var/lib/kubelet/pki', '/var/lib/kubelet/pods'],
  ...['/run', '/var/run'].flatMap((run) =>
    ['containerd/containerd.sock', 'crio/crio.sock', 'docker.sock'].map((socket) => `${run}/${socket}`),
  ),
];
const ROOT_CAPABILITIES: ReadonlySet<string> = new Set(['ALL', 'SYS_ADMIN', 'SYS_MODULE', 'SYS_RAWIO', 'DAC_READ_SEARCH', 'BPF']);
