import type { Right } from '../../../spawn/rights/holder.ts';
import { listOf } from '../../../world/needs.ts';
import { unseen } from '../../../world/world.ts';
import type { Actor } from '../../actor.ts';
import type { Attacker } from '../../attacker.ts';
import type { Derivation, Requirement, Taken } from '../../derivation.ts';
import { CERTAIN } from '../../derivation.ts';
import type { Position } from '../../position.ts';
import type { Technique } from '../../technique.ts';
import { apiOf, writesOf } from './api.ts';
import { type Condition, open, together } from './condition.ts';
import { conditionsOf } from './conditions.ts';
import { controllersOf, type Running, type Search } from './controllers.ts';
import { type Deputy, nameOf, type Open } from './deputy.ts';
import { type Gained, gainsOf } from './gains.ts';
import { isUnmodelled, servedIn, writableBy } from './served.ts';
import { unverifiedIn } from './unverified.ts';

/**
 * Custom resources whose controllers act for whoever writes them: the table says what each does, and the cluster who
 * its controller is and what that may do. Nothing is gained from a resource that the server does not have, or whose
 * controller lacks the rights for it.
 */
export const controllerAsDeputy: Technique = {
  id: 'controller-as-deputy',
  title: 'have the controller of a custom resource act for it',
  takes:
    'create, update or patch of a custom resource whose controller runs pods, writes objects, sends tokens or creates bindings as it says.',
  gives: 'What the account of the controller may do, as far as the product uses it for whoever writes the resource.',
  blockers: [
    'Restrictions of the product: projects, flags, its own admission webhook.',
    'Policies about the custom resource, which are not evaluated.',
    'Pod Security, for the pods that a controller makes.',
  ],
  mitre: ['T1610', 'T1078'],
  microsoft: ['MS-TA9016'],
  references: ['kubernetes.io/docs/concepts/extend-kubernetes/operator'],
  *ofIdentity(actor, attacker) {
    const { world } = attacker;
    const { deputies, unmodelled } = servedIn(world);
    const all = [...deputies, ...unmodelled];
    if (all.length === 0 || attacker.has(CLUSTER)) return;
    for (const deputy of attacker.handed.length === 0 ? writableBy(actor, all, world) : all)
      yield* byDeputy(deputy, actor, attacker);
  },
  *toward(goal, attacker): Generator<Requirement> {
    for (const deputy of servedIn(attacker.world).deputies) {
      const { running } = controllersOf(deputy, attacker.world);
      const [sure] = running.filter(({ unknowns }) => unknowns.length === 0);
      const namespace = sure && namespaceToward(goal, deputy, sure);
      if (namespace === undefined) continue;
      const { create, change } = writesOf(deputy);
      const ask = { namespace, name: null, ofAny: true } as const;
      yield {
        technique: idOf(deputy),
        steps: [
          {
            words: `have ${deputy.product} act for it`,
            any: [
              ...(create ? [[{ wanted: create, ...ask, creates: true as const }]] : []),
              ...(create || !change ? [] : [[{ wanted: change, ...ask }]]),
            ],
          },
        ],
      };
    }
  },
};

const CLUSTER: Position = { kind: 'cluster' };

const idOf = ({ effect }: Deputy): string => (effect.kind === 'grants' ? 'deputy-grants' : controllerAsDeputy.id);

/** The namespace in which a resource would lead to a goal at once (null: it is in none); undefined where it would not. */
function namespaceToward(goal: Position, deputy: Deputy, { account }: Running): string | null | undefined {
  const { effect, where, clusterScoped } = deputy;
  if (effect.kind === 'grants' && goal.kind === 'cluster')
    return clusterScoped ? null : (account?.namespace ?? 'kube-system');
  if (effect.kind === 'manifests' && where && goal.kind === 'identity' && account)
    return goal.subject.namespace === account.namespace && goal.subject.name === account.name
      ? account.namespace
      : undefined;
  if (effect.kind !== 'pods' && effect.kind !== 'tokens') return undefined;
  return goal.kind === 'identity' && goal.subject.kind === 'ServiceAccount' && !clusterScoped
    ? (goal.subject.namespace ?? undefined)
    : undefined;
}

/** What somebody gains by one resource, through each of its controllers. */
function* byDeputy(deputy: Deputy, actor: Actor, attacker: Attacker): Generator<Derivation> {
  const { scope, world } = attacker;
  for (const { right, condition } of writingsOf(deputy, actor, attacker)) {
    const { running, missing }: Search = isUnmodelled(deputy)
      ? unverifiedIn(scope)(deputy)
      : controllersOf(deputy, world);
    const affects = `what ${deputy.product} does with ${nameOf(deputy)}`;
    const opened = ({ unknown, leaning }: Open): Condition => open({ affects, ...unknown }, leaning);
    for (const each of missing ? [...running, null] : running) {
      const own = each === null ? (missing ? open(missing.unknown, missing.leaning) : CERTAIN) : each;
      const found = each === null ? WITHOUT_CONTROLLER : conditionsOf(deputy, right, each, attacker, opened);
      if (!found) continue;
      const place = found.place === undefined ? right : { ...right, namespace: found.place };
      for (const gained of gainsOf({ deputy, effect: deputy.effect, right: place, running: each }, attacker)) {
        const all = together([condition, own, found.condition, gained.condition]);
        if (attacker.has(gained.to, all.unknowns.length > 0)) continue;
        yield derivationOf(gained, { deputy, actor, right, place: place.namespace, extra: found.steps, all }, attacker);
      }
    }
  }
}

const WITHOUT_CONTROLLER = { place: undefined, steps: [], condition: CERTAIN };

interface By {
  deputy: Deputy;
  actor: Actor;
  right: Right;
  place: string | null;
  extra: readonly Taken[];
  all: Condition;
}

function derivationOf({ to, words, namespace }: Gained, by: By, attacker: Attacker): Derivation {
  const { deputy, actor, right, place, extra, all } = by;
  const there = deputy.clusterScoped ? null : (namespace ?? place ?? attacker.scope.namespaces[0] ?? '');
  const write: Taken = {
    words: `${right.verb === 'create' ? 'create' : 'create or change'} ${nameOf(deputy)}${there === null ? '' : ` in namespace ${there}`}`,
    ...{ actor, rights: [right], namespace: there, attack: null },
  };
  const act: Taken = { words, actor: null, rights: [], namespace: null, attack: null };
  const from = [write, ...extra].flatMap((each) => (each.actor ? attacker.basisOf(each.actor, each.rights) : []));
  return {
    ...{ technique: idOf(deputy), to, steps: [...extra, write, act], from: [...new Set(from)] },
    ...{ unknowns: all.unknowns, leaning: all.leaning },
  };
}

/** Where somebody may write a resource: a new one, or one that is there. */
function* writingsOf(
  deputy: Deputy,
  actor: Actor,
  attacker: Attacker,
): Generator<{ right: Right; condition: Condition }> {
  const { create, change } = writesOf(deputy);
  const created = create ? attacker.rights(actor, create, true) : [];
  for (const right of created) yield { right, condition: CERTAIN };
  if (!change) return;
  for (const right of attacker.rights(actor, change)) {
    const isMore = !created.some(
      (each) => each.names === null && (each.namespace === null || each.namespace === right.namespace),
    );
    if (!isMore) continue;
    const condition = existing(deputy, right, attacker);
    if (condition) yield { right, condition };
  }
}

/** Whether there is a resource that a right is about; null where there is none for sure. */
function existing(deputy: Deputy, { namespace, names }: Right, { world }: Attacker): Condition | null {
  const api = apiOf(deputy, world);
  if (api === null) return null;
  const need = listOf(api, namespace);
  const there = world.list(need.kind, namespace);
  if (there.some(({ name }) => names === null || names.includes(name))) return CERTAIN;
  const [unread] = unseen(world, need, `whether there is any ${nameOf(deputy)} to change`);
  return unread ? open(unread, 'yes') : null;
}
