import { compile } from './compile.ts';
import { type Ask, budget, type Compiled, opaque, TooCostly } from './evaluation.ts';
import { Unparsable } from './syntax/ast.ts';
import { parse } from './syntax/parse.ts';
import { CelUnknown, Undecided, type Value } from './values.ts';

/** A CEL expression, read once it is asked for, evaluated as often as wanted: of all policies few match a request. */
export interface Expression {
  source: string;
  /**
   * Its value; an error or an unknown is one too. `name` gives the variables. Never throws: what does not parse, or
   * costs beyond reason, is an unknown.
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

/** The value of a compiled expression, or of a part of one. Never throws but what `name` does. */
export function evaluated(run: Compiled, name: Names, ask?: Ask): Value {
  return attempt(() => run({ name, spend: budget(MAX_STEPS), slots: [], ...(ask && { ask }) }));
}

/** What a hostile expression may throw: no syntax, too many steps, too deep, too long. */
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

/** The server's own limit is 1,000,000 for one expression, by a count that is higher than this. */
const MAX_STEPS = 200_000;
