import type { GroupKind } from '../world/kinds.ts';

/**
 * Whether a layer of OpenShift, Kyverno or Gatekeeper reads a custom kind: of what discovery lists these have to be read, all of them in the whole
 * cluster, but for namespaced ones, of which the namespaces asked about are enough (PolicyExceptions and Configs live in namespaces of their own).
 */
export const isEngineKind = ({ group, kind }: { group: string; kind: string }): boolean =>
  group === 'constraints.gatekeeper.sh' || ENGINE_KINDS.has(`${kind}.${group}`);

const ENGINE_KINDS: ReadonlySet<GroupKind> = new Set<GroupKind>([
  'SecurityContextConstraints.security.openshift.io',
  'ClusterPolicy.kyverno.io',
  'Policy.kyverno.io',
  'PolicyException.kyverno.io',
  'ValidatingPolicy.policies.kyverno.io',
  'NamespacedValidatingPolicy.policies.kyverno.io',
  'ImageValidatingPolicy.policies.kyverno.io',
  'NamespacedImageValidatingPolicy.policies.kyverno.io',
  'ConstraintTemplate.templates.gatekeeper.sh',
  'Config.config.gatekeeper.sh',
]);
