import { keyOfPosition } from '../../escalation/position.ts';
import type { ProofNode } from '../../escalation/proof.ts';
import { podPosition } from '../../escalation/techniques/pod-exec.ts';
import { accountOf } from '../../rbac/subjects.ts';
import type { World } from '../../world/world.ts';
import type { Change } from '../fixes/change.ts';
import { enforcedLevelChange } from '../fixes/enforced-level.ts';
import { nodeAccessChange } from '../fixes/node-access.ts';
import { tokenMountChange } from '../fixes/token-mount.ts';
import { tokenSecretChange } from '../fixes/token-secret.ts';

/** What no grant is, and a part of a proof rests on: as changes that take it away. */
export function changesBeyondGrants({ technique, position, steps, from: keys }: ProofNode, world: World): Change[] {
  const from = world.list('pods').filter((pod) => keys.includes(keyOfPosition(podPosition(pod))));
  if (technique === 'pod-token') return from.flatMap((pod) => tokenMountChange(pod) ?? []);
  if (technique === 'container-escape') return from.flatMap((pod) => nodeAccessChange(pod, world) ?? []);
  if (technique === 'sa-token-secret-read' && position.kind === 'identity') {
    const account = accountOf(position.subject);
    const secrets = account ? world.list('secrets', account.namespace) : [];
    return secrets.filter((secret) => secret.account === account?.name).map(tokenSecretChange);
  }
  if (technique !== 'pod-create-privileged') return [];
  const places = new Set(steps.flatMap(({ namespace }) => namespace ?? []));
  return [...places].flatMap((namespace) => enforcedLevelChange(namespace, world) ?? []);
}
