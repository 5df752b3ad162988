import { reachesNode, type Strongest } from '../../../admission/strongest.ts';
import { shellWord } from '../../../answer/shell-word.ts';
import { bestOf, cellsOf, type Ground } from '../cells.ts';
import { covering, type Holder, holdersOfAny, type Right, rightsTo } from '../holder.ts';
import { wayQueries } from '../ways.ts';
import type { BeyondWay } from './beyond.ts';

/**
 * Admission that makes an exception for an account makes it for whoever becomes that account. Of accounts that can get a pod onto a node where the holder
 * cannot, the first.
 */
export const otherAccount: BeyondWay = (holder, cells, ground) => {
  if (reachesNode(bestOf(cells).sure)) return [];
  const asTheirs = becoming(holder);
  if (asTheirs.length === 0) return [];
  for (const other of holdersOfAny(wayQueries(), ground.rbac)) {
    const { kind, namespace, name } = other.subject;
    if (kind !== 'ServiceAccount' || namespace === null || other.identity.user === holder.identity.user) continue;
    const way = asTheirs.find(({ rights }) => covering(rights, namespace, name));
    const strongest = way && strongestOf(other, ground);
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
  rights: Right[];
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

const strongestOf = (other: Holder, ground: Ground): Strongest => bestOf(cellsOf(other, ground));
