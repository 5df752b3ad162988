import type { Unknown } from '../../answer/unknown.ts';
import { compareVersions } from '../../world/version.ts';
import type { World } from '../../world/world.ts';
import { checkConditions } from '../matching/conditions.ts';
import { configuresAdmission, isReview } from '../matching/exempt.ts';
import { Inputs } from '../matching/inputs.ts';
import { match } from '../matching/match.ts';
import type { AdmissionRequest } from '../request/request.ts';
import type { Webhook } from './webhook.ts';

/** Whether the API server calls a webhook for a request. */
export type Sees =
  | { value: 'yes' | 'no' }
  | { value: 'depends'; unknowns: readonly Unknown[] }
  /** The matchConditions fail, so that the request is refused without a call (failurePolicy Fail). */
  | { value: 'refused'; message: string; rests: readonly string[] };

/**
 * Whether the API server calls a webhook for a request. Mirrors apiserver
 * pkg/admission/plugin/webhook/generic/webhook.go. Throws Malformed for an object without the API's shape.
 */
export function sees(
  webhook: Webhook,
  request: AdmissionRequest,
  world: World,
): Sees & { exemptLabels?: Readonly<Record<string, string | null>> } {
  if (configuresAdmission(request) || (isReview(request) && skipsReviews(world))) return { value: 'no' };
  const matched = match(webhook.criteria, request, world);
  if (matched.value === 'no') return { value: 'no' };
  const exemptLabels = matched.exemptLabels ? { exemptLabels: matched.exemptLabels } : {};
  const looks = checkConditions(webhook.conditions, new Inputs(request, world));
  if (looks.value === 'no') return { value: 'no' };
  if (looks.value === 'errors' && webhook.failurePolicy === 'Ignore') return { value: 'no' };
  const unknowns = [...matched.unknowns, ...(looks.value === 'depends' ? looks.unknowns : [])];
  if (unknowns.length > 0) return { value: 'depends', unknowns, ...exemptLabels };
  if (looks.value === 'errors')
    return { value: 'refused', message: looks.message, rests: [...looks.rests, ...matched.rests], ...exemptLabels };
  return { value: 'yes', ...exemptLabels };
}

/** Whether the server skips webhooks for reviews of rights and identities, which it does from 1.37 on. */
function skipsReviews({ facts: { version } }: World): boolean {
  return version === null || compareVersions(version, { major: 1, minor: 37 }) >= 0;
}
