import { createRawCommand } from '../commands/commands.ts';
import { bestOf } from '../outcomes/outcomes.ts';
import { reachesNode } from '../probes/strongest.ts';
import { covering, rightsTo } from '../rights/holder.ts';
import type { FindOtherWays } from './other-way.ts';

/**
 * Binds its own pods to any node. Whoever binds a pod decides where it runs, on a node of the control plane too,
 * whatever the scheduler, taints and policies on `nodeName` say. Source: kubernetes
 * pkg/registry/core/pod/storage/storage.go BindingREST.
 */
export const podBinding: FindOtherWays = (holder, outcomes) => {
  const ofPods = rightsTo({ group: '', resource: 'pods', subresource: 'binding', verbs: ['create'] }, holder);
  const rights = [
    ...ofPods,
    ...rightsTo({ group: '', resource: 'bindings', subresource: '', verbs: ['create'] }, holder),
  ];
  if (rights.length === 0) return [];
  const own = outcomes.filter(
    ({ way, namespaces }) => way.on === 'nothing' && namespaces.some((each) => covering(rights, each)),
  );
  const namespace = own[0]?.namespaces.find((each) => covering(rights, each));
  const strongest = bestOf(own);
  const reaches = [strongest.sure, strongest.maybe?.strength ?? null].some(reachesNode);
  if (namespace === undefined || !reaches) return [];
  const metadata = { name: 'whocan-escalate', namespace };
  const target = { apiVersion: 'v1', kind: 'Node', name: 'NODE' };
  return [
    {
      id: 'pod-binding',
      words: 'bind its pods to a node of its choice, those of the control plane among them',
      rights,
      strongest,
      attack: createRawCommand(
        `/api/v1/namespaces/${namespace}/${covering(ofPods, namespace) ? `pods/${metadata.name}/binding` : 'bindings'}`,
        { apiVersion: 'v1', kind: 'Binding', metadata, target },
      ),
      direct: true,
    },
  ];
};
