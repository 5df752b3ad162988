import { compile } from './compile.ts';
import { type Ask, budget, type Compiled, opaque, TooCostly } from './evaluation.ts';
import { Unparsable } from './syntax/ast.ts';
import { parse } from './syntax/parse.ts';
import { CelUnknown, Undecided, type Value } from './values.ts';

/** A CEL expression that is parsed at its first use, since few of all policies match a request. */
export interface Expression {
  source: string;
  /**
   * The value of the expression, which may be an error or an unknown. `name` gives the variables. Never throws: an
   * expression that does not parse, or that costs too much, is an unknown.
   */
  evaluate: (name: Names, ask?: Ask) => Value;
}

export type Names = (name: string) => Value | undefined;

export function expression(source: string): Expression {
  let known: Evaluate | null = null;
  return {
    source,
    evaluate: (name, ask) => {
      known ??= understand(source);
      return known(name, ask);
    },
  };
}

type Evaluate = Expression['evaluate'];

function understand(source: string): Evaluate {
  const node = attempt(() => parse(source));
  const run = node instanceof CelUnknown ? node : attempt(() => compile(node));
  return run instanceof CelUnknown ? () => run : (name, ask) => evaluated(run, name, ask);
}

/** The value of a compiled expression or of a part of one. Throws only what `name` throws. */
export function evaluated(run: Compiled, name: Names, ask?: Ask): Value {
  return attempt(() => run({ name, spend: budget(MAX_STEPS), slots: [], ...(ask && { ask }) }));
}

/**
 * Turns what a hostile expression may throw into an unknown: a syntax error, too many steps, too deep nesting, too long
 * text.
 */
function attempt<T>(run: () => T): T | CelUnknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof Undecided) return error.unknown;
    if (error instanceof Unparsable) return opaque('a CEL expression', `it cannot be read: ${error.message}`);
    if (error instanceof TooCostly || error instanceof RangeError)
      return opaque('a CEL expression', `too costly to evaluate: ${error.message}`);
    throw error;
  }
}

/** The most steps of an expression. The server's own limit is 1,000,000, by a count that grows faster than this one. */
const MAX_STEPS = 200_000;
