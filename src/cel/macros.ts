import type { Compiled } from './evaluation.ts';
import { sortedBy } from './functions/lists.ts';
import { existsOne, filtered, type Loop, quantifier, toList, toMap, toMapOfEntries } from './loops.ts';
import type { Node } from './syntax/ast.ts';
import { failure, failureOf, isFailure, listOf, MapLike, NONE, Optional, typeOf, type Value } from './values.ts';

/**
 * A call that evaluates its arguments for each element: the range, the names that it binds, and what it does with the
 * values.
 */
export interface Macro {
  target: Node;
  variables: readonly string[];
  bodies: readonly Node[];
  run: (target: Compiled, bodies: readonly Compiled[], slots: readonly number[]) => Compiled;
}

/**
 * The macro of a method call; null where the call is no macro. Mirrors cel-go parser/macro.go, ext/comprehensions.go
 * and cel/library.go.
 */
export function comprehension({ name, target, args }: Node & { op: 'call' }): Macro | null {
  const shape = SHAPES.get(`${name}/${args.length}`);
  if (!shape || !target) return null;
  const names = args.slice(0, shape.variables).map((arg) => (arg.op === 'name' ? arg.name : null));
  if (names.includes(null)) return null;
  return {
    target,
    variables: names.filter((each) => each !== null),
    bodies: args.slice(shape.variables),
    run: shape.run,
  };
}

/** Loops over a list or the keys of a map; with two variables, over indexes and elements or keys and values. */
function over(start: () => Loop, filtered = false): Macro['run'] {
  return (target, bodies, slots) => {
    const [filter, body] = filtered ? [bodies[0], bodies[1]] : [undefined, bodies[0]];
    return (evaluation) => {
      const range = target(evaluation);
      if (isFailure(range)) return range;
      const elements = elementsOf(range, slots.length);
      if (!elements) return failure(`got '${goType(range)}', expected iterable type`);
      const loop = start();
      for (const element of elements) {
        evaluation.spend(2);
        for (const [index, slot] of slots.entries()) evaluation.slots[slot] = element[index] ?? null;
        const kept = filter?.(evaluation) ?? true;
        if (kept === false) continue;
        if (kept !== true) return isFailure(kept) ? kept : failure('no such overload');
        const done = loop.step(() => body?.(evaluation) ?? null, element);
        if (done) return done.result;
      }
      return loop.end();
    };
  };
}

/** The name that cel-go prints for a value that is no list. */
const goType = (value: Value): string => `types.${GO_TYPES.get(typeOf(value)) ?? 'Value'}`;

const GO_TYPES: ReadonlyMap<string, string> = new Map([
  ['null_type', 'Null'],
  ['bool', 'Bool'],
  ['int', 'Int'],
  ['uint', 'Uint'],
  ['double', 'Double'],
  ['string', 'String'],
  ['bytes', 'Bytes'],
  ['google.protobuf.Timestamp', 'Timestamp'],
  ['google.protobuf.Duration', 'Duration'],
]);

function elementsOf(range: Value, variables: number): readonly (readonly Value[])[] | undefined {
  if (range instanceof MapLike)
    return range.keys().map((key) => (variables === 1 ? [key] : [key, range.get(key) ?? null]));
  return listOf(range)?.map((each, index) => (variables === 1 ? [each] : [BigInt(index), each]));
}

const sortBy: Macro['run'] =
  (target, [body], [slot = 0]) =>
  (evaluation) => {
    const range = target(evaluation);
    const items = isFailure(range) ? undefined : listOf(range);
    if (!items) return isFailure(range) ? range : failure('no such overload');
    const keys = items.map((item) => {
      evaluation.spend(2);
      evaluation.slots[slot] = item;
      return body?.(evaluation) ?? null;
    });
    return failureOf(keys) ?? sortedBy(items, keys, evaluation.spend);
  };

const onOptional =
  (wrap: boolean): Macro['run'] =>
  (target, [body], [slot = 0]) =>
  (evaluation) => {
    const optional = target(evaluation);
    if (isFailure(optional)) return optional;
    if (!(optional instanceof Optional)) return failure('no such overload');
    if (optional.value === undefined) return NONE;
    evaluation.slots[slot] = optional.value;
    const value = body?.(evaluation) ?? null;
    return isFailure(value) || !wrap ? value : new Optional(value);
  };

/** The macros by name and number of arguments. */
const SHAPES: ReadonlyMap<string, { variables: number; run: Macro['run'] }> = new Map([
  ['all/2', { variables: 1, run: over(quantifier(false)) }],
  ['exists/2', { variables: 1, run: over(quantifier(true)) }],
  ['exists_one/2', { variables: 1, run: over(existsOne) }],
  ['existsOne/2', { variables: 1, run: over(existsOne) }],
  ['map/2', { variables: 1, run: over(toList) }],
  ['map/3', { variables: 1, run: over(toList, true) }],
  ['filter/2', { variables: 1, run: over(filtered) }],
  ['all/3', { variables: 2, run: over(quantifier(false)) }],
  ['exists/3', { variables: 2, run: over(quantifier(true)) }],
  ['exists_one/3', { variables: 2, run: over(existsOne) }],
  ['existsOne/3', { variables: 2, run: over(existsOne) }],
  ['transformList/3', { variables: 2, run: over(toList) }],
  ['transformList/4', { variables: 2, run: over(toList, true) }],
  ['transformMap/3', { variables: 2, run: over(toMap) }],
  ['transformMap/4', { variables: 2, run: over(toMap, true) }],
  ['transformMapEntry/3', { variables: 2, run: over(toMapOfEntries) }],
  ['transformMapEntry/4', { variables: 2, run: over(toMapOfEntries, true) }],
  ['sortBy/2', { variables: 1, run: sortBy }],
  ['optMap/2', { variables: 1, run: onOptional(true) }],
  ['optFlatMap/2', { variables: 1, run: onOptional(false) }],
]);
