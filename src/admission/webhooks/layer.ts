import type { Unknown } from '../../answer/unknown.ts';
import { allOf, depends, no, type Verdict, yes } from '../../answer/verdict.ts';
import { Malformed } from '../../world/raw.ts';
import { understood } from '../../world/understood.ts';
import type { World } from '../../world/world.ts';
import type { Layer, Refusal } from '../layer.ts';
import { selectorsOf } from '../matching/criteria.ts';
import { misshapen } from '../matching/misshapen.ts';
import { unread } from '../matching/unread.ts';
import type { AdmissionRequest } from '../request/request.ts';
import { isInjector, isLeftToItsEngine } from './known.ts';
import { type Sees, sees } from './sees.ts';
import { MUTATING_WEBHOOKS, VALIDATING_WEBHOOKS, type Webhook, webhooksOf } from './webhook.ts';

/**
 * Webhooks. Their code is not visible, so that a webhook which is called may refuse, and the verdict leans to yes. A
 * known injector does not refuse; a webhook of a policy engine is left to that engine's own layer where its objects
 * were read.
 */
export const webhooks: Layer = {
  id: 'webhooks',
  admits(request, world) {
    const unknowns = unread(world, [VALIDATING_WEBHOOKS, MUTATING_WEBHOOKS], 'whether a webhook refuses');
    const all = webhooksOf(world);
    const open = [...unknowns, ...all.malformed.map(({ what, error }) => misshapen(what, error))];
    return allOf([
      ...all.webhooks.map((webhook) => ofWebhook(webhook, request, world)),
      ...(open.length > 0 ? [depends<Refusal>(open, 'yes')] : []),
    ]);
  },
};

function ofWebhook(webhook: Webhook, request: AdmissionRequest, world: World): Verdict<Refusal> {
  const seen = understood(() => sees(webhook, request, world));
  if (seen instanceof Malformed)
    return depends([misshapen(`an object that webhook ${webhook.name} looks at`, seen)], 'yes');
  if (seen.value === 'no') return yes();
  const refusal = refusalBy(webhook, seen);
  if (seen.value === 'refused') return no(refusal);
  if (isInjector(webhook) || isLeftToItsEngine(webhook, world)) return yes();
  const unknowns = [mayRefuse(webhook), ...(seen.value === 'depends' ? seen.unknowns : [])];
  return depends(unknowns, 'yes', [refusal]);
}

/**
 * The unknown that a webhook may refuse, with everything that says when: `webhook x (ValidatingWebhookConfiguration
 * y)`.
 */
export function mayRefuse(webhook: Webhook): Unknown {
  const { name, failurePolicy, criteria, conditions, mutating } = webhook;
  const facts = [
    `failurePolicy ${failurePolicy}`,
    `rules ${[...new Set((criteria.rules ?? []).flatMap(({ operations, resources }) => `${operations.join('|')} ${resources.join(', ')}`))].join('; ')}`,
    ...selectorsOf(criteria),
    ...conditions.map((each) => `condition ${each.name}`),
  ];
  const does = mutating ? 'may refuse or change it' : 'may refuse';
  return {
    kind: 'opaque',
    what: `webhook ${name} (${configurationOf(webhook)})`,
    why: `it ${does}: ${facts.join(', ')}`,
    affects: 'whether it is admitted',
  };
}

function refusalBy(webhook: Webhook, seen: Sees & { exemptLabels?: Readonly<Record<string, string | null>> }): Refusal {
  const failed = seen.value === 'refused' ? seen : null;
  return {
    layer: webhooks.id,
    by: {
      kind: webhook.mutating ? 'MutatingWebhookConfiguration' : 'ValidatingWebhookConfiguration',
      namespace: null,
      name: webhook.configuration,
    },
    check: webhook.name,
    reason: failed ? failed.message : `webhook ${webhook.name} may refuse`,
    detail: failed
      ? `the matchConditions of webhook ${webhook.name} fail: ${failed.message}`
      : `webhook ${webhook.name} (${configurationOf(webhook)}) may refuse`,
    rests: [...new Set([...(failed?.rests ?? []), ...(seen.exemptLabels ? ['metadata.labels'] : [])])],
    ...(seen.exemptLabels ? { exemptLabels: seen.exemptLabels } : {}),
  };
}

const configurationOf = ({ mutating, configuration }: Webhook): string =>
  `${mutating ? 'MutatingWebhookConfiguration' : 'ValidatingWebhookConfiguration'} ${configuration}`;
