import { type Command, changes } from '../../answer/command.ts';
import { accountUser } from '../../rbac/subjects.ts';
import { unreadRole } from '../../rbac/unread-role.ts';
import { oncePerObject } from '../../world/once.ts';
import { bestOf, outcomesOf } from '../outcomes/outcomes.ts';
import { isMore, reachesNode, type Strongest } from '../probes/strongest.ts';
import { holdersOfAny } from '../rights/everybody.ts';
import { covering, type Holder, type Right, rightsTo } from '../rights/holder.ts';
import type { Scope } from '../scope.ts';
import type { FindOtherWays, OtherWay } from './other-way.ts';

/**
 * Becomes a service account that admission makes an exception for. Only looked for if the holder's own pods do not
 * reach the node for sure. The result is the first account whose pods do; if there is none, the account whose pods are
 * likeliest to.
 */
export const otherAccount: FindOtherWays = (holder, outcomes, scope) => {
  if (reachesNode(bestOf(outcomes).sure)) return [];
  const asTheirs = takeoversOf(holder);
  if (asTheirs.length === 0) return [];
  const namespaces = asTheirs.flatMap(({ rights }) => rights.map(({ namespace }) => namespace));
  let possible: OtherWay | null = null;
  for (const { user, namespace, name, strongest: theirs } of accountsIn(namespaces, scope)) {
    if (user === holder.identity.user) continue;
    const way = asTheirs.flatMap((each) => {
      const right = covering(each.rights, namespace, name);
      return right ? [{ ...each, right }] : [];
    })[0];
    const strongest = way && theirs();
    const mayReach = strongest && (reachesNode(strongest.sure) || reachesNode(strongest.maybe?.strength ?? null));
    if (!way || !strongest || !mayReach) continue;
    const found: OtherWay = {
      id: way.id,
      words: `become ServiceAccount ${namespace}/${name}, whom admission ${reachesNode(strongest.sure) ? 'lets' : 'may let'} through`,
      rights: [way.right, ...way.rights.filter((each) => each !== way.right)],
      strongest,
      attack: way.attack(namespace, name),
      direct: false,
    };
    if (reachesNode(strongest.sure)) return [found];
    if (strongest.maybe && isMore(strongest.maybe, possible?.strongest.maybe ?? null)) possible = found;
  }
  return possible === null ? [] : [possible];
};

/** A right to become service accounts. */
interface AccountTakeover {
  id: string;
  rights: readonly Right[];
  attack: (namespace: string, name: string) => Command<'changes'>;
}

const takeoversOf = (holder: Holder): AccountTakeover[] =>
  [
    {
      id: 'sa-token-request',
      rights: rightsTo({ group: '', resource: 'serviceaccounts', subresource: 'token', verbs: ['create'] }, holder),
      attack: (namespace: string, name: string) => changes(['create', 'token', name, '-n', namespace]),
    },
    {
      id: 'impersonate-sa',
      rights: rightsTo({ group: '', resource: 'serviceaccounts', subresource: '', verbs: ['impersonate'] }, holder),
      attack: (namespace: string, name: string) => changes(['auth', 'whoami', `--as=${accountUser(namespace, name)}`]),
    },
  ].filter(({ rights }) => rights.length > 0);

/** A service account that can create or change pods, or may. */
interface OtherServiceAccount {
  user: string | null;
  rank: number;
  namespace: string;
  name: string;
  strongest: () => Strongest;
}

/** The accounts of these namespaces (null: of all), in the order of their bindings. */
function accountsIn(namespaces: readonly (string | null)[], scope: Scope): readonly OtherServiceAccount[] {
  const known = accountsOf(scope);
  if (namespaces.includes(null)) return known.all;
  return [...new Set(namespaces)]
    .flatMap((namespace) => known.byNamespace.get(namespace) ?? [])
    .sort((a, b) => a.rank - b.rank);
}

interface AccountList {
  all: readonly OtherServiceAccount[];
  byNamespace: ReadonlyMap<string | null, readonly OtherServiceAccount[]>;
}

/** All accounts that can create or change pods, or may, found once for a scope. */
const accountsOf = oncePerObject((scope: Scope): AccountList => {
  const seen = holdersOfAny(scope.rbac).flatMap((other, rank): OtherServiceAccount[] => {
    const { kind, namespace, name } = other.subject;
    const { user } = other.identity;
    return kind === 'ServiceAccount' && namespace !== null
      ? [{ user, rank, namespace, name, strongest: once(other, scope) }]
      : [];
  });
  const all = [...seen, ...boundToUnread(scope, seen.length)];
  return { all, byNamespace: Map.groupBy(all, ({ namespace }) => namespace) };
});

/** Accounts that are bound to a role that could not be read, which may allow any way to a pod. */
function boundToUnread({ rbac, world }: Scope, rank: number): OtherServiceAccount[] {
  return rbac.openEntries().flatMap(({ binding, subject, role }): OtherServiceAccount[] => {
    const namespace = subject.namespace ?? binding.namespace;
    if (role !== 'unreadable' || subject.kind !== 'ServiceAccount' || namespace === null) return [];
    const { name } = subject;
    const strongest: Strongest = {
      sure: null,
      maybe: { strength: 'node root', leaning: null, unknowns: [unreadRole(binding, world)] },
    };
    return [{ user: accountUser(namespace, name), rank, namespace, name, strongest: () => strongest }];
  });
}

function once(other: Holder, scope: Scope): () => Strongest {
  let known: Strongest | undefined;
  return () => {
    known ??= bestOf(outcomesOf(other, scope));
    return known;
  };
}
