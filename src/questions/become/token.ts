import { UserError } from '../../answer/user-error.ts';
import type { Subject } from '../../world/objects.ts';
import type { World } from '../../world/world.ts';
import { isMissing } from '../existence.ts';
import type { BecomeTarget, TokenFacts } from './target.ts';

/** Throws a UserError for a token that gives nothing any more. */
export function refuseDeadToken({ namespace, name }: Subject, { expires, pod }: TokenFacts, world: World): void {
  const instead = `ask about sa/${name} -n ${namespace} for what a new one would give`;
  if (expires !== null && expires < world.facts.readAt)
    throw new UserError(`error: the token expired at ${expires}: ${instead}`);
  if (pod !== null && isMissing('pods', pod.namespace, pod.name, world))
    throw new UserError(
      `error: the token is bound to pod ${pod.namespace}/${pod.name}, which does not exist any more, so that the API server refuses it: ${instead}`,
    );
}

/** What a token says of itself, which only the cluster could confirm. */
export const tokenAssumptions = ({ starts }: BecomeTarget): string[] =>
  starts.flatMap((start) => {
    if (start.kind !== 'subject' || !start.token) return [];
    const { issuer, audiences, expires, pod } = start.token;
    const until = expires === null ? 'never expires' : `expires at ${expires}`;
    const bound = pod === null ? 'is bound to no pod' : `is bound to pod ${pod.namespace}/${pod.name}`;
    return [
      `the token is one of this cluster (its issuer is ${issuer ?? 'not named'}) and not revoked; it ${until} and ${bound}`,
      ...(audiences.length > 0 ? [`the API server accepts the audience of the token (${audiences.join(', ')})`] : []),
    ];
  });
