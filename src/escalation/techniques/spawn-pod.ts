import type { Command } from '../../answer/command.ts';
import { podCommand } from '../../spawn/commands/pod-command.ts';
import { outcomesInTurn } from '../../spawn/outcomes/outcomes.ts';
import type { PodOutcome } from '../../spawn/outcomes/pod-outcome.ts';
import { podIn } from '../../spawn/probes/probe-trials.ts';
import { PROBE_NAME } from '../../spawn/probes/probes.ts';
import type { Strongest } from '../../spawn/probes/strongest.ts';
import { POD_WAYS, type PodWay } from '../../spawn/rights/ways.ts';
import type { Scope } from '../../spawn/scope.ts';
import { oncePerObject } from '../../world/once.ts';
import { child } from '../../world/raw.ts';
import type { Actor } from '../actor.ts';
import type { Attacker } from '../attacker.ts';
import type { Derivation, One, Requirement, Taken } from '../derivation.ts';
import { CERTAIN } from '../derivation.ts';
import { keyOfPosition, type Position } from '../position.ts';
import { Remaining } from '../remaining.ts';
import { type Account, accountsOf, accountUnknowns, missingAccounts, positionOfAccount } from '../targets.ts';
import type { Technique } from '../technique.ts';
import { right } from '../wanted.ts';
import { CREATORS, creationInNamespace } from './accounts.ts';
import { without } from './pod-contents.ts';

/** Pods of one's own, by pods, workloads and changes of workloads, as any account of the namespace. */
export const spawnPod: Technique = {
  id: 'pod-create',
  title: 'run pods of its own',
  takes:
    'create pods, or what a controller makes pods of, or update or patch such a workload, in a namespace whose admission lets some pod through.',
  gives: 'Code as any account of the namespace, whatever it mounts: Secrets, ConfigMaps and claims there.',
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
    if (!isNewSomewhere(actor, attacker)) return;
    for (const outcome of outcomesInTurn(actor.holder, scope, makesPods)) yield* podsBy(outcome, actor, attacker);
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
  const run: Taken = { words, actor: null, rights: [], namespace, attack: null, one: { account: name } };
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
          attack: null,
          takes: (one) => commandOf(outcome, one, namespace),
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
export function makesPods({ on }: PodWay): boolean {
  return on === 'nothing' || on === 'workload';
}

/** The command that makes a pod in one of the namespaces of an outcome: the weakest that admission lets through. */
function commandOf(outcome: PodOutcome, { account }: One, namespace: string): Command<'changes'> | null {
  const { trials } = outcome;
  const trial =
    trials.findLast(({ admission }) => admission.value === 'yes') ??
    trials.findLast(({ admission }) => admission.value === 'depends');
  if (!trial) return null;
  const pod = podIn(trial, namespace);
  if (account === undefined) return podCommand({ ...outcome, namespaces: [namespace] }, { ...trial, pod });
  const spec = { ...child(pod, 'spec'), serviceAccountName: account, automountServiceAccountToken: true };
  const made = { ...pod, spec };
  // Other pods of the same proof have names of their own.
  return podCommand({ ...outcome, namespaces: [namespace] }, { ...trial, pod: made }, `${PROBE_NAME}-${account}`);
}

/** What it depends on that a pod of such a strength passes; null if none does. */
export function conditionOf(
  { sure, maybe }: Strongest,
  isEnough: (strength: Strongest['sure']) => boolean,
): Pick<Derivation, 'unknowns' | 'leaning'> | null {
  if (isEnough(sure)) return CERTAIN;
  return maybe && isEnough(maybe.strength) ? { unknowns: maybe.unknowns, leaning: maybe.leaning } : null;
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
