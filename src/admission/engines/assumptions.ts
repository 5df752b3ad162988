import type { World } from '../../world/world.ts';
import type { Assumption } from '../assumption.ts';
import { kindsOfGroup } from '../request/reading/listed.ts';
import { templatesOf } from './gatekeeper/templates.ts';
import { KYVERNO_ASSUMPTION } from './kyverno/layer.ts';

/** What is assumed about policy engines, whose own configuration is not read. */
export const ENGINE_ASSUMPTIONS: readonly Assumption[] = [
  {
    id: 'kyverno-configuration',
    of: ({ world }) => (world.kinds().some((kind) => kind.endsWith('kyverno.io')) ? [KYVERNO_ASSUMPTION] : []),
  },
  {
    id: 'gatekeeper-library',
    of: ({ world }) => (isLibraryUsed(world) ? [LIBRARY] : []),
  },
  {
    id: 'gatekeeper-mutation',
    of: ({ world }) =>
      constraintKinds(world).length > 0
        ? ['Gatekeeper changes no pods and expands no workloads: its mutators are not read']
        : [],
  },
];

const LIBRARY =
  'a ConstraintTemplate with the name, the parameters and the fields of one of the gatekeeper-library does what that one does';

/** The kinds of constraints of which there are any objects. */
const constraintKinds = (world: World): string[] =>
  kindsOfGroup(world, 'constraints.gatekeeper.sh').flatMap((kind) =>
    world
      .list(kind)
      .slice(0, 1)
      .map((each) => each.kind),
  );

function isLibraryUsed(world: World): boolean {
  const { found } = templatesOf(world);
  return constraintKinds(world).some((kind) => {
    const entry = found.get(kind);
    return entry !== undefined && 'kind' in entry && typeof entry.kind === 'object';
  });
}
