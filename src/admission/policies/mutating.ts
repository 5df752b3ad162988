import type { Unknown } from '../../answer/unknown.ts';
import { and, depends, type Verdict, yes } from '../../answer/verdict.ts';
import { Malformed } from '../../world/reduce/raw.ts';
import type { World } from '../../world/world.ts';
import type { Layer, Refusal } from '../layer.ts';
import { checkConditions } from '../matching/conditions.ts';
import { selectorsOf } from '../matching/criteria.ts';
import { configuresAdmission, isReview } from '../matching/exempt.ts';
import { Inputs } from '../matching/inputs.ts';
import { match } from '../matching/match.ts';
import { misshapen, understood } from '../matching/understood.ts';
import { unread } from '../matching/unread.ts';
import type { AdmissionRequest } from '../request.ts';
import { type Binding, bindingsOf } from './binding.ts';
import { MUTATING, MUTATING_BINDING } from './kinds.ts';
import { type Policy, policyOf } from './policy.ts';

/**
 * MutatingAdmissionPolicies: what they make of an object is not computed. One that looks at the request may make or break the object, which is
 * rare: the verdict leans to yes. On by default since 1.36; before that their v1 is not served, and a server that shows some has them on.
 * They see no DELETE. Mirrors apiserver pkg/admission/plugin/policy/mutating.
 */
export const mutatingPolicies: Layer = {
  id: 'mutating-policies',
  admits(request, world) {
    if (request.operation === 'DELETE' || configuresAdmission(request) || isReview(request) || !isServed(world)) return yes();
    const { byPolicy } = bindingsOf(world, MUTATING_BINDING);
    const unknowns = unread(world, [MUTATING, MUTATING_BINDING], 'whether a MutatingAdmissionPolicy changes the object');
    const verdicts = world.list(MUTATING).flatMap((manifest): Verdict<Refusal>[] => {
      const policy = policyOf(manifest);
      const bindings = byPolicy.get(manifest.name) ?? [];
      if (policy instanceof Malformed)
        return bindings.length > 0 ? [depends([misshapen(`MutatingAdmissionPolicy ${manifest.name}`, policy)], 'yes')] : [];
      return bindings.map((binding) => ofBinding(policy, binding, request, world));
    });
    return and(...verdicts, ...(unknowns.length > 0 ? [depends<Refusal>(unknowns, 'yes')] : []));
  },
};

function ofBinding(policy: Policy, binding: Binding, request: AdmissionRequest, world: World): Verdict<Refusal> {
  const looks = understood(() => {
    const matches = [policy.criteria, ...(binding.criteria ? [binding.criteria] : [])].map(
      (criteria) => match(criteria, request, world).value,
    );
    if (matches.includes('no')) return 'no';
    // Parameters may decide over the conditions: they are not looked up for what is opaque anyway.
    return policy.paramKind ? 'yes' : checkConditions(policy.conditions, new Inputs(request, world, { variables: policy.variables })).value;
  });
  return looks === 'no' || (looks === 'errors' && policy.failurePolicy === 'Ignore') ? yes() : depends([opaque(policy, binding)], 'yes');
}

function opaque({ name, criteria }: Policy, binding: Binding): Unknown {
  const selectors = [criteria, ...(binding.criteria ? [binding.criteria] : [])].flatMap(selectorsOf);
  const where = selectors.length > 0 ? ` (${[...new Set(selectors)].join(', ')})` : '';
  return {
    kind: 'opaque',
    what: `MutatingAdmissionPolicy ${name} with binding ${binding.name}`,
    why: `it changes such objects${where}, which is not computed here`,
    affects: 'whether the object that results is admitted',
  };
}

/** Files may hold what no server of that version would serve. */
function isServed({ facts: { version, origin } }: World): boolean {
  return version === null || version.major > 1 || version.minor >= 36 || origin !== 'file';
}
