import { and } from '../answer/verdict.ts';
import type { World } from '../world/world.ts';
import { privilegedAllowed } from './allow-privileged.ts';
import { isPluginOn } from './api-server.ts';
import { isEnforced, kyvernoTools } from './engine-tools.ts';
import { gatekeeper } from './gatekeeper/layer.ts';
import { kyverno } from './kyverno/layer.ts';
import type { Admission, Layer } from './layer.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import { nodeRestriction } from './node-restriction.ts';
import { podSecurity } from './pod-security/layer.ts';
import { podSecurityPolicies } from './pod-security-policies.ts';
import { policies } from './policies/layer.ts';
import { mutatingPolicies } from './policies/mutating.ts';
import { quota } from './quota.ts';
import type { AdmissionRequest } from './request.ts';
import { scc } from './scc/layer.ts';
import { webhooks } from './webhooks/layer.ts';

/** Everything that decides over a write, the plainest refusals first: what an attacker cannot do anything about. */
export const LAYERS: readonly Layer[] = [
  namespaceLifecycle,
  nodeRestriction((world) => isPluginOn(world, 'NodeRestriction') ?? true),
  privilegedAllowed,
  podSecurity,
  podSecurityPolicies,
  scc,
  policies,
  kyverno(kyvernoTools),
  gatekeeper(isEnforced),
  webhooks,
  mutatingPolicies,
  quota,
];

/** Whether a write is admitted: every layer has to let it through. A refusal by one is a refusal, whatever the others do not know. */
export const admits = (request: AdmissionRequest, world: World): Admission => and(...LAYERS.map((layer) => layer.admits(request, world)));
