import type { Unknown } from '../../answer/unknown.ts';
import { strengthOfPod } from '../../spawn/probes/strength.ts';
import type { Pod } from '../../world/objects.ts';
import type { Derivation, One } from '../derivation.ts';
import { CERTAIN } from '../derivation.ts';
import type { Position } from '../position.ts';
import { positionOfPodAccount } from '../targets.ts';
import type { Technique } from '../technique.ts';

/** What a pod yields to code in it: the account of a token that is mounted, the Secrets, and perhaps the node. */
export const podToken: Technique = {
  id: 'pod-token',
  title: 'use the token that is mounted in a pod',
  takes: 'code in a pod that mounts a token of its account, as pods do by default.',
  gives: 'The account of the pod.',
  blockers: ['automountServiceAccountToken: false, on the pod or its account.'],
  mitre: ['T1528'],
  microsoft: ['MS-TA9016'],
  references: ['kubernetes plugin/pkg/admission/serviceaccount/admission.go'],
  *ofPosition(position, { world }): Generator<Derivation> {
    const pod = position.kind === 'pod' ? world.find('pods', position.namespace, position.name) : undefined;
    if (position.kind !== 'pod' || !pod) return;
    const from = [`pod ${position.namespace}/${position.name}`];
    const account = positionOfPodAccount(pod);
    if (account !== null && pod.containers.some(({ tokenPaths }) => tokenPaths.length > 0))
      yield without(
        podToken.id,
        account,
        `read the token of ServiceAccount ${position.namespace}/${pod.serviceAccount} in pod ${position.namespace}/${position.name}`,
        from,
      );
    for (const name of secretsIn(pod))
      yield without(
        'pod-secret',
        { kind: 'secret', namespace: position.namespace, name },
        `read Secret ${name} in pod ${position.namespace}/${position.name}, which mounts it`,
        from,
      );
  },
};

/** The Secrets that a pod mounts, or makes its environment of. */
export const secretsIn = ({ volumes, containers }: Pod): string[] =>
  [
    ...new Set([
      ...volumes.flatMap(({ source, detail }) => (source === 'secret' ? [detail] : [])),
      ...containers.flatMap(({ secrets }) => secrets),
    ]),
  ].filter((name) => name !== '');

/** From a container to its node, by what the pod is allowed. */
export const containerEscape: Technique = {
  id: 'container-escape',
  title: 'get out of a container to the node',
  takes: 'code in a pod whose containers reach the node: privileged, a path of the node, a capability.',
  gives: 'Root on the node of the pod.',
  blockers: ['Profiles of seccomp, AppArmor or SELinux.', 'A user namespace of its own.'],
  mitre: ['T1611'],
  microsoft: ['MS-TA9018'],
  references: ['Pod Security Standards'],
  *ofPosition(position, { world }): Generator<Derivation> {
    const pod = position.kind === 'pod' ? world.find('pods', position.namespace, position.name) : undefined;
    if (position.kind !== 'pod' || !pod) return;
    const strength = strengthOfPod(pod, world);
    if (strength === null) return;
    const { sure, maybe } = strength;
    const isSure = sure === 'node root';
    if (!isSure && maybe === null) return;
    const unknowns: readonly Unknown[] = isSure ? [] : (maybe?.unknowns ?? []);
    yield {
      ...without(
        containerEscape.id,
        { kind: 'node', name: pod.node },
        `get from pod ${position.namespace}/${position.name} to root on ${pod.node === null ? 'its node' : `node ${pod.node}`}`,
        [`pod ${position.namespace}/${position.name}`],
      ),
      unknowns,
      leaning: isSure ? null : (maybe?.leaning ?? null),
    };
  },
};

/** Something that is done without the API. */
export const without = (
  technique: string,
  to: Position,
  words: string,
  from: readonly string[],
  one?: One,
): Derivation => ({
  ...{ technique, to, from },
  steps: [{ words, actor: null, rights: [], namespace: null, attack: null, ...(one ? { one } : {}) }],
  ...CERTAIN,
});
