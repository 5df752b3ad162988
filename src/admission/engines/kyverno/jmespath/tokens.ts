import { NotUnderstood } from '../outcome.ts';

type TokenType = 'name' | 'quoted' | 'number' | 'literal' | 'sign' | 'end';

export interface Token {
  type: TokenType;
  /** The sign, the name, the number; the value of a literal as JSON. */
  text: string;
}

/** Splits a JMESPath expression. Throws NotUnderstood for what is none. */
export function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  let rest = expression.trimStart();
  while (rest !== '') {
    const found = RULES.find(({ pattern }) => pattern.test(rest));
    const text = found?.pattern.exec(rest)?.[0];
    if (!found || text === undefined) throw new NotUnderstood(`JMESPath ${JSON.stringify(expression)}`);
    tokens.push({ type: found.type, text: found.read?.(text) ?? text });
    rest = rest.slice(text.length).trimStart();
  }
  return [...tokens, { type: 'end', text: '' }];
}

const RULES: readonly { type: TokenType; pattern: RegExp; read?: (text: string) => string }[] = [
  { type: 'name', pattern: /^[A-Za-z_]\w*/ },
  { type: 'number', pattern: /^-?\d+/ },
  { type: 'quoted', pattern: /^"(?:[^"\\]|\\.)*"/, read: (text) => String(parsed(text)) },
  {
    type: 'literal',
    pattern: /^'(?:[^'\\]|\\.)*'/,
    read: (text) => JSON.stringify(text.slice(1, -1).replaceAll("\\'", "'")),
  },
  {
    type: 'literal',
    pattern: /^`(?:[^`\\]|\\.)*`/,
    read: (text) => JSON.stringify(parsed(text.slice(1, -1).replaceAll('\\`', '`'))),
  },
  { type: 'sign', pattern: /^(?:\|\||&&|==|!=|<=|>=|\[\]|\[\?|[.,:|!<>@*[\](){}&])/ },
];

/** JSON, or as it was once allowed the text itself. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
