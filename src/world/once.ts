import type { World } from './world.ts';

/** Computes something of an object once, and gives it again as long as the object is there. */
export function oncePerObject<K extends object, V>(compute: (object: K) => V): (object: K) => V {
  const known = new WeakMap<K, { value: V }>();
  return (object) => {
    const found = known.get(object);
    if (found) return found.value;
    const value = compute(object);
    known.set(object, { value });
    return value;
  };
}

/** Computes something of a world once for each of its states: again when it has grown. */
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

/** Computes something of what an object holds, and gives the same again for another object that holds the same. Most pods are alike. */
export function oncePerContent<K extends object, V>(compute: (object: K) => V): (object: K) => V {
  const known = new Map<string, V>();
  return (object) => {
    const content = JSON.stringify(object);
    const found = known.get(content);
    if (found !== undefined) return found;
    // Whoever makes every pod another one shall not fill the memory.
    if (known.size >= MOST) known.clear();
    const value = compute(object);
    known.set(content, value);
    return value;
  };
}

const MOST = 10_000;
