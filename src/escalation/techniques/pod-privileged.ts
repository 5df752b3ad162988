import type { Command } from '../../answer/command.ts';
import { bypassesOf } from '../../spawn/bypasses/bypasses.ts';
import { podCommand } from '../../spawn/commands/pod-command.ts';
import { OWN_WAYS } from '../../spawn/other-ways/index.ts';
import { outcomesInTurn } from '../../spawn/outcomes/outcomes.ts';
import type { PodOutcome } from '../../spawn/outcomes/pod-outcome.ts';
import { reachesNode, type Strongest } from '../../spawn/probes/strongest.ts';
import type { Right } from '../../spawn/rights/holder.ts';
import type { Scope } from '../../spawn/scope.ts';
import { oncePerObject, oncePerState } from '../../world/once.ts';
import type { World } from '../../world/world.ts';
import type { Actor } from '../actor.ts';
import type { Attacker } from '../attacker.ts';
import { CERTAIN, type Derivation, type Taken } from '../derivation.ts';
import type { Position, RequestPosition } from '../position.ts';
import { Remaining } from '../remaining.ts';
import { nodesOf } from '../targets.ts';
import type { Technique } from '../technique.ts';
import { conditionOf, makesPods } from './spawn-pod.ts';

/**
 * Root on a node by a pod, a new one or one that is there: where admission lets a privileged one through, or can be
 * stepped around by rights that are held.
 */
export const privilegedPod: Technique = {
  id: 'pod-create-privileged',
  title: 'run a pod that is root on its node',
  takes:
    'create pods, or what a controller makes pods of, or change a pod or such a workload, in a namespace whose admission lets a privileged pod through, or whose admission can be changed.',
  gives: 'Root on a node. Whoever creates a pod chooses the node.',
  // All that admission says to pods that are there may have to be found out.
  effort: 20,
  blockers: ['Pod Security at baseline or restricted.', 'Policies and webhooks that refuse privileged pods.'],
  mitre: ['T1610', 'T1611'],
  microsoft: ['MS-TA9018'],
  references: ['kubernetes staging/src/k8s.io/pod-security-admission/policy'],
  *ofIdentity(actor, attacker) {
    const nodes = remainingNodes(attacker);
    if (nodes.length === 0) return;
    const best = bestRouteOf(actor, attacker.scope, isRoot);
    if (best) for (const to of nodes) yield reachedBy(best, to, actor, attacker, isRoot);
  },
};

/**
 * The technique that ends at a pod that reaches its node, as `privileged` asks about it: on whichever node, by root or by
 * its namespaces.
 */
export const reachesNodeByPod = (goal: RequestPosition): Technique => ({
  ...privilegedPod,
  isLast: true,
  *ofIdentity(actor, attacker) {
    if (attacker.has(goal)) return;
    const best = bestRouteOf(actor, attacker.scope, reachesNode);
    if (best) yield reachedBy(best, goal, actor, attacker, reachesNode);
  },
});

/** Tells pods that are strong enough. */
type IsEnough = Parameters<typeof conditionOf>[1];

/** The best way of one identity to a pod that is strong enough; null where it has none. */
function bestRouteOf(actor: Actor, scope: Scope, isEnough: IsEnough): Route | null {
  // Pods that are there already are of use where no other pod gets to a node for sure.
  let isSure = false;
  const outcomes: PodOutcome[] = [];
  for (const outcome of outcomesInTurn(actor.holder, scope, (way) => makesPods(way) || !isSure)) {
    outcomes.push(outcome);
    isSure ||= isEnough(outcome.strongest.sure);
  }
  // None is shorter than one of a single step.
  const routes = [
    ...outcomes.map((outcome) => routeOf(outcome, [])),
    ...(isSure ? [] : otherRoutes(actor, outcomes, scope)),
  ];
  return bestRoute(routes, isEnough);
}

/** A way to root on a node. */
interface Route {
  technique: string;
  strongest: Strongest;
  steps: readonly {
    words: string;
    rights: readonly Right[];
    namespace: string | null;
    attack: () => Command<'changes'> | null;
  }[];
}

/** Routes around admission, and such as need no right to a pod. */
const otherRoutes = ({ holder }: Actor, outcomes: readonly PodOutcome[], scope: Scope): Route[] => [
  ...bypassesOf(holder, outcomes, scope).map(({ steps, outcome }) => routeOf(outcome, steps)),
  ...OWN_WAYS.flatMap((find) => find(holder, outcomes, scope)).map(
    ({ id, words, rights, strongest, attack }): Route => ({
      technique: id,
      strongest,
      steps: [{ words, rights: rights.slice(0, 1), namespace: rights[0]?.namespace ?? null, attack: () => attack }],
    }),
  ),
];

function routeOf(
  outcome: PodOutcome,
  before: readonly { id: string; words: string; rights: readonly Right[]; attack: Command<'changes'> }[],
): Route {
  const { way, right: by, namespaces, strongest, trials } = outcome;
  const [namespace] = namespaces;
  const best =
    trials.find(({ admission, probe }) => admission.value === 'yes' && probe.strength === strongest.sure) ?? trials[0];
  const gain =
    strongest.sure === 'host namespaces only' && strongest.maybe === null
      ? 'in the namespaces of the node'
      : 'as root on the node';
  return {
    technique: before[0]?.id ?? (way.on === 'nothing' ? 'pod-create-privileged' : way.id),
    strongest,
    steps: [
      ...before.map(({ words, rights, attack }) => ({ words, rights, namespace, attack: () => attack })),
      {
        words: `${way.words} in namespace ${namespace}, ${gain}`,
        ...{ rights: [by], namespace, attack: () => (best ? podCommand(outcome, best) : null) },
      },
    ],
  };
}

/** The certain route with the fewest steps; if there is none, the likeliest of the others. */
function bestRoute(routes: readonly Route[], isEnough: IsEnough): Route | null {
  const reaching = routes.filter(({ strongest }) => conditionOf(strongest, isEnough));
  const rank = ({ strongest, steps }: Route): number =>
    (isEnough(strongest.sure) ? 0 : 100 - 10 * LEANINGS[strongest.maybe?.leaning ?? 'none']) + steps.length;
  return reaching.reduce<Route | null>((best, each) => (best === null || rank(each) < rank(best) ? each : best), null);
}

const LEANINGS = { yes: 2, none: 1, no: 0 } as const;

export const isRoot = (strength: string | null): boolean => strength === 'node root';

function reachedBy(
  { technique, strongest, steps }: Route,
  to: Position,
  actor: Actor,
  attacker: Attacker,
  isEnough: IsEnough,
): Derivation {
  // Whoever creates a pod names its node.
  const on = to.kind === 'node' && to.name !== null ? ` ${to.name}` : '';
  const taken = steps.map(
    ({ words, rights, namespace, attack }, index): Taken => ({
      words: index === steps.length - 1 ? `${words}${on}` : words,
      ...{ actor, rights, namespace, attack },
    }),
  );
  const from = [...new Set(steps.flatMap(({ rights }) => attacker.basisOf(actor, rights)))];
  return { technique, to, steps: taken, from, ...(conditionOf(strongest, isEnough) ?? CERTAIN) };
}

/** The nodes on which nobody who is held is root yet. */
export const remainingNodes = (attacker: Attacker): readonly Position[] => nodesOpenTo(attacker).all();

const nodesOpenTo = oncePerObject(
  (attacker: Attacker) => new Remaining(nodesIn(attacker), (node: Position) => node, attacker),
);

/** Whoever creates a pod chooses its node. Of a cluster whose nodes are not known, some node. */
const nodesIn = ({ world, goals }: Attacker): readonly Position[] => {
  const known = nodePositions(world);
  const asked = goals.filter(
    (goal) => goal.kind === 'node' && goal.name !== null && !world.find('nodes', null, goal.name),
  );
  return asked.length === 0 ? known : [...known, ...asked];
};

const nodePositions = oncePerState((world: World): readonly Position[] => {
  const nodes = nodesOf(world).map(({ name }): Position => ({ kind: 'node', name }));
  return nodes.length > 0 ? nodes : [{ kind: 'node', name: null }];
});
