import { Malformed } from '../../world/raw.ts';
import { understood } from '../../world/understood.ts';
import type { World } from '../../world/world.ts';
import { misshapen } from '../matching/misshapen.ts';
import { unread } from '../matching/unread.ts';
import type { AdmissionRequest } from '../request/request.ts';
import { isInjector, isLeftToItsEngine } from '../webhooks/known.ts';
import { mayRefuse } from '../webhooks/layer.ts';
import { sees } from '../webhooks/sees.ts';
import { MUTATING_WEBHOOKS, type Webhook, webhooksOf } from '../webhooks/webhook.ts';
import type { Changer } from './mutated.ts';

/**
 * The mutating webhooks that are called or may be called, including those that are not understood. Their code is not
 * seen, so that any field may change. Two sorts are left out: webhooks of projects that are known to inject only what
 * the project is for, and those of an engine whose own objects say what it changes. Whether they refuse is decided by
 * the layer of webhooks.
 */
export function changedByWebhooks(request: AdmissionRequest, world: World): readonly Changer[] {
  if (request.operation === 'DELETE') return [];
  const unknowns = unread(world, [MUTATING_WEBHOOKS], 'whether a webhook changes the object');
  const { webhooks, malformed } = webhooksOf(world);
  const called = webhooks.filter((webhook) => webhook.mutating && mayChange(webhook, request, world));
  const odd = malformed.filter(({ mutating }) => mutating).map(({ what, error }) => misshapen(what, error));
  return [...unknowns, ...odd, ...called.map(mayRefuse)].map((unknown) => ({
    unknown,
    changes: null,
    mayRefuse: false,
  }));
}

function mayChange(webhook: Webhook, request: AdmissionRequest, world: World): boolean {
  if (isInjector(webhook) || isLeftToItsEngine(webhook, world)) return false;
  const seen = understood(() => sees(webhook, request, world));
  return seen instanceof Malformed || seen.value === 'yes' || seen.value === 'depends';
}
