import { compile } from './compile.ts';
import { budget, type Compiled, opaque, TooCostly } from './evaluation.ts';
import { type Node, Unparsable } from './syntax/ast.ts';
import { parse } from './syntax/parse.ts';
import { CelUnknown, type Value } from './values.ts';

/** A CEL expression, read once it is asked for, evaluated as often as wanted: of all policies few match a request. */
export interface Expression {
  source: string;
  /**
   * Its value; an error or an unknown is one too. `name` gives the variables. Never throws: what does not parse, or costs beyond reason, is an
   * unknown.
   */
  evaluate: (name: (name: string) => Value | undefined) => Value;
  /** The names that it uses: with a field where one follows (`request.userInfo`), alone where they are used otherwise (`authorizer`). */
  mentions: ReadonlySet<string>;
}

export function expression(source: string): Expression {
  let known: Understood | null = null;
  const understood = (): Understood => {
    known ??= understand(source);
    return known;
  };
  return {
    source,
    evaluate: (name) => understood().evaluate(name),
    get mentions() {
      return understood().mentions;
    },
  };
}

type Understood = Omit<Expression, 'source'>;

function understand(source: string): Understood {
  const node = attempt(() => parse(source));
  const run = node instanceof CelUnknown ? node : attempt(() => compile(node));
  if (run instanceof CelUnknown || node instanceof CelUnknown) {
    const unknown = run instanceof CelUnknown ? run : NOTHING;
    return { evaluate: () => unknown, mentions: new Set() };
  }
  return { evaluate: (name) => evaluated(run, name), mentions: mentionsOf(node) };
}

function evaluated(run: Compiled, name: (name: string) => Value | undefined): Value {
  return attempt(() => run({ name, spend: budget(MAX_STEPS), slots: [] }));
}

/** What a hostile expression may throw: no syntax, too many steps, too deep, too long. */
function attempt<T>(run: () => T): T | CelUnknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof Unparsable) return opaque('a CEL expression', `it cannot be read: ${error.message}`);
    if (error instanceof TooCostly || error instanceof RangeError)
      return opaque('a CEL expression', `too costly to evaluate: ${error.message}`);
    throw error;
  }
}

function mentionsOf(node: Node): ReadonlySet<string> {
  const found = new Set<string>();
  const pending: Node[] = [node];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.op === 'name') found.add(next.name);
    if (next.op === 'select' && next.of.op === 'name') found.add(`${next.of.name}.${next.field}`);
    else pending.push(...partsOf(next));
  }
  return found;
}

function partsOf(node: Node): readonly Node[] {
  switch (node.op) {
    case 'select':
      return [node.of];
    case 'index':
      return [node.of, node.index];
    case 'and':
    case 'or':
      return node.terms;
    case 'choose':
      return [node.condition, node.then, node.otherwise];
    case 'list':
      return node.items.map(({ value }) => value);
    case 'map':
      return node.entries.flatMap(({ key, value }) => [key, value]);
    case 'call':
      return node.target ? [node.target, ...node.args] : node.args;
    default:
      return [];
  }
}

/** The server's own limit is 1,000,000 for one expression, by a count that is higher than this. */
const MAX_STEPS = 200_000;
const NOTHING = new CelUnknown([]);
