import { admits } from '../../admission/layers.ts';
import { and } from '../../answer/verdict.ts';
import { applyCommand, createCommand } from '../commands/commands.ts';
import { bestOf } from '../outcomes/outcomes.ts';
import { ProbeTrials } from '../probes/probe-trials.ts';
import { PROBE_NAME } from '../probes/probes.ts';
import { reachesNode, strongestOf } from '../probes/strongest.ts';
import { rightsToCreate, userOf } from '../rights/holder.ts';
import type { FindOtherWays } from './other-way.ts';

/**
 * Creates a namespace whose labels allow every pod, and a pod in it. The right to create the pod has to count in every
 * namespace.
 */
export const newNamespace: FindOtherWays = (holder, outcomes, { world }) => {
  const everywhere = outcomes.find(
    ({ way, right }) => way.on === 'nothing' && right.namespace === null && right.names === null,
  );
  if (!everywhere || reachesNode(bestOf(outcomes).sure)) return [];
  const [right] = rightsToCreate({ group: '', resource: 'namespaces', clusterScoped: true }, holder);
  if (!right) return [];
  const name = right.names?.[0] ?? PROBE_NAME;
  const labels = { 'kubernetes.io/metadata.name': name, 'pod-security.kubernetes.io/enforce': 'privileged' };
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
  const admission = admits(
    {
      operation: 'CREATE',
      kind: { group: '', version: 'v1', kind: 'Namespace' },
      resource: { group: '', version: 'v1', resource: 'namespaces' },
      ...{ subresource: '', namespace: name, name, object, oldObject: null, user: userOf(holder) },
    },
    world,
  );
  if (admission.value === 'no') return [];
  const after = world.fork('namespaces', { put: [{ namespace: null, name, labels, deleting: false }] });
  const trials = new ProbeTrials(after).of({ maker: everywhere.way.maker, operation: 'CREATE' }, name, userOf(holder));
  return [
    {
      id: 'namespace-create',
      words: `create a namespace of its own, and ${everywhere.way.words} in it`,
      rights: [right, everywhere.right],
      // Admission decides about the namespace as well.
      strongest: strongestOf(trials.map((each) => ({ ...each, admission: and(each.admission, admission) }))),
      attack: right.names === null ? createCommand(object) : applyCommand(object),
      direct: true,
    },
  ];
};
