import { type GroupKind, groupKind, type Kind } from '../../world/kinds.ts';
import { child, isRaw } from '../../world/raw.ts';
import type { World } from '../../world/world.ts';

/**
 * Whether a layer of OpenShift, Kyverno or Gatekeeper reads a custom kind. The kinds of this sort that discovery lists
 * have to be read: cluster-scoped ones, PolicyExceptions and Configs (which live in namespaces of their own) for the
 * whole cluster, and other namespaced ones for the namespaces in question.
 */
export const isEngineKind = ({ group, kind }: { group: string; kind: string }): boolean =>
  group === CONSTRAINTS || ENGINE_KINDS.has(`${kind}.${group}`);

/**
 * The same kinds for a server whose discovery is not known: the kinds that the engines always have, and the constraints
 * that templates define.
 */
export const knownEngineKinds = (world: World): Kind[] => [
  ...ENGINES,
  ...world.list('ConstraintTemplate.templates.gatekeeper.sh').flatMap(({ raw }) => {
    const { kind } = isRaw(raw.spec) ? namesIn(raw.spec) : {};
    return typeof kind === 'string' && kind !== ''
      ? [engine(CONSTRAINTS, 'v1beta1', kind.toLowerCase(), kind, false)]
      : [];
  }),
];

/** The kinds that the engines always have. */
export const engineKinds = (): readonly Kind[] => ENGINES;

function namesIn(spec: Record<string, unknown>): Record<string, unknown> {
  const crd = isRaw(spec.crd) ? spec.crd : {};
  return isRaw(crd.spec) && isRaw(crd.spec.names) ? child(crd.spec, 'names') : {};
}

const engine = (group: string, version: string, resource: string, kind: string, namespaced: boolean): Kind => ({
  ...{ group, version, resource, kind, namespaced },
  pageSize: 500,
});

const CONSTRAINTS = 'constraints.gatekeeper.sh';
const ENGINES: readonly Kind[] = [
  engine('security.openshift.io', 'v1', 'securitycontextconstraints', 'SecurityContextConstraints', false),
  engine('kyverno.io', 'v1', 'clusterpolicies', 'ClusterPolicy', false),
  engine('kyverno.io', 'v1', 'policies', 'Policy', true),
  engine('kyverno.io', 'v2', 'policyexceptions', 'PolicyException', true),
  engine('policies.kyverno.io', 'v1', 'validatingpolicies', 'ValidatingPolicy', false),
  engine('policies.kyverno.io', 'v1', 'namespacedvalidatingpolicies', 'NamespacedValidatingPolicy', true),
  engine('policies.kyverno.io', 'v1', 'imagevalidatingpolicies', 'ImageValidatingPolicy', false),
  engine('policies.kyverno.io', 'v1', 'namespacedimagevalidatingpolicies', 'NamespacedImageValidatingPolicy', true),
  engine('templates.gatekeeper.sh', 'v1', 'constrainttemplates', 'ConstraintTemplate', false),
  engine('config.gatekeeper.sh', 'v1alpha1', 'configs', 'Config', true),
];
const ENGINE_KINDS: ReadonlySet<GroupKind> = new Set(ENGINES.map(groupKind));
