import type { Finding } from '../../../answer/answer.ts';
import { briefSubject } from '../../../answer/words.ts';
import type { Closure } from '../../../escalation/closure.ts';
import { type Gain, isGain } from '../../../escalation/position.ts';
import type { World } from '../../../world/world.ts';
import { closureFor, reachedGoal } from '../../become/closure.ts';
import { changesOfProof } from '../../become/cut.ts';
import { refOfPosition } from '../../become/evidence.ts';
import { wordsOf } from '../../become/summary.ts';
import { contextOf } from '../../context.ts';
import type { Change } from '../../fixes/change.ts';
import type { Options, WayToEnd } from '../../question.ts';
import { type CodeIn, closureOfPod, gainsOf } from './becomes.ts';

/**
 * What takes away the worst that code in a pod can become, of what a grant leads to: the first change after which the
 * engine finds no way there any more. Where none of them is enough alone, the one that ends the shortest way.
 */
export function endingFor(pod: CodeIn, world: World, options: Options): WayToEnd | null {
  const context = contextOf(world, options);
  const closure = closureOfPod(pod, context);
  const gains = gainsOf(pod, closure, context);
  for (const gain of gains.slice(0, MOST_GAINS)) {
    const position = positionOfGain(gain, closure);
    // What acts at once, and rolls nothing out: an entry of a binding.
    const changes = position ? changesOfProof(position.key, closure).filter(isGrant) : [];
    const [first] = changes;
    if (!position || !first) continue;
    const isEnough = (change: Change): boolean => {
      const start = { kind: 'pod' as const, namespace: pod.namespace, name: pod.name };
      const target = { starts: [start], goals: [position.goal] };
      return !reachedGoal(position.goal, closureFor(target, contextOf(change.madeIn(world), options)));
    };
    // Each look goes through the whole cluster once.
    const tried = changes.slice(0, closure.attacker.actors.length > MANY ? 1 : MOST_TRIED);
    const enough = tried.find(isEnough);
    return {
      change: enough ?? first,
      worst: gainWords(gain.object),
      isEnough: enough !== undefined,
      isSure: gain.verdict === 'yes',
    };
  }
  return null;
}

/** `cluster-admin`, `sa/ci/deployer`, `the Secrets of namespace shop`. */
const gainWords = (object: Finding['object']): string =>
  object.kind === 'Cluster' || object.kind === 'Secret' ? wordsOf(object) : briefSubject(object);

const isGrant = ({ object: { kind } }: Change): boolean => kind === 'RoleBinding' || kind === 'ClusterRoleBinding';

/** Of what nobody's grant leads to, such as the node of a privileged container, another is told. */
const MOST_GAINS = 20;
const MOST_TRIED = 4;
const MANY = 150;

/** The cheapest way by which a finding was reached. */
function positionOfGain({ object }: Finding, { reached }: Closure): { key: string; goal: Gain } | null {
  for (const [key, { position, by }] of reached) {
    if (by === null || !isGain(position)) continue;
    const ref = refOfPosition(position);
    if (ref.kind === object.kind && ref.namespace === object.namespace && ref.name === object.name)
      return { key, goal: position };
  }
  return null;
}
