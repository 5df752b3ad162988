import type { PodAction } from '../../../answer/facts/pod.ts';
import type { Secret } from '../../../world/objects.ts';
import { tokenSecretChange } from '../../fixes/token-secret.ts';
import type { Scene } from './scene.ts';

/** The Secrets that hold a token of the pod's account, as far as they were read. */
export const tokenSecretsOf = ({ target: { namespace }, pod: { serviceAccount }, context }: Scene): Secret[] =>
  serviceAccount === null
    ? []
    : context.world.list('secrets', namespace).filter(({ account }) => account === serviceAccount);

/** A legacy token outlives the pod. */
export const deleteTokenSecrets = (scene: Scene): PodAction[] =>
  tokenSecretsOf(scene).map((secret) => {
    const change = tokenSecretChange(secret);
    return {
      id: 'delete-token-secret',
      object: change.object,
      summary: `delete ${change.words}: its token outlives the pod; ${change.who} ${change.loses(scene.context.rbac)}`,
      ends: 'that token, within seconds: it lives until its Secret is deleted, whatever becomes of the pod',
      destroys: change.also(scene.context.rbac),
      commands: change.texts(scene.context.options.kubectl),
    };
  });
