import type { Spend } from '../operators.ts';
import { failure, typeOf, type Value } from '../values.ts';
import { authorizerMethods } from './authorizers.ts';
import { conversions, size } from './conversions.ts';
import { formatFunctions, formatMethods } from './formats.ts';
import type { CelFunction, Functions } from './function.ts';
import { listFunctions, listMethods } from './lists.ts';
import { networkFunctions, networkMethods } from './network.ts';
import { optionalFunctions, optionalMethods } from './optionals.ts';
import { quantityFunctions, quantityMethods } from './quantities.ts';
import { regexMethods } from './regexes.ts';
import { semverFunctions, semverMethods } from './semvers.ts';
import { stringFunctions, stringMethods } from './strings.ts';
import { timeMethods } from './time.ts';
import { urlFunctions, urlMethods } from './urls.ts';

/**
 * The CEL functions of an API server, by name; one name may have functions for several types. Mirrors apiserver
 * pkg/cel/environment/base.go.
 */
export const globalFunction = (name: string): CelFunction | undefined => GLOBAL.get(name);
export const method = (name: string): CelFunction | undefined => METHODS.get(name);

/** The first overload that takes the arguments. */
function overloads(...tables: readonly Functions[]): ReadonlyMap<string, CelFunction> {
  const byName = new Map<string, CelFunction[]>();
  for (const [name, run] of tables.flatMap((table) => Object.entries(table)))
    byName.set(name, [...(byName.get(name) ?? []), run]);
  return new Map([...byName].map(([name, candidates]) => [name, oneOf(name, candidates)]));
}

function oneOf(name: string, candidates: readonly CelFunction[]): CelFunction {
  return (args: readonly Value[], spend: Spend) => {
    for (const run of candidates) {
      const result = run(args, spend);
      if (result !== undefined) return result;
    }
    return failure(mismatch(name, args.map(typeOf)));
  };
}

/** The error where there is no overload, in the words of cel-go, which has several. */
function mismatch(name: string, types: readonly string[]): string {
  if (WITHOUT_NAME.has(name)) return 'no such overload';
  if (WITHOUT_TYPES.has(name)) return `no such overload: ${name}`;
  return name === 'flatten'
    ? `no such overload: ${types[0]}.flatten()`
    : `no such overload: ${name}(${types.join(', ')})`;
}

const WITHOUT_NAME: ReadonlySet<string> = new Set(['startsWith', 'endsWith', 'contains', 'matches']);
const WITHOUT_TYPES: ReadonlySet<string> = new Set(['size', 'sort']);

const GLOBAL = overloads(
  conversions,
  { size, matches: regexMethods.matches ?? (() => undefined) },
  stringFunctions,
  listFunctions,
  networkFunctions,
  quantityFunctions,
  semverFunctions,
  urlFunctions,
  formatFunctions,
  optionalFunctions,
);
const METHODS = overloads(
  { size },
  stringMethods,
  listMethods,
  regexMethods,
  timeMethods,
  networkMethods,
  quantityMethods,
  semverMethods,
  urlMethods,
  formatMethods,
  optionalMethods,
  authorizerMethods,
);
