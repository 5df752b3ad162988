import { numberOf, oncePerObject } from '../world/once.ts';
import type { Compiled } from './evaluation.ts';
import { comprehension } from './macros.ts';
import type { Node } from './syntax/ast.ts';

/**
 * A part of an expression that yields a boolean and only names the request, its namespace or the authorizer. The caller
 * is asked for its value first, since it may be the same for many requests (`Evaluation.ask`). Any other part is
 * evaluated as it is. `bound` are the names that the surrounding expression binds.
 */
export function alone(node: Node, bound: ReadonlyMap<string, unknown>, run: Compiled): Compiled {
  if (!yieldsTruth(node) || !isOfRequest(node, bound)) return run;
  const key = `${numberOf(node)}`;
  return (evaluation) => evaluation.ask?.(key, run) ?? run(evaluation);
}

function isOfRequest(node: Node, bound: ReadonlyMap<string, unknown>): boolean {
  const names = namesIn(node);
  return names.size > 0 && [...names].every((name) => NAMES.has(name) && !bound.has(name));
}

const NAMES: ReadonlySet<string> = new Set(['request', 'namespaceObject', 'authorizer', 'variables']);

/** Whether an expression yields a boolean, as far as its syntax shows. */
function yieldsTruth(node: Node): boolean {
  if (node.op === 'and' || node.op === 'or') return true;
  return node.op === 'call' && (TRUTHS.has(node.name) || (node.target !== null && METHODS.has(node.name)));
}

const TRUTHS: ReadonlySet<string> = new Set(['!_', '_==_', '_!=_', '_<_', '_<=_', '_>_', '_>=_', '_in_', 'has']);
const METHODS: ReadonlySet<string> = new Set([
  'startsWith',
  'endsWith',
  'contains',
  'matches',
  'exists',
  'exists_one',
  'all',
  'allowed',
]);

/** The names that an expression does not bind itself. */
const namesIn = oncePerObject((node: Node): ReadonlySet<string> => {
  switch (node.op) {
    case 'literal':
      return NONE;
    case 'name':
      return new Set([node.name]);
    case 'call':
      return namesInCall(node);
    default:
      return union(partsOf(node));
  }
});

function namesInCall(node: Node & { op: 'call' }): ReadonlySet<string> {
  const macro = node.target ? comprehension(node) : null;
  if (!macro) return union([...(node.target ? [node.target] : []), ...node.args]);
  const inner = [...union(macro.bodies)].filter((name) => !macro.variables.includes(name));
  return new Set([...namesIn(macro.target), ...inner]);
}

function partsOf(node: Exclude<Node, { op: 'literal' | 'name' | 'call' }>): readonly Node[] {
  switch (node.op) {
    case 'select':
      return [node.of];
    case 'index':
      return [node.of, node.index];
    case 'list':
      return node.items.map(({ value }) => value);
    case 'map':
      return node.entries.flatMap(({ key, value }) => [key, value]);
    case 'struct':
      return node.fields.map(({ value }) => value);
    case 'choose':
      return [node.condition, node.then, node.otherwise];
    default:
      return node.terms;
  }
}

const union = (nodes: readonly Node[]): ReadonlySet<string> => new Set(nodes.flatMap((each) => [...namesIn(each)]));
const NONE: ReadonlySet<string> = new Set();
