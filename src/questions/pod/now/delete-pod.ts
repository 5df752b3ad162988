import { fixes, fixTexts } from '../../../answer/command.ts';
import type { PodAction } from '../../../answer/facts/pod.ts';
import { tokenSecretsOf } from './delete-token-secrets.ts';
import type { Scene } from './scene.ts';

/** The token that a container holds is bound to the pod. One of a Secret is not, and a static pod comes back. */
export function deletePod(scene: Scene): PodAction[] {
  const { target, pod, facts, context } = scene;
  const { namespace, name } = target;
  const legacy = new Set(tokenSecretsOf(scene).map((secret) => secret.name));
  const isLegacy = pod.volumes.some(({ source, detail }) => source === 'secret' && legacy.has(detail));
  if (!facts.token.mounted || isLegacy || pod.owner?.kind === 'Node') return [];
  const again = pod.owner === null ? '' : `; ${pod.owner.kind}/${pod.owner.name} makes another with the same rights`;
  return [
    {
      id: 'delete-pod',
      object: { kind: 'Pod', namespace, name },
      summary: 'delete the pod and its bound token: destroys the evidence, save that first',
      ends: `its mounted token, about a minute later: a bound token dies with its pod or account${again}`,
      destroys: 'the evidence: its processes, memory, logs and files are gone with it',
      commands: fixTexts(fixes('delete', `pod/${name}`, '-n', namespace), context.options.kubectl),
    },
  ];
}
