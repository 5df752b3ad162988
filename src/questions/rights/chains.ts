import type { Answer, Unfollowed } from '../../answer/answer.ts';
import { accountUser, type Identity, MASTERS, parseAccountUser } from '../../rbac/subjects.ts';
import { list, whole } from '../../world/needs.ts';
import { unseen, type World } from '../../world/world.ts';
import { type Holding, holdingsOf, missingOf } from './holdings.ts';
import { EVERYTHING, rightsAt } from './rights.ts';

/**
 * An answer about one subject, which is about what it may itself: where that is no yes, with the rights by which it can
 * become somebody else. The verdict stays. `followed`: those that the answer has looked into, by their words.
 */
export function withChains(answer: Answer, identity: Identity, world: World, followed: readonly string[] = []): Answer {
  if (answer.findings.some(({ verdict }) => verdict === 'yes')) return answer;
  const chains = chainsOf(identity, world).filter(({ right }) => !followed.includes(right));
  if (chains.length === 0) return answer;
  return { ...answer, notFollowed: chains };
}

/**
 * The rights by which an identity can become another one, as far as what was read shows: the strongest first, each once
 * for a namespace. Nothing is read for this. A right that reaches no account and no pod but its own makes nobody else
 * of it, if these were read.
 */
export function chainsOf(identity: Identity, world: World): Unfollowed[] {
  if (identity.groups.includes(MASTERS)) return [];
  const all = holdingsOf(EVERYTHING, identity, world).filter(({ names }) => names === null);
  const isAll = ({ namespace }: Holding): boolean =>
    all.some((each) => each.namespace === null || each.namespace === namespace);
  return rightsAt(world.facts.version).flatMap((right) => {
    const { becomes } = right;
    if (becomes === undefined) return [];
    const held = holdingsOf(right, identity, world).filter((holding) => right === EVERYTHING || !isAll(holding));
    const leads = held.filter(
      (holding) => missingOf(holding, identity, world) === null && !isOnlyItself(holding, identity, world),
    );
    const places = leads.some(({ namespace }) => namespace === null)
      ? [null]
      : [...new Set(leads.map(({ namespace }) => namespace))];
    return places.map((namespace): Unfollowed => ({ right: becomes, namespace }));
  });
}

/** Whether the right of an account reaches nobody but itself, as far as was read. */
function isOnlyItself({ right, namespace, names }: Holding, identity: Identity, world: World): boolean {
  const self = identity.user === null ? null : parseAccountUser(identity.user);
  if (!self || namespace !== self.namespace) return false;
  const isSelf = (name: string | null): boolean => name !== null && accountUser(namespace, name) === identity.user;
  if (right.reaches === 'accounts' && names !== null) return names.every(isSelf);
  if (right.reaches !== undefined && right.reaches !== 'pods') {
    const need = list('serviceaccounts', namespace);
    return (
      unseen(world, need, '').length === 0 && world.list('serviceaccounts', namespace).every(({ name }) => isSelf(name))
    );
  }
  if (right.reaches !== 'pods') return false;
  const need = list('pods', namespace);
  const isRead = [need, whole(need)].some((each) => unseen(world, each, '').length === 0);
  const pods = world.list('pods', namespace).filter(({ name }) => names === null || names.includes(name));
  return isRead && pods.every(({ serviceAccount }) => isSelf(serviceAccount));
}
