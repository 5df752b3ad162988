import { reachesNode, type Strongest } from '../../../admission/strongest.ts';
import { shellWord } from '../../../answer/shell-word.ts';
import { bestOf, cellsOf, type Ground } from '../cells.ts';
import { covering, type Holder, holdersOfAny, type Right, rightsTo } from '../holder.ts';
import type { BeyondWay } from './beyond.ts';

/**
 * Admission that makes an exception for an account makes it for whoever becomes that account. Of accounts that can get a pod onto a node where the holder
 * cannot, the first.
 */
export const otherAccount: BeyondWay = (holder, cells, ground) => {
  if (reachesNode(bestOf(cells).sure)) return [];
  const asTheirs = becoming(holder);
  if (asTheirs.length === 0) return [];
  const namespaces = asTheirs.flatMap(({ rights }) => rights.map(({ namespace }) => namespace));
  for (const { other, namespace, name, strongest: theirs } of accountsIn(namespaces, ground)) {
    if (other.identity.user === holder.identity.user) continue;
    const way = asTheirs.find(({ rights }) => covering(rights, namespace, name));
    const strongest = way && theirs();
    if (!way || !strongest || !reachesNode(strongest.sure)) continue;
    return [
      {
        id: way.id,
        words: `become ServiceAccount ${namespace}/${name}, whom admission lets through`,
        rights: way.rights,
        strongest,
        command: way.command(namespace, name),
        direct: false,
      },
    ];
  }
  return [];
};

interface Becoming {
  id: string;
  rights: readonly Right[];
  command: (namespace: string, name: string) => string;
}

const becoming = (holder: Holder): Becoming[] =>
  [
    {
      id: 'sa-token-request',
      rights: rightsTo({ group: '', resource: 'serviceaccounts', subresource: 'token', verbs: ['create'] }, holder),
      command: (namespace: string, name: string) => `kubectl create token ${shellWord(name)} -n ${shellWord(namespace)}`,
    },
    {
      id: 'impersonate-sa',
      rights: rightsTo({ group: '', resource: 'serviceaccounts', subresource: '', verbs: ['impersonate'] }, holder),
      command: (namespace: string, name: string) => `kubectl auth whoami --as=${shellWord(`system:serviceaccount:${namespace}:${name}`)}`,
    },
  ].filter(({ rights }) => rights.length > 0);

/** An account that can bring pods about. */
interface Account {
  other: Holder;
  rank: number;
  namespace: string;
  name: string;
  strongest: () => Strongest;
}

/** Those of these namespaces, null for all, in the order of their bindings. */
function accountsIn(namespaces: readonly (string | null)[], ground: Ground): readonly Account[] {
  const known = ACCOUNTS.get(ground) ?? findAccounts(ground);
  ACCOUNTS.set(ground, known);
  if (namespaces.includes(null)) return known.all;
  return [...new Set(namespaces)].flatMap((namespace) => known.byNamespace.get(namespace) ?? []).sort((a, b) => a.rank - b.rank);
}

interface Accounts {
  all: readonly Account[];
  byNamespace: ReadonlyMap<string | null, readonly Account[]>;
}

function findAccounts(ground: Ground): Accounts {
  const all = holdersOfAny(ground.rbac).flatMap((other, rank): Account[] => {
    const { kind, namespace, name } = other.subject;
    return kind === 'ServiceAccount' && namespace !== null ? [{ other, rank, namespace, name, strongest: once(other, ground) }] : [];
  });
  return { all, byNamespace: Map.groupBy(all, ({ namespace }) => namespace) };
}

function once(other: Holder, ground: Ground): () => Strongest {
  let known: Strongest | undefined;
  return () => {
    known ??= bestOf(cellsOf(other, ground));
    return known;
  };
}

const ACCOUNTS = new WeakMap<Ground, Accounts>();
