import { NotUnderstood } from '../outcome.ts';

type TokenType = 'name' | 'quoted' | 'number' | 'literal' | 'sign' | 'end';

export interface Token {
  type: TokenType;
  /** The text of the sign, the name or the number; for a literal its value as JSON. */
  text: string;
}

/** Splits a JMESPath expression into tokens. Throws NotUnderstood for text that is no expression. */
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

/** The value of a literal: JSON, or the text itself, which older versions of JMESPath allowed. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
