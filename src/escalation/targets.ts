import type { Unknown } from '../answer/unknown.ts';
import { accountOf, namespaceOfGroup } from '../rbac/subjects.ts';
import type { Right } from '../spawn/rights/holder.ts';
import { list } from '../world/needs.ts';
import type { Node, Pod } from '../world/objects.ts';
import { oncePerObject, oncePerState } from '../world/once.ts';
import { unseen, type World } from '../world/world.ts';
import { accountPosition } from './position.ts';

/** A service account, or one that only bindings name. */
export interface Account {
  namespace: string;
  name: string;
  /** Whether it exists; null where the accounts of its namespace were not read. */
  exists: boolean | null;
  /** The same of its namespace, with which the account `default` comes. */
  isNamespaceThere: boolean | null;
}

/** All accounts, existing ones first, those that bindings name after them. */
export const accountsOf = oncePerState((world: World): Targets<Account> => {
  const isRead = unseen(world, list('serviceaccounts'), '').length === 0;
  const namespaces = new Set(world.list('namespaces').map(({ name }) => name));
  const areNamespacesRead = unseen(world, list('namespaces'), '').length === 0;
  const isNamespaceThere = (namespace: string): boolean | null =>
    namespaces.has(namespace) ? true : areNamespacesRead ? false : null;
  const found = new Map<string, Account>();
  const add = (namespace: string, name: string, exists: boolean | null): void => {
    const key = `${namespace}/${name}`;
    if (!found.has(key)) found.set(key, { namespace, name, exists, isNamespaceThere: isNamespaceThere(namespace) });
  };
  for (const { namespace, name } of world.list('serviceaccounts')) if (namespace !== null) add(namespace, name, true);
  for (const { namespace, serviceAccount } of world.list('pods'))
    if (namespace !== null && serviceAccount !== null) add(namespace, serviceAccount, true);
  const isKnown = (namespace: string): boolean =>
    isRead || unseen(world, list('serviceaccounts', namespace), '').length === 0;
  for (const { namespace, subjects } of [...world.list('clusterrolebindings'), ...world.list('rolebindings')])
    for (const subject of subjects) {
      const home = namespaceOfGroup(subject);
      if (home !== null && isNamespaceThere(home) === false) add(home, 'default', false);
      const account = accountOf({ ...subject, namespace: subject.namespace ?? namespace });
      if (account) add(account.namespace, account.name, isKnown(account.namespace) ? false : null);
    }
  return new Targets([...found.values()]);
});

/** The accounts that only bindings name. */
export const missingAccounts = oncePerState(
  (world: World): Targets<Account> => new Targets(accountsOf(world).all.filter(({ exists }) => exists === false)),
);

/** The position of an account with a credential of its own; the same object each time. */
export const positionOfAccount = oncePerObject(({ namespace, name }: Account) => accountPosition(namespace, name));

/** The position of the account of a pod, if it has one; the same object each time. */
export const positionOfPodAccount = oncePerObject(({ namespace, serviceAccount }: Pod) =>
  serviceAccount === null ? null : accountPosition(namespace ?? '', serviceAccount),
);

/** What is not known of an account that is to be taken over. */
export const accountUnknowns = ({ namespace, name, exists }: Account, world: World): Unknown[] =>
  exists === null
    ? unseen(world, list('serviceaccounts', namespace), `whether account ${namespace}/${name} exists`)
    : [];

/** Pods that have not ended. */
export const podsOf = oncePerState((world: World): Targets<Pod> => new Targets(world.list('pods').filter(isAlive)));

export const isAlive = ({ phase }: Pod): boolean => phase !== 'Succeeded' && phase !== 'Failed';

/** The pods that have not ended by their node; null: those without one. */
export const podsByNode = oncePerState(
  (world: World): ReadonlyMap<string | null, readonly Pod[]> => Map.groupBy(podsOf(world).all, ({ node }) => node),
);

export const namespacesOf = oncePerState(
  (world: World): Targets<{ namespace: null; name: string }> =>
    new Targets(world.list('namespaces').map(({ name }) => ({ namespace: null, name }))),
);

export const nodesOf = (world: World): readonly Node[] => world.list('nodes');

/** Objects of a kind, by what a right may be limited to. */
export class Targets<T extends { namespace: string | null; name: string }> {
  readonly all: readonly T[];
  #byNamespace: ReadonlyMap<string | null, readonly T[]> | null = null;

  constructor(all: readonly T[]) {
    this.all = all;
  }

  in(namespace: string | null): readonly T[] {
    this.#byNamespace ??= Map.groupBy(this.all, (each) => each.namespace);
    return this.#byNamespace.get(namespace) ?? [];
  }

  /** Those that a right reaches. */
  within({ namespace, names }: Pick<Right, 'namespace' | 'names'>): readonly T[] {
    const there = namespace === null ? this.all : this.in(namespace);
    if (names === null) return there;
    const wanted = new Set(names);
    return there.filter(({ name }) => wanted.has(name));
  }
}
