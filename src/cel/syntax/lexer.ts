import { type Literal, Unparsable } from './ast.ts';
import { bytesOf, unescaped } from './escapes.ts';

export type Token =
  | { type: 'literal'; literal: Literal }
  | { type: 'name' | 'symbol'; text: string }
  | { type: 'end'; text: '' };

/**
 * Splits an expression into tokens without comments and blanks. Throws Unparsable. Mirrors the lexical part of cel-go
 * parser/gen/CEL.g4.
 */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match) at = pattern.lastIndex;
    return match;
  };
  for (take(BLANK); at < source.length; take(BLANK)) {
    const literal = stringOf(take(STRING)) ?? numberOf(take(NUMBER));
    if (literal) {
      tokens.push({ type: 'literal', literal });
      continue;
    }
    const name = take(NAME)?.[0];
    const symbol = name === undefined ? take(SYMBOL)?.[0] : undefined;
    if (name !== undefined) tokens.push({ type: 'name', text: name });
    else if (symbol !== undefined) tokens.push({ type: 'symbol', text: symbol });
    else throw new Unparsable(`unexpected ${JSON.stringify(source.slice(at, at + 10))} at ${at}`);
  }
  tokens.push({ type: 'end', text: '' });
  return tokens;
}

function stringOf(match: RegExpExecArray | null): Literal | null {
  if (!match) return null;
  const prefix = (match[1] ?? '').toLowerCase();
  const content = match[2] ?? match[3] ?? match[4] ?? match[5] ?? '';
  const isBytes = prefix.includes('b');
  const text = prefix.includes('r') ? [...content] : unescaped(content, isBytes);
  return isBytes ? { type: 'bytes', value: bytesOf(text) } : { type: 'string', value: text.join('') };
}

function numberOf(match: RegExpExecArray | null): Literal | null {
  if (!match) return null;
  const [, double, integer = '', unsigned] = match;
  if (double !== undefined) return { type: 'double', value: Number(double) };
  const value = BigInt(integer);
  // The smallest integer only fits with its sign, which the parser adds.
  if (value > (unsigned ? MAX_UINT : MAX_INT + 1n)) throw new Unparsable(`${integer} is out of range`);
  return { type: unsigned ? 'uint' : 'int', value };
}

export const MAX_INT = 2n ** 63n - 1n;
export const MAX_UINT = 2n ** 64n - 1n;

const BLANK = /(?:[ \t\r\n\f]+|\/\/[^\n]*)*/y;
const STRING =
  /((?:[rR][bB]?|[bB][rR]?)?)(?:"""((?:[^\\]|\\[\s\S])*?)"""|'''((?:[^\\]|\\[\s\S])*?)'''|"((?:[^\\"\n\r]|\\.)*)"|'((?:[^\\'\n\r]|\\.)*)')/y;
const NUMBER = /(\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)|(0[xX][0-9a-fA-F]+|\d+)([uU]?)/y;
const NAME = /[_a-zA-Z][_a-zA-Z0-9]*/y;
const SYMBOL = /&&|\|\||==|!=|<=|>=|[-+*/%<>!()[\]{}.,:?]/y;
