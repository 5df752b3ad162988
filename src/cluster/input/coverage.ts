import { builtInKind, type KindName } from '../../world/kinds.ts';
import { list, type Need, type Outcome } from '../../world/needs.ts';

/** Objects of one origin: those of a list, or those outside of lists. */
interface Group {
  kinds: Set<KindName>;
  /** The kinds of which an object is here that a server has stored. */
  stored: Set<KindName>;
  namespaces: Set<string>;
  hasStored: boolean;
}

/**
 * What files of any origin can be said to hold completely. A list is taken for the output of one `kubectl get`, and all
 * objects outside of lists together for one too: where it shows several namespaces it was read from all (`-A`), where
 * it shows one, from that one (`-n`), and so were all kinds in it. A kind that occurs nowhere was not read.
 *
 * Manifests are taken likewise, each kind that occurs for all that the cluster will have of it. Where some objects come
 * from a server and others do not, the latter are to be applied to the cluster of the former: then only groups with an
 * object that a server has stored show what there is, and what stands outside of lists is a group for each file.
 */
export class Coverage {
  readonly #groups = new Map<object | string, Group>();
  /** The kinds with an object in a namespace. */
  readonly #placed = new Set<KindName>();
  #hasManifests = false;

  /**
   * Notes an object: the list or (outside of lists) the file that it is in, its kind (null where no question reads it),
   * and whether a server stored it.
   */
  note(group: object | string, kind: KindName | null, namespace: string | null, isStored: boolean): void {
    const seen = this.#groups.get(group) ?? emptyGroup();
    this.#groups.set(group, seen);
    if (kind !== null) seen.kinds.add(kind);
    if (kind !== null && isStored) seen.stored.add(kind);
    if (namespace !== null) seen.namespaces.add(namespace);
    if (kind !== null && namespace !== null) this.#placed.add(kind);
    if (isStored) seen.hasStored = true;
    else this.#hasManifests = true;
  }

  /** Whether stored objects of a server and other objects are both present. */
  get isMixed(): boolean {
    return this.#hasManifests && [...this.#groups.values()].some(({ hasStored }) => hasStored);
  }

  /** Whether the server's own list of a kind, in its namespace where it has one, is present. */
  showsStored(kind: KindName, namespace: string | null): boolean {
    const isShown = ({ stored, namespaces }: Group): boolean =>
      stored.has(kind) &&
      (builtInKind(kind)?.namespaced === false ||
        namespaces.size > 1 ||
        (namespace !== null && namespaces.has(namespace)));
    return [...this.#counted()].some(isShown);
  }

  /** The kinds that occur. */
  kinds(): Set<KindName> {
    return new Set([...this.#groups.values()].flatMap(({ kinds }) => [...kinds]));
  }

  outcomes(): { need: Need; outcome: Outcome }[] {
    const namespacesOf = new Map<KindName, Set<string> | 'all'>();
    for (const { kinds, namespaces } of this.#counted())
      for (const kind of kinds) {
        const known = namespacesOf.get(kind);
        const all =
          known === 'all' || builtInKind(kind)?.namespaced === false || namespaces.size > 1 || !this.#isPlaced(kind);
        namespacesOf.set(kind, all ? 'all' : new Set([...(known ?? []), ...namespaces]));
      }
    return [...namespacesOf].flatMap(([kind, namespaces]) =>
      namespaces === 'all' ? [read(list(kind))] : partly(kind, [...namespaces]),
    );
  }

  /**
   * A custom kind without an object in a namespace is cluster-scoped, so that it was read from everywhere, whatever
   * else is present.
   */
  #isPlaced(kind: KindName): boolean {
    return builtInKind(kind) !== undefined || this.#placed.has(kind);
  }

  #counted(): Group[] {
    if (this.isMixed) return [...this.#groups.values()].filter(({ hasStored }) => hasStored);
    const { lists = [], files = [] } = Object.groupBy(this.#groups, ([key]) =>
      typeof key === 'string' ? 'files' : 'lists',
    );
    return [...lists.map(([, group]) => group), files.map(([, group]) => group).reduce(merged, emptyGroup())];
  }
}

const emptyGroup = (): Group => ({ kinds: new Set(), stored: new Set(), namespaces: new Set(), hasStored: false });

const merged = (one: Group, other: Group): Group => ({
  kinds: one.kinds.union(other.kinds),
  stored: one.stored.union(other.stored),
  namespaces: one.namespaces.union(other.namespaces),
  hasStored: one.hasStored || other.hasStored,
});

const read = (need: Need): { need: Need; outcome: Outcome } => ({ need, outcome: { read: true } });

function partly(kind: KindName, namespaces: string[]): { need: Need; outcome: Outcome }[] {
  const message = `only those of namespace${namespaces.length === 1 ? '' : 's'} ${namespaces.join(', ')} are in the file`;
  const failure = { kind: 'notInFile', status: null, message } as const;
  return [{ need: list(kind), outcome: { read: false, failure } }, ...namespaces.map((each) => read(list(kind, each)))];
}
