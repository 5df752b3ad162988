import type { Action, Attack } from '../attack.ts';
import type { Credential } from '../credentials.ts';
import { DRY_RUN, MERGE, outcomeOf } from '../outcome.ts';
import { objectPath } from '../stage.ts';
import { accountKey, type Manifest } from '../world.ts';

/**
 * Takes over each pod of the world: by exec, by its input where that is open, by an ephemeral container, by another
 * image. Nobody runs these pods; that the server allows the request stands for code in the pod, which gives its account.
 */
export const takeOverPods: Action = {
  name: 'take over a pod',
  resources: ['pods', 'pods/exec', 'pods/attach', 'pods/ephemeralcontainers'],
  async run(attack, credential) {
    for (const object of attack.world.objects.filter(({ kind }) => kind === 'Pod')) {
      const { namespace = '' } = object.metadata;
      const { serviceAccountName: name } = object.spec as { serviceAccountName: string };
      if (attack.holdsToken(accountKey({ namespace, name })) || !(await isTaken(attack, credential, object))) continue;
      await attack.runAs(this.name, { namespace, name });
    }
  },
};

async function isTaken({ plane }: Attack, { send }: Credential, object: Manifest): Promise<boolean> {
  const path = objectPath(object);
  const stored = (await plane.request('GET', path)).body as { spec: { containers: { stdin?: boolean }[] } };
  const containers = stored.spec.containers.map((container) => ({ ...container, image: 'other' }));
  const ephemeralContainers = [{ name: 'debug', image: 'other' }];
  const swapped = { ...stored, spec: { ...stored.spec, containers } };
  const extended = { ...stored, spec: { ...stored.spec, ephemeralContainers } };
  const attempts: [method: string, path: string, body?: object, headers?: Record<string, string>][] = [
    ['POST', `${path}/exec?command=id&stdout=true`],
    ...(stored.spec.containers.some(({ stdin }) => stdin)
      ? [['POST', `${path}/attach?stdin=true`] as [string, string]]
      : []),
    ['PATCH', `${path}/ephemeralcontainers?${DRY_RUN}`, { spec: { ephemeralContainers } }, MERGE],
    ['PUT', `${path}/ephemeralcontainers?${DRY_RUN}`, extended],
    ['PATCH', `${path}?${DRY_RUN}`, { spec: { containers } }, MERGE],
    ['PUT', `${path}?${DRY_RUN}`, swapped],
  ];
  for (const attempt of attempts) {
    const isConnect = attempt[0] === 'POST';
    const reply = await send(...attempt);
    if (isConnect ? reply.status !== 403 : outcomeOf(reply) === 'done') return true;
  }
  return false;
}
