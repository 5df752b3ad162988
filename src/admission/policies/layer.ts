import type { Unknown } from '../../answer/unknown.ts';
import { allOf, depends, no, type Verdict, yes } from '../../answer/verdict.ts';
import type { Manifest } from '../../world/objects.ts';
import { Malformed } from '../../world/raw.ts';
import { understood } from '../../world/understood.ts';
import { compareVersions, type Version } from '../../world/version.ts';
import type { World } from '../../world/world.ts';
import type { Layer, Refusal } from '../layer.ts';
import { configuresAdmission, isReview } from '../matching/exempt.ts';
import { type Match, match } from '../matching/match.ts';
import { misshapen } from '../matching/misshapen.ts';
import { unreadLists } from '../matching/unread.ts';
import type { AdmissionRequest } from '../request/request.ts';
import { type Binding, bindingsOf } from './binding.ts';
import { decide, type Refuse, unless } from './decide.ts';
import { VALIDATING, VALIDATING_BINDING } from './kinds.ts';
import { collectParams } from './params.ts';
import { type Policy, policyOf } from './policy.ts';

/**
 * Evaluates ValidatingAdmissionPolicies. A policy without a binding does nothing, and none applies to the configuration
 * of admission. They do not exist before 1.26, and are off by default before 1.30. Where none could be listed the
 * verdict leans to yes, as for webhooks; a policy that exists may refuse if it was not understood or its bindings were
 * not read. Mirrors apiserver pkg/admission/plugin/policy/validating/dispatcher.go.
 */
export const policies: Layer = {
  id: 'policies',
  admits(request, world) {
    if (configuresAdmission(request) || isReview(request) || !isThere(world)) return yes();
    const unlisted = unreadLists(world, KINDS, 'whether a ValidatingAdmissionPolicy refuses');
    const { byPolicy, malformed } = bindingsOf(world, VALIDATING_BINDING);
    const verdicts = world.list(VALIDATING).flatMap((manifest) => {
      const bindings = byPolicy.get(manifest.name);
      return bindings ? [ofPolicy(manifest, bindings, request, world)] : [];
    });
    const odd = [
      ...world.malformed(...KINDS),
      ...malformed.map(({ name, error }) => misshapen(`ValidatingAdmissionPolicyBinding ${name}`, error)),
    ];
    const verdict = allOf([
      ...verdicts,
      ...(unlisted.length > 0 ? [depends<Refusal>(unlisted, world.list(VALIDATING).length === 0 ? 'yes' : null)] : []),
      ...(odd.length > 0 ? [depends<Refusal>(odd)] : []),
    ]);
    return unless(verdict.value === 'yes' ? [] : switchedOff(world), verdict);
  },
};

const KINDS = [VALIDATING, VALIDATING_BINDING] as const;

function ofPolicy(
  manifest: Manifest,
  bindings: readonly Binding[],
  request: AdmissionRequest,
  world: World,
): Verdict<Refusal> {
  const policy = policyOf(manifest);
  if (policy instanceof Malformed) return depends([misshapen(nameOf(manifest.name), policy)]);
  const verdict = understood(() => {
    const matched = match(policy.criteria, request, world);
    if (matched.value === 'no') return yes<Refusal>();
    const each = bindings.map((binding) => ofBinding(policy, binding, matched, request, world));
    return unless(matched.unknowns, allOf(each));
  });
  if (verdict instanceof Malformed)
    return depends([misshapen(`an object that ${nameOf(policy.name)} looks at`, verdict)]);
  return { ...verdict, unknowns: verdict.unknowns.map((unknown) => named(unknown, policy)) };
}

function ofBinding(
  policy: Policy,
  binding: Binding,
  ofPolicy: Match,
  request: AdmissionRequest,
  world: World,
): Verdict<Refusal> {
  const matched = binding.criteria ? match(binding.criteria, request, world) : null;
  if (matched?.value === 'no') return yes();
  const refuse = refuser(policy, binding, [ofPolicy, ...(matched ? [matched] : [])]);
  const found = collectParams(world, policy.paramKind, binding.params, request);
  if ('unknown' in found) return depends([found.unknown]);
  if ('misconfigured' in found) return misconfigured(policy, found, refuse);
  const verdict = allOf(found.params.map((param) => decide(policy, binding, param, request, world, refuse)));
  return unless(matched?.unknowns ?? [], verdict);
}

/** A mistake in the configuration refuses, whatever the binding's actions are. */
function misconfigured(
  { name, failurePolicy }: Policy,
  found: { misconfigured: string; of: 'policy' | 'binding' },
  refuse: Refuse,
): Verdict<Refusal> {
  if (failurePolicy === 'Ignore') return yes();
  const refusal = refuse(`failed to configure ${found.of}: ${found.misconfigured}`, []);
  const detail = `ValidatingAdmissionPolicy '${name}' denied request: ${refusal.reason}`;
  return no(found.of === 'policy' ? { ...refusal, detail } : refusal);
}

function refuser(policy: Policy, binding: Binding, matches: readonly Match[]): Refuse {
  const exemptLabels = matches.find((each) => each.exemptLabels)?.exemptLabels;
  return (message, rests) => ({
    layer: policies.id,
    by: { kind: 'ValidatingAdmissionPolicy', namespace: null, name: policy.name },
    check: policy.name,
    reason: message,
    detail: `ValidatingAdmissionPolicy '${policy.name}' with binding '${binding.name}' denied request: ${message}`,
    rests: [...new Set([...rests, ...matches.flatMap((each) => each.rests)])],
    ...(exemptLabels ? { exemptLabels } : {}),
  });
}

/** The unknown with the name of the policy that needs it. */
function named(unknown: Unknown, { name }: Policy): Unknown {
  if (unknown.kind !== 'opaque' || unknown.what.startsWith('ValidatingAdmissionPolicy')) return unknown;
  return {
    ...unknown,
    what: nameOf(name),
    why: `it rests on ${unknown.what}: ${unknown.why}`,
    affects: 'whether it refuses',
  };
}

const nameOf = (policy: string): string => `ValidatingAdmissionPolicy ${policy}`;

/**
 * Whether the API server has such policies at all. A file can contain them for a server that does not know the kind.
 */
const isThere = ({ facts: { version } }: World): boolean => version === null || compareVersions(version, ALPHA) >= 0;

/** The first version that has them behind a feature gate; kubernetes pkg/features/kube_features.go. */
const ALPHA: Version = { major: 1, minor: 26 };

/** The unknown that policies may not be in force. */
function switchedOff({ facts: { version } }: World): Unknown[] {
  if (version === null || version.major > 1 || version.minor >= 30) return [];
  const why = 'it is off by default before Kubernetes 1.30';
  return [
    {
      kind: 'invisible',
      what: 'the feature gate ValidatingAdmissionPolicy',
      why,
      affects: 'whether ValidatingAdmissionPolicies are in force',
    },
  ];
}
