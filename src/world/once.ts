import type { World } from './world.ts';

/** Computes something about an object once, and returns it again as long as the object exists. */
export function oncePerObject<K extends object, V>(compute: (object: K) => V): (object: K) => V {
  const known = new WeakMap<K, V>();
  return (object) => {
    const found = known.get(object);
    if (found !== undefined || known.has(object)) return found as V;
    const value = compute(object);
    known.set(object, value);
    return value;
  };
}

/** The number of an object, for use in keys: each object has another one. */
export const numberOf = (() => {
  let last = 0;
  return oncePerObject((_: object): number => ++last);
})();

/** Computes something about a world once for each of its states, and again when it has grown. */
export function oncePerState<V>(compute: (world: World) => V): (world: World) => V {
  const known = new WeakMap<World, { revision: number; value: V }>();
  return (world) => {
    const found = known.get(world);
    if (found?.revision === world.revision) return found.value;
    const value = compute(world);
    known.set(world, { revision: world.revision, value });
    return value;
  };
}

/** Computes something about a text once. It is for few different texts, such as paths of fields. */
export function oncePerText<V>(compute: (text: string) => V): (text: string) => V {
  const known = new Map<string, V>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= MOST) known.clear();
    const value = compute(text);
    known.set(text, value);
    return value;
  };
}

/**
 * Computes something about the content of an object, and returns the same for another object with equal content. Most
 * pods are alike.
 */
export function oncePerContent<K extends object, V>(compute: (object: K) => V): (object: K) => V {
  const known = new Map<string, V>();
  return (object) => {
    const content = JSON.stringify(object);
    const found = known.get(content);
    if (found !== undefined) return found;
    // Bounds the cache against clusters where every object differs.
    if (known.size >= MOST) known.clear();
    const value = compute(object);
    known.set(content, value);
    return value;
  };
}

const MOST = 10_000;
