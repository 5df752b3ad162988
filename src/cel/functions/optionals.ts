import { failure, listOf, MapLike, NONE, Optional, type Value } from '../values.ts';
import type { Functions } from './function.ts';

/**
 * The functions of optionals, except for those that evaluate an argument lazily (`or`, `orValue`, `optMap`). Mirrors
 * cel-go cel/library.go.
 */
export const optionalFunctions: Functions = {
  'optional.of': ([value]) => (value === undefined ? undefined : new Optional(value)),
  'optional.none': () => NONE,
  'optional.ofNonZeroValue': ([value]) =>
    value === undefined ? undefined : isZero(value) ? NONE : new Optional(value),
  'optional.unwrap': ([list]) => unwrap(list),
};

export const optionalMethods: Functions = {
  hasValue: ([optional]) => (optional instanceof Optional ? optional.value !== undefined : undefined),
  value: ([optional]) =>
    optional instanceof Optional
      ? optional.value === undefined
        ? failure('optional.none() dereference')
        : optional.value
      : undefined,
  unwrapOpt: ([list]) => unwrap(list),
};

function unwrap(list: Value | undefined): Value | undefined {
  const items = list === undefined ? undefined : listOf(list);
  return items?.flatMap((each) => (each instanceof Optional ? (each.value === undefined ? [] : [each.value]) : [each]));
}

function isZero(value: Value): boolean {
  if (value === null || value === false || value === '' || value === 0n || value === 0) return true;
  if (value instanceof MapLike) return value.keys().length === 0;
  return listOf(value)?.length === 0;
}
