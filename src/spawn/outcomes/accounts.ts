import type { SpawnFacts } from '../../answer/facts/privileged.ts';
import { rbacOf } from '../../rbac/rbac-of.ts';
import { parseAccountUser } from '../../rbac/subjects.ts';
import { list } from '../../world/needs.ts';
import type { World } from '../../world/world.ts';

/** The service accounts that a pod may run as: all of its namespace, whoever creates it. */
export class PodAccounts {
  readonly #world: World;
  readonly #known = new WeakMap<readonly string[], SpawnFacts['accounts']>();
  #powerful: ReadonlyMap<string, string[]> | null = null;

  constructor(world: World) {
    this.#world = world;
  }

  /** How many there are in these namespaces, null if not all were read, and those that are cluster-admin. */
  in(namespaces: readonly string[]): SpawnFacts['accounts'] {
    const accounts = this.#known.get(namespaces) ?? this.#find(namespaces);
    this.#known.set(namespaces, accounts);
    return accounts;
  }

  #find(namespaces: readonly string[]): SpawnFacts['accounts'] {
    this.#powerful ??= powerfulAccounts(this.#world);
    const known = namespaces.every((namespace) => this.#world.isRead(list('serviceaccounts', namespace)));
    const count = namespaces.reduce((sum, namespace) => sum + this.#world.list('serviceaccounts', namespace).length, 0);
    return {
      count: known ? count : null,
      powerful: namespaces.flatMap((namespace) => this.#powerful?.get(namespace) ?? []),
    };
  }
}

/** The accounts that may do everything in the whole cluster, as `ci/deployer`, by their namespace. */
function powerfulAccounts(world: World): Map<string, string[]> {
  const everything = { verb: '*', group: '*', resource: '*', subresource: '', namespace: '', name: '' };
  const accounts = new Map<string, Set<string>>();
  for (const { subject, names } of rbacOf(world).holders({ request: everything }).grants) {
    const account =
      subject.kind === 'ServiceAccount' && subject.namespace !== null
        ? { namespace: subject.namespace, name: subject.name }
        : subject.kind === 'User'
          ? parseAccountUser(subject.name)
          : null;
    if (account && names === null)
      accounts.set(account.namespace, (accounts.get(account.namespace) ?? new Set()).add(account.name));
  }
  return new Map(
    [...accounts].map(([namespace, names]) => [namespace, [...names].map((name) => `${namespace}/${name}`)]),
  );
}
