import {
  BuiltMap,
  CelError,
  CelUnknown,
  failure,
  failureOf,
  isFailure,
  MapLike,
  mapKey,
  merge,
  type Value,
} from './values.ts';

/**
 * One pass of a loop: from the values of the bodies for an element it decides whether to go on, or the whole result.
 */
type Step = (values: () => Value, element: readonly Value[]) => { result: Value } | null;

export interface Loop {
  step: Step;
  end: () => Value;
}

/** `all` and `exists`, as a chain of `&&` or `||`. */
export const quantifier = (decisive: boolean) => (): Loop => {
  let error: CelError | undefined;
  let unknown: CelUnknown | undefined;
  return {
    step: (value) => {
      const truth = value();
      if (truth === decisive) return { result: decisive };
      if (truth instanceof CelUnknown) unknown = merge(unknown, truth);
      else if (truth !== !decisive) error ??= truth instanceof CelError ? truth : failure('no such overload');
      return null;
    },
    end: () => unknown ?? error ?? !decisive,
  };
};

export const existsOne = (): Loop => {
  let count = 0;
  return {
    step: (value) => {
      const truth = value();
      if (typeof truth !== 'boolean') return { result: isFailure(truth) ? truth : failure('no such overload') };
      if (truth) count += 1;
      return null;
    },
    end: () => count === 1,
  };
};

/** Always goes on. */
const more = (_: unknown): null => null;

export const toList = (): Loop => {
  const values: Value[] = [];
  return { step: (value) => more(values.push(value())), end: () => failureOf(values) ?? values };
};

export const filtered = (): Loop => {
  const kept: Value[] = [];
  return {
    step: (value, [element = null]) => {
      const truth = value();
      if (truth === true) kept.push(element);
      return typeof truth === 'boolean' ? null : { result: isFailure(truth) ? truth : failure('no such overload') };
    },
    end: () => kept,
  };
};

export const toMap = (): Loop => {
  const entries: [Value, Value][] = [];
  return {
    step: (value, [key = null]) => more(entries.push([key, value()])),
    end: () => failureOf(entries.flat()) ?? new BuiltMap(entries),
  };
};

/** Each entry is a map; no key may occur twice. */
export const toMapOfEntries = (): Loop => {
  const entries = new Map<string, [Value, Value]>();
  return {
    step: (value) => {
      const made = value();
      if (!(made instanceof MapLike)) return { result: isFailure(made) ? made : failure('no such overload') };
      for (const key of made.keys()) {
        const id = mapKey(key) ?? '';
        if (entries.has(id)) return { result: failure(`insert failed: key ${String(key)} already exists`) };
        entries.set(id, [key, made.get(key) ?? null]);
      }
      return null;
    },
    end: () => failureOf([...entries.values()].flat()) ?? new BuiltMap(entries.values()),
  };
};
