import { NotUnderstood } from '../outcome.ts';
import type { Comparator, Node } from './ast.ts';
import { type Token, tokensOf } from './tokens.ts';

/**
 * Parses the part of JMESPath that policies use, which has no slices and no expression references. Throws NotUnderstood
 * for anything else.
 */
export function parse(expression: string): Node {
  const known = PARSED.get(expression);
  if (known) return known;
  const node = new Parser(expression).whole();
  if (PARSED.size > 5000) PARSED.clear();
  PARSED.set(expression, node);
  return node;
}

const PARSED = new Map<string, Node>();
const CURRENT: Node = { type: 'current' };

/** How tightly a sign binds to what stands on its left. */
const POWER: Readonly<Record<string, number>> = {
  ...{ '|': 1, '||': 2, '&&': 3, '==': 5, '!=': 5, '<': 5, '<=': 5, '>': 5, '>=': 5 },
  ...{ '[]': 9, '*': 20, '[?': 21, '.': 40, '[': 55, '(': 60 },
};

class Parser {
  readonly #expression: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(expression: string) {
    this.#expression = expression;
    this.#tokens = tokensOf(expression);
  }

  whole(): Node {
    const node = this.#parse(0);
    if (this.#peek().type !== 'end') this.#refuse();
    return node;
  }

  #parse(power: number): Node {
    this.#depth += 1;
    if (this.#depth > 100) this.#refuse();
    let left = this.#start();
    while (power < this.#power()) left = this.#extend(left);
    this.#depth -= 1;
    return left;
  }

  #power(): number {
    const { type, text } = this.#peek();
    return type === 'sign' ? (POWER[text] ?? 0) : 0;
  }

  #start(): Node {
    const token = this.#next();
    if (token.type === 'name') return this.#isSign('(') ? this.#call(token.text) : { type: 'field', name: token.text };
    if (token.type === 'quoted') return { type: 'field', name: token.text };
    if (token.type === 'literal') return { type: 'literal', value: JSON.parse(token.text) };
    if (token.type !== 'sign') return this.#refuse();
    switch (token.text) {
      case '@':
        return CURRENT;
      case '*':
        return { type: 'projectValues', left: CURRENT, right: this.#projected(POWER['*'] ?? 0) };
      case '!':
        return { type: 'not', of: this.#parse(45) };
      case '(': {
        const inner = this.#parse(0);
        this.#expect(')');
        return inner;
      }
      case '[]':
        return { type: 'project', left: { type: 'flatten', of: CURRENT }, right: this.#projected(9) };
      case '[?':
        return this.#filter(CURRENT);
      case '[':
        return this.#isIndex() ? this.#bracket(CURRENT) : this.#list();
      case '{':
        return this.#object();
      default:
        return this.#refuse();
    }
  }

  #extend(left: Node): Node {
    const { text } = this.#next();
    switch (text) {
      case '.':
        if (!this.#isSign('*')) return { type: 'then', left, right: this.#afterDot(40) };
        this.#next();
        return { type: 'projectValues', left, right: this.#projected(20) };
      case '|':
        return { type: 'pipe', left, right: this.#parse(1) };
      case '||':
        return { type: 'or', left, right: this.#parse(2) };
      case '&&':
        return { type: 'and', left, right: this.#parse(3) };
      case '[]':
        return { type: 'project', left: { type: 'flatten', of: left }, right: this.#projected(9) };
      case '[?':
        return this.#filter(left);
      case '[':
        return this.#bracket(left);
      default:
        return COMPARATORS.has(text)
          ? { type: 'compare', comparator: text as Comparator, left, right: this.#parse(5) }
          : this.#refuse();
    }
  }

  /** Parses the rest of `[3]` or `[*]` after the bracket. */
  #bracket(left: Node): Node {
    const { type, text } = this.#next();
    this.#expect(']');
    if (type === 'number') return { type: 'then', left, right: { type: 'index', index: Number(text) } };
    return text === '*' ? { type: 'project', left, right: this.#projected(20) } : this.#refuse();
  }

  #filter(left: Node): Node {
    const condition = this.#parse(0);
    this.#expect(']');
    return { type: 'filter', left, condition, right: this.#projected(21) };
  }

  /** Parses what is applied to each element of a projection. */
  #projected(power: number): Node {
    if (this.#power() < 10) return CURRENT;
    const { text } = this.#peek();
    if (text === '[' || text === '[?') return this.#parse(power);
    if (text !== '.') return this.#refuse();
    this.#next();
    return this.#afterDot(power);
  }

  #afterDot(power: number): Node {
    const { type, text } = this.#peek();
    if (type === 'name' || type === 'quoted' || text === '*') return this.#parse(power);
    this.#next();
    if (text === '[') return this.#list();
    return text === '{' ? this.#object() : this.#refuse();
  }

  #list(): Node {
    const items = this.#separated(']', () => this.#parse(0));
    return { type: 'list', items };
  }

  #object(): Node {
    const entries = this.#separated('}', (): readonly [string, Node] => {
      const key = this.#next();
      if (key.type !== 'name' && key.type !== 'quoted') return this.#refuse();
      this.#expect(':');
      return [key.text, this.#parse(0)];
    });
    return { type: 'object', entries };
  }

  #call(name: string): Node {
    this.#expect('(');
    if (this.#isSign(')')) {
      this.#next();
      return { type: 'call', name, args: [] };
    }
    return { type: 'call', name, args: this.#separated(')', () => this.#parse(0)) };
  }

  #separated<T>(end: string, read: () => T): T[] {
    const items = [read()];
    while (this.#isSign(',')) {
      this.#next();
      items.push(read());
    }
    this.#expect(end);
    return items;
  }

  #isIndex(): boolean {
    const { type, text } = this.#peek();
    const after = this.#tokens[this.#at + 1];
    return type === 'number' || (text === '*' && after?.type === 'sign' && after.text === ']');
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? END;
  }

  #next(): Token {
    const token = this.#peek();
    this.#at += 1;
    return token;
  }

  #isSign(text: string): boolean {
    const token = this.#peek();
    return token.type === 'sign' && token.text === text;
  }

  #expect(text: string): void {
    if (!this.#isSign(text)) this.#refuse();
    this.#at += 1;
  }

  #refuse(): never {
    throw new NotUnderstood(`JMESPath ${JSON.stringify(this.#expression)}`);
  }
}

const END: Token = { type: 'end', text: '' };
const COMPARATORS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);
