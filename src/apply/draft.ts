import { type KindName, type Kinds, keyOf } from '../world/kinds.ts';
import { get, kindOfNeed } from '../world/needs.ts';
import type { Named } from '../world/objects.ts';
import type { World } from '../world/world.ts';

interface Edits<K extends KindName> {
  put: Map<string, Kinds[K]>;
  drop: Map<string, Named>;
}

/** A world that is being changed: it shows the objects as they will be, and the original stays as it is. */
export class Draft {
  readonly before: World;
  readonly #edits = new Map<KindName, Edits<KindName>>();

  constructor(before: World) {
    this.before = before;
  }

  find<K extends KindName>(kind: K, namespace: string | null, name: string): Kinds[K] | undefined {
    const key = keyOf({ namespace, name });
    const edits = this.#edits.get(kind) as Edits<K> | undefined;
    return edits?.put.get(key) ?? (edits?.drop.has(key) ? undefined : this.before.find(kind, namespace, name));
  }

  /** All objects of a kind; with a namespace, only those in it. */
  list<K extends KindName>(kind: K, namespace: string | null = null): readonly Kinds[K][] {
    const edits = this.#edits.get(kind) as Edits<K> | undefined;
    const standing = this.before.list(kind, namespace);
    if (!edits) return standing;
    const isHere = (each: Named): boolean => namespace === null || each.namespace === namespace;
    return [...standing.filter((each) => !edits.drop.has(keyOf(each))), ...[...edits.put.values()].filter(isHere)];
  }

  /** The kinds of which there are objects, before or after. */
  kinds(): KindName[] {
    return [...new Set([...this.before.kinds(), ...this.#edits.keys()])];
  }

  put<K extends KindName>(kind: K, object: Kinds[K]): void {
    const { put, drop } = this.#editsOf(kind);
    put.set(keyOf(object), object);
    // What stood there goes, even where more was known of it.
    drop.set(keyOf(object), object);
  }

  drop(kind: KindName, { namespace, name }: Named): void {
    const { put, drop } = this.#editsOf(kind);
    put.delete(keyOf({ namespace, name }));
    drop.set(keyOf({ namespace, name }), { namespace, name });
  }

  /** The world with all changes. */
  finish(): World {
    let world = this.before;
    for (const [kind, { put, drop }] of this.#edits)
      world = world.fork(kind, { put: [...put.values()], drop: [...drop.values()] });
    for (const [kind, { put, drop }] of this.#edits)
      for (const [key, { namespace, name }] of drop) {
        const need = get(kind, namespace, name);
        if (put.has(key)) world.add(need, { read: true });
        else world.add(need, { read: false, failure: notFound(kind, name) });
      }
    return world;
  }

  #editsOf<K extends KindName>(kind: K): Edits<K> {
    const known = this.#edits.get(kind) as Edits<K> | undefined;
    if (known) return known;
    const edits: Edits<K> = { put: new Map(), drop: new Map() };
    this.#edits.set(kind, edits as unknown as Edits<KindName>);
    return edits;
  }
}

function notFound(kind: KindName, name: string) {
  const { group, resource } = kindOfNeed({ kind });
  const message = `${resource}${group === '' ? '' : `.${group}`} "${name}" not found`;
  return { kind: 'notFound', status: 404, message } as const;
}
