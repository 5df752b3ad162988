import type { Kind } from '../../world/kinds.ts';
import { listOf, type Need } from '../../world/needs.ts';
import { child, type Raw, text } from '../../world/raw.ts';
import { understoodOr } from '../../world/understood.ts';
import type { World } from '../../world/world.ts';
import type { Engine } from './enforced.ts';

/**
 * The lists of the objects by which engines refuse, for sources that did not ask discovery which of them exist. Each is
 * requested in the version that the engine has served longest; a kind that does not exist is not found. Constraints are
 * listed by the kinds that templates define, once the templates are read.
 */
export function engineLists(engines: ReadonlySet<Engine>, world: World): Need[] {
  return [
    ...(engines.has('kyverno') ? KYVERNO.map((kind) => listOf(kind)) : []),
    ...(engines.has('gatekeeper') ? [...GATEKEEPER, ...constraintKinds(world)].map((kind) => listOf(kind)) : []),
  ];
}

const kind = (group: string, version: string, name: string, namespaced = false): Kind => ({
  ...{ group, version, kind: name, namespaced, pageSize: 500 },
  resource: name.replace(/y$/, 'ie').toLowerCase().concat('s'),
});

const KYVERNO: readonly Kind[] = [
  kind('kyverno.io', 'v1', 'ClusterPolicy'),
  kind('kyverno.io', 'v1', 'Policy', true),
  kind('kyverno.io', 'v2beta1', 'PolicyException', true),
  kind('policies.kyverno.io', 'v1alpha1', 'ValidatingPolicy'),
  kind('policies.kyverno.io', 'v1alpha1', 'ImageValidatingPolicy'),
  kind('policies.kyverno.io', 'v1beta1', 'NamespacedValidatingPolicy', true),
  kind('policies.kyverno.io', 'v1beta1', 'NamespacedImageValidatingPolicy', true),
];

const TEMPLATES = kind('templates.gatekeeper.sh', 'v1', 'ConstraintTemplate');
const GATEKEEPER: readonly Kind[] = [TEMPLATES, kind('config.gatekeeper.sh', 'v1alpha1', 'Config', true)];

/** The resource of a kind of constraint is the kind in lower case. */
function constraintKinds(world: World): Kind[] {
  return world.list('ConstraintTemplate.templates.gatekeeper.sh').flatMap(({ raw }) => {
    const name = kindNamed(raw);
    return name === null
      ? []
      : [{ ...kind('constraints.gatekeeper.sh', 'v1beta1', name), resource: name.toLowerCase() }];
  });
}

function kindNamed(template: Raw): string | null {
  return understoodOr(
    () => text(child(child(child(child(template, 'spec'), 'crd'), 'spec'), 'names'), 'kind'),
    () => null,
  );
}
