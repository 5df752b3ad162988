import { changes } from '../../answer/command.ts';
import { impersonation } from '../../rbac/can-i.ts';
import { ALL_ACCOUNTS, accountUser, MASTERS, namespaceOfGroup, parseAccountUser } from '../../rbac/subjects.ts';
import type { Right } from '../../spawn/rights/holder.ts';
import type { Actor } from '../actor.ts';
import type { Attacker } from '../attacker.ts';
import type { Derivation, Requirement, Step } from '../derivation.ts';
import { CERTAIN } from '../derivation.ts';
import { PLACEHOLDER } from '../handed.ts';
import { type IdentityPosition, identityPosition } from '../position.ts';
import { isChosen, isPerson, namedSubjects } from '../subjects.ts';
import { accountsOf } from '../targets.ts';
import type { Technique } from '../technique.ts';
import { right } from '../wanted.ts';

const USERS = right('impersonate', 'users', '', true);
const GROUPS = right('impersonate', 'groups', '', true);
const ACCOUNTS = right('impersonate', 'serviceaccounts');

/**
 * Requests in the name of a user, and of any groups. Each header of a request is checked for the identity that makes
 * it, and a group is only accepted beside a user or an account. The server adds no group to a user but those that
 * everybody has.
 */
export const impersonateUser: Technique = {
  id: 'impersonate-user',
  title: 'impersonate a user',
  takes:
    'impersonate users, for that user, in the whole cluster; for groups also impersonate groups. Groups without a user or an account are refused.',
  gives: 'What the user may do by its name, and what the groups may that are given with it. It is no credential.',
  blockers: ['An impersonated identity cannot impersonate further.'],
  mitre: ['T1078'],
  microsoft: [],
  references: ['apiserver pkg/endpoints/filters/impersonation'],
  *ofIdentity(actor, attacker) {
    if (!actor.hasCredential) return;
    const users = attacker.rights(actor, USERS);
    const accounts = attacker.rights(actor, ACCOUNTS);
    if (users.length === 0 && accounts.length === 0) return;
    const groups = attacker.rights(actor, GROUPS);
    const chosen = groupsOf(groups, attacker);
    for (const found of users) {
      for (const user of usersOf(found, attacker)) {
        yield impersonated({ kind: 'User', namespace: null, name: user }, [], [found], actor, attacker);
        if (chosen.length > 0)
          yield impersonated(
            { kind: 'User', namespace: null, name: user },
            chosen,
            [found, ...groups],
            actor,
            attacker,
          );
      }
    }
    yield* asUnknownAccounts(accounts, actor, attacker);
    yield* asMembers({ users, accounts, groups, chosen }, actor, attacker);
  },
  *toward(goal) {
    if (goal.kind === 'cluster') yield* towardGroup(MASTERS);
    if (goal.kind !== 'identity') return;
    const { user } = goal.identity;
    if (user === null) yield* towardGroup(goal.subject.name);
    else if (parseAccountUser(user) === null) yield { technique: impersonateUser.id, steps: [stepFor(user)] };
  },
};

const stepFor = (user: string): Step => ({
  words: `impersonate user ${user}`,
  any: [[{ wanted: USERS, namespace: null, name: user }]],
  needsCredential: true,
});

function* towardGroup(group: string): Generator<Requirement> {
  const asked = { wanted: GROUPS, namespace: null, name: group };
  yield {
    technique: impersonateUser.id,
    steps: [
      {
        words: `impersonate group ${group}, with some user`,
        any: [[asked, { wanted: USERS, namespace: null, name: null, ofAny: true }]],
        needsCredential: true,
      },
    ],
  };
}

/**
 * What the groups of accounts may do of which the right allows no account that is known: the server does not ask whether
 * an account exists, and gives it its groups.
 */
function* asUnknownAccounts(accounts: readonly Right[], actor: Actor, attacker: Attacker): Generator<Derivation> {
  if (accounts.length === 0) return;
  for (const group of namedSubjects(attacker).groups) {
    const place = group === ALL_ACCOUNTS ? null : namespaceOfGroup({ kind: 'Group', namespace: null, name: group });
    if (place === null && group !== ALL_ACCOUNTS) continue;
    for (const found of accounts) {
      const namespace = found.namespace ?? place ?? PLACEHOLDER;
      if (place !== null && namespace !== place) continue;
      if (accountsOf(attacker.world).within({ namespace, names: found.names }).length > 0) continue;
      const user = accountUser(namespace, found.names?.[0] ?? PLACEHOLDER);
      yield impersonated({ kind: 'Group', namespace: null, name: group }, [], [found], actor, attacker, user);
    }
  }
}

/** What somebody may do who impersonates each group, beside a user or an account of their choice. */
function* asMembers(
  { users, accounts, groups, chosen }: Record<'users' | 'accounts' | 'groups', readonly Right[]> & { chosen: string[] },
  actor: Actor,
  attacker: Attacker,
): Generator<Derivation> {
  if (chosen.length === 0) return;
  const [beside] = users.length > 0 ? users : accounts;
  if (!beside) return;
  const somebody = besideUser(beside, attacker);
  for (const group of chosen) {
    const by = groups.find(({ names }) => names === null || names.includes(group));
    if (by)
      yield impersonated({ kind: 'Group', namespace: null, name: group }, [], [by, beside], actor, attacker, somebody);
  }
  // An account that gets other groups has no groups of its own: what it may do by its name adds to theirs.
  for (const account of accounts)
    for (const { namespace, name } of accountsOf(attacker.world).within(account))
      yield impersonated(
        { kind: 'User', namespace: null, name: accountUser(namespace, name) },
        chosen,
        [account, ...groups],
        actor,
        attacker,
      );
}

/** Somebody in whose name a group may be given; undefined where that may be anybody. */
function besideUser({ of: { resource }, namespace, names }: Right, { world }: Attacker): string | undefined {
  if (resource === 'users') return names?.[0];
  // The server does not ask whether the account exists.
  const [account] = accountsOf(world).within({ namespace, names });
  const { namespace: home, name } = account ?? { namespace: namespace ?? PLACEHOLDER, name: names?.[0] ?? PLACEHOLDER };
  return accountUser(home, name);
}

function impersonated(
  subject: IdentityPosition['subject'],
  groups: readonly string[],
  rights: readonly Right[],
  actor: Actor,
  attacker: Attacker,
  user?: string,
): Derivation {
  const to = identityPosition(subject, { borrowed: true, groups });
  const [flag = '', ...more] = impersonation({ ...to.identity, user: to.identity.user ?? user ?? null });
  const who = `${subject.kind === 'Group' ? 'group' : 'user'} ${subject.name}`;
  const inGroups =
    groups.length === 0 ? '' : `, in group${groups.length === 1 ? '' : 's'} ${groups.slice(0, 3).join(', ')}`;
  return {
    technique: impersonateUser.id,
    to,
    steps: [
      {
        ...{ words: `impersonate ${who}${inGroups}`, actor, rights, namespace: null },
        attack: () => changes(['auth', 'whoami', flag, ...more]),
      },
    ],
    from: attacker.basisOf(actor, rights),
    ...CERTAIN,
  };
}

/** The users that a right reaches: those that it names, or all that are known. */
const usersOf = ({ names }: Right, attacker: Attacker): readonly string[] =>
  names?.filter(isPerson) ?? namedSubjects(attacker).users;

function groupsOf(rights: readonly Right[], attacker: Attacker): string[] {
  const named = rights.flatMap(({ names }) => names ?? namedSubjects(attacker).groups);
  const all = rights.some(({ names }) => names === null) ? [MASTERS, ...named] : named;
  return [...new Set(all)].filter(isChosen);
}
