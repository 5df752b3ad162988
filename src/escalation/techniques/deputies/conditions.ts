import type { Right } from '../../../spawn/rights/holder.ts';
import { groupKind } from '../../../world/kinds.ts';
import { listOf } from '../../../world/needs.ts';
import { unseen } from '../../../world/world.ts';
import type { Attacker } from '../../attacker.ts';
import { CERTAIN, type Taken } from '../../derivation.ts';
import { creating } from './api.ts';
import { type Condition, open, together } from './condition.ts';
import type { Running } from './controllers.ts';
import { type Deputy, nameOf, type Open } from './deputy.ts';
import { isBefore, releaseWords } from './release.ts';
import { isUnmodelled } from './served.ts';

/** What the restrictions of a product leave of a right to write its resource. */
interface Left {
  /** The namespace in which the resource has to be; undefined where the right says it. */
  place: string | null | undefined;
  /** What the attacker does besides. */
  steps: readonly Taken[];
  condition: Condition;
}

type Opened = (each: Open) => Condition;

/** What a controller that was found does with the resource of somebody; null where it does nothing for them. */
export function conditionsOf(
  deputy: Deputy,
  right: Right,
  running: Running,
  attacker: Attacker,
  opened: Opened,
): Left | null {
  const there = placeOf(deputy, right, running, opened);
  const release = releaseCondition(deputy, running, opened);
  if (!there || !release) return null;
  const also = alsoOf(deputy, there.place ?? right.namespace, attacker, opened);
  const limits = limitsOf(deputy, running, attacker);
  return {
    place: there.place,
    steps: [...also.steps, ...limits.steps],
    condition: together([there.condition, release, also.condition, limits.condition]),
  };
}

/** A controller that looks at its own namespace alone needs the resource there; a flag may open others to it. */
function placeOf(
  deputy: Deputy,
  right: Right,
  { account, release }: Running,
  opened: Opened,
): Pick<Left, 'place' | 'condition'> | null {
  const { where, product, clusterScoped } = deputy;
  // It is not known where the pods of a cluster-scoped resource would be, if not beside its controller.
  if (clusterScoped) return { place: isUnmodelled(deputy) ? account?.namespace : undefined, condition: CERTAIN };
  if (!where || account === null) return { place: undefined, condition: CERTAIN };
  if (right.namespace === null || right.namespace === account.namespace)
    return { place: account.namespace, condition: CERTAIN };
  const { opens } = where;
  if (!opens || (release !== null && isBefore(release, opens.since))) return null;
  const unknown = {
    kind: 'invisible',
    what: `whether ${product} looks at namespace ${right.namespace} (${opens.by}, since ${releaseWords(opens.since)})`,
    why: 'the setting may be in a ConfigMap or an argument, which are not read',
  } as const;
  return { place: undefined, condition: opened({ unknown, leaning: 'no' }) };
}

/** Null where the release that runs is known to be another one. */
function releaseCondition({ releases, product }: Deputy, { release }: Running, opened: Opened): Condition | null {
  if (!releases) return CERTAIN;
  const { since, fixed } = releases;
  if (release) return isBefore(release, since) || !isBefore(release, fixed) ? null : CERTAIN;
  const unknown = {
    kind: 'invisible',
    what: `which release of ${product} runs`,
    why: `the tag of its image does not say; affected are ${releaseWords(since)} and later, before ${releaseWords(fixed)}`,
  } as const;
  return opened({ unknown, leaning: 'no' });
}

function alsoOf(
  { also }: Deputy,
  namespace: string | null,
  attacker: Attacker,
  opened: Opened,
): Pick<Left, 'steps' | 'condition'> {
  if (!also) return { steps: [], condition: CERTAIN };
  for (const each of also.any) {
    const wanted = creating(each);
    const ask = { wanted, namespace: each.clusterScoped ? null : namespace, name: null, ofAny: true, creates: true };
    const step = attacker.takeStep({ words: also.words, any: [[ask as typeof ask & { creates: true; ofAny: true }]] });
    if (step) return { steps: [{ ...step, attack: null }], condition: CERTAIN };
    // References to another namespace are followed by default.
    const [actor] = also.isAnywhere ? attacker.able({ wanted, creates: true }) : [];
    const [right] = actor ? attacker.rights(actor, wanted, true) : [];
    if (actor && right)
      return {
        steps: [{ words: also.words, actor, rights: [right], namespace: right.namespace, attack: null }],
        condition: CERTAIN,
      };
  }
  return { steps: [], condition: opened(also.otherwise) };
}

/** Objects of the product that bound what it does: one that lets everything through is enough. */
function limitsOf(
  { limits, product, ...deputy }: Deputy,
  { account }: Running,
  attacker: Attacker,
): Pick<Left, 'steps' | 'condition'> {
  if (!limits || account === null) return { steps: [], condition: CERTAIN };
  const { world } = attacker;
  const { namespace } = account;
  const api = { ...limits, namespaced: true, pageSize: 500 };
  const there = world.list(groupKind(api), namespace);
  if (there.some(({ raw }) => limits.isOpen(raw))) return { steps: [], condition: CERTAIN };
  const words = `create ${nameOf(limits)} in namespace ${namespace} that permits everything`;
  const ask = { wanted: creating(limits), namespace, name: null, ofAny: true, creates: true } as const;
  const step = attacker.takeStep({ words, any: [[ask]] });
  if (step) return { steps: [{ ...step, attack: null }], condition: CERTAIN };
  const affects = `what ${product} does with ${nameOf(deputy)}`;
  const [unread] = unseen(world, listOf(api, namespace), affects);
  if (unread) return { steps: [], condition: open(unread, 'yes') };
  const names = there.map(({ name }) => name);
  const unknown = {
    kind: 'unmodelled',
    what: `what ${nameOf(limits)} ${names.join(', ')} of namespace ${namespace} permit`,
    why: 'none of them permits everything',
    affects,
  } as const;
  return { steps: [], condition: open(unknown, names.length > 0 ? null : 'no') };
}
