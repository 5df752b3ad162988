/**
 * Gives objects properties that are computed each time they are read, from a context that each object has of its own:
 * of thousands few are read. They are enumerable, so that printing and copying take them for any others. All objects
 * get the same getters, and so share one shape: with getters of its own each would have a shape of its own.
 */
export function lazyProperties<P extends object, C>(
  makers: { readonly [K in keyof P]: (context: C) => P[K] },
): <T extends object>(object: T, context: C) => T & Readonly<P> {
  const CONTEXT = Symbol('context');
  const properties = Object.entries<(context: C) => unknown>(makers).map(([name, make]) => {
    const get = function (this: { [CONTEXT]: C }): unknown {
      return make(this[CONTEXT]);
    };
    return { name, descriptor: { enumerable: true, configurable: true, get } };
  });
  return (object, context) => {
    Object.defineProperty(object, CONTEXT, { value: context });
    for (const { name, descriptor } of properties) Object.defineProperty(object, name, descriptor);
    return object as typeof object & Readonly<P>;
  };
}
