import { and, yes } from '../answer/verdict.ts';
import type { World } from '../world/world.ts';
import type { Admission } from './layer.ts';
import { policies } from './policies/layer.ts';
import { mutatingPolicies } from './policies/mutating.ts';
import type { AdmissionRequest } from './request.ts';
import { webhooks } from './webhooks/layer.ts';

/**
 * What policies and webhooks that match CONNECT say of an exec, attach, port-forward or proxy (pods, services, nodes). The request's object are
 * its options (PodExecOptions, …), which the caller chooses: a refusal whose `rests` is not empty may be got around by others. Pure.
 */
export function connectMatches(request: AdmissionRequest, world: World): Admission {
  if (request.operation !== 'CONNECT') return yes();
  return and(...[policies, mutatingPolicies, webhooks].map((layer) => layer.admits(request, world)));
}
