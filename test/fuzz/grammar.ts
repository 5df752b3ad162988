import type { Random } from '../helpers/random.ts';

/**
 * What may be written for each symbol: texts in which ‹NAME› stands for something else. The first of a symbol needs
 * nothing else, so that every sentence comes to an end.
 */
export type Grammar = Readonly<Record<string, readonly string[]>>;

/** A sentence of a grammar, with so many symbols in one another at most. */
export function sentence(grammar: Grammar, symbol: string, choose: Random, depth = 5): string {
  const texts = grammar[symbol];
  if (!texts) throw new Error(`the grammar has no ${symbol}`);
  const text = depth > 0 ? choose.pick(texts) : (texts[0] as string);
  return text.replace(/‹(\w+)›/g, (_, name: string) => sentence(grammar, name, choose, depth - 1));
}
