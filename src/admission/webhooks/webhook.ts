import type { GroupKind } from '../../world/kinds.ts';
import type { Manifest } from '../../world/objects.ts';
import { oncePerObject, oncePerState } from '../../world/once.ts';
import { child, children, Malformed, type Raw, requiredText, text } from '../../world/raw.ts';
import { understood } from '../../world/understood.ts';
import { type Condition, matchConditions } from '../matching/conditions.ts';
import { type Criteria, webhookCriteria } from '../matching/criteria.ts';

/** One webhook of a configuration. */
export interface Webhook {
  name: string;
  configuration: string;
  mutating: boolean;
  criteria: Criteria;
  conditions: readonly Condition[];
  failurePolicy: 'Fail' | 'Ignore';
  sideEffects: string;
  /** Null where the webhook is called by URL. */
  service: { namespace: string; name: string } | null;
}

export interface Webhooks {
  webhooks: readonly Webhook[];
  malformed: readonly MalformedWebhook[];
}

/** A webhook, or a whole configuration, that cannot be understood. */
interface MalformedWebhook {
  what: string;
  mutating: boolean;
  error: Malformed;
}

export const VALIDATING_WEBHOOKS: GroupKind = 'ValidatingWebhookConfiguration.admissionregistration.k8s.io';
export const MUTATING_WEBHOOKS: GroupKind = 'MutatingWebhookConfiguration.admissionregistration.k8s.io';

/** The webhooks of all configurations, in the current state of the world. */
export const webhooksOf = oncePerState((world): Webhooks => {
  const all = [VALIDATING_WEBHOOKS, MUTATING_WEBHOOKS].flatMap((kind) => world.list(kind)).flatMap(ofConfiguration);
  return {
    webhooks: all.flatMap((each) => ('error' in each ? [] : [each])),
    malformed: all.flatMap((each) => ('error' in each ? [each] : [])),
  };
});

const ofConfiguration = oncePerObject((manifest: Manifest): (Webhook | MalformedWebhook)[] => {
  const mutating = manifest.kind === 'MutatingWebhookConfiguration';
  const what = `${manifest.kind} ${manifest.name}`;
  const raws = understood(() => children(manifest.raw, 'webhooks'));
  return raws instanceof Malformed
    ? [{ what, mutating, error: raws }]
    : raws.map((raw) => {
        const webhook = understood(() => compile(raw, manifest.name, mutating));
        return webhook instanceof Malformed ? { what, mutating, error: webhook } : webhook;
      });
});

function compile(raw: Raw, configuration: string, mutating: boolean): Webhook {
  const client = child(raw, 'clientConfig');
  const service = client.service === undefined || client.service === null ? null : child(client, 'service');
  return {
    name: requiredText(raw, 'name'),
    configuration,
    mutating,
    criteria: webhookCriteria(raw),
    conditions: matchConditions(raw),
    failurePolicy: text(raw, 'failurePolicy') === 'Ignore' ? 'Ignore' : 'Fail',
    sideEffects: text(raw, 'sideEffects') ?? 'Unknown',
    service: service && { namespace: requiredText(service, 'namespace'), name: requiredText(service, 'name') },
  };
}
