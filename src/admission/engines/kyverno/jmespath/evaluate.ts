import { isDeepStrictEqual } from 'node:util';
import { holdsLeftOut, LEFT_OUT } from '../../../../world/kept/left-out.ts';
import { isRaw } from '../../../../world/raw.ts';
import { leftOut, NotUnderstood, RuleError } from '../outcome.ts';
import type { Comparator, Node } from './ast.ts';
import { FUNCTIONS } from './functions.ts';
import { parse } from './parse.ts';

/**
 * The value of a JMESPath expression. In Kyverno's dialect a missing field is an error, which only a default (`||`), a
 * projection or a function forgives; the result is undefined where nothing did. Throws NotUnderstood for what is not
 * modelled, and RuleError for what is wrong. Mirrors kyverno/go-jmespath interpreter.go.
 */
export const evaluate = (expression: string, value: unknown): unknown => run(parse(expression), value);

/** Undefined means that a field was not found, null that its value is null. */
function run(node: Node, value: unknown): unknown {
  switch (node.type) {
    case 'current':
      return value;
    case 'literal':
      return node.value;
    case 'field':
      return !isRaw(value) ? null : Object.hasOwn(value, node.name) ? value[node.name] : undefined;
    case 'index':
      return Array.isArray(value) ? (value.at(node.index) ?? null) : null;
    case 'then': {
      const left = run(node.left, value);
      return left === undefined ? undefined : run(node.right, left);
    }
    case 'pipe':
      return found(run(node.right, found(run(node.left, value))));
    case 'or': {
      const left = found(run(node.left, value));
      return isFalse(left) ? found(run(node.right, value)) : left;
    }
    case 'and': {
      const left = found(run(node.left, value));
      return isFalse(left) ? left : run(node.right, value);
    }
    case 'not':
      return isFalse(found(run(node.of, value)));
    case 'flatten':
      return flatten(run(node.of, value));
    case 'project':
      return project(run(node.left, value), node.right);
    case 'projectValues': {
      const left = run(node.left, value);
      return isRaw(left) ? project(Object.values(left), node.right) : null;
    }
    case 'filter': {
      const left = run(node.left, value);
      return Array.isArray(left)
        ? project(
            left.filter((each) => !isFalse(found(run(node.condition, each)))),
            node.right,
          )
        : null;
    }
    case 'compare':
      return compare(node.comparator, found(run(node.left, value)), found(run(node.right, value)));
    case 'list':
      return value === null ? null : node.items.map((each) => found(run(each, value)));
    case 'object':
      return value === null
        ? null
        : Object.fromEntries(node.entries.map(([key, each]) => [key, found(run(each, value))]));
    case 'call':
      return call(
        node.name,
        node.args.map((each) => found(run(each, value))),
      );
  }
}

const found = (value: unknown): unknown => (value === undefined ? null : value);

const isFalse = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === false ||
  value === '' ||
  (Array.isArray(value) ? value.length === 0 : isRaw(value) && Object.keys(value).length === 0);

const flatten = (value: unknown): unknown =>
  Array.isArray(value) ? value.flatMap((each): unknown[] => (Array.isArray(each) ? each : [each])) : null;

function project(values: unknown, each: Node): unknown {
  if (!Array.isArray(values)) return null;
  return values.map((value) => found(run(each, value))).filter((value) => value !== null);
}

function compare(comparator: Comparator, left: unknown, right: unknown): unknown {
  if (holdsLeftOut([left, right])) throw leftOut(`comparison by ${comparator}`);
  if (comparator === '==') return isDeepStrictEqual(left, right);
  if (comparator === '!=') return !isDeepStrictEqual(left, right);
  if (typeof left !== 'number' || typeof right !== 'number') return null;
  return comparator === '<'
    ? left < right
    : comparator === '<='
      ? left <= right
      : comparator === '>'
        ? left > right
        : left >= right;
}

function call(name: string, args: readonly unknown[]): unknown {
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!known) throw new NotUnderstood(`JMESPath function ${name}`);
  if (args.includes(LEFT_OUT) || (!BY_SHAPE.has(name) && holdsLeftOut(args)))
    throw leftOut(`JMESPath function ${name}`);
  if (args.length > MOST_ARGUMENTS) throw new NotUnderstood(`${args.length} arguments of JMESPath function ${name}`);
  const result = known(...args);
  if (result === undefined) throw new RuleError(`JMESPath function ${name} cannot take its arguments`);
  return result;
}

const MOST_ARGUMENTS = 1000;

/** Functions that look at the shape of their arguments but at no value within them. */
const BY_SHAPE: ReadonlySet<string> = new Set(['keys', 'values', 'length', 'not_null', 'type']);
