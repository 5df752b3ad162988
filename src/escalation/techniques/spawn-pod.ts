import type { Command } from '../../answer/command.ts';
import { bypassesOf } from '../../spawn/bypasses/bypasses.ts';
import { podCommand } from '../../spawn/commands/pod-command.ts';
import { OTHER_WAYS } from '../../spawn/other-ways/index.ts';
import { outcomesInTurn } from '../../spawn/outcomes/outcomes.ts';
import type { PodOutcome } from '../../spawn/outcomes/pod-outcome.ts';
import type { Strongest } from '../../spawn/probes/strongest.ts';
import type { Right } from '../../spawn/rights/holder.ts';
import { POD_WAYS, type PodWay } from '../../spawn/rights/ways.ts';
import type { Scope } from '../../spawn/scope.ts';
import { oncePerObject, oncePerState } from '../../world/once.ts';
import type { World } from '../../world/world.ts';
import type { Actor } from '../actor.ts';
import type { Attacker } from '../attacker.ts';
import type { Derivation, Requirement, Taken } from '../derivation.ts';
import { CERTAIN } from '../derivation.ts';
import { keyOfPosition, type Position } from '../position.ts';
import { Remaining } from '../remaining.ts';
import { type Account, accountsOf, accountUnknowns, missingAccounts, nodesOf, positionOfAccount } from '../targets.ts';
import type { Technique } from '../technique.ts';
import { right } from '../wanted.ts';
import { CREATORS, creationInNamespace } from './accounts.ts';
import { without } from './pod-contents.ts';

/**
 * Pods of one's own, by pods, workloads and changes of workloads: first as any account of the namespace, then as root
 * on a node where admission lets such a pod through, or can be stepped around by rights that are held.
 */
export const spawnPod: Technique = {
  id: 'pod-create',
  title: 'run pods of its own',
  takes:
    'create pods, or what a controller makes pods of, or update or patch such a workload, in a namespace whose admission lets some pod through.',
  gives:
    'Code as any account of the namespace, whatever it mounts: Secrets, ConfigMaps and claims there. Root on a node, where a privileged pod is admitted.',
  blockers: [
    'Pod Security bounds the privileges of the pod, and never its account.',
    'Policies about serviceAccountName.',
  ],
  mitre: ['T1610'],
  microsoft: ['MS-TA9008'],
  references: ['kubernetes plugin/pkg/admission/serviceaccount/admission.go'],
  *ofIdentity(actor, attacker) {
    const { scope } = attacker;
    if (CREATORS.some(({ wanted, creates }) => attacker.rights(actor, wanted, creates).length > 0))
      for (const account of missingAccounts(attacker.world).all) yield* asAccount(account, attacker);
    const nodes = remainingNodes(attacker);
    if (nodes.length === 0 && !isNewSomewhere(actor, attacker)) return;
    // Pods that are there already are of use to get to a node, where no other pod does for sure.
    let isRootSure = nodes.length === 0;
    const outcomes: PodOutcome[] = [];
    for (const outcome of outcomesInTurn(actor.holder, scope, (way) => makesPods(way) || !isRootSure)) {
      outcomes.push(outcome);
      isRootSure ||= outcome.strongest.sure === 'node root';
      yield* podsBy(outcome, actor, attacker);
    }
    if (nodes.length === 0) return;
    // None is shorter than one of a single step.
    const best = bestRoute([
      ...outcomes.map((outcome) => routeOf(outcome, [])),
      ...(isRootSure ? [] : otherRoutes(actor, outcomes, scope)),
    ]);
    if (best) for (const to of nodes) yield nodeBy(best, to, actor, attacker);
  },
  *ofPosition(position, attacker) {
    if (position.kind !== 'spawn') return;
    const { namespace } = position;
    for (const account of accountsOf(attacker.world).in(namespace)) yield* asAccount(account, attacker);
    yield without(
      spawnPod.id,
      { kind: 'secret', namespace, name: null },
      `mount any Secret of namespace ${namespace} in a pod`,
      [keyOfSpawn(namespace)],
    );
  },
  *toward(goal): Generator<Requirement> {
    const namespace =
      goal.kind === 'identity' ? goal.subject.namespace : goal.kind === 'secret' ? goal.namespace : null;
    if (namespace === null) return;
    const words = `run pods of its own in namespace ${namespace}`;
    yield {
      technique: spawnPod.id,
      steps: [
        {
          words,
          any: [
            [{ wanted: CREATE_PODS, namespace, name: null, creates: true }],
            ...CREATE_WORKLOADS.map((wanted) => [{ wanted, namespace, name: null, creates: true as const }]),
          ],
        },
      ],
    };
  },
};

/** A pod that runs as an account of its namespace, which is created before if only bindings name it. */
function* asAccount(account: Account, attacker: Attacker): Generator<Derivation> {
  const { namespace, name } = account;
  const to = positionOfAccount(account);
  if (!attacker.isHeld(keyOfSpawn(namespace)) || attacker.has(to)) return;
  const created = attacker.meet({ steps: creationInNamespace(account) });
  if (!created) return;
  const words = `run a pod as ServiceAccount ${namespace}/${name}`;
  const run: Taken = { words, actor: null, rights: [], namespace, attack: null };
  const from = [keyOfSpawn(namespace), ...created.from];
  const unknowns = accountUnknowns(account, attacker.world);
  yield {
    ...{ technique: spawnPod.id, to, steps: [...created.taken, run], from, unknowns },
    leaning: unknowns.length > 0 ? 'yes' : null,
  };
}

const keyOfSpawn = (namespace: string): string => keyOfPosition({ kind: 'spawn', namespace });

const CREATE_PODS = right('create', 'pods');
const CREATE_WORKLOADS = POD_WAYS.filter(({ on, maker }) => on === 'nothing' && maker.resource !== 'pods').map(
  ({ maker: { group, resource } }) => right('create', resource, group),
);

/** Pods by one way, in each of its namespaces. */
function* podsBy(outcome: PodOutcome, actor: Actor, attacker: Attacker): Generator<Derivation> {
  const { way, right: by, namespaces, strongest } = outcome;
  if (!makesPods(way)) return;
  const condition = conditionOf(strongest, (strength) => strength !== null);
  if (!condition) return;
  const isOpen = condition.unknowns.length > 0;
  for (const namespace of namespaces) {
    const to = spawnIn(attacker.scope)(namespace);
    if (attacker.has(to, isOpen)) continue;
    yield {
      technique: way.id,
      to,
      steps: [
        {
          words: `${way.words} in namespace ${namespace}`,
          actor,
          rights: [by],
          namespace,
          attack: () => commandOf(outcome),
        },
      ],
      from: attacker.basisOf(actor, [by]),
      ...condition,
    };
  }
}

/** Whether an actor has any right to make pods where nobody who is held can make them. */
function isNewSomewhere(actor: Actor, attacker: Attacker): boolean {
  const { scope } = attacker;
  return MAKING.some(({ wanted, creates }) =>
    attacker
      .rights(actor, wanted, creates)
      .some(({ namespace }) =>
        namespace === null ? remainingNamespaces(attacker).length > 0 : !attacker.has(spawnIn(scope)(namespace)),
      ),
  );
}

/** The rights of the ways to pods of one's own. */
const MAKING = POD_WAYS.filter(makesPods).map(({ verbs, on, maker: { group, resource } }) => ({
  wanted: right(verbs, resource, group),
  ...(on === 'nothing' ? { creates: true as const } : {}),
}));

/** Whether a way leads to a pod that was not there before. */
function makesPods({ on }: PodWay): boolean {
  return on === 'nothing' || on === 'workload';
}

const commandOf = (outcome: PodOutcome): Command<'changes'> | null => {
  const [trial] = outcome.trials;
  return trial ? podCommand(outcome, trial) : null;
};

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
  ...OTHER_WAYS.flatMap((find) => find(holder, outcomes, scope))
    .filter(({ direct }) => direct)
    .map(
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
  return {
    technique: before[0]?.id ?? (way.on === 'nothing' ? 'pod-create-privileged' : way.id),
    strongest,
    steps: [
      ...before.map(({ words, rights, attack }) => ({ words, rights, namespace, attack: () => attack })),
      {
        words: `${way.words} in namespace ${namespace}, as root on the node`,
        ...{ rights: [by], namespace, attack: () => (best ? podCommand(outcome, best) : null) },
      },
    ],
  };
}

/** The certain route with the fewest steps; if there is none, the likeliest of the others. */
function bestRoute(routes: readonly Route[]): Route | null {
  const reaching = routes.filter(({ strongest }) => conditionOf(strongest, isRoot));
  const rank = ({ strongest, steps }: Route): number =>
    (strongest.sure === 'node root' ? 0 : 100 - 10 * LEANINGS[strongest.maybe?.leaning ?? 'none']) + steps.length;
  return reaching.reduce<Route | null>((best, each) => (best === null || rank(each) < rank(best) ? each : best), null);
}

const LEANINGS = { yes: 2, none: 1, no: 0 } as const;

export const isRoot = (strength: string | null): boolean => strength === 'node root';

/** What it depends on that a pod of such a strength passes; null if none does. */
export function conditionOf(
  { sure, maybe }: Strongest,
  isEnough: (strength: Strongest['sure']) => boolean,
): Pick<Derivation, 'unknowns' | 'leaning'> | null {
  if (isEnough(sure)) return CERTAIN;
  return maybe && isEnough(maybe.strength) ? { unknowns: maybe.unknowns, leaning: maybe.leaning } : null;
}

function nodeBy({ technique, strongest, steps }: Route, to: Position, actor: Actor, attacker: Attacker): Derivation {
  // Whoever creates a pod names its node.
  const on = to.kind === 'node' && to.name !== null ? ` ${to.name}` : '';
  const taken = steps.map(
    ({ words, rights, namespace, attack }, index): Taken => ({
      words: index === steps.length - 1 ? `${words}${on}` : words,
      ...{ actor, rights, namespace, attack },
    }),
  );
  const from = [...new Set(steps.flatMap(({ rights }) => attacker.basisOf(actor, rights)))];
  return { technique, to, steps: taken, from, ...(conditionOf(strongest, isRoot) ?? CERTAIN) };
}

/** The position of one's own pods in each namespace; the same object each time. */
export const spawnIn = oncePerObject((_scope: Scope) => {
  const known = new Map<string, Position>();
  return (namespace: string): Position => {
    const position = known.get(namespace) ?? { kind: 'spawn', namespace };
    known.set(namespace, position);
    return position;
  };
});

/** The namespaces in which nobody who is held can make pods yet. */
export const remainingNamespaces = (attacker: Attacker): readonly string[] => namespacesOpenTo(attacker).all();

const namespacesOpenTo = oncePerObject(
  (attacker: Attacker) => new Remaining(attacker.scope.namespaces, spawnIn(attacker.scope), attacker),
);

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
