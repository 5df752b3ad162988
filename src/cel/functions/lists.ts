import { pushAll } from '../../answer/many.ts';
import { compare, equal } from '../compare.ts';
import { COMPARABLE, operator, type Spend } from '../operators.ts';
import { CelError, failure, isFailure, listOf, NONE, Optional, typeOf, type Value } from '../values.ts';
import type { CelFunction, Functions } from './function.ts';
import { join } from './strings.ts';

const SUMMABLE = ['int', 'uint', 'double', 'google.protobuf.Duration'];

/**
 * The methods of lists: those of Kubernetes, and version 3 of cel-go's list library. Mirrors apiserver
 * pkg/cel/library/lists.go and cel-go ext/lists.go.
 */
export const listMethods: Functions = {
  join,
  isSorted: onListOf(COMPARABLE, (items) => inOrder(items)),
  sum: onListOf(SUMMABLE, sum),
  min: onListOf(COMPARABLE, (items) => extreme('min', items, (order) => order < 0)),
  max: onListOf(COMPARABLE, (items) => extreme('max', items, (order) => order > 0)),
  indexOf: ([list, element], spend) => position(list, element, spend, (items, is) => items.findIndex(is)),
  lastIndexOf: ([list, element], spend) => position(list, element, spend, (items, is) => items.findLastIndex(is)),
  includes: ([list, element], spend) => {
    if (list === undefined || element === undefined) return undefined;
    return (listOf(list) ?? [list]).some((each) => equal(each, element, spend));
  },
  slice: ([list, start, end]) => slice(list, start, end),
  flatten: ([list, depth = 1n], spend) => flatten(list, depth, spend),
  distinct: onList((items, spend) => distinct(items, spend)),
  reverse: onList((items) => [...items].reverse()),
  sort: onList((items, spend) => sortedBy(items, items, spend)),
  first: onList((items) => optionally(items[0])),
  last: onList((items) => optionally(items.at(-1))),
};

export const listFunctions: Functions = {
  'lists.range': ([size], spend) => {
    if (typeof size !== 'bigint') return undefined;
    if (size < 0n) return failure(`lists.range: size must be non-negative, got ${size}`);
    spend(Number(size));
    return Array.from({ length: Number(size) }, (_, index) => BigInt(index));
  },
  'sets.contains': onLists((list, part, spend) =>
    part.every((each) => list.some((other) => equal(each, other, spend))),
  ),
  'sets.intersects': onLists((list, other, spend) =>
    list.some((each) => other.some((another) => equal(each, another, spend))),
  ),
  'sets.equivalent': onLists(
    (a, b, spend) =>
      a.every((each) => b.some((other) => equal(each, other, spend))) &&
      b.every((each) => a.some((other) => equal(each, other, spend))),
  ),
};

/** The items in the order of their keys, which must have one type. Items with equal keys keep their order. */
export function sortedBy(items: readonly Value[], keys: readonly Value[], spend: Spend): Value {
  spend(items.length * Math.ceil(Math.log2(items.length + 1)));
  const problem = keys
    .slice(1)
    .map((key) => compare(keys[0] ?? null, key))
    .find((each) => each instanceof CelError);
  if (problem) return failure('list elements must have the same type');
  const order = keys.map((_, index) => index);
  order.sort((a, b) => {
    const result = compare(keys[a] ?? null, keys[b] ?? null);
    return typeof result === 'number' ? result : 0;
  });
  return order.map((index) => items[index] ?? null);
}

function onList(run: (items: readonly Value[], spend: Spend) => Value): CelFunction {
  return (args, spend) => {
    const items = args[0] === undefined ? undefined : listOf(args[0]);
    if (!items || args.length !== 1) return undefined;
    spend(items.length);
    return run(items, spend);
  };
}

/** A method of lists whose first element has one of these types; later elements are not checked, as in cel-go. */
function onListOf(types: readonly string[], run: (items: readonly Value[], spend: Spend) => Value): CelFunction {
  const onAny = onList(run);
  return (args, spend) => {
    const [first] = args[0] === undefined ? [] : (listOf(args[0]) ?? []);
    return first === undefined || types.includes(typeOf(first)) ? onAny(args, spend) : undefined;
  };
}

function onLists(run: (a: readonly Value[], b: readonly Value[], spend: Spend) => Value): CelFunction {
  return ([first, second], spend) => {
    const a = first === undefined ? undefined : listOf(first);
    const b = second === undefined ? undefined : listOf(second);
    return a && b && run(a, b, spend);
  };
}

function inOrder(items: readonly Value[]): Value {
  for (let index = 1; index < items.length; index++) {
    const order = compare(items[index - 1] ?? null, items[index] ?? null);
    if (!(order instanceof CelError) && order > 0) return false;
  }
  return true;
}

function sum(items: readonly Value[], spend: Spend): Value {
  const add = operator('_+_');
  const [first = 0n, ...rest] = items;
  return rest.reduce((total, each) => (isFailure(total) || !add ? total : add(total, each, spend)), first);
}

function extreme(name: string, items: readonly Value[], isBetter: (order: number) => boolean): Value {
  let best = items[0];
  if (best === undefined) return failure(`${name} called on empty list`);
  for (const each of items) {
    const order = compare(each, best);
    // An element that cannot be compared with the best so far is skipped, as in the server.
    if (!(order instanceof CelError) && isBetter(order)) best = each;
  }
  return best;
}

function position(
  list: Value | undefined,
  element: Value | undefined,
  spend: Spend,
  find: (items: readonly Value[], is: (each: Value) => boolean) => number,
): Value | undefined {
  const items = list === undefined ? undefined : listOf(list);
  if (!items || element === undefined) return undefined;
  return BigInt(find(items, (each) => equal(each, element, spend)));
}

function slice(list: Value | undefined, start: Value | undefined, end: Value | undefined): Value | undefined {
  const items = list === undefined ? undefined : listOf(list);
  if (!items || typeof start !== 'bigint' || typeof end !== 'bigint') return undefined;
  if (start < 0n || end < 0n) return failure(`cannot slice(${start}, ${end}), negative indexes not supported`);
  if (start > end)
    return failure(`cannot slice(${start}, ${end}), start index must be less than or equal to end index`);
  if (end > items.length) return failure(`cannot slice(${start}, ${end}), list is length ${items.length}`);
  return items.slice(Number(start), Number(end));
}

function flatten(list: Value | undefined, depth: Value, spend: Spend): Value | undefined {
  const items = list === undefined ? undefined : listOf(list);
  if (!items || typeof depth !== 'bigint') return undefined;
  if (depth < 0n) return failure('level must be non-negative');
  const flat: Value[] = [];
  for (const each of items) {
    const inner = depth > 0n ? listOf(each) : undefined;
    const parts = inner ? flatten(inner, depth - 1n, spend) : each;
    const more = inner && parts !== undefined ? listOf(parts) : undefined;
    spend(1 + (more?.length ?? 0));
    if (more) pushAll(flat, more);
    else flat.push(each);
  }
  return flat;
}

function distinct(items: readonly Value[], spend: Spend): Value {
  const kept: Value[] = [];
  for (const each of items) if (!kept.some((other) => equal(each, other, spend))) kept.push(each);
  return kept;
}

const optionally = (value: Value | undefined): Optional => (value === undefined ? NONE : new Optional(value));
