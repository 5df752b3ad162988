import { type Node, Unparsable } from './ast.ts';
import { MAX_INT, type Token, tokensOf } from './lexer.ts';

/**
 * Parses a CEL expression with Kubernetes' optional syntax (`a.?b`, `a[?b]`, `[?a]`, `{?k: v}`). Throws Unparsable for
 * text that is no CEL, or that is nested deeper than the server allows. Mirrors cel-go parser/gen/CEL.g4.
 */
export function parse(source: string): Node {
  if (source.length > MAX_LENGTH) throw new Unparsable(`longer than ${MAX_LENGTH} characters`);
  return new Parser(tokensOf(source)).whole();
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Node {
    const node = this.#expression();
    if (this.#token.type !== 'end') throw this.#unexpected();
    return node;
  }

  #expression(): Node {
    return this.#nested(() => {
      const condition = this.#chain('or', '||', () => this.#chain('and', '&&', () => this.#binary(0)));
      if (!this.#take('?')) return condition;
      const then = this.#chain('or', '||', () => this.#chain('and', '&&', () => this.#binary(0)));
      this.#expect(':');
      return { op: 'choose', condition, then, otherwise: this.#expression() };
    });
  }

  #chain(op: 'and' | 'or', symbol: string, operand: () => Node): Node {
    const terms = [operand()];
    while (this.#take(symbol)) terms.push(operand());
    return terms.length === 1 && terms[0] ? terms[0] : { op, terms };
  }

  /** Parses the operators of one level and all that bind more tightly; they associate to the left. */
  #binary(level: number): Node {
    const operators = LEVELS[level];
    if (!operators) return this.#unary();
    let node = this.#binary(level + 1);
    for (let length = 0; ; length++) {
      const symbol = this.#token.type === 'literal' ? '' : this.#token.text;
      const name = operators.get(symbol);
      if (name === undefined) return node;
      if (length > MAX_CHAIN) throw new Unparsable('too long');
      this.#at += 1;
      node = { op: 'call', name, target: null, args: [node, this.#binary(level + 1)] };
    }
  }

  #unary(): Node {
    return this.#nested(() => {
      if (this.#take('!')) return { op: 'call', name: '!_', target: null, args: [this.#unary()] };
      if (!this.#take('-')) return this.#member();
      const next = this.#token;
      if (next.type === 'literal' && next.literal.type === 'int') next.literal.value *= -1n;
      else if (next.type === 'literal' && next.literal.type === 'double') next.literal.value *= -1;
      else return { op: 'call', name: '-_', target: null, args: [this.#unary()] };
      return this.#member();
    });
  }

  #member(): Node {
    let node = this.#primary();
    for (let length = 0; ; length++) {
      if (length > MAX_CHAIN) throw new Unparsable('too long');
      if (this.#take('.')) {
        const optional = this.#take('?');
        const field = this.#name();
        if (RESERVED_FIELDS.has(field)) throw new Unparsable(`${field} cannot be a field`);
        if (!optional && this.#take('('))
          node = { op: 'call', name: field, target: node, args: this.#list(')', () => this.#expression()) };
        else node = { op: 'select', of: node, field, optional };
      } else if (this.#take('[')) {
        const optional = this.#take('?');
        node = { op: 'index', of: node, index: this.#expression(), optional };
        this.#expect(']');
      } else if (this.#isSymbol('{') && (node.op === 'name' || node.op === 'select')) {
        const type = typeNameOf(node);
        if (type === null) throw this.#unexpected();
        this.#at += 1;
        node = { op: 'struct', type, fields: this.#list('}', () => this.#field(), true) };
      } else return node;
    }
  }

  #primary(): Node {
    const token = this.#token;
    if (token.type === 'literal') {
      this.#at += 1;
      if (token.literal.type === 'int' && token.literal.value > MAX_INT)
        throw new Unparsable(`${token.literal.value} is out of range`);
      return { op: 'literal', value: token.literal };
    }
    if (this.#take('(')) {
      const node = this.#expression();
      this.#expect(')');
      return node;
    }
    if (this.#take('[')) {
      return {
        op: 'list',
        items: this.#list(']', () => ({ optional: this.#take('?'), value: this.#expression() }), true),
      };
    }
    if (this.#take('{')) return { op: 'map', entries: this.#list('}', () => this.#entry(), true) };
    this.#take('.');
    return this.#nameOrCall();
  }

  #nameOrCall(): Node {
    const name = this.#name();
    if (name === 'null') return { op: 'literal', value: { type: 'null', value: null } };
    if (name === 'true' || name === 'false') return { op: 'literal', value: { type: 'bool', value: name === 'true' } };
    if (RESERVED.has(name)) throw new Unparsable(`reserved identifier: ${name}`);
    if (this.#take('(')) return { op: 'call', name, target: null, args: this.#list(')', () => this.#expression()) };
    return { op: 'name', name };
  }

  #entry(): { key: Node; value: Node; optional: boolean } {
    const optional = this.#take('?');
    const key = this.#expression();
    this.#expect(':');
    return { key, value: this.#expression(), optional };
  }

  #field(): { name: string; value: Node; optional: boolean } {
    const optional = this.#take('?');
    const name = this.#name();
    this.#expect(':');
    return { name, value: this.#expression(), optional };
  }

  #list<T>(end: string, element: () => T, mayTrail = false): T[] {
    const elements: T[] = [];
    if (this.#take(end)) return elements;
    do {
      if (mayTrail && elements.length > 0 && this.#isSymbol(end)) break;
      elements.push(element());
    } while (this.#take(','));
    this.#expect(end);
    return elements;
  }

  #nested(parse: () => Node): Node {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH) throw new Unparsable(`nested deeper than ${MAX_DEPTH}`);
    const node = parse();
    this.#depth -= 1;
    return node;
  }

  get #token(): Token {
    return this.#tokens[this.#at] ?? END;
  }

  #isSymbol(text: string): boolean {
    const token = this.#token;
    return token.type === 'symbol' && token.text === text;
  }

  #take(text: string): boolean {
    if (!this.#isSymbol(text)) return false;
    this.#at += 1;
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw this.#unexpected();
  }

  #name(): string {
    const token = this.#token;
    if (token.type !== 'name') throw this.#unexpected();
    this.#at += 1;
    return token.text;
  }

  #unexpected(): Unparsable {
    const token = this.#token;
    const what = token.type === 'end' ? 'end' : token.type === 'literal' ? 'literal' : JSON.stringify(token.text);
    return new Unparsable(`syntax error: unexpected ${what}`);
  }
}

/** The type name `Object.spec` in a chain of selections; null for an expression that names no type. */
function typeNameOf(node: Node): string | null {
  if (node.op === 'name') return node.name;
  if (node.op !== 'select' || node.optional) return null;
  const of = typeNameOf(node.of);
  return of === null ? null : `${of}.${node.field}`;
}

const END: Token = { type: 'end', text: '' };
/** The limits of cel-go. */
const MAX_LENGTH = 100_000;
const MAX_DEPTH = 250;
const MAX_CHAIN = 2000;

const operators = (...symbols: string[]): ReadonlyMap<string, string> =>
  new Map(symbols.map((symbol) => [symbol, `_${symbol}_`]));
const LEVELS = [operators('==', '!=', '<', '<=', '>', '>=', 'in'), operators('+', '-'), operators('*', '/', '%')];

const RESERVED_FIELDS = new Set(['true', 'false', 'null', 'in']);
const RESERVED = new Set(
  'in as break const continue else for function if import let loop package namespace return var void while'.split(' '),
);
