import type { Gain } from '../../escalation/position.ts';
import type { KindName } from '../../world/kinds.ts';
import { list, type Need } from '../../world/needs.ts';
import type { World } from '../../world/world.ts';
import type { QuestionContext } from '../context.ts';
import { isMissing, namedNeeds, notFound } from '../existence.ts';
import { refuseMissingSubject, subjectNeeds } from '../holders/subject-existence.ts';

/** What tells whether a goal exists. */
export function goalNeeds(goal: Gain, world: World): Need[] {
  if (goal.kind === 'identity') return subjectNeeds(goal.subject, world);
  const object = objectOf(goal);
  return object === null ? [] : [...namedNeeds(object.kind, object.namespace, object.name, world), list('namespaces')];
}

/** Throws a UserError for a goal that does not exist, so that a misspelt one is never answered with a no. */
export function refuseMissingGoal(goal: Gain, { world }: QuestionContext): void {
  if (goal.kind === 'identity') {
    const { subject } = goal;
    const isBound = world
      .list('rolebindings')
      .concat(world.list('clusterrolebindings'))
      .some(({ subjects }) => subjects.some(({ kind, name }) => kind === subject.kind && name === subject.name));
    if (!isBound) refuseMissingSubject(subject, [], world);
    return;
  }
  const object = objectOf(goal);
  if (object && isMissing(object.kind, object.namespace, object.name, world))
    throw notFound(object.kind, object.namespace, object.name, world);
}

/** The object that a goal is, or its namespace, where the object itself is never read. */
function objectOf(goal: Gain): { kind: KindName; namespace: string | null; name: string } | null {
  if (goal.kind === 'pod') return { kind: 'pods', namespace: goal.namespace, name: goal.name };
  if (goal.kind === 'node' && goal.name !== null) return { kind: 'nodes', namespace: null, name: goal.name };
  if (goal.kind === 'namespace') return { kind: 'namespaces', namespace: null, name: goal.name };
  return goal.kind === 'secret' && goal.namespace !== null
    ? { kind: 'namespaces', namespace: null, name: goal.namespace }
    : null;
}
