/**
 * Gives objects a property of this name that is computed each time it is read: of thousands few are. It is enumerable, so that printing and copying take it
 * for any other. All objects get the same getter, and so share one shape: with a getter of its own each would have a shape of its own.
 */
export function lazyProperty<K extends string, V>(name: K): <T extends object>(object: T, make: () => V) => T & { readonly [P in K]: V } {
  const MAKE = Symbol(name);
  const property = {
    enumerable: true,
    configurable: true,
    get(this: { [MAKE]: () => V }): V {
      return this[MAKE]();
    },
  };
  return (object, make) => {
    Object.defineProperty(object, MAKE, { value: make });
    return Object.defineProperty(object, name, property) as typeof object & { readonly [P in K]: V };
  };
}
