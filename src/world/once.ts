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
