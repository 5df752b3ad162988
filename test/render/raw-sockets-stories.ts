import { rawSockets } from '../../src/questions/raw-sockets/raw-sockets.ts';
import type { Raw } from '../../src/world/raw.ts';
import { options } from '../helpers/answers.ts';
import { cluster } from '../helpers/cluster.ts';
import { answer, asked, objects } from '../helpers/question.ts';
import type { Story } from './stories.ts';

const RUNS = { running: {} };
const LOCKED = { runAsUser: 1000, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

interface Plan {
  node?: string;
  uid?: number;
  spec?: Raw;
  init?: Raw[];
}

/** A pod of a workload, its container `app` with this security context beside a locked one. */
function pod(
  namespace: string,
  kind: string,
  owner: string,
  name: string,
  securityContext: Raw,
  { node = 'n1', uid, spec, init = [] }: Plan = {},
) {
  const user = uid === undefined ? {} : { user: { linux: { uid, gid: uid } } };
  const labels = kind === 'ReplicaSet' ? { 'pod-template-hash': owner.split('-').at(-1) } : {};
  return {
    metadata: { namespace, name, labels, ownerReferences: [{ kind, name: owner, controller: true }] },
    spec: {
      ...(node === '' ? {} : { nodeName: node }),
      initContainers: init,
      containers: [
        { name: 'app', securityContext },
        { name: 'proxy', securityContext: LOCKED },
      ],
      ...spec,
    },
    status: {
      phase: 'Running',
      initContainerStatuses: init.map(({ name }) => ({ name, state: { terminated: { exitCode: 0 } } })),
      containerStatuses: ['app', 'proxy'].map((each) => ({ name: each, state: RUNS, ...(each === 'app' ? user : {}) })),
    },
  };
}

const company = cluster({ context: 'prod', namespace: 'shop' })
  .namespace('shop', { 'pod-security.kubernetes.io/enforce': 'baseline' })
  .namespace('kube-system')
  .node('n1', { containerRuntimeVersion: 'containerd://1.7.27', operatingSystem: 'linux' })
  .node('n2', { containerRuntimeVersion: 'cri-o://1.34.0', operatingSystem: 'linux' })
  .workload('daemonsets', 'kube-flannel', 'kube-flannel-ds')
  .rawPod(
    pod('kube-system', 'DaemonSet', 'agent', 'agent-1', { privileged: true }, { uid: 0, spec: { hostNetwork: true } }),
  )
  .rawPod(
    pod(
      'shop',
      'StatefulSet',
      'web',
      'web-0',
      {},
      { uid: 0, init: [{ name: 'setup', securityContext: { runAsUser: 0 } }] },
    ),
  )
  .rawPod(pod('shop', 'StatefulSet', 'web', 'web-1', {}, { uid: 0, node: 'n2' }))
  .rawPod(pod('shop', 'ReplicaSet', 'cart-5d7', 'cart-5d7-a', { capabilities: { drop: ['CAP_NET_RAW'] } }, { uid: 0 }))
  .rawPod(pod('shop', 'ReplicaSet', 'cart-5d7', 'cart-5d7-b', { capabilities: { drop: ['CAP_NET_RAW'] } }, { uid: 0 }))
  .rawPod(pod('shop', 'ReplicaSet', 'api-77b', 'api-77b-a', { runAsUser: 1000 }))
  .rawPod(pod('shop', 'ReplicaSet', 'api-77b', 'api-77b-b', {}, { node: '' }))
  .rawPod(
    pod('shop', 'StatefulSet', 'vpn', 'vpn-0', { capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } }, { uid: 0 }),
  )
  .world();

const inShop = answer(rawSockets, { refs: [], selector: null, namespace: 'shop' }, company);
const everywhere = answer(rawSockets, { refs: [], selector: null, namespace: null }, company);
const webPods = asked(rawSockets, objects('shop', 'cart-5d7-a', 'cart-5d7-b'), company).asked.map(
  (each) => each.answer,
);
const one = answer(rawSockets, objects('shop', 'web-0'), company);
const closed = answer(rawSockets, objects('shop', 'web-1'), company);
const spoofing = answer(rawSockets, objects('shop', 'vpn-0'), company);

/** Screens of `raw-sockets`, of answers as the question gives them. */
export const RAW_SOCKETS_STORIES: Story[] = [
  { file: 'raw-sockets', verdict: ['yes'], answers: [inShop], options: options() },
  { file: 'raw-sockets-anywhere', verdict: ['yes'], answers: [everywhere], options: options({ allNamespaces: true }) },
  { file: 'raw-sockets-wide', verdict: ['yes'], answers: [inShop], options: options({ output: 'wide' }) },
  { file: 'raw-sockets-explained', verdict: ['yes'], answers: [inShop], options: options({ explain: true }) },
  { file: 'raw-sockets-by-name', verdict: ['yes'], answers: [everywhere], options: options({ output: 'name' }) },
  { file: 'raw-sockets-in-colour', verdict: ['yes'], answers: [one], options: options({ color: true }) },
  { file: 'raw-sockets-pod', verdict: ['yes'], answers: [one], options: options() },
  { file: 'raw-sockets-pods', verdict: ['yes', 'yes'], answers: webPods, options: options() },
  { file: 'raw-sockets-no', verdict: ['no'], answers: [closed], options: options() },
  { file: 'raw-sockets-spoofing', verdict: ['no'], answers: [spoofing], options: options() },
  { file: 'raw-sockets-yaml', verdict: ['no'], answers: [spoofing], options: options({ output: 'yaml' }) },
];
