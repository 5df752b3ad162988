import { NODE_USER, NODES } from '../../rbac/subjects.ts';
import { isControlPlane } from '../../runtime/escapes/place.ts';
import type { Node, Pod } from '../../world/objects.ts';
import { oncePerState } from '../../world/once.ts';
import type { World } from '../../world/world.ts';
import type { Derivation } from '../derivation.ts';
import { identityPosition } from '../position.ts';
import { podsByNode, positionOfPodAccount } from '../targets.ts';
import type { Technique } from '../technique.ts';
import { secretsIn, without } from './pod-contents.ts';
import { podPosition } from './pod-exec.ts';

/**
 * What root on a node yields: the kubelet may request a token of every account that a pod there runs as, mounted or
 * not, and reads their Secrets; a node of the control plane holds the keys of the cluster.
 */
export const nodeRoot: Technique = {
  id: 'node-root',
  title: 'use what a node holds',
  takes: 'root on the node.',
  gives:
    'The pods there, tokens of all their accounts by the rights of the kubelet, their Secrets; on a node of the control plane the whole cluster.',
  blockers: ['NodeRestriction bounds the kubelet to its own node and pods.'],
  mitre: ['T1552.001'],
  microsoft: ['MS-TA9020'],
  references: [
    'kubernetes plugin/pkg/auth/authorizer/node/node_authorizer.go',
    'kubernetes plugin/pkg/admission/noderestriction/admission.go',
  ],
  *ofPosition(position, { world }): Generator<Derivation> {
    if (position.kind !== 'node') return;
    const { name } = position;
    const from = [`node ${name ?? ''}`];
    const where = name === null ? 'any node' : `node ${name}`;
    const pods = name === null ? onEveryNode(world) : (podsByNode(world).get(name) ?? []);
    const node = name === null ? undefined : world.find('nodes', null, name);
    if (isKey(node, pods))
      yield without(
        'control-plane-node',
        { kind: 'cluster' },
        `take the keys of the cluster from ${where}, which runs the control plane`,
        from,
      );
    if (name !== null)
      yield without(
        nodeRoot.id,
        identityPosition({ kind: 'User', namespace: null, name: `${NODE_USER}${name}` }, { groups: [NODES] }),
        `use the credential of the kubelet of ${where}`,
        from,
      );
    for (const pod of pods) {
      const namespace = pod.namespace ?? '';
      if (name !== null)
        yield without(nodeRoot.id, podPosition(pod), `enter pod ${namespace}/${pod.name} on ${where}`, from);
      const account = positionOfPodAccount(pod);
      if (account !== null)
        yield without(
          nodeRoot.id,
          account,
          `request a token of ServiceAccount ${namespace}/${pod.serviceAccount} as the kubelet of ${where}, where pod ${pod.name} runs`,
          from,
        );
      for (const secret of secretsIn(pod))
        yield without(
          nodeRoot.id,
          { kind: 'secret', namespace, name: secret },
          `read Secret ${namespace}/${secret} as the kubelet of ${where}, where pod ${pod.name} runs`,
          from,
        );
    }
  },
};

/** Whether the API server runs there: its pod says so, or the labels of the node. */
const isKey = (node: Node | undefined, pods: readonly Pod[]): boolean =>
  pods.some(({ flags }) => flags !== null) || (node !== undefined && isControlPlane(node));

/** The pods that some DaemonSet runs on every node on which ordinary pods run, one each. */
const onEveryNode = oncePerState((world: World): readonly Pod[] => {
  const byNode = podsByNode(world);
  const nodes = world.list('nodes').filter((node) => !isControlPlane(node));
  const sets = Map.groupBy(
    [...byNode.values()].flat().filter(({ owner }) => owner?.kind === 'DaemonSet'),
    ({ namespace, owner }) => `${namespace}/${owner?.name}`,
  );
  return [...sets.values()].flatMap((pods) => {
    const there = new Set(pods.map(({ node }) => node));
    const [first] = pods;
    return first && (nodes.every(({ name }) => there.has(name)) || there.has(null)) ? [first] : [];
  });
});
