import type { World } from '../../world/world.ts';
import { webhooksOf } from '../webhooks/webhook.ts';
import { bindingsOf } from './binding.ts';
import { MUTATING, MUTATING_BINDING, VALIDATING, VALIDATING_BINDING } from './kinds.ts';
import { expressionsOf, policyOf } from './policy.ts';

/** Whether what policies and webhooks decide may differ from user to user, by their expressions: otherwise one answer is everybody's. */
export function readsUser(world: World): boolean {
  const bound = [
    [VALIDATING, VALIDATING_BINDING],
    [MUTATING, MUTATING_BINDING],
  ] as const;
  const policies = bound.flatMap(([kind, bindingKind]) => {
    const { byPolicy } = bindingsOf(world, bindingKind);
    return world
      .list(kind)
      .filter(({ name }) => byPolicy.has(name))
      .map(policyOf);
  });
  const ofPolicies = policies.flatMap((policy) => ('criteria' in policy ? expressionsOf(policy) : []));
  const ofWebhooks = webhooksOf(world).webhooks.flatMap(({ conditions }) => conditions.map((each) => each.expression));
  return [...ofPolicies, ...ofWebhooks].some(({ mentions }) => USER.some((name) => mentions.has(name)));
}

const USER = ['request', 'request.userInfo', 'authorizer', 'authorizer.requestResource'];
