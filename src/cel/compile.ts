import { maxOf } from '../answer/many.ts';
import { access, isPresent, optionalAccess } from './access.ts';
import { alone } from './alone.ts';
import { type Compiled, type Evaluation, opaque } from './evaluation.ts';
import { globalFunction, method } from './functions/index.ts';
import { comprehension, type Macro } from './macros.ts';
import { negate, operator } from './operators.ts';
import type { Literal, Node } from './syntax/ast.ts';
import {
  BuiltMap,
  type CelError,
  type CelUnknown,
  failure,
  failureOf,
  isFailure,
  mapKey,
  merge,
  Optional,
  Struct,
  TypeName,
  Uint,
  type Value,
} from './values.ts';

/** The names of comprehension variables in scope, each with its slot. */
export type Scope = ReadonlyMap<string, number>;

/**
 * Compiles an expression to a function of an evaluation. An unknown function or name yields an unknown where it is
 * reached, so that an expression that is decided without it still is. Mirrors cel-go interpreter/interpretable.go.
 */
export const compile = (node: Node, scope: Scope = NO_SCOPE): Compiled => alone(node, scope, compileNode(node, scope));

function compileNode(node: Node, scope: Scope): Compiled {
  switch (node.op) {
    case 'literal':
      return constant(literal(node.value));
    case 'name':
      return name(node.name, scope);
    case 'select':
      return select(node, scope);
    case 'index':
      return index(node, scope);
    case 'and':
      return chain(
        node.terms.map((term) => compile(term, scope)),
        false,
      );
    case 'or':
      return chain(
        node.terms.map((term) => compile(term, scope)),
        true,
      );
    case 'choose':
      return choose(node, scope);
    case 'list':
      return list(node, scope);
    case 'map':
      return map(node, scope);
    case 'struct':
      return struct(node, scope);
    default:
      return call(node, scope);
  }
}

const constant =
  (value: Value): Compiled =>
  () =>
    value;

function literal(node: Literal): Value {
  return node.type === 'uint' ? new Uint(node.value) : node.value;
}

function name(wanted: string, scope: Scope): Compiled {
  const slot = scope.get(wanted);
  if (slot !== undefined) return ({ slots }) => slots[slot] ?? null;
  const type = TYPES.get(wanted);
  return (evaluation) => {
    const value = evaluation.name(wanted);
    if (value !== undefined) return value;
    return type ? new TypeName(type) : opaque(`the CEL name ${wanted}`, 'it is not known here');
  };
}

function select({ of, field, optional }: Node & { op: 'select' }, scope: Scope): Compiled {
  // This is the only variable whose name contains a dot.
  if (field === 'requestResource' && of.op === 'name' && of.name === 'authorizer' && !scope.has('authorizer'))
    return name('authorizer.requestResource', scope);
  const inner = compile(of, scope);
  return optional
    ? (evaluation) => optionalAccess(inner(evaluation), field)
    : (evaluation) => access(inner(evaluation), field);
}

function index({ of, index: key, optional }: Node & { op: 'index' }, scope: Scope): Compiled {
  const inner = compile(of, scope);
  const at = compile(key, scope);
  return (evaluation) => {
    const container = inner(evaluation);
    if (isFailure(container)) return container;
    const wanted = at(evaluation);
    if (isFailure(wanted)) return wanted;
    return optional ? optionalAccess(container, wanted) : access(container, wanted);
  };
}

/** `&&` and `||`: a `decisive` value decides whatever the others are; otherwise unknowns come first, then errors. */
function chain(terms: readonly Compiled[], decisive: boolean): Compiled {
  return (evaluation) => {
    evaluation.spend(terms.length);
    let error: CelError | undefined;
    let unknown: CelUnknown | undefined;
    for (const term of terms) {
      const value = term(evaluation);
      if (value === decisive) return decisive;
      if (value === !decisive) continue;
      if (isUnknown(value)) unknown = merge(unknown, value);
      else error ??= isFailure(value) ? value : failure('no such overload');
    }
    return unknown ?? error ?? !decisive;
  };
}

const isUnknown = (value: Value): value is CelUnknown => isFailure(value) && 'unknowns' in value;

function choose(node: Node & { op: 'choose' }, scope: Scope): Compiled {
  const condition = compile(node.condition, scope);
  const then = compile(node.then, scope);
  const otherwise = compile(node.otherwise, scope);
  return (evaluation) => {
    const chosen = condition(evaluation);
    if (chosen === true) return then(evaluation);
    if (chosen === false) return otherwise(evaluation);
    if (!isUnknown(chosen)) return isFailure(chosen) ? chosen : failure('no such overload');
    const [first, second] = [then(evaluation), otherwise(evaluation)];
    return typeof first === 'boolean' && first === second ? first : chosen;
  };
}

function list({ items }: Node & { op: 'list' }, scope: Scope): Compiled {
  const parts = items.map(({ value, optional }) => ({ optional, value: compile(value, scope) }));
  return (evaluation) => {
    evaluation.spend(parts.length);
    const values: Value[] = [];
    for (const { value, optional } of parts) {
      const element = value(evaluation);
      const isOptional = optional && element instanceof Optional;
      if (!isOptional) values.push(element);
      else if (element.value !== undefined) values.push(element.value);
    }
    return failureOf(values) ?? values;
  };
}

function map({ entries }: Node & { op: 'map' }, scope: Scope): Compiled {
  const parts = entries.map(({ key, value, optional }) => ({
    optional,
    key: compile(key, scope),
    value: compile(value, scope),
  }));
  return (evaluation) => {
    evaluation.spend(parts.length);
    const pairs: [Value, Value][] = [];
    for (const { key, value, optional } of parts) {
      const pair: [Value, Value] = [key(evaluation), value(evaluation)];
      if (!isFailure(pair[0]) && mapKey(pair[0]) === undefined) return failure('unsupported key type');
      if (optional && pair[1] instanceof Optional) {
        if (pair[1].value === undefined) continue;
        pair[1] = pair[1].value;
      }
      pairs.push(pair);
    }
    return failureOf(pairs.flat()) ?? new BuiltMap(pairs);
  };
}

/** The two types that mutations build; any other type is unknown. */
function struct({ type, fields }: Node & { op: 'struct' }, scope: Scope): Compiled {
  if (type !== 'JSONPatch' && type !== 'Object' && !type.startsWith('Object.'))
    return constant(opaque(`the CEL type ${type}`, 'it is not known here'));
  const parts = fields.map(({ name: field, value, optional }) => ({ field, optional, value: compile(value, scope) }));
  return (evaluation) => {
    evaluation.spend(parts.length);
    const built = new Map<string, Value>();
    for (const { field, optional, value } of parts) {
      const found = value(evaluation);
      if (!optional || !(found instanceof Optional)) built.set(field, found);
      else if (found.value !== undefined) built.set(field, found.value);
    }
    return failureOf([...built.values()]) ?? new Struct(type, built);
  };
}

function call(node: Node & { op: 'call' }, scope: Scope): Compiled {
  const macro = node.target ? comprehension(node) : null;
  if (macro) return expand(macro, scope);
  if (node.target === null && node.name === 'has') return has(node.args[0], scope);
  const lazy = node.target && LAZY.get(node.name);
  if (lazy && node.target && node.args.length === 1 && node.args[0])
    return lazy(compile(node.target, scope), compile(node.args[0], scope));
  const args = [...(node.target ? [node.target] : []), ...node.args];
  const operation = operatorOf(node);
  if (operation)
    return strict(
      args.map((each) => compile(each, scope)),
      operation,
    );
  const qualified = node.target && namespaceOf(node.target, scope);
  const global =
    node.target === null
      ? globalFunction(node.name)
      : qualified
        ? globalFunction(`${qualified}.${node.name}`)
        : undefined;
  if (global)
    return strict(
      node.args.map((each) => compile(each, scope)),
      global,
    );
  const run = node.target ? method(node.name) : undefined;
  if (run)
    return strict(
      args.map((each) => compile(each, scope)),
      run,
    );
  return constant(opaque(`the CEL function ${qualified ? `${qualified}.` : ''}${node.name}`, 'it is not known here'));
}

function expand(macro: Macro, scope: Scope): Compiled {
  const inner = new Map(scope);
  // Slots are numbered by depth, so that a variable never has the slot of one around it.
  const free = maxOf([-1, ...scope.values()]) + 1;
  const slots = macro.variables.map((variable, offset) => {
    inner.set(variable, free + offset);
    return free + offset;
  });
  return macro.run(
    compile(macro.target, scope),
    macro.bodies.map((body) => compile(body, inner)),
    slots,
  );
}

function has(argument: Node | undefined, scope: Scope): Compiled {
  if (argument?.op !== 'select') return constant(opaque('a use of has()', 'it takes a field'));
  const inner = compile(argument.of, scope);
  return (evaluation) => isPresent(inner(evaluation), argument.field);
}

type Run = (args: readonly Value[], spend: (cost: number) => void) => Value | undefined;

function operatorOf({ name: symbol, target, args }: Node & { op: 'call' }): Run | undefined {
  if (target) return undefined;
  if (symbol === '!_') return ([value]) => (typeof value === 'boolean' ? !value : undefined);
  if (symbol === '-_') return ([value = null]) => negate(value);
  const run = args.length === 2 ? operator(symbol) : undefined;
  return run && (([a = null, b = null], spend) => run(a, b, spend));
}

function strict(args: readonly Compiled[], run: Run): Compiled {
  return (evaluation: Evaluation) => {
    evaluation.spend(1);
    const values = args.map((arg) => arg(evaluation));
    const failed = failureOf(values);
    if (failed) return failed;
    const result = run(values, evaluation.spend);
    return result === undefined ? failure('no such overload') : result;
  };
}

/** `a.or(b)` and `a.orValue(b)` evaluate b only where a is none. */
const late =
  (ofPresent: (optional: Optional, value: Value) => Value) =>
  (optional: Compiled, other: Compiled): Compiled =>
  (evaluation) => {
    const value = optional(evaluation);
    if (isFailure(value)) return value;
    if (!(value instanceof Optional)) return failure('no such overload');
    return value.value === undefined ? other(evaluation) : ofPresent(value, value.value);
  };

const LAZY: ReadonlyMap<string, (optional: Compiled, other: Compiled) => Compiled> = new Map([
  ['or', late((optional) => optional)],
  ['orValue', late((_, value) => value)],
]);

/** The namespace `sets` of `sets.contains(…)`, a name that is no variable; null for any other target. */
function namespaceOf(target: Node, scope: Scope): string | null {
  return target.op === 'name' && !scope.has(target.name) && NAMESPACES.has(target.name) ? target.name : null;
}

const NAMESPACES = new Set(['sets', 'ip', 'optional', 'format', 'strings', 'lists', 'jsonpatch']);
const NO_SCOPE: Scope = new Map();
const TYPES: ReadonlyMap<string, string> = new Map([
  ...['bool', 'bytes', 'double', 'int', 'list', 'map', 'null_type', 'string', 'type', 'uint'].map(
    (each) => [each, each] as const,
  ),
  ['optional_type', 'optional_type'],
]);
