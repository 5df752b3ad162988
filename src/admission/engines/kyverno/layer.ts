import type { Unknown } from '../../../answer/unknown.ts';
import { allOf, depends, yes } from '../../../answer/verdict.ts';
import { NODES } from '../../../rbac/subjects.ts';
import type { GroupKind } from '../../../world/kinds.ts';
import type { Manifest } from '../../../world/objects.ts';
import { oncePerObject } from '../../../world/once.ts';
import { Malformed } from '../../../world/raw.ts';
import { understood } from '../../../world/understood.ts';
import type { World } from '../../../world/world.ts';
import type { Admission, Layer, Refusal } from '../../layer.ts';
import { askNamespace, askUser, isNamespaced, listedThere } from '../../request/reading/ask.ts';
import { listed } from '../../request/reading/listed.ts';
import type { AdmissionRequest } from '../../request/request.ts';
import { type IsEnforced, whereEnforced } from '../enforced.ts';
import { policyAdmits } from './evaluate-policy.ts';
import { type Policy, readPolicy } from './policy.ts';
import type { RuleTools } from './rule.ts';
import { celPolicyAdmits, type EvaluatePolicy } from './validating-policy.ts';

/** The assumption that is printed where Kyverno is installed: its ConfigMap is not read. */
export const KYVERNO_ASSUMPTION =
  'Kyverno leaves alone what its own configuration does by default: kube-system, kube-public, kube-node-lease, replica sets and nodes';

export interface KyvernoTools extends RuleTools {
  isEnforced: IsEnforced;
  validatingPolicy?: EvaluatePolicy;
}

/**
 * Kyverno's policies on what is written: ClusterPolicies and Policies, evaluated as far as they are understood and
 * together with the rules on workloads that Kyverno generates from them; `tools` evaluate its policies in CEL. Rules
 * that change or generate objects refuse nothing, and Kyverno refuses nothing where it is not called (`isEnforced`).
 * Mirrors kyverno pkg/webhooks/resource/validation.
 */
export const kyverno = (tools: KyvernoTools): Layer => ({
  id: 'kyverno',
  admits: (request, world) => {
    if (isLeftAlone(request, world)) return yes();
    const verdict = policiesAdmit(request, world, tools);
    return verdict.value === 'yes' ? verdict : whereEnforced(verdict, tools.isEnforced('kyverno', request, world));
  },
});

function policiesAdmit(request: AdmissionRequest, world: World, tools: KyvernoTools): Admission {
  const patterns = ['ClusterPolicy.kyverno.io', 'Policy.kyverno.io'] as const;
  const own = patterns.flatMap((kind) =>
    each(kind, request, world, (manifest) => manifestAdmits(manifest, request, world, tools)),
  );
  const evaluate: EvaluatePolicy = (policy, ...rest) =>
    policy.kind.includes('Image') ? null : (tools.validatingPolicy?.(policy, ...rest) ?? null);
  const cel = CEL_KINDS.flatMap((kind) =>
    each(kind, request, world, (manifest) => celPolicyAdmits(manifest, request, world, evaluate)),
  );
  return allOf([...own, ...cel]);
}

function each(
  kind: GroupKind,
  request: AdmissionRequest,
  world: World,
  admitsOne: (manifest: Manifest) => Admission,
): Admission[] {
  const isOfNamespace = NAMESPACED.has(kind);
  if (isOfNamespace && !isNamespaced(request)) return [];
  const { objects, unknowns } = isOfNamespace
    ? listedThere(request, world, kind, 'what Kyverno refuses')
    : listed(world, kind, null, 'what Kyverno refuses');
  return [...(unknowns.length > 0 ? [depends<Refusal>(unknowns)] : []), ...objects.map(admitsOne)];
}

function manifestAdmits(manifest: Manifest, request: AdmissionRequest, world: World, tools: KyvernoTools): Admission {
  const policy = read(manifest);
  const verdict = policy instanceof Malformed ? policy : understood(() => policyAdmits(policy, request, world, tools));
  return verdict instanceof Malformed ? depends([notRead(manifest, verdict)]) : verdict;
}

const read = oncePerObject((manifest: Manifest): Policy | Malformed => understood(() => readPolicy(manifest)));

const notRead = ({ kind, name }: Manifest, { message }: Malformed): Unknown => ({
  ...{ kind: 'unreadable', what: `Kyverno ${kind} ${name}` },
  ...{ why: message, affects: 'what it refuses' },
});

/**
 * Whether Kyverno's default configuration ignores a request. Mirrors the defaults of resourceFilters and excludeGroups
 * in charts/kyverno.
 */
const isLeftAlone = (request: AdmissionRequest, world: World): boolean =>
  request.kind.kind === 'ReplicaSet' ||
  (request.resource.group === '' && request.resource.resource === 'nodes') ||
  askNamespace(request, world, 'is left alone', (name) =>
    ['kube-system', 'kube-public', 'kube-node-lease'].includes(name),
  ) ||
  askUser(request.user, world, 'is a node', ({ groups }) => groups.includes(NODES));

const CEL_KINDS: readonly GroupKind[] = [
  ...(
    [
      'ValidatingPolicy',
      'NamespacedValidatingPolicy',
      'ImageValidatingPolicy',
      'NamespacedImageValidatingPolicy',
    ] as const
  ).map((kind): GroupKind => `${kind}.policies.kyverno.io`),
];
const NAMESPACED: ReadonlySet<string> = new Set([
  'Policy.kyverno.io',
  'NamespacedValidatingPolicy.policies.kyverno.io',
  'NamespacedImageValidatingPolicy.policies.kyverno.io',
]);
