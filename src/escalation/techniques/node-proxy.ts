import type { Unknown } from '../../answer/unknown.ts';
import { spelledAs } from '../../rbac/proxy-name.ts';
import { KUBELET_REACHED } from '../../spawn/other-ways/node-proxy.ts';
import type { Pod } from '../../world/objects.ts';
import type { Actor } from '../actor.ts';
import type { Attacker } from '../attacker.ts';
import type { Derivation, Requirement } from '../derivation.ts';
import { podsByNode } from '../targets.ts';
import type { Technique } from '../technique.ts';
import { right } from '../wanted.ts';
import { notRunning, podOfGoal, podPosition } from './pod-exec.ts';

const CREATE = right('create', 'nodes/proxy', '', true);
const GET = right('get', 'nodes/proxy', '', true);

/** Commands in any pod of a node, by its kubelet: no admission is asked, and no audit log of the API server sees them. */
export const nodeProxy: Technique = {
  id: 'node-proxy-kubelet',
  title: 'run commands in pods by the kubelet',
  takes: 'create nodes/proxy; or get nodes/proxy and a way on the network to port 10250 of the node.',
  gives: 'Code in every pod of the node.',
  mitre: ['T1609'],
  microsoft: ['MS-TA9022'],
  references: ['kubernetes pkg/kubelet/server/auth.go'],
  *ofIdentity(actor, attacker) {
    yield* by(CREATE, [], actor, attacker);
    yield* by(GET, [KUBELET_REACHED], actor, attacker);
  },
  *toward(goal, attacker): Generator<Requirement> {
    const node = podOfGoal(goal, attacker)?.node;
    if (!node) return;
    const words = `run commands in pods of node ${node} by its kubelet`;
    yield { technique: nodeProxy.id, steps: [{ words, any: [[{ wanted: CREATE, namespace: null, name: node }]] }] };
  },
};

function* by(
  wanted: typeof CREATE,
  unknowns: readonly Unknown[],
  actor: Actor,
  attacker: Attacker,
): Generator<Derivation> {
  for (const found of attacker.rights(actor, wanted))
    for (const [node, pods] of podsByNode(attacker.world)) {
      if (node === null || (found.names !== null && !found.names.some((name) => spelledAs(node)(name)))) continue;
      for (const pod of pods) {
        const to = podPosition(pod);
        if (attacker.has(to) || isWithoutContainer(pod)) continue;
        const words = `run commands in pod ${pod.namespace}/${pod.name} by the kubelet of node ${node}`;
        yield {
          technique: nodeProxy.id,
          to,
          steps: [{ words, actor, rights: [found], namespace: null, attack: null }],
          from: attacker.basisOf(actor, [found]),
          unknowns: [...unknowns, ...notRunning(pod)],
          leaning: 'yes',
        };
      }
    }
}

const isWithoutContainer = ({ containers }: Pod): boolean => containers.length === 0;
