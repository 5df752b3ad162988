import { anyOf, depends, no, type Verdict, yes } from '../../answer/verdict.ts';
import type { Manifest } from '../../world/objects.ts';
import { Malformed, type Raw, texts } from '../../world/raw.ts';
import { understood } from '../../world/understood.ts';
import type { Version } from '../../world/version.ts';
import type { World } from '../../world/world.ts';
import type { Admission, Refusal } from '../layer.ts';
import { checkConditions, matchConditions } from '../matching/conditions.ts';
import { Inputs } from '../matching/inputs.ts';
import { match } from '../matching/match.ts';
import { unread } from '../matching/unread.ts';
import { violationsByCheck } from '../pod-security/evaluate.ts';
import { parseLevel, parsePolicyVersion } from '../pod-security/level.ts';
import { decide, unless } from '../policies/decide.ts';
import { policyOf } from '../policies/policy.ts';
import type { AdmissionRequest } from '../request/request.ts';
import { isEngineWebhook } from '../webhooks/known.ts';
import { sees } from '../webhooks/sees.ts';
import { VALIDATING_WEBHOOKS, webhooksOf } from '../webhooks/webhook.ts';
import type { IsEnforced } from './enforced.ts';
import type { KyvernoTools } from './kyverno/layer.ts';
import type { PodSecurityViolation } from './kyverno/pod-security/violation.ts';

/** Whether the API server calls an engine: it does where it calls one of the engine's own webhooks. */
export const isEnforced: IsEnforced = (engine, request, world) => {
  const unknowns = unread(world, [VALIDATING_WEBHOOKS], `whether the API server asks ${engine}`);
  const own = webhooksOf(world).webhooks.filter(
    ({ name, service, mutating }) => !mutating && isEngineWebhook(name, service) === engine,
  );
  const verdicts = own.map((webhook): Verdict => {
    const looks = understood(() => sees(webhook, request, world));
    if (looks instanceof Malformed || looks.value === 'yes') return yes();
    if (looks.value === 'depends') return depends(looks.unknowns);
    return looks.value === 'refused' ? yes() : no();
  });
  return anyOf([...verdicts, ...(unknowns.length > 0 ? [depends(unknowns)] : [])]);
};

/** The parts of Kubernetes that Kyverno's rules use. */
export const kyvernoTools: KyvernoTools = { isEnforced, podSecurity, validatingPolicy, isCalled };

function isCalled(webhook: Raw, request: AdmissionRequest, world: World): boolean | 'unknown' {
  const { value } = checkConditions(matchConditions(webhook), new Inputs(request, world));
  return value === 'yes' || value === 'no' ? value === 'yes' : 'unknown';
}

function podSecurity(pod: Raw, level: string, version: string): PodSecurityViolation[] {
  const found = violationsByCheck(
    pod,
    parseLevel(level) ?? 'restricted',
    parsePolicyVersion(version) ?? 'latest',
    CHECKS_OF_KYVERNO,
  );
  return found.map(({ check, reason, detail, fields }) => ({ check, reason, detail, rests: fields }));
}

/** The version of the checks in the copy that Kyverno ships. */
const CHECKS_OF_KYVERNO: Version = { major: 1, minor: 34 };

/**
 * A ValidatingPolicy has the parts of a ValidatingAdmissionPolicy. Functions that only Kyverno has are opaque to the
 * evaluation.
 */
function validatingPolicy(manifest: Manifest, request: AdmissionRequest, world: World): Admission | null {
  const policy = policyOf(manifest);
  if (policy instanceof Malformed) return null;
  const verdict = understood(() => {
    const matched = match(policy.criteria, request, world);
    if (matched.value === 'no') return yes<Refusal>();
    const refuse = (message: string, rests: readonly string[]): Refusal => ({
      layer: 'kyverno',
      by: { kind: manifest.kind, namespace: manifest.namespace, name: manifest.name },
      check: manifest.name,
      reason: message,
      detail: `Policy ${manifest.name} failed: ${message}`,
      rests: [...new Set([...rests, ...matched.rests])],
      ...(matched.exemptLabels ? { exemptLabels: matched.exemptLabels } : {}),
    });
    const binding = {
      name: manifest.name,
      policy: manifest.name,
      criteria: null,
      params: null,
      denies: isDenied(manifest),
    };
    return unless(matched.unknowns, decide(policy, binding, null, request, world, refuse));
  });
  return verdict instanceof Malformed ? null : verdict;
}

const isDenied = ({ raw }: Manifest): boolean => {
  const { spec } = raw as { spec?: Parameters<typeof texts>[0] };
  const actions = texts(spec ?? {}, 'validationActions');
  return actions.length === 0 || actions.includes('Deny');
};
