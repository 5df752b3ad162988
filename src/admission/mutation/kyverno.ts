import type { Manifest } from '../../world/objects.ts';
import { child, children, isRaw, Malformed, type Raw } from '../../world/raw.ts';
import { understood } from '../../world/understood.ts';
import type { World } from '../../world/world.ts';
import { isNamespaced, listedThere } from '../request/reading/ask.ts';
import type { AdmissionRequest } from '../request/request.ts';
import { isEngineWebhook } from '../webhooks/known.ts';
import { sees } from '../webhooks/sees.ts';
import { webhooksOf } from '../webhooks/webhook.ts';
import type { Changer } from './mutated.ts';

/**
 * The policies of Kyverno that change objects, where the API server calls Kyverno. Their patches are not evaluated, so
 * that each may change any field of the kinds that it selects. Exclusions of a rule are not looked at. A rule that
 * changes other objects than the one that is written does not count.
 */
export function changedByKyverno(request: AdmissionRequest, world: World): readonly Changer[] {
  const own = isNamespaced(request) ? listedThere(request, world, 'Policy.kyverno.io', AFFECTS).objects : [];
  const policies = [...world.list('ClusterPolicy.kyverno.io'), ...own].filter((policy) => isFor(policy, request));
  const odd = world.malformed('ClusterPolicy.kyverno.io', 'Policy.kyverno.io');
  if (policies.length + odd.length === 0 || request.operation === 'DELETE' || !isAsked(request, world)) return [];
  return [...policies.map(unevaluated), ...odd].map((unknown) => ({ unknown, changes: null, mayRefuse: false }));
}

const AFFECTS = 'what is admitted in the end';

function isAsked(request: AdmissionRequest, world: World): boolean {
  return webhooksOf(world).webhooks.some((webhook) => {
    if (!webhook.mutating || isEngineWebhook(webhook.name, webhook.service) !== 'kyverno') return false;
    const seen = understood(() => sees(webhook, request, world));
    return seen instanceof Malformed || seen.value === 'yes' || seen.value === 'depends';
  });
}

/** Whether a policy may change objects of this kind; a policy that is not understood may. */
function isFor({ raw }: Manifest, request: AdmissionRequest): boolean {
  const found = understood(() =>
    children(child(raw, 'spec'), 'rules').some((rule) => changes(rule, request.kind.kind)),
  );
  return found instanceof Malformed || found;
}

function changes({ mutate, match }: Raw, kind: string): boolean {
  if (mutate === undefined || mutate === null || (isRaw(mutate) && mutate.targets !== undefined)) return false;
  // A rule that selects pods also applies to the workloads that create them.
  const kinds = JSON.stringify(match ?? '*');
  return [kind, 'Pod', '*'].some((each) => kinds.includes(each));
}

const unevaluated = ({ kind, namespace, name }: Manifest) =>
  ({
    kind: 'unmodelled',
    what: `Kyverno ${kind} ${namespace === null ? '' : `${namespace}/`}${name}`,
    why: 'it has rules that change objects, which are not evaluated',
    affects: AFFECTS,
  }) as const;
